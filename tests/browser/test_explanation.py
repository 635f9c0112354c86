"""What a user sees of the rules behind the advice: found from the conversation, readable on any screen and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import SIZES, sideways

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", SIZES)
def test_the_rules_fit_the_screen_also_with_letters_twice_as_large(page: Page, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/uitleg")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hoe komt Pluis tot dit advies?")
    expect(page.get_by_text("Deze regels zijn nog niet ondertekend.")).to_be_in_viewport()
    assert sideways(page) == 0
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) == 0


def test_the_contents_lead_to_a_rule_and_a_word_to_its_meaning(page: Page) -> None:
    page.goto("/uitleg")
    contents = page.get_by_role("navigation", name="Op deze pagina")
    contents.get_by_text("Wat is nu nodig?: 13 regels").click()
    contents.get_by_role("link", name="2. Rode vlag").click()
    rule = page.get_by_role("article", name="2. Rode vlag")
    expect(rule.get_by_role("heading")).to_be_in_viewport()
    rule.get_by_role("link", name="Rode vlag", exact=True).click()
    expect(page.locator("#woord-red")).to_be_in_viewport()
    assert page.url.endswith("#woord-red")


def test_the_rules_are_linked_from_the_conversation(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Zo werkt Pluis").wait_for()
    if page.locator("#about").get_attribute("open") is None:
        page.get_by_text("Zo werkt Pluis").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Hoe komt Pluis tot dit advies?").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Hoe komt Pluis tot dit advies?")


def test_on_paper_there_are_rules_and_no_navigation(page: Page) -> None:
    page.goto("/uitleg")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Op deze pagina")).to_be_hidden()
    expect(page.get_by_text("Naar het gesprek")).to_be_hidden()
    expect(page.get_by_role("heading", name="2. Rode vlag")).to_be_visible()

"""A practice dialogue in a real browser: typed and pressed to its end, gone on with after a reload, forgotten after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.unit.web.test_play import ADDRESS, BEGIN, DANGER, MAN, WALK, WALK_WORDS

from . import axe
from .conftest import Live, sideways
from .states import practice_danger, practising, say
from .test_accessibility import browsing, tab_to

pytestmark = pytest.mark.browser

PHONE: Any = {"width": 390, "height": 844}


def test_a_dialogue_is_played_by_typing_and_pressing_and_goes_on_after_a_reload(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/studio/play")
    page.get_by_role("link", name=MAN.title).click()
    own, box = page.locator(".own"), page.get_by_label("Wat zeg je?")
    for at, words in enumerate(WALK_WORDS):
        if at % 2:
            page.get_by_role("button", name="Toon antwoorden").click()
            page.get_by_role("button", name=words, exact=True).click()
        else:
            say(page, words)
        expect(own).to_have_count(at + 1)
        expect(own.last).to_have_text(f"Jij: {words}")
        if at < len(WALK) - 1:
            expect(box).to_be_focused()
            expect(box).to_have_value("")
        if at == 1:
            before = page.get_by_role("log").inner_text()
            page.reload()
            expect(own).to_have_count(2)
            assert page.get_by_role("log").inner_text() == before
    expect(page.get_by_role("heading", name="Hoe het ging")).to_be_focused()
    expect(box).to_be_hidden()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe.told(axe.look(page)["faults"]) == []
    with page.expect_download() as saved:
        page.get_by_role("button", name="Bewaar als bestand").click()
    assert saved.value.suggested_filename == f"oefengesprek-{MAN.id}.md"
    saved.value.save_as(tmp_path / "verslag.md")
    assert MAN.title in (tmp_path / "verslag.md").read_text(encoding="utf-8")
    page.locator("#verslag").get_by_role("button", name="Opnieuw").click()
    expect(own).to_have_count(0)
    expect(box).to_be_focused()
    assert sideways(page) == 0


def test_it_is_played_by_keyboard_alone(page: Page) -> None:
    page.goto(ADDRESS)
    expect(page.locator(".other")).to_have_count(1)
    box = page.get_by_label("Wat zeg je?")
    tab_to(page, box)
    page.keyboard.type("misschien zoiets")
    page.keyboard.press("Enter")
    offered = page.locator(".options button")
    expect(page.get_by_text("Ik weet niet zeker")).to_be_focused()
    expect(box).to_have_value("misschien zoiets")
    page.keyboard.press("Tab")
    expect(offered.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".own")).to_have_text("Jij: misschien zoiets")
    expect(page.get_by_text("Zo begreep ik je (vrij zeker)")).to_be_visible()
    expect(box).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Stap terug"))
    page.keyboard.press("Space")
    expect(page.locator(".own")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("Je bent een stap terug.")
    page.get_by_role("button", name="Tip").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Een tip: ")


def test_what_is_said_is_in_a_log_that_is_read_aloud_once(page: Page) -> None:
    page.goto(ADDRESS)
    expect(page.locator(".other")).to_have_count(1)
    log = page.get_by_role("log", name="Het gesprek")
    expect(log).to_have_attribute("aria-live", "polite")
    page.evaluate(
        "window.added = 0;"
        "new MutationObserver((all) => { for (const { addedNodes } of all) added += addedNodes.length })"
        ".observe(document.getElementById('gesprek'), { childList: true })"
    )
    page.get_by_role("button", name="Toon antwoorden").click()
    expect(page.locator(".options button").first).to_be_visible()
    page.get_by_role("button", name=BEGIN[0].examples[0], exact=True).click()
    expect(page.locator(".own")).to_have_count(1)
    assert page.evaluate("added") == 1


def test_to_begin_again_is_asked_about(page: Page, live: Live) -> None:
    practising(page, live)
    ask = page.get_by_role("dialog", name="Opnieuw beginnen?")
    for button, left in (("Verder spelen", 1), ("Opnieuw", 0)):
        page.locator("#zeg").get_by_role("button", name="Opnieuw").click()
        expect(ask).to_be_visible()
        ask.get_by_role("button", name=button).click()
        expect(page.locator(".own")).to_have_count(left)


def test_of_danger_it_is_asked_whether_it_is_real(page: Page, live: Live) -> None:
    practice_danger(page, live)
    help = page.get_by_role("region", name="We stoppen met oefenen")
    expect(help.get_by_role("link", name="Bel 112")).to_have_attribute("href", "tel:112")
    expect(help.get_by_role("link", name="0800-2000")).to_have_attribute("href", "tel:08002000")
    expect(help.get_by_role("link", name="met Pluis in het gesprek")).to_have_attribute("href", "/")
    page.get_by_role("button", name="Terug naar de oefening").click()
    expect(page.get_by_label("Wat zeg je?")).to_have_value(DANGER)
    expect(page.locator(".own")).to_have_count(0)
    page.get_by_label("Wat zeg je?").press("Enter")
    expect(page.get_by_role("region", name="Oefening of echt?")).to_be_focused()
    page.get_by_role("button", name="Het is oefening").click()
    expect(page.locator(".own")).to_have_text(f"Jij: {DANGER}")


def test_nothing_is_lost_when_a_part_is_out_or_the_line_is_gone(chromium: Browser, live: Live) -> None:
    with browsing(chromium, live) as page:  # whose console may tell of it
        practising(page, live)
        box, told = page.get_by_label("Wat zeg je?"), page.get_by_role("status")
        live.engine.down = True
        say(page, "hoe gaat het?")
        expect(told).to_contain_text("Ik kan nu niet nakijken of er gevaar is")
        live.engine.down = False
        page.context.set_offline(True)
        box.press("Enter")
        expect(told).to_contain_text("De verbinding is weg")
        expect(box).to_have_value("hoe gaat het?")
        page.context.set_offline(False)
        box.press("Enter")
        expect(page.locator(".own")).to_have_count(2)
        expect(told).to_have_text("")


def test_another_tab_and_another_dialogue_know_nothing_of_it(page: Page, live: Live) -> None:
    practising(page, live)
    other = page.context.new_page()
    for where, address in ((other, ADDRESS), (page, "/studio/play/zelf_te_ver")):
        where.goto(address)
        expect(where.locator(".other")).to_have_count(1)
        expect(where.locator(".own")).to_have_count(0)


def test_without_javascript_there_is_nothing_that_does_not_work(chromium: Browser, live: Live) -> None:
    with browsing(chromium, live, java_script_enabled=False) as page:
        page.goto(ADDRESS)
        expect(page.get_by_text(MAN.situation[:40])).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_label("Wat zeg je?")).to_be_hidden()


def test_where_colours_are_forced_what_can_be_pressed_has_an_edge(chromium: Browser, live: Live) -> None:
    with browsing(chromium, live, forced_colors="active") as page:
        practising(page, live)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        edge = "element => [getComputedStyle(element).borderTopStyle, getComputedStyle(element).borderTopColor]"
        for what in (".options button", "#verstuur", "#woorden", ".own", ".other"):
            style, colour = page.locator(what).first.evaluate(edge)
            assert (style, colour != ground) == ("solid", True), what


def test_a_line_that_is_typed_before_the_play_is_there_waits_for_it(page: Page) -> None:
    held: list[Route] = []
    page.route(f"**{ADDRESS}", lambda route: held.append(route) if _is_first(route, held) else route.continue_())
    page.goto(ADDRESS)
    box = page.get_by_label("Wat zeg je?")
    box.fill(WALK_WORDS[0])
    box.press("Enter")
    expect(page.locator(".own")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(".own")).to_have_text(f"Jij: {WALK_WORDS[0]}")
    expect(page.locator(".other")).to_have_count(2)


def _is_first(route: Route, held: list[Route]) -> bool:
    return route.request.method == "POST" and not held

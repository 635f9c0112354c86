"""A whole talk in Microsoft's own client for Teams, Agents Playground, in a real browser with the three real processes:
the welcome, choices, a list to tick, danger, the summary, a reminder that comes by itself, and wiping."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.live.client import node
from tests.live.playground import Playground
from tests.live.site import Site

pytestmark = pytest.mark.live

SLOW = 60_000  # ms; the first answer of an engine that just started takes longest
REMINDED = 100_000  # ms; a minute, and what a busy machine needs
PERSON = "Alex Wilber"  # who types, as the Playground names her
STORY = (
    "Vorige week had ze een blauwe plek op haar arm. Haar man geeft steeds antwoord voor haar. "
    "Ik heb er een naar gevoel bij."
)


class Chat:
    """The chat in the Playground."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def say(self, text: str) -> None:
        """Type and send."""
        self.page.locator("textarea, [contenteditable=true]").first.fill(text)
        self.page.get_by_role("button", name="Send Message").click()

    def press(self, title: str) -> None:
        """Press the last button with this title, on a card or under the last message."""
        self.button(title).click()

    def button(self, title: str) -> Locator:
        """The last button with this title."""
        button = self.page.get_by_role("button", name=title, exact=True).last
        expect(button).to_be_visible(timeout=SLOW)
        return button

    def hears(self, text: str, timeout: int = SLOW) -> None:
        """Wait until Pluis said this."""
        expect(self.page.get_by_text(text).last).to_be_visible(timeout=timeout)


@pytest.fixture
def chat(chromium: Browser, pluis: Site) -> Iterator[Chat]:
    """A new chat, in which nothing went wrong in the page."""
    if (program := node()) is None:
        pytest.fail("geen Node 22 op deze machine")
    with Playground(program, pluis.url) as playground:
        page = chromium.new_page(viewport={"width": 1100, "height": 900})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(playground.url)
        yield Chat(page)
        page.close()
        assert errors == []


def test_a_whole_talk_in_teams(chat: Chat, pluis: Site) -> None:
    chat.hears("gaat eerst langs de servers van Microsoft")
    chat.press("Onderbuikgevoel")
    chat.hears("Jij: Onderbuikgevoel")
    chat.press("Verpleging of thuiszorg")
    chat.press("Mijn cliënt")
    chat.hears("Bij welk moment dacht je dat er iets niet klopte?")
    chat.say(STORY)
    chat.button("Klaar")
    chat.page.get_by_role("checkbox").nth(0).check()
    chat.page.get_by_role("checkbox").nth(1).check()
    chat.press("Klaar")
    chat.hears("Jij: Aangevinkt")
    chat.press("Zelf gezien of gehoord")
    chat.say("Karel van Dijk heeft een mes en staat nu voor de deur")
    chat.hears("Is er nu gevaar")
    chat.press("Nee, dit is voorbij")
    chat.say("samenvatting")
    chat.hears("Kies een versie van de samenvatting")
    with chat.page.context.expect_event("response", lambda answer: "/samenvatting/" in answer.url) as opened:
        chat.page.get_by_text("Tekst", exact=True).last.click()
    assert opened.value.status == 200
    chat.say("herinner me over 1 minuut")
    chat.hears("Ik stuur je hier een bericht op")
    chat.hears("Je vroeg me om je hier een bericht te sturen", REMINDED)
    expect(chat.page.get_by_text("Bericht van Pluis").last).to_be_visible()
    assert_nobody_is_in(pluis)
    chat.say("wis dit gesprek")
    chat.press("Ja, wis alles")
    chat.hears("Pluis bewaart er niets meer van")
    assert chats_of(pluis) == []


def chats_of(pluis: Site) -> list[str]:
    """Read which chats of Teams are kept."""
    with closing(sqlite3.connect(pluis.settings.var / "pluis.db")) as database:
        return [row[0] for row in database.execute("select id from teams_chats")]


def assert_nobody_is_in(pluis: Site) -> None:
    """Neither who typed nor whom she named stands in a database."""
    assert chats_of(pluis) != []
    for path in sorted(pluis.settings.var.glob("*.db*")):
        kept = path.read_bytes()
        for name in (PERSON, "Karel van Dijk", "Karel"):
            assert name.encode() not in kept, path.name

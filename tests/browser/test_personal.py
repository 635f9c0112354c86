"""What has the form of personal data is asked about before it leaves the browser; what was left out is told quietly."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot.privacy.measure import Sentence, read_sentences
from bot.settings import ROOT

from .conftest import Live
from .test_page import opened, said, send

pytestmark = pytest.mark.browser

ASK = "Wil je dit weglaten?"
# The kinds of the set to develop with that the browser looks for.
FORMS = {"telefoon": "telefoonnummer", "e-mail": "e-mailadres", "bsn": "burgerservicenummer", "postcode": "postcode"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("bel haar op 06-12345678", "telefoonnummer"),
        ("haar moeder is bereikbaar op 0318 524167", "telefoonnummer"),
        ("mail naar f.elamrani@voorbeeld.nl", "e-mailadres"),
        ("op 01-02-2024 06-12345678 gebeld", "telefoonnummer"),
        ("haar bsn is 999990019", "burgerservicenummer"),
        ("ze woont op 3512 AB", "postcode"),
    ],
)
def test_it_is_asked_before_it_is_sent(page: Page, live: Live, text: str, kind: str) -> None:
    box = opened(page)
    send(page, text)
    ask = page.get_by_role("dialog", name=ASK)
    expect(ask).to_contain_text(f"lijkt op een {kind}")
    ask.get_by_role("button", name="Aanpassen").click()
    expect(box).to_be_focused()
    expect(box).to_have_value(text)
    assert live.engine.texts == []
    send(page, "haar moeder is bereikbaar")
    said(page, "antwoord op: haar moeder is bereikbaar")
    assert live.engine.texts == ["haar moeder is bereikbaar"]


def test_it_can_be_sent_as_it_is_by_keyboard(page: Page, live: Live) -> None:
    box = opened(page)
    send(page, "bel haar op 06-12345678")
    expect(page.get_by_role("dialog", name=ASK)).to_be_visible()
    expect(page.get_by_role("button", name="Zo versturen")).to_be_focused()  # who is in a hurry can go on
    page.keyboard.press("Enter")
    said(page, "antwoord op: bel haar op 06-12345678")
    expect(box).to_have_value("")
    assert live.engine.texts == ["bel haar op 06-12345678"]


def test_a_key_that_is_held_down_does_not_answer(page: Page, live: Live) -> None:
    box = opened(page)
    box.fill("bel haar op 06-12345678")
    ask = page.get_by_role("dialog", name=ASK)
    page.keyboard.down("Enter")
    expect(ask).to_be_visible()
    for key in ("Enter", "Enter"):
        page.keyboard.down(key)  # held: it repeats
    page.keyboard.up("Enter")
    expect(ask).to_be_visible()
    page.keyboard.down("Space")
    page.keyboard.down("Space")
    expect(ask).to_be_visible()
    assert live.engine.texts == []
    page.keyboard.press("Tab")
    page.keyboard.up("Space")
    page.keyboard.press("Enter")
    expect(ask).to_be_hidden()
    expect(box).to_have_value("bel haar op 06-12345678")
    assert live.engine.texts == []


@pytest.mark.parametrize(
    "text",
    [
        "ik belde 0800-2000 al",
        "bel ik dan 112",
        "op 03-11-2026 om 14.30 uur",
        "dat was 01-02-2024 03-04-2024 en daarna niet meer",
        "van 01/02/2024 - 03/04/2024, en 1-2-2024 14.30",
        "geboren 11-12-2024",
        "ze is 34 en heeft 2 kinderen",
        "2023 was erg",
    ],
)
def test_what_is_no_such_thing_is_sent_at_once(page: Page, live: Live, text: str) -> None:
    opened(page)
    send(page, text)
    said(page, f"antwoord op: {text}")
    assert page.get_by_role("dialog", name=ASK).count() == 0


def test_the_browser_sees_most_of_what_the_door_sees_and_seldom_more(page: Page) -> None:
    page.goto("/")
    rows = read_sentences(ROOT / "tests" / "eval" / "dev" / "privacy.yml")
    seen = page.evaluate(
        "texts => texts.map((text) => (window.Pluis.personal(text) || {}).kind || null)", [r.text for r in rows]
    )
    has = [{FORMS[kind] for kind, _ in row.secrets if kind in FORMS} for row in rows]
    wanted = [kind in kinds for kind, kinds in zip(seen, has, strict=True) if kinds]
    needless = [kind for kind, row in zip(seen, rows, strict=True) if kind and not _has_numbers(row)]
    print(f"{sum(wanted)} of {len(wanted)}; needless {len(needless)} of {len(rows)}")
    assert len(wanted) > 50
    assert sum(wanted) >= 0.9 * len(wanted)
    assert len(needless) <= 0.005 * len(rows)


def _has_numbers(row: Sentence) -> bool:
    return any(kind not in {"naam", "klein"} for kind, _ in row.secrets)


def test_what_was_left_out_is_told_beneath_the_message(page: Page) -> None:
    opened(page)
    send(page, "Fatima had een blauwe plek")
    said(page, "[persoon 1] had een blauwe plek")
    expect(page.get_by_text("Weggelaten: een naam.")).to_have_count(1)
    send(page, "ze is bang")
    said(page, "antwoord op: ze is bang")
    expect(page.get_by_text("Weggelaten:")).to_have_count(1)

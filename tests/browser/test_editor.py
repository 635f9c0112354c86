"""The editor in a real browser: writing with remarks and completion, two trainers at once, the map, a play, for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Dialog, FrameLocator, Locator, Page, Route, expect
from sqlalchemy import delete

from bot.staff import By
from bot.staff.models import SignInRow
from tests.unit.practice import script
from tests.unit.studio.conftest import ANNA, text
from tests.unit.web.desks import PASSWORD, quick_passwords

from . import axe
from .conftest import Live, opening, serving, sideways

pytestmark = pytest.mark.browser

TRAINERS = ("fien", "gijs")
EXPECTED = re.compile(r"status of 4(?:01|03|09|22)|ERR_FAILED")  # what a test itself brings about
TITLE = "Een nieuw gesprek"


@pytest.fixture
def live(tmp_path: Path, client_files: Path) -> Iterator[Live]:
    """Serve a site with two trainers and a dialogue of another."""
    with quick_passwords(), serving(tmp_path, client_files) as site:
        for name in TRAINERS:
            site.services.staff.accounts.add(name, name.title(), ("trainer",), PASSWORD, By("cli"))
        site.services.studio.store.create(ANNA, TITLE, text())
        yield site


@pytest.fixture
def writing(chromium: Browser, live: Live) -> Iterator[Any]:
    """Open the editor as a trainer, each in a browser of their own."""
    with opening(chromium, live, EXPECTED) as one:

        def write(name: str = "fien", number: int = 1, width: int = 1280, height: int = 900) -> Page:
            page = one(viewport={"width": width, "height": height})
            sign_in(page, name, f"/studio/gesprekken/een_nieuw_gesprek/{number}")
            expect(page.locator("#oordeel")).to_contain_text("gespeeld")
            return page

        yield write


def sign_in(page: Page, name: str, address: str) -> None:
    """Sign a trainer in on the way to a page."""
    page.goto(address)
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()
    expect(page).to_have_url(re.compile(f"{address}$"))


def words(page: Page) -> Locator:
    return page.get_by_role("textbox", name="De tekst van het gesprek")


def write(page: Page, line: int, typed: str) -> None:
    """Put something after a line of the text."""
    words(page).press("Control+Home")
    for _ in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.insert_text(typed)


def replace(page: Page, pasted: str) -> None:
    """Paste a text over what is there."""
    words(page).press("Control+a")
    words(page).evaluate(
        "(box, text) => { const data = new DataTransfer(); data.setData('text/plain', text);"
        "box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }",
        pasted,
    )


def line_of(part: str, of: str | None = None) -> int:
    return next(at for at, line in enumerate((of or text()).splitlines(), start=1) if part in line)


def stand(page: Page) -> Locator:
    return page.locator("#stand")


def texts(live: Live) -> list[str]:
    """What was saved, the newest first."""
    store = live.services.studio.store
    return [store.text(version.ref) for version in store.versions("een_nieuw_gesprek")]


# -- writing -----------------------------------------------------------------------------------------------------------


def test_what_is_wrong_stands_at_its_line_and_saving_goes_by_keyboard(writing: Any, live: Live) -> None:
    page = writing()
    begin = line_of("begin:")
    write(page, begin, "_bestaat_niet")
    expect(page.locator("#oordeel")).to_have_text("Nog niet te spelen: 1 fout.")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    expect(stand(page)).to_contain_text("Nog niet bewaard")
    page.get_by_role("button", name=f"Fout, regel {begin}").click()
    expect(words(page)).to_be_focused()
    assert page.evaluate("getSelection().anchorNode.parentElement.closest('.cm-line').textContent").startswith("begin:")
    page.keyboard.press("End")
    for _ in "_bestaat_niet":
        page.keyboard.press("Backspace")
    expect(page.locator("#oordeel")).to_contain_text("kan worden gespeeld")
    write(page, line_of("minutes:"), "0")
    page.get_by_label("Wat veranderde je?").fill("langer")
    words(page).press("Control+s")
    expect(stand(page)).to_have_text("Bewaard als versie 2")
    expect(page).to_have_url(re.compile("/een_nieuw_gesprek/2$"))
    assert len(texts(live)) == 2
    assert yaml.safe_load(texts(live)[0])["minutes"] == script()["minutes"] * 10
    page.reload()
    expect(stand(page)).to_have_text("Versie 2")


def test_what_was_not_saved_is_there_after_a_reload_and_asked_about_before_one_leaves(writing: Any) -> None:
    page = writing()
    write(page, line_of("title:"), " dat ik nog niet bewaarde")
    expect(stand(page)).to_contain_text("Nog niet bewaard")
    asked: list[str] = []

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go_on)
    page.reload()
    assert asked == ["beforeunload"]
    expect(words(page)).to_contain_text("dat ik nog niet bewaarde")
    expect(stand(page)).to_contain_text("Nog niet bewaard")


def test_of_two_who_write_the_second_sees_both_and_chooses(writing: Any, live: Live) -> None:
    one, other = writing("fien"), writing("gijs")
    write(one, line_of("about:"), " Van Fien.")
    one.get_by_role("button", name="Bewaar", exact=True).click()
    expect(stand(one)).to_have_text("Bewaard als versie 2")
    write(other, line_of("minutes:"), "0")
    other.get_by_role("button", name="Bewaar", exact=True).click()
    told = other.locator("#verschil")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Iemand anders heeft intussen versie 2 bewaard. Er is niets overschreven")
    assert len(texts(live)) == 2
    expect(other.locator(".cm-deletedChunk")).to_have_count(2)
    assert axe.told(axe.look(other)["faults"]) == []
    other.get_by_role("button", name="Neem wat bewaard is").first.click()
    other.get_by_role("button", name="Houd de mijne").first.click()
    other.get_by_role("button", name="Bewaar", exact=True).click()
    expect(stand(other)).to_have_text("Bewaard als versie 3")
    expect(told).to_be_hidden()
    merged = yaml.safe_load(texts(live)[0])
    assert (merged["about"], merged["minutes"]) == (f"{script()['about']} Van Fien.", script()["minutes"] * 10)


def test_what_one_wrote_is_there_still_when_another_saved_and_the_tab_began_anew(writing: Any, live: Live) -> None:
    page = writing()
    page.on("dialog", lambda dialog: dialog.accept())
    write(page, line_of("minutes:"), "0")
    expect(stand(page)).to_contain_text("Nog niet bewaard")
    store = live.services.studio.store
    store.save(ANNA, store.versions("een_nieuw_gesprek")[0].ref, text(about="Van een ander, intussen bewaard."))
    page.reload()
    expect(page.get_by_text("er is een nieuwere")).to_be_visible()
    for _ in range(2):
        page.goto("/studio/gesprekken/een_nieuw_gesprek/2")
        expect(page.locator("#verschil")).to_contain_text("Je tekst van daarvoor staat er nog.")
        expect(page.locator(".cm-deletedChunk")).to_have_count(2)
    assert len(texts(live)) == 2
    page.get_by_role("button", name="Neem wat bewaard is").first.click()
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.locator("#verschil")).to_contain_text("Er is nog 1 plek waar je niet koos.")
    assert len(texts(live)) == 2
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(stand(page)).to_have_text("Bewaard als versie 3")
    merged = yaml.safe_load(texts(live)[0])
    assert (merged["about"], merged["minutes"]) == ("Van een ander, intussen bewaard.", script()["minutes"] * 10)


def test_saving_twice_in_a_hurry_is_no_conflict_with_oneself(writing: Any, live: Live) -> None:
    page = writing()
    held: list[Route] = []
    page.route("**/bewaar", lambda route: held.append(route) if not held else route.continue_())
    write(page, line_of("about:"), " Eerst.")
    page.keyboard.press("Control+s")
    write(page, line_of("minutes:"), "0")
    page.keyboard.press("Control+s")
    expect(stand(page)).to_contain_text("Nog niet bewaard")
    held[0].continue_()
    expect(stand(page)).to_have_text("Bewaard als versie 3")
    assert [yaml.safe_load(found)["minutes"] for found in texts(live)[:2]] == [
        script()["minutes"] * 10,
        script()["minutes"],
    ]


def test_who_was_signed_out_meanwhile_loses_nothing(writing: Any, live: Live) -> None:
    page = writing()
    write(page, line_of("title:"), " dat blijft")
    with live.services.parts.sessions() as session, session.begin():
        session.execute(delete(SignInRow))
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Je bent niet meer aangemeld")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Meld je opnieuw aan").click()
    again = opened.value
    again.get_by_label("Gebruikersnaam").fill("fien")
    again.get_by_label("Wachtwoord").fill(PASSWORD)
    again.get_by_role("button", name="Aanmelden", exact=True).click()
    expect(again.get_by_text("Je bent aangemeld")).to_be_visible()
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(stand(page)).to_have_text("Bewaard als versie 2")
    assert "dat blijft" in texts(live)[0]


def test_a_shipped_dialogue_is_read_and_played_but_not_changed(writing: Any) -> None:
    page = writing()
    page.goto("/studio/gesprekken/haar_man_antwoordt/0")
    expect(page.locator("#oordeel")).to_contain_text("kan worden gespeeld")
    words(page).press("Control+Home")
    page.keyboard.type("weg ermee")
    expect(words(page)).not_to_contain_text("weg ermee")
    expect(page.get_by_role("button", name="Bewaar")).to_have_count(0)


# -- completion --------------------------------------------------------------------------------------------------------

BASE = """\
goals:
  - id: open
    text: Je vraagt open.
    sources:
      - {id: kenniskaart-2023, section: "De Meldcode"}
state:
  vertrouwen: 3
  geduld: 2
begin: keuken
scenes:
  - id: keuken
    options:
      - id: vraag
        tags: [open_vraag]
  - id: einde
    ending: goed
"""


@pytest.mark.parametrize(
    ("after", "typed", "offered", "not_offered"),
    [
        ("begin: keuken", "\nmin", ["minutes"], ["ending"]),
        ("tags: [open_vraag]", "\n        to: ", ["keuken", "einde"], ["vraag", "open"]),
        ("tags: [open_vraag]", "\n        effect: {", ["vertrouwen", "geduld"], ["open"]),
        ("tags: [open_vraag]", "\n        goals: {", ["open"], ["vertrouwen"]),
        ("tags: [open_vraag]", "\n        ", ["examples", "feedback", "to"], ["tags", "id", "says"]),
        ("tags: [open_vraag]", "\n      - ", ["nieuw antwoord"], ["nieuwe scène"]),
        ("    ending: goed", "\n  - ", ["nieuwe scène", "nieuw einde"], ["nieuw antwoord"]),
        ("    ending: goed", "\n    ", ["says", "about"], ["options", "hint"]),
        ("Je vraagt open.", "\n    sources:\n      - {id: ", ["kenniskaart-2023"], ["keuken"]),
        ("Je vraagt open.", "\n    sources:\n      - {id: kenniskaart-2023, section: ", ['"De Meldcode"'], ["open"]),
        ("  - id: keuken", "\n    says:\n      - when: {geduld: ", ['">= 3"'], ["geduld"]),
        ("begin: keuken", "\nreactions:\n  ", ["oordeel", "stilte"], ["vertrouwen"]),
    ],
)  # fmt: skip
def test_what_can_stand_at_a_place_is_offered(
    writing: Any, after: str, typed: str, offered: list[str], not_offered: list[str]
) -> None:
    page = writing()
    replace(page, BASE)
    write(page, line_of(after, BASE), typed)
    page.keyboard.press("Control+Space")
    rows = page.get_by_role("listbox", name="Wat hier kan staan").get_by_role("option")
    expect(rows.first).to_be_visible()
    labels = page.locator(".cm-completionLabel").all_inner_texts()
    assert set(offered) <= set(labels)
    assert set(not_offered).isdisjoint(labels)


def test_a_completion_is_taken_by_keyboard_and_tab_leaves_the_text(writing: Any) -> None:
    page = writing()
    tags = line_of("tags:") + 1
    indent = text().splitlines()[tags - 1].partition("-")[0]
    write(page, tags, f"\n{indent}- ")
    page.keyboard.type("veil")
    expect(page.locator(".cm-completionLabel").first).to_have_text("veiligheid_vragen")
    page.wait_for_timeout(150)  # who types on quickly does not take what just came up
    page.keyboard.press("Enter")
    expect(words(page)).to_contain_text("- veiligheid_vragen")
    page.keyboard.press("Tab")
    expect(words(page)).not_to_be_focused()


# -- beside the text ---------------------------------------------------------------------------------------------------


def test_the_map_shows_all_places_and_leads_to_their_lines(writing: Any, live: Live) -> None:
    page = writing()
    page.get_by_role("tab", name="Scènes").click()
    dialogue = live.services.studio.store.dialogue(live.services.studio.store.versions("een_nieuw_gesprek")[0].ref)
    spots = page.locator("#tekening .spot")
    expect(spots).to_have_count(len(dialogue.places))
    last = list(dialogue.places)[-1]
    spots.filter(has_text=last).first.click()
    expect(words(page)).to_be_focused()
    expect(page.locator("#tekening .here")).to_have_attribute("data-id", last)
    expect(page.locator("#plekken > li")).to_have_count(len(dialogue.places))
    scenes = script()["scenes"]
    replace(page, yaml.safe_dump(script(scenes=[*scenes, *_ring(500)]), sort_keys=False, allow_unicode=True))
    expect(page.locator("#tekening")).to_have_text(
        "Met meer dan 400 scènes teken ik geen kaart. Hieronder staan ze allemaal."
    )
    expect(page.locator("#plekken > li")).to_have_count(len(dialogue.places) + 500)
    replace(page, "title: [")
    expect(page.get_by_text("In de tekst zit een fout.")).to_be_visible()


def _ring(count: int) -> list[dict[str, Any]]:
    """Scenes that lead around."""
    scene = script()["scenes"][0]
    return [
        {
            **scene,
            "id": f"kring_{at}",
            "options": [{**option, "to": f"kring_{(at + 1) % count}"} for option in scene["options"]],
        }
        for at in range(count)
    ]


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("#spel")


def test_a_draft_is_played_beside_its_text_from_any_scene(writing: Any, live: Live) -> None:
    page = writing()
    scenes = script()["scenes"]
    second = next(row for row in scenes[1:] if "options" in row)
    page.get_by_role("tab", name="Scènes").click()
    page.get_by_role("button", name=f"Speel vanaf hier: {second['id']}", exact=True).click()
    expect(page.get_by_role("tab", name="Spelen")).to_have_attribute("aria-selected", "true")
    says = second["says"] if isinstance(second["says"], str) else second["says"][-1]["text"]
    other = frame(page).locator(".other")
    expect(other).to_contain_text(says)
    frame(page).get_by_role("button", name="Toon antwoorden").click()
    frame(page).locator(".options button").first.click()
    expect(frame(page).locator(".own")).to_have_count(1)
    replace(page, text().replace(says, "Wat ik net heb veranderd."))
    page.get_by_role("button", name="Begin opnieuw").click()
    expect(frame(page).locator(".own")).to_have_count(0)
    expect(frame(page).locator(".other")).to_have_text("De ander: Wat ik net heb veranderd.")
    replace(page, "title: [")
    frame(page).get_by_role("button", name="Tip").click()
    expect(frame(page).get_by_role("status")).to_contain_text("Regel 2")


def test_the_tabs_go_by_keyboard(writing: Any) -> None:
    page = writing()
    page.get_by_role("tab", name="Opmerkingen").focus()
    for key, name in (
        ("ArrowRight", "Scènes"),
        ("ArrowRight", "Spelen"),
        ("ArrowRight", "Opmerkingen"),
        ("ArrowLeft", "Spelen"),
    ):
        page.keyboard.press(key)
        tab = page.get_by_role("tab", name=name)
        expect(tab).to_be_focused()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (768, 1024), (320, 640)])
def test_it_is_for_everyone(writing: Any, width: int, height: int) -> None:
    page = writing(width=width, height=height)
    write(page, line_of("begin:"), "_bestaat_niet")
    expect(page.locator("#oordeel")).to_contain_text("Nog niet te spelen")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name in ("Opmerkingen", "Scènes", "Spelen"):
            page.get_by_role("tab", name=name).click()
            assert axe.told(axe.look(page)["faults"]) == [], (scheme, name)
    assert sideways(page) == 0


def test_without_a_script_the_text_is_written_and_saved(chromium: Browser, live: Live) -> None:
    context = chromium.new_context(locale="nl-NL", base_url=live.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "fien", "/studio/gesprekken/een_nieuw_gesprek/1")
    box = page.get_by_label("De tekst van het gesprek")
    box.fill(text(minutes=9))
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page).to_have_url(re.compile("/een_nieuw_gesprek/2$"))
    assert texts(live)[0] == text(minutes=9)
    context.close()

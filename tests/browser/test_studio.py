"""The studio in a real browser: two trainers side by side, without a mouse, without script, and for everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.staff import By, Staff
from bot.studio import SHIPPED, Ref, Store
from tests.unit.studio.conftest import text
from tests.unit.studio.test_uploads import STORY
from tests.unit.web.desks import PASSWORD, quick_passwords

from . import axe
from .conftest import Live, opening, serving, sideways
from .test_accessibility import tab_to
from .test_desk import signed_in

pytestmark = pytest.mark.browser

SIZES = ((1280, 860), (768, 1024), (320, 640))
EXPECTED = re.compile(r"status of 422|object HTML")  # what a test itself brings about
LONG = "Een heel lange titel, die over van alles gaat en maar niet wil ophouden, ook nie"
HTML = "<img src=x onerror=alert(1)>"


@pytest.fixture
def live(tmp_path: Path, client_files: Path) -> Iterator[Live]:
    """Serve a site with two trainers."""
    with quick_passwords(), serving(tmp_path, client_files) as site:
        for name in ("fien", "gijs"):
            site.services.staff.accounts.add(name, name.title(), ("trainer",), PASSWORD, By("cli"))
        yield site


@pytest.fixture
def open_page(chromium: Browser, live: Live) -> Iterator[Any]:
    """Open pages, each in a browser of its own."""
    with opening(chromium, live, EXPECTED) as one:
        yield one


@pytest.fixture
def fien(live: Live) -> Staff:
    """Who writes where no page is needed for it."""
    account = live.services.staff.accounts.find("fien")
    return live.services.staff.roles.staff(account.id, account.name, account.role_ids)


def store_of(live: Live) -> Store:
    return live.services.studio.store


def new(page: Page, title: str) -> None:
    """Fill in the form of a new dialogue, from the example."""
    page.goto("/studio")
    if page.locator("#nieuw").get_attribute("open") is None:
        page.get_by_text("Nieuw gesprek").click()
    page.get_by_label("Titel", exact=True).fill(title)


def makes(page: Page) -> None:
    page.get_by_role("button", name="Maak het gesprek").click()


def test_two_trainers_write_publish_compare_and_withdraw_side_by_side(open_page: Any, live: Live, fien: Staff) -> None:
    one, other = signed_in(open_page(), "fien"), signed_in(open_page(), "gijs")
    new(one, "De post mag niet")
    makes(one)
    expect(one.get_by_role("heading", level=1)).to_have_text("De post mag niet")
    other.goto("/studio")
    other.get_by_role("link", name="De post mag niet", exact=True).click()
    expect(other.locator("#versie-1")).to_contain_text("Door Fien, ")
    other.get_by_role("button", name="Publiceer versie 1").click()
    expect(other.locator(".state")).to_contain_text("Deelnemers spelen versie 1.")
    ref = Ref("de_post_mag_niet", 1)
    written = store_of(live).text(ref)
    store_of(live).save(fien, ref, written.replace("minutes: 5", "minutes: 9"), "langer")

    one.reload()
    expect(one.locator(".state")).to_contain_text("De nieuwste is versie 2.")
    one.get_by_role("link", name="Vergelijk met versie 1").click()
    expect(one.get_by_text("1 regel erbij (+), 1 regel weg (−).")).to_be_visible()
    expect(one.locator("del")).to_have_text("minutes: 5")
    expect(one.locator("ins")).to_have_text("minutes: 9")
    one.get_by_label("Naar").select_option(label=one.get_by_label("Van").locator("option:checked").inner_text())
    one.get_by_role("button", name="Vergelijk").click()
    expect(one.get_by_text("Deze versies zijn gelijk.")).to_be_visible()
    one.get_by_role("link", name="De post mag niet").click()
    one.get_by_role("button", name="Publiceer versie 2").click()
    expect(one.locator("#versie-2")).to_contain_text("Gepubliceerd")

    live.services.studio.groups.give(fien, ref, "dinsdag")
    other.reload()
    other.get_by_text("Terugtrekken").click()
    expect(other.locator("#d-terug")).to_contain_text("dinsdag (tot en met ")
    other.get_by_role("button", name="Ja, trek dit gesprek terug").click()
    expect(other.locator(".state")).to_contain_text("Concept")
    assert not [ref for ref in store_of(live).playable().dialogues if ref.number]


def test_what_was_typed_and_chosen_stays_when_it_does_not_do(open_page: Any, live: Live, tmp_path: Path) -> None:
    page = signed_in(open_page(), "fien")
    new(page, "x")
    page.get_by_label("Notitie").fill("Voor dinsdag")
    page.get_by_label("Een bestand").check()
    file = page.get_by_label("Bestand van je computer")
    wrong, large, right = tmp_path / "fout.yml", tmp_path / "groot.yml", tmp_path / "verhaal.twee"
    wrong.write_bytes(b"title: een\nabout: caf\xe9\n")
    large.write_bytes(b"#" * 500_001)
    right.write_text(STORY, encoding="utf-8")
    file.set_input_files(wrong)
    makes(page)
    told = page.locator("#melding")
    expect(told).to_contain_text("In fout.yml klopt regel 2 niet: geen UTF-8")
    page.reload()
    expect(page.get_by_label("Titel", exact=True)).to_have_value("x")
    expect(page.get_by_label("Notitie")).to_have_value("Voor dinsdag")
    page.get_by_label("Een bestand").check()
    file.set_input_files(large)
    makes(page)
    assert file.evaluate("field => field.validationMessage") == "Dit bestand is te groot: er past 500 kB in."
    file.set_input_files(right)
    makes(page)
    expect(told).to_contain_text("Geef de titel 3 tot 80 tekens")
    page.get_by_label("Titel", exact=True).fill("")
    makes(page)  # with the file that is still chosen, and its own title
    expect(page.get_by_role("heading", level=1)).to_have_text("Aan de balie")
    expect(page.get_by_text("verhaal.twee, regel 5: Start: niet begrepen")).to_be_visible()
    expect(page.get_by_role("heading", name="Dit moet anders voordat je versie 1 kunt publiceren")).to_be_visible()
    new(page, "")
    expect(page.get_by_label("Notitie")).to_have_value("")


def test_what_cannot_be_published_points_at_its_lines(open_page: Any, live: Live, fien: Staff) -> None:
    wrong = store_of(live).create(fien, "Aan de deur", text(begin="nergens"))
    store_of(live).save(fien, wrong, text())
    page = signed_in(open_page(), "gijs")
    page.goto(f"/studio/gesprekken/{wrong.dialogue}")
    page.get_by_role("button", name="Publiceer versie 1").click()
    expect(page.locator("#melding")).to_contain_text("Versie 1 kan zo niet worden gespeeld, en is niet gepubliceerd.")
    link = page.locator("#melding").get_by_role("link", name="Regel 26")
    expect(link).to_have_attribute("href", f"/studio/gesprekken/{wrong.dialogue}/1?regel=26")
    link.click()
    expect(page.get_by_text("Dit is versie 1, en er is een nieuwere.")).to_be_visible()
    page.get_by_role("link", name="Alle versies").click()
    expect(page.get_by_role("heading", name="Versies (2)")).to_be_visible()


def test_it_is_made_published_and_withdrawn_by_keyboard_alone(open_page: Any, live: Live) -> None:
    page = signed_in(open_page(), "fien")
    page.goto("/studio")
    tab_to(page, page.get_by_label("Titel", exact=True))
    page.keyboard.type("Van het toetsenbord")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Een klein voorbeeld")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Een kopie")).to_be_checked()
    tab_to(page, page.get_by_label("Van welk gesprek"))
    page.keyboard.type("Ik wil niet")
    tab_to(page, page.get_by_role("button", name="Maak het gesprek"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Van het toetsenbord")
    store = store_of(live)
    assert store.dialogue(Ref("van_het_toetsenbord", 1)).about == store.dialogue(Ref("ik_ga_melden", SHIPPED)).about
    tab_to(page, page.get_by_role("button", name="Publiceer versie 1"))
    page.keyboard.press("Space")
    expect(page.locator(".state")).to_contain_text("Deelnemers spelen versie 1.")
    tab_to(page, page.locator("summary", has_text="Terugtrekken"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Ja, trek dit gesprek terug"))
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_contain_text("Concept")


def test_it_all_works_without_script(open_page: Any, live: Live, fien: Staff, tmp_path: Path) -> None:
    page = signed_in(open_page(java_script_enabled=False), "fien")
    new(page, "x")
    page.get_by_label("Een bestand").check()
    file = tmp_path / "deur.yml"
    file.write_text(text(begin="nergens"), encoding="utf-8")
    page.get_by_label("Bestand van je computer").set_input_files(file)
    makes(page)
    expect(page.get_by_role("alert").filter(has_text="nog niet gemaakt")).to_contain_text("Geef de titel 3 tot 80")
    page.get_by_label("Titel", exact=True).fill("Aan de deur")
    page.get_by_label("Bestand van je computer").set_input_files(file)
    makes(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Aan de deur")
    expect(page.get_by_role("link", name="Regel 26")).to_be_visible()
    store_of(live).save(fien, Ref("aan_de_deur", 1), text())
    page.reload()
    page.get_by_role("button", name="Publiceer versie 1").click()
    expect(page.get_by_text("Versie 1 kan zo niet worden gespeeld, en is niet gepubliceerd.")).to_be_visible()
    page.get_by_role("button", name="Publiceer versie 2").click()
    expect(page.locator(".state")).to_contain_text("Deelnemers spelen versie 2.")
    page.get_by_text("Terugtrekken").click()
    page.get_by_role("button", name="Ja, trek dit gesprek terug").click()
    expect(page.locator(".state")).to_contain_text("Concept")


def test_everyone_can_use_every_page_of_the_studio_on_every_width(open_page: Any, live: Live, fien: Staff) -> None:
    page = signed_in(open_page(), "fien")
    looked(page, "/studio")
    store = store_of(live)
    ref = store.create(fien, LONG, text(), f"Een notitie {HTML} die lang is, en nog langer: {'woord' * 20}")
    store.publish(fien, ref)
    live.services.studio.groups.give(fien, ref, "woord" * 16)
    for number in range(11):
        ref = store.save(fien, ref, text(about=f"Anders. {'lang' * 20}", minutes=number + 6))
    broken = store.create(fien, "Woord" * 16, f"# {'boven' * 20}\n{text(begin='nergens' * 5)}")
    looked(page, "/studio")
    page.locator("#nieuw summary").click()
    page.get_by_label("Een bestand").check()
    looked(page, "")
    looked(page, "/studio?gesprek=haar_man_antwoordt&versie=0#nieuw")
    makes(page)
    expect(page.locator("#melding")).to_contain_text("Geef de titel")
    looked(page, "")
    looked(page, f"/studio/gesprekken/{ref.dialogue}", open_all=True)
    looked(page, f"/studio/gesprekken/{ref.dialogue}/verschil?van=1&naar=12")
    looked(page, f"/studio/gesprekken/{broken.dialogue}")
    looked(page, f"/studio/gesprekken/{broken.dialogue}/verschil")
    looked(page, "/studio/gesprekken/haar_man_antwoordt")


def looked(page: Page, path: str, open_all: bool = False) -> None:
    """Look at a page on every width, light and dark: nothing for axe-core to say, and nothing goes off its side."""
    if path:
        page.goto(path)
    for summary in page.locator("summary").all() if open_all else ():
        summary.click()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert sideways(page) == 0, (path, width)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe.told(axe.look(page)["faults"]) == [], (path, width, scheme)

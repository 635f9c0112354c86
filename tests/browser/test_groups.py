"""A trainer gives a dialogue to a group, trainees play it and share how it went, and she sees that without names: in a
real browser, by keyboard, on every width, and where nothing can be kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.studio import Group, Ref
from tests.unit.studio.conftest import ANNA
from tests.unit.web.desks import PASSWORD
from tests.unit.web.test_play import MAN, WALK_WORDS

from . import axe
from .conftest import Live, sideways
from .states import say
from .test_accessibility import browsing, tab_to
from .test_desk import live, open_page

__all__ = ["live", "open_page"]  # fixtures

pytestmark = pytest.mark.browser

WIDTHS = ((320, 640), (768, 1024), (1280, 860))
SECRET = "Hoe gaat het, zilverplevier?"
BLOCKED = """
for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('nee', 'SecurityError'); } });
"""


def signed_in(page: Page, path: str = "/studio/groepen") -> Page:
    """Sign a trainer in, on her way to a page."""
    page.goto(path)
    page.get_by_label("Gebruikersnaam").fill("fien")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()
    expect(page.get_by_role("button", name="Afmelden")).to_be_visible()
    return page


def given(live: Live, name: str = "Dinsdag") -> Group:
    """Give a dialogue to a group."""
    account = next(one for one in live.services.staff.accounts.all() if one.name == "Fien")
    staff = live.services.staff.roles.staff(account.id, account.name, account.role_ids)
    return live.services.studio.groups.give(staff, Ref(MAN.id, 0), name)


def played(page: Page, *more: str) -> None:
    """Play to the end, first saying something more that fits no option."""
    expect(page.locator(".other")).to_have_count(1)
    for at, words in enumerate((*more, *WALK_WORDS), 1):
        say(page, words)
        expect(page.locator(".own")).to_have_count(at)
    expect(page.get_by_role("heading", name="Hoe het ging")).to_be_focused()


def shares(page: Page, number: int) -> None:
    """Share, and hear which try it was."""
    page.get_by_role("button", name="Deel dit gesprek").click()
    expect(page.locator("#gedeeld")).to_have_text(f"Gedeeld. Dit was je {number}e poging in deze groep.")
    expect(page.locator("#gedeeld")).to_be_focused()
    expect(page.get_by_role("button", name="Deel dit gesprek")).to_be_hidden()


def looked(page: Page) -> None:
    """Look at a page on every width, light and dark: nothing for axe-core to say, and nothing off its side."""
    before = page.viewport_size
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        assert sideways(page) == 0, width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe.told(axe.look(page)["faults"]) == [], (width, scheme)
    page.emulate_media(color_scheme="light")
    assert before
    page.set_viewport_size(before)


def test_a_trainer_and_five_trainees(open_page: Any, live: Live) -> None:
    fien = signed_in(open_page(), f"/studio/groepen?gesprek={MAN.id}&versie=0")
    looked(fien)
    expect(fien.get_by_label("Welk gesprek?")).to_have_value(f"{MAN.id}/0")
    fien.get_by_label("Naam van de groep").fill("Dinsdag, tweede jaar")
    fien.get_by_role("button", name="Maak een code").click()
    expect(fien.get_by_role("heading", level=1)).to_have_text("Dinsdag, tweede jaar")
    expect(fien.get_by_text("pas als 5 deelnemers")).to_be_visible()
    link, code = (fien.locator(f"#{name}").inner_text() for name in ("link", "code"))
    assert link == f"{live.url}/studio/play/groep/{code.replace('-', '')}"
    looked(fien)

    trainees = [open_page() for _ in range(5)]
    for page in trainees[:2]:
        page.goto("/studio/play")
        page.get_by_label("Heb je een code van je trainer?").fill(code.lower())
        page.get_by_role("button", name="Oefen met deze code").click()
        expect(page).to_have_url(link)
    for page in trainees[2:]:
        page.goto(link)
    expect(trainees[0].get_by_text("Je oefent in de groep Dinsdag, tweede jaar.")).to_be_visible()
    for page in trainees:
        played(page)
    looked(trainees[0])
    for page in trainees:
        shares(page, 1)
    looked(trainees[0])

    first = trainees[0]
    first.reload()
    expect(first.locator("#gedeeld")).to_have_text("Gedeeld. Dit was je 1e poging in deze groep.")
    expect(first.get_by_role("button", name="Deel dit gesprek")).to_be_hidden()
    first.locator("#verslag").get_by_role("button", name="Stap terug").click()
    say(first, WALK_WORDS[-1])
    expect(first.get_by_role("heading", name="Hoe het ging")).to_be_focused()
    expect(first.get_by_role("button", name="Deel dit gesprek")).to_be_hidden()  # it is the same play
    first.locator("#verslag").get_by_role("button", name="Opnieuw").click()
    expect(first.locator(".own")).to_have_count(0)
    played(first)
    shares(first, 2)

    fien.reload()
    expect(fien.get_by_text("5 deelnemers deelden 6 pogingen.")).to_be_visible()
    for summary in fien.locator("main summary").all():
        summary.click()
    expect(fien.get_by_role("table", name="Hoe het eindigde").get_by_role("row", name="6 keer")).to_have_count(1)
    opening = fien.get_by_role("table", name="Keuken").get_by_role("row", name=WALK_WORDS[0])
    expect(opening).to_contain_text("6 keer")
    looked(fien)
    with fien.expect_download() as saved:
        fien.get_by_role("link", name="scènes").click()
    assert saved.value.suggested_filename == "dinsdag_tweede_jaar-scenes.csv"

    closing = fien.get_by_role("button", name="Sluit deze groep")
    fien.get_by_text("Nu sluiten").click()  # shut again
    expect(closing).to_be_hidden()
    fien.get_by_text("Nu sluiten").click()
    closing.click()
    expect(fien.get_by_text("Met de code kan niemand meer oefenen of delen.")).to_be_visible()
    looked(fien)
    fien.get_by_label("Waar je bent").get_by_role("link", name="Groepen").click()
    fien.get_by_text("Gesloten (1)").click()
    expect(fien.locator("a.row")).to_contain_text("6 keer gedeeld")
    looked(fien)


def test_the_code_is_copied_and_that_is_told_by_keyboard_alone(chromium: Browser, live: Live) -> None:
    group = given(live)
    with browsing(chromium, live, permissions=["clipboard-read", "clipboard-write"]) as page:
        signed_in(page, f"/studio/groepen/{group.id}")
        told = page.locator("#gekopieerd")
        for what, text in (
            ("code", f"{group.code[:4]}-{group.code[4:]}"),
            ("link", page.locator("#link").inner_text()),
        ):
            tab_to(page, page.get_by_role("button", name=f"Kopieer de {what}"))
            page.keyboard.press("Enter")
            expect(told).to_have_text(f"De {what} is gekopieerd.")
            assert page.evaluate("navigator.clipboard.readText()") == text
        expect(told).to_have_role("status")
        page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('nee'); }; }")
        page.keyboard.press("Enter")
        expect(told).to_have_text("De link is gekopieerd.")  # the other way
        page.evaluate("() => { document.execCommand = () => false; }")
        page.keyboard.press("Enter")
        expect(told).to_contain_text("kopieer hem met Ctrl+C")
        assert page.evaluate("String(getSelection())") == page.locator("#link").inner_text()


def test_a_trainee_plays_and_shares_by_keyboard_alone(page: Page, live: Live) -> None:
    group = given(live)
    page.goto("/studio/play")
    tab_to(page, page.get_by_label("Heb je een code van je trainer?"))
    page.keyboard.type(f"{group.code[:4]} {group.code[4:]}".lower())
    page.keyboard.press("Enter")
    expect(page.locator(".other")).to_have_count(1)
    tab_to(page, page.get_by_label("Wat zeg je?"))
    for at, words in enumerate(WALK_WORDS, 1):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.locator(".own")).to_have_count(at)
    expect(page.get_by_role("heading", name="Hoe het ging")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Deel dit gesprek"))
    page.keyboard.press("Enter")
    expect(page.locator("#gedeeld")).to_be_focused()
    expect(page.locator("#gedeeld")).to_have_text("Gedeeld. Dit was je 1e poging in deze groep.")


def test_no_word_that_was_typed_goes_along_when_she_shares(page: Page, live: Live) -> None:
    page.goto(f"/studio/play/groep/{given(live).code}")
    played(page, SECRET)
    with page.expect_request("**/delen") as sent:
        shares(page, 1)
    body = sent.value.post_data or ""
    assert [words for words in (SECRET, *WALK_WORDS) if words in body] == []
    assert re.search(r'"techniques":\["', body)


def test_where_nothing_can_be_kept_she_shares_all_the_same(chromium: Browser, live: Live) -> None:
    with browsing(chromium, live) as page:
        page.add_init_script(BLOCKED)
        page.goto(f"/studio/play/groep/{given(live).code}")
        played(page)
        shares(page, 1)
        page.locator("#verslag").get_by_role("button", name="Opnieuw").click()
        expect(page.locator(".own")).to_have_count(0)
        played(page)
        shares(page, 2)  # of this page, as long as it is open


def test_a_token_that_was_spoilt_is_made_anew_and_each_group_has_its_own(page: Page, live: Live) -> None:
    one, other = given(live), given(live, "Woensdag")
    page.goto("/studio/play")
    page.evaluate("code => localStorage.setItem(`pluis.groep.${code}`, 'anna@ziekenhuis.nl')", one.code)
    for group in (one, other):
        page.goto(f"/studio/play/groep/{group.code}")
        played(page)
        shares(page, 1)
    tokens = page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('pluis.groep.'))")
    assert {name for name, _ in tokens} == {f"pluis.groep.{group.code}" for group in (one, other)}
    assert len({token for _, token in tokens}) == 2
    assert all(re.fullmatch(r"[\w-]{22}", token) for _, token in tokens)


def test_what_goes_wrong_is_told_in_its_place_and_nothing_is_lost(chromium: Browser, live: Live) -> None:
    group = given(live)
    with browsing(chromium, live) as page:  # whose console may tell of it
        page.goto(f"/studio/play/groep/{group.code}")
        played(page)
        fault = page.locator("#deel-melding")
        page.context.set_offline(True)
        page.get_by_role("button", name="Deel dit gesprek").click()
        expect(fault).to_contain_text("De verbinding is weg")
        page.context.set_offline(False)
        shares(page, 1)
        expect(fault).to_have_text("")

        page.locator("#verslag").get_by_role("button", name="Opnieuw").click()
        expect(page.locator(".own")).to_have_count(0)
        say(page, WALK_WORDS[0])
        expect(page.locator(".own")).to_have_count(1)
        live.services.studio.groups.close(ANNA, group.id)
        say(page, WALK_WORDS[1])
        expect(page.locator("#melding")).to_contain_text("Met deze code kun je niet oefenen")
        expect(page.get_by_label("Wat zeg je?")).to_have_value(WALK_WORDS[1])
        expect(page.locator(".own")).to_have_count(1)
        page.reload()
        field = page.get_by_label("Heb je een code van je trainer?")
        expect(field).to_be_focused()
        expect(field).to_have_value(group.code)
        expect(page.get_by_text("Met deze code kun je niet oefenen")).to_be_visible()
        looked(page)
        assert page.evaluate("code => sessionStorage.getItem(`pluis.oefenen.${code}`)", group.code)


def test_without_javascript_the_code_is_there_and_a_group_can_be_closed(chromium: Browser, live: Live) -> None:
    group = given(live)
    with browsing(chromium, live, java_script_enabled=False) as page:
        signed_in(page, f"/studio/groepen/{group.id}")
        expect(page.locator("#code")).to_have_text(f"{group.code[:4]}-{group.code[4:]}")
        expect(page.get_by_role("button", name="Kopieer de code")).to_be_hidden()
        page.get_by_text("Nu sluiten").click()
        page.get_by_role("button", name="Sluit deze groep").click()
        expect(page.get_by_text("Met de code kan niemand meer oefenen of delen.")).to_be_visible()
        page.goto("/studio/play")
        page.get_by_label("Heb je een code van je trainer?").fill(group.code)
        page.get_by_role("button", name="Oefen met deze code").click()
        expect(page.get_by_text("Met deze code kun je niet oefenen")).to_be_visible()

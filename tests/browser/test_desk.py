"""The desk in a real browser: two colleagues and two users at once, by keyboard, on every width, and for everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from bot.helpdesk import load_content
from bot.settings import ROOT
from bot.staff import By
from bot.staff.models import SignInRow
from tests.unit.channels.desks import always_open
from tests.unit.web.desks import ASKED, PASSWORD, STAFF, quick_passwords

from . import axe
from .conftest import Live, opening, serving, sideways
from .states import said, send

pytestmark = pytest.mark.browser

WIDTHS = ((1366, 900), (1024, 768), (768, 1024), (390, 844))
EXPECTED = re.compile(r"status of 40[139]|ERR_FAILED|object (?:Event|HTML)")  # what a test itself brings about
HTML = "<img src=x onerror=alert(1)> hoe begin ik?"


@pytest.fixture
def live(tmp_path: Path, client_files: Path) -> Iterator[Live]:
    """Serve a site with a helpdesk and its staff; who asks for a person is handed over at once."""
    parts = {"desk": always_open(), "desk_content": load_content(ROOT / "data")}
    with quick_passwords(), serving(tmp_path, client_files, parts, desk_hours="ma-zo 0:00-24:00") as site:
        for name, roles in STAFF.items():
            site.services.staff.accounts.add(name, name.title(), roles, PASSWORD, By("cli"))
        yield site


@pytest.fixture
def open_page(chromium: Browser, live: Live) -> Iterator[Any]:
    """Open pages, each in a browser of its own."""
    with opening(chromium, live, EXPECTED) as one:
        yield lambda width=1366, height=900: one(viewport={"width": width, "height": height})


def signed_in(page: Page, name: str) -> Page:
    """Sign a colleague in."""
    page.goto("/desk")
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()
    expect(page.get_by_role("button", name="Afmelden")).to_be_visible()
    return page


def asks(page: Page, live: Live, words: str, **changes: Any) -> None:
    """Have a user ask for a person."""
    over = {"custom": {"kind": "handover", **ASKED, "asks": words, **changes}}
    live.engine.answer = lambda body: [over] if body.get("text") == words else [{"text": "Welkom."}]
    page.goto("/")
    said(page, "Welkom.")
    send(page, words)
    said(page, "Je vraag staat bij de helpdesk")


def take(page: Page, words: str) -> None:
    """Open a question of the queue and take it."""
    page.locator("a.row", has_text=words).click()
    page.get_by_role("button", name="Neem deze vraag").click()
    expect(page.locator("#antwoord")).to_be_visible()


def close(page: Page) -> None:
    """Close the question that is open."""
    ending = page.locator("#d-sluiten")
    if ending.get_attribute("open") is None:
        ending.locator("summary").click()
    page.get_by_label("Waarmee").select_option("beantwoord")
    page.get_by_role("button", name="Sluit af").click()
    expect(page.locator(".head .when")).to_contain_text("Afgesloten: Beantwoord")


def test_two_colleagues_and_two_users_at_once(open_page: Any, live: Live) -> None:
    anna, bram = signed_in(open_page(), "anna"), signed_in(open_page(), "bea")
    one, other = open_page(), open_page()
    asks(one, live, HTML)
    asks(other, live, "Mag ik haar huisarts bellen?")
    expect(anna.locator("a.row")).to_have_count(2)  # without reloading
    expect(bram.locator("a.row")).to_have_count(2)
    for page in (anna, bram):
        page.locator("a.row", has_text="hoe begin ik?").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(HTML)
    # Bram's page is still as it was when he presses: he is told that Anna was first.
    bram.route("**/desk/stroom*", lambda route: route.abort())
    bram.reload()
    anna.get_by_role("button", name="Neem deze vraag").click()
    expect(anna.locator("#antwoord")).to_be_focused()
    bram.get_by_role("button", name="Neem deze vraag").click()
    expect(bram.locator("#melding")).to_contain_text("Een collega heeft deze vraag")
    bram.unroute("**/desk/stroom*")
    bram.reload()
    said(one, "Een mens leest nu mee")

    anna.keyboard.type("Begin met wat je zag. <b>Echt</b>")
    anna.keyboard.press("Control+Enter")
    said(one, "Begin met wat je zag. <b>Echt</b>")
    expect(anna.locator("#antwoord")).to_have_value("")
    send(one, "Dank je wel, dat helpt")
    expect(anna.locator("#gesprek .by-user").last).to_contain_text("Dank je wel, dat helpt")
    expect(bram.locator("a.row", has_text="hoe begin ik?")).to_contain_text("Anna")

    bram.keyboard.press("Alt+n")  # the next that waits
    expect(bram.get_by_role("heading", level=1)).to_have_text("Mag ik haar huisarts bellen?")
    bram.locator("summary", has_text="Aan een collega vragen").click()
    bram.get_by_label("Collega", exact=True).select_option(label="Anna (Helpdesk)")
    bram.get_by_role("button", name="Vraag om over te nemen").click()
    expect(anna.get_by_role("heading", name="Aan jou gevraagd")).to_be_visible()
    anna.locator("a.row", has_text="huisarts").click()
    anna.get_by_role("button", name="Neem over").click()
    expect(anna.locator("#antwoord")).to_be_visible()
    said(other, "Helpdesk")
    assert not other.get_by_text("Begin met wat je zag").count()


def test_a_closed_question_teaches_in_two_clicks_and_an_editor_sees_it(open_page: Any, live: Live) -> None:
    user, anna, dirk = open_page(), signed_in(open_page(), "anna"), open_page()
    asks(user, live, "Hoe vertel ik het mijn leidinggevende?")
    take(anna, "leidinggevende")
    anna.locator("#antwoord").fill("Vraag eerst een rustig moment.")
    anna.keyboard.press("Control+Enter")
    said(user, "Vraag eerst een rustig moment.")
    close(anna)
    anna.locator("summary", has_text="Nieuw onderwerp").click()
    expect(anna.locator("#leer-topic-short")).to_have_value("Vraag eerst een rustig moment.")
    anna.locator("#leer-topic-form").get_by_role("button", name="Stel voor").click()
    expect(anna.get_by_text("Wacht op een redacteur")).to_be_visible()
    signed_in(dirk, "dirk")
    expect(dirk).to_have_url(f"{live.url}/desk/voorstellen")
    dirk.locator("a.row").click()
    expect(dirk.get_by_label("Titel")).to_have_value("Hoe vertel ik het mijn leidinggevende?")
    dirk.get_by_label("Of wijs het af. Waarom? De medewerker leest dit.").fill("Dit staat al in de kennis")
    dirk.get_by_role("button", name="Wijs af").click()
    expect(dirk.get_by_role("heading", name="Afgehandeld")).to_be_visible()
    anna.reload()
    expect(anna.get_by_text("Reden: Dit staat al in de kennis")).to_be_visible()


def test_what_was_typed_stays_when_the_sign_in_is_over(open_page: Any, live: Live) -> None:
    user, anna = open_page(), signed_in(open_page(), "anna")
    asks(user, live, "Hoe zit dat?")
    take(anna, "Hoe zit dat?")
    anna.context.clear_cookies()
    box = anna.locator("#antwoord")
    box.fill("Een lang antwoord dat niet weg mag zijn.")
    anna.keyboard.press("Control+Enter")
    expect(anna.locator("#melding")).to_contain_text("Wat je schreef, is niet verstuurd")
    expect(box).to_have_value("Een lang antwoord dat niet weg mag zijn.")
    again = anna.context.new_page()
    signed_in(again, "anna")
    box.focus()
    anna.keyboard.press("Control+Enter")  # its form is of the earlier sign-in: told, and mended
    expect(anna.locator("#melding")).to_contain_text("Verstuur het nog een keer")
    box.focus()
    anna.keyboard.press("Control+Enter")
    said(user, "Een lang antwoord dat niet weg mag zijn.")


def test_what_is_typed_beside_the_answer_stays_whatever_happens_in_the_queue(open_page: Any, live: Live) -> None:
    one, other, anna = open_page(), open_page(), signed_in(open_page(), "anna")
    asks(one, live, "Hoe zit dat?")
    take(anna, "Hoe zit dat?")
    for summary in ("Notities", "Afsluiten of teruggeven"):
        anna.locator("summary", has_text=summary).click()
    anna.locator("#notitie").fill("Morgen terugbellen")
    anna.locator("#categorie").select_option(index=2)
    anna.locator("#samenvatting").fill("Bel eerst je collega.")
    asks(other, live, "Een vraag die erbij komt")
    expect(anna.locator("a.row", has_text="erbij komt")).to_be_visible()
    anna.wait_for_timeout(1500)  # the queue is told at most once a second, and the question beside it as well
    expect(anna.locator("#notitie")).to_have_value("Morgen terugbellen")
    expect(anna.locator("#samenvatting")).to_have_value("Bel eerst je collega.")
    assert anna.locator("#categorie").evaluate("field => field.selectedIndex") == 2
    anna.reload()
    expect(anna.locator("#notitie")).to_have_value("Morgen terugbellen")
    anna.get_by_role("button", name="Bewaar notitie").click()
    expect(anna.locator(".note")).to_contain_text("Morgen terugbellen")
    expect(anna.locator("#notitie")).to_have_value("")


def test_a_page_that_was_signed_out_goes_on_when_she_is_there_again(open_page: Any, live: Live) -> None:
    user, anna = open_page(), signed_in(open_page(), "anna")
    asks(user, live, "Hoe zit dat?")
    take(anna, "Hoe zit dat?")
    anna.locator("#antwoord").fill("Een half antwoord")
    with live.services.parts.sessions() as session, session.begin():
        session.execute(delete(SignInRow))  # half an hour goes by
    signed_in(anna.context.new_page(), "anna")
    expect(anna.locator("#melding")).to_contain_text("hier afgemeld", timeout=20_000)
    send(user, "Ben je er nog?")
    anna.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(anna.locator("#gesprek .by-user").last).to_contain_text("Ben je er nog?")
    expect(anna.locator("#antwoord")).to_have_value("Een half antwoord")


def test_everyone_can_use_every_page_of_the_desk_on_every_width(open_page: Any, live: Live) -> None:
    user, anna, carla, dirk = open_page(), open_page(), open_page(), open_page()
    looked(anna, "/aanmelden")
    looked(anna, "/terug")
    signed_in(anna, "anna")
    looked(anna, "/desk")
    asks(user, live, HTML)
    expect(anna.locator("a.row")).to_have_count(1)
    looked(anna, "")
    take(anna, "hoe begin ik?")
    for summary in anna.locator("main summary").all():
        if not summary.evaluate("element => element.parentElement.open"):
            summary.click()
    looked(anna, "")
    close(anna)
    for summary in anna.locator(".teach summary").all():
        summary.click()
    looked(anna, "")
    anna.locator("#leer-topic-short").fill("Begin met wat je zag.")
    anna.locator("#leer-topic-form").get_by_role("button", name="Stel voor").click()
    expect(anna.get_by_text("Wacht op een redacteur")).to_be_visible()
    signed_in(carla, "carla")
    looked(carla, "/desk/overzicht")
    signed_in(dirk, "dirk")
    looked(dirk, "")
    dirk.locator("a.row").click()
    expect(dirk.get_by_label("Titel")).to_be_visible()
    looked(dirk, "")


def looked(page: Page, path: str) -> None:
    """Look at a page on every width: nothing for axe-core to say, and nothing that goes off its side."""
    if path:
        page.goto(path)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        assert sideways(page) == 0, (path, width)
        assert axe.told(axe.look(page)["faults"]) == [], (path, width)
    page.set_viewport_size({"width": 1366, "height": 900})

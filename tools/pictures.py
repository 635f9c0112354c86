"""`make pictures`: takes the pictures of `docs/pictures` in a real browser, of the three real processes.

A conversation is held as a user would hold it; what stands on the pictures is what Pluis says now. Each is made small:
a palette, at most 120 kB.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import FLAGS  # noqa: E402
from tests.browser.test_teams_playground import Chat as TeamsChat  # noqa: E402
from tests.live.client import node  # noqa: E402
from tests.live.playground import Playground  # noqa: E402
from tests.live.site import Site  # noqa: E402
from tests.live.staff import PASSWORD, Colleague  # noqa: E402

OUT = ROOT / "docs" / "pictures"
LARGEST = 120_000  # bytes
COLOURS = (128, 96, 64, 32)
DESK = ViewportSize(width=1000, height=760)
WIDE = ViewportSize(width=1000, height=900)
LARGE = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=390, height=800)
SAID = ".webchat__bubble__content"
SLOW = 60_000  # ms; the first answer of an engine that just started takes longest
STORY = (
    "Vorige week had ze een blauwe plek op haar bovenarm. Haar man geeft steeds antwoord voor haar. "
    "Ik heb er een naar gevoel bij."
)
INTRANET = """<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Intranet</title><style>body {{ margin: 0; font: 1rem/1.6 sans-serif; color: #222 }} header {{ padding: 1rem 2rem;
color: #fff; background: #24476b }} main {{ max-width: 40rem; padding: 1rem 2rem }}</style>
<header><b>Intranet</b></header><main><h1>Zorgen over veiligheid thuis</h1>
<p>Zie of hoor je iets wat niet klopt? Je hoeft het niet zeker te weten om erover te praten.</p>
<p>Overleg met je aandachtsfunctionaris, of met Veilig Thuis: 0800-2000, gratis, dag en nacht.</p></main>
<script src="{url}/widget.js" data-title="Iets niet pluis?"></script></html>"""


def main() -> int:
    """Take every picture; 1 when one stays too large."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pluis-pictures-") as var, sync_playwright() as playwright:
        site = Site(Path(var))
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        try:
            site.prepare()
            site.start()
            _a_conversation(browser, site)
            _danger(browser, site)
            _widget(browser, site)
            _in_teams(browser, site)
            _on_a_phone_and_in_the_dark(browser, site)
            _at_the_desk(browser, site)
            _practising(browser, site)
            _in_the_studio(browser, site)
            _broken(browser, site)
        finally:
            browser.close()
            site.stop()
    large = [path.name for path in sorted(OUT.glob("*.png")) if path.stat().st_size > LARGEST]
    if large:
        print(f"te groot: {', '.join(large)}", file=sys.stderr)
    return 1 if large else 0


def _a_conversation(browser: Browser, site: Site) -> None:
    with _opened(browser, site) as page:
        _take(page, "start")
        _send(page, STORY)
        _until(page, "Wat voor werk doe je?")
        _take(page, "conversation")
        _press(page, "Verpleging of thuiszorg")
        _press(page, "Mijn cliënt")
        _answer_until_the_list(page)
        page.get_by_role("button", name="Een regel aanpassen of weghalen").click()
        _last(page).evaluate("element => element.scrollIntoView({ block: 'start' })")
        _take(page, "facts")
        page.get_by_role("button", name="Aanpassen").first.evaluate("e => e.scrollIntoView({ block: 'center' })")
        _take(page, "facts-rows")
        page.get_by_role("button", name="Weghalen", exact=True).last.click()
        expect(page.get_by_text("Deze lijst is van eerder in het gesprek.")).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(2500)
        _press(page, "Klopt zo")
        _send(page, "sla de rest van de vragen over en geef advies")
        bar = page.locator(".ac-columnSet").first
        while not bar.count():  # what could make the advice heavier is asked first
            page.wait_for_timeout(2500)
            for answer in ("Nee, daar wijst niets op", "Weet ik niet"):
                if not bar.count() and _choice(page, answer).count():
                    _press(page, answer)
                    break
        page.wait_for_timeout(1500)
        bar.evaluate("element => element.scrollIntoView({ block: 'center' })")
        _take(page, "meldcode")
        _send(page, "samenvatting")
        _until(page, "Kies een versie van de samenvatting")
        page.wait_for_timeout(1500)
        page.get_by_role("button", name="Tekst").last.evaluate("element => element.scrollIntoView({ block: 'end' })")
        _take(page, "summary")


def _answer_until_the_list(page: Page) -> None:
    """Answer what is asked about the facts; the first list to tick is taken on the way."""
    taken = False
    for _ in range(12):
        page.wait_for_timeout(2500)  # all that belongs to one answer has come
        if page.get_by_role("button", name="Een regel aanpassen of weghalen").count():
            return
        if page.get_by_role("checkbox").count():
            if not taken:
                page.get_by_role("checkbox").first.check()
                _take(page, "list")
                taken = True
            page.locator(".ac-pushButton.style-positive").last.click()
        else:
            _send(page, "weet ik niet")
    raise RuntimeError("de feitenlijst kwam niet")


def _danger(browser: Browser, site: Site) -> None:
    with _opened(browser, site) as page:
        _send(page, "Ze belt nu: hij staat met een mes voor de deur")
        _until(page, "112")
        expect(_choice(page, "Ja, nu")).to_be_visible(timeout=SLOW)
        _take(page, "danger")


def _widget(browser: Browser, site: Site) -> None:
    with _page(browser, site) as page:
        page.route(
            "**/intranet", lambda route: route.fulfill(body=INTRANET.format(url=site.url), content_type="text/html")
        )
        page.goto("/intranet")
        expect(page.locator(".open")).to_be_visible()
        _take(page, "widget-closed")
        page.locator(".open").click()
        frame = page.frame_locator("pluis-chat iframe")
        expect(frame.locator(SAID).first).to_be_visible(timeout=SLOW)
        expect(frame.get_by_role("toolbar").get_by_role("button").first).to_be_visible(timeout=SLOW)
        _take(page, "widget-open")


def _in_teams(browser: Browser, site: Site) -> None:
    """Talk in Microsoft's own client for apps in Teams; its panel with what goes over the line is closed."""
    if (program := node()) is None:
        sys.exit("geen Node 22 op deze machine")
    with Playground(program, site.url) as playground, _page(browser, site, viewport=WIDE) as page:
        page.goto(playground.url)
        page.get_by_title("Hide log panel").click()
        chat = TeamsChat(page)
        chat.button("Ik wil een mens spreken")
        _take(page, "teams-start")
        chat.press("Onderbuikgevoel")
        chat.press("Verpleging of thuiszorg")
        chat.press("Mijn cliënt")
        chat.hears("Bij welk moment dacht je dat er iets niet klopte?")
        chat.say(STORY)
        chat.button("Klaar")
        page.get_by_role("checkbox").first.check()
        _take(page, "teams-list")
        chat.press("Klaar")
        chat.hears("Van wie weet je dit?")
        _take(page, "teams-choices")
        chat.say("herinner me over 1 minuut")
        chat.hears("Je vroeg me om je hier een bericht te sturen", 2 * SLOW)
        _take(page, "teams-reminder")


def _on_a_phone_and_in_the_dark(browser: Browser, site: Site) -> None:
    with _opened(browser, site, viewport=PHONE) as page:
        _send(page, "Ik maak me zorgen over een cliënt")
        expect(page.locator(SAID).nth(3)).to_be_visible(timeout=SLOW)
        _take(page, "phone")
    with _opened(browser, site, color_scheme="dark") as page:
        page.get_by_label("Jouw bericht").fill("Haar ex volgt haar. Bel me op 06-12345678")
        page.get_by_label("Jouw bericht").press("Enter")
        expect(page.get_by_role("dialog", name="Wil je dit weglaten?")).to_be_visible()
        _take(page, "ask")
        page.keyboard.press("Escape")
        _send(page, "Haar ex volgt haar")
        expect(page.locator(SAID).nth(3)).to_be_visible(timeout=SLOW)
        _take(page, "dark")


def _at_the_desk(browser: Browser, site: Site) -> None:
    """A question goes to a person, who answers it; then what Pluis can learn from it, and the overview."""
    colleagues = (("bea", "aandachtsfunctionaris"), ("dirk", "editor"), ("carla", "supervisor"))
    for name, role in colleagues:
        with Colleague(site, name, role):
            pass
    with _opened(browser, site) as user, _page(browser, site) as desk:
        _send(user, STORY)
        _until(user, "Wat voor werk doe je?")
        _send(user, "ik wil een mens spreken")
        _until(user, "Wat wil je vragen?")
        _send(user, "Hoe zorg ik dat ik haar even alleen spreek?")
        user.wait_for_timeout(3000)
        if _choice(user, "Ja, ik heb gebeld").count():
            _press(user, "Ja, ik heb gebeld")
        _until(user, "Ik kan je vraag nu doorsturen")
        _take(user, "desk-asked")
        _press(user, "Ja, stuur door")
        _until(user, "Het antwoord komt in dit gesprek")
        _signed_in(desk, "bea")
        _take(desk, "desk-queue")
        desk.locator("a.row").first.click()
        desk.get_by_role("button", name="Neem deze vraag").click()
        expect(desk.locator("#antwoord")).to_be_visible()
        desk.locator("#antwoord").fill("Maak een afspraak met een gewone reden, en zie haar eerst apart.")
        desk.keyboard.press("Control+Enter")
        _until(user, "zie haar eerst apart")
        _send(user, "Dank je, dat ga ik doen.")
        expect(desk.locator("#gesprek .by-user").last).to_contain_text("dat ga ik doen", timeout=SLOW)
        _take(desk, "desk-talk")
        _take(user, "desk-user")
        desk.locator("#d-sluiten summary").click()
        desk.get_by_label("Waarmee").select_option("ontbreekt_in_kennis")
        desk.get_by_role("button", name="Sluit af").click()
        desk.locator("#leer-topic summary").click()
        _take(desk, "desk-teach")
        desk.locator("#leer-topic-form").get_by_role("button", name="Stel voor").click()
        expect(desk.get_by_text("Wacht op een redacteur")).to_be_visible()
    with _page(browser, site) as desk:
        _signed_in(desk, "dirk")
        desk.locator("a.row").first.click()
        _take(desk, "desk-proposal")
    with _page(browser, site) as desk:
        _signed_in(desk, "carla")
        desk.goto("/desk/overzicht")
        _take(desk, "desk-overview")


def _practising(browser: Browser, site: Site) -> None:
    """A line in a practice dialogue, on its page."""
    with _page(browser, site, viewport=WIDE) as page:
        page.goto("/studio/play/haar_man_antwoordt")
        expect(page.locator(".other")).to_have_count(1, timeout=SLOW)
        page.get_by_label("Wat zeg je?").fill("Hoe gaat het vandaag met de wond?")
        page.get_by_label("Wat zeg je?").press("Enter")
        expect(page.locator(".own")).to_have_count(1, timeout=SLOW)
        _take(page, "practice-play")


def _in_the_studio(browser: Browser, site: Site) -> None:
    """A trainer copies a dialogue, writes in it beside its scenes, and gives one to a group."""
    with Colleague(site, "noor", "trainer"), _page(browser, site, viewport=LARGE) as page:
        _signed_in(page, "noor")
        page.goto("/studio")
        _take(page, "studio-list")
        page.goto("/studio/gesprekken/zeg_het_niet/0")
        expect(page.locator("#oordeel")).to_contain_text("kan worden gespeeld", timeout=SLOW)
        page.get_by_role("tab", name="Scènes").click()
        expect(page.locator("#tekening .spot").first).to_be_visible(timeout=SLOW)
        _take(page, "studio-editor")
        page.goto("/studio/groepen?gesprek=zeg_het_niet&versie=0")
        page.get_by_label("Naam van de groep").fill("dinsdag, tweede jaar")
        page.get_by_role("button", name="Maak een code").click()
        expect(page.get_by_role("heading", name="dinsdag, tweede jaar")).to_be_visible()
        _take(page, "studio-group")


def _signed_in(page: Page, name: str) -> None:
    page.goto("/desk")
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()
    expect(page.get_by_role("button", name="Afmelden")).to_be_visible()


def _broken(browser: Browser, site: Site) -> None:
    with _opened(browser, site) as page:
        page.context.set_offline(True)
        expect(page.locator("#status")).to_contain_text("offline")
        _take(page, "offline")
    with _opened(browser, site) as page:
        site.stop("engine")
        _send(page, "Ze zegt steeds haar afspraken af")
        _until(page, "Een deel van Pluis is even buiten werking")
        _take(page, "error")


# -- the page ----------------------------------------------------------------------------------------------------------


@contextmanager
def _page(browser: Browser, site: Site, **options: Any) -> Iterator[Page]:
    wanted = {"viewport": DESK, "reduced_motion": "reduce", "timezone_id": "Europe/Amsterdam"} | options
    context = browser.new_context(locale="nl-NL", base_url=site.url, **wanted)
    yield context.new_page()
    context.close()


@contextmanager
def _opened(browser: Browser, site: Site, **options: Any) -> Iterator[Page]:
    with _page(browser, site, **options) as page:
        page.goto("/")
        expect(page.get_by_role("toolbar").get_by_role("button").first).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(2500)  # the welcome has come, and stays at its first line
        yield page


def _send(page: Page, text: str) -> None:
    page.get_by_label("Jouw bericht").fill(text)
    page.get_by_label("Jouw bericht").press("Enter")
    expect(page.locator(SAID).filter(has_text=re.compile(re.escape(text[:12]))).last).to_be_visible(timeout=SLOW)


def _until(page: Page, text: str) -> None:
    expect(page.locator(SAID).filter(has_text=text).last).to_be_visible(timeout=SLOW)


def _choice(page: Page, title: str) -> Locator:
    return page.get_by_role("toolbar").get_by_role("button", name=title).first


def _press(page: Page, title: str) -> None:
    _choice(page, title).click(timeout=SLOW)


def _last(page: Page) -> Locator:
    return page.locator(SAID).filter(has_text="Dit heb ik opgeschreven").last


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(800)  # what moves stands still
    picture = Image.open(io.BytesIO(page.screenshot(caret="hide"))).convert("RGB")
    for colours in COLOURS:
        picture.quantize(colours, dither=Image.Dither.NONE).save(OUT / f"{name}.png", optimize=True)
        if (OUT / f"{name}.png").stat().st_size <= LARGEST:
            break
    print(f"{name}.png", (OUT / f"{name}.png").stat().st_size, flush=True)


def _chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sys.exit("geen Chromium op deze machine")
    return path


if __name__ == "__main__":
    sys.exit(main())

"""Pluis on a page of another site with a strict policy: what its visitors do and see, and what stays behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    FrameLocator,
    Locator,
    Page,
    Route,
    ViewportSize,
    expect,
)  # fmt: skip

from tests.unit.channels.fakes import echo

from .conftest import SIZES, Live, free_port, serving, sideways
from .test_page import NO_SOCKETS

pytestmark = pytest.mark.browser

DESK, PHONE, NARROW = (ViewportSize(width=width, height=height) for width, height in SIZES.values())
SAID = ".webchat__bubble__content"
FOCUSED = "document.activeElement.shadowRoot.activeElement"
TWICE = 600  # ms within which the second Escape counts
HOST_CSS = """
html { font-size: 62.5%; } body { margin: 0; }
button, dialog { background: red !important; color: red !important; } iframe, svg { display: none !important; }
* { position: relative !important; margin: 3rem !important; text-transform: uppercase !important; }
"""
MAY_KEEP = "() => { try { return Boolean(sessionStorage); } catch { return false; } }"
NO_STORAGE = """
for (const name of ['sessionStorage', 'localStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('', 'SecurityError'); } });
"""


@dataclass
class Host:
    """Another site: Pluis may be on it under two names; under the first the browser lets a frame keep nothing."""

    live: Live
    url: str
    near: str
    stranger: str
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def handler(pluis: str) -> type[BaseHTTPRequestHandler]:
    """Serve a page of which the query gives the attributes of the script tag; `/twice` has two, `/frame` a frame."""
    script = f"script-src {pluis}; frame-src {pluis}; require-trusted-types-for 'script'"
    policy = f"default-src 'none'; style-src 'self'; base-uri 'none'; {script}"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            attributes = " ".join(f'{name}="{value}"' for name, value in parse_qsl(address.query, True))
            tag = f'<script src="{pluis}/widget.js" {attributes}></script>'
            tag *= 2 if address.path == "/twice" else 1
            if address.path == "/frame":
                tag = f'<iframe src="{pluis}/" width="600" height="600"></iframe>'
            head = '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/host.css">'
            page = f"<!doctype html><title>Intranet</title>{head}<h1>Intranet</h1><a href='/'>Start</a>{tag}"
            is_style = address.path.endswith(".css")
            self.send_response(200)
            self.send_header("Content-Type", f"text/{'css' if is_style else 'html'}")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write((HOST_CSS if is_style else page).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def hosting(port: int, pluis: str) -> Iterator[None]:
    """Serve the other site for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler(pluis))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def host(tmp_path: Path, client_files: Path) -> Iterator[Host]:
    """Serve Pluis and another site; what the console says by mistake fails the test."""
    port = free_port()
    url, near, stranger = (f"http://{name}:{port}" for name in ("localhost", "127.0.0.1", "vreemd.localhost"))
    with serving(tmp_path, client_files, embed_origins=f"{url},{near}") as live, hosting(port, live.url):
        found = Host(live, url, near, stranger)
        yield found
    assert found.errors == []


@contextmanager
def visiting(chromium: Browser, host: Host, **options: Any) -> Iterator[Page]:
    """Open a page in a browser of its own."""
    context = chromium.new_context(locale="nl-NL", **({"viewport": DESK} | options))
    page = context.new_page()

    def keep(message: ConsoleMessage) -> None:
        {"error": host.errors, "warning": host.warnings}.get(message.type, []).append(message.text)

    page.on("console", keep)
    page.on("pageerror", lambda error: host.errors.append(str(error)))
    page.route("https://**", lambda route: route.fulfill(body="elders"))
    yield page
    context.close()


@pytest.fixture
def page(chromium: Browser, host: Host) -> Iterator[Page]:
    """Open a page on a desk."""
    with visiting(chromium, host) as page:
        yield page


def visit(page: Page, host: Host, **data: str) -> Locator:
    """Go to the other site with these options on the script tag; return the button."""
    page.goto(f"{host.url}/?{urlencode({f'data-{name}': value for name, value in data.items()})}")
    return page.locator(".open")


def opened(page: Page) -> FrameLocator:
    """Open the chat, and wait for the welcome."""
    page.locator(".open").click()
    frame = page.frame_locator("pluis-chat iframe")
    said(frame, "Welkom bij Pluis.")
    return frame


def said(frame: FrameLocator | Page, text: str) -> None:
    """Wait until this is said."""
    expect(frame.locator(SAID).filter(has_text=text).first).to_be_visible(timeout=15_000)


def send(frame: FrameLocator | Page, text: str) -> None:
    """Write and send, and wait for the answer."""
    frame.get_by_label("Jouw bericht").fill(text)
    frame.get_by_label("Jouw bericht").press("Enter")
    said(frame, f"antwoord op: {text}")


def inside(page: Page) -> Frame:
    """Return the frame of the chat."""
    (found,) = page.frames[1:]
    return found


def kept(frame: Frame | Page) -> Any:
    """Return the names of all that a window keeps in the browser."""
    return frame.evaluate("[...Object.keys(sessionStorage), ...Object.keys(localStorage)]")


def until_forgotten(page: Page, live: Live, number: int = 1) -> None:
    """Wait until the engine forgot as many conversations as were left."""
    for _ in range(100):
        if len(live.engine.forgotten) >= number:
            break
        page.wait_for_timeout(50)
    assert len(set(live.engine.forgotten)) == number


def asked_of(context: BrowserContext) -> list[str]:
    """Collect the addresses that are asked for."""
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url.removeprefix("blob:")))
    return asked


# -- open, talk, come back ---------------------------------------------------------------------------------------------


def test_beside_a_strict_policy_and_the_hosts_own_look_it_opens_and_talks(page: Page, host: Host) -> None:
    asked = asked_of(page.context)
    button = visit(page, host)
    expect(button).to_have_text("Pluis")
    assert button.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(31, 100, 91)"
    assert page.locator("dialog").evaluate("element => getComputedStyle(element).textTransform") == "none"
    assert button.evaluate("element => getComputedStyle(element).fontSize") == "16px"
    expect(button.locator("svg")).to_be_visible()
    assert [url for url in asked if url.startswith(host.live.url)] == [f"{host.live.url}/widget.js"]
    frame = opened(page)
    send(frame, "ze is bang")
    assert {url.split("/", 3)[2] for url in asked} <= {urlsplit(site).netloc for site in (host.url, host.live.url)}
    assert page.context.cookies() == []
    assert (page.title(), page.url) == ("Intranet", f"{host.url}/?")
    assert host.warnings == []
    assert sideways(page) == 0


@pytest.mark.parametrize(
    ("site", "window"), [("near", 1), ("url", 0)], ids=["the frame may keep a key", "the frame may keep nothing"]
)
def test_after_a_refresh_the_conversation_is_back(page: Page, host: Host, site: str, window: int) -> None:
    host.url = getattr(host, site)
    visit(page, host)
    send(opened(page), "ze is bang")
    if window:
        assert (kept(page), kept(inside(page))) == ([], ["pluis.gesprek"])
    else:
        assert kept(page) == ["pluis.gesprek"]
        assert inside(page).evaluate(MAY_KEEP) is False
    page.reload()
    expect(page.locator(".open")).to_have_attribute("aria-expanded", "false")
    frame = opened(page)
    said(frame, "antwoord op: ze is bang")
    send(frame, "en verder")
    assert host.live.engine.payloads == ["/groet"]
    assert host.live.engine.forgotten == []
    frame.get_by_role("button", name="Wis gesprek").click()
    frame.get_by_role("button", name="Wissen", exact=True).click()
    expect(frame.get_by_text("Dit gesprek is gewist.")).to_be_visible()
    assert kept(page) == []


def test_closing_and_opening_again_goes_on_where_it_was(page: Page, host: Host) -> None:
    button = visit(page, host)
    frame = opened(page)
    send(frame, "ze is bang")
    button.click()
    expect(page.locator("dialog")).to_be_hidden()
    button.click()
    send(frame, "en verder")
    assert host.live.engine.payloads == ["/groet"]


def test_a_second_script_tag_adds_nothing(page: Page, host: Host) -> None:
    page.goto(f"{host.url}/twice")
    expect(page.locator("script")).to_have_count(2)
    expect(page.locator(".open")).to_have_count(1)


# -- nothing stays -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["near", "url"])
def test_on_a_shared_machine_nothing_stays(page: Page, host: Host, site: str) -> None:
    host.url = getattr(host, site)
    visit(page, host, shared="")
    frame = opened(page)
    send(frame, "ze is bang")
    assert kept(page) == []
    if inside(page).evaluate(MAY_KEEP):
        assert kept(inside(page)) == []
    frame.get_by_text("Zo werkt Pluis").click()
    expect(frame.get_by_text("Niet bewaard.")).to_be_visible()
    expect(frame.get_by_text("Kort bewaard.")).to_be_hidden()
    page.reload()
    until_forgotten(page, host.live)
    frame = opened(page)
    expect(frame.locator(SAID).filter(has_text="ze is bang")).to_have_count(0)
    page.goto(f"{host.url}/?data-shared")
    until_forgotten(page, host.live, 2)
    assert page.context.cookies() == []


def test_on_a_shared_machine_the_page_itself_keeps_nothing_either(page: Page, host: Host) -> None:
    page.goto(f"{host.live.url}/?shared")
    said(page, "Welkom bij Pluis.")
    send(page, "ze is bang")
    assert kept(page) == []
    page.goto(f"{host.url}/")
    until_forgotten(page, host.live)
    page.go_back()
    expect(page.get_by_text("Dit gesprek is gewist.").or_(page.get_by_text("Welkom bij Pluis.")).first).to_be_visible()
    expect(page.locator(SAID).filter(has_text="ze is bang")).to_have_count(0)


def test_where_nothing_can_be_kept_at_all_it_works_and_nothing_is_left_on_the_server(page: Page, host: Host) -> None:
    page.add_init_script(NO_STORAGE)
    page.goto(host.live.url)
    said(page, "Welkom bij Pluis.")
    send(page, "ze is bang")
    expect(page.get_by_text("Niet bewaard.")).to_be_visible()
    page.reload()
    until_forgotten(page, host.live)
    said(page, "Welkom bij Pluis.")
    visit(page, host)
    send(opened(page), "ze is bang")


def test_where_nothing_is_kept_a_key_past_its_life_loses_nothing(page: Page, host: Host) -> None:
    page.add_init_script(NO_SOCKETS)
    visit(page, host, shared="")
    frame = opened(page)
    send(frame, "ze is bang")
    seconds = host.live.app.state.services.tokens.seconds
    lives, seconds["conversation"] = seconds["conversation"], -1
    expect(frame.get_by_text("De verbinding is even weg.")).to_be_visible(timeout=15_000)
    seconds["conversation"] = lives
    expect(frame.locator("#status")).to_be_empty(timeout=15_000)
    send(frame, "en verder")
    assert host.live.engine.payloads == ["/groet"]
    assert all("403" in error for error in host.errors)
    host.errors.clear()


# -- away at once ------------------------------------------------------------------------------------------------------


def press_twice(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


@pytest.mark.parametrize("where", ["button", "frame", "host", "closing button"])
def test_away_at_once_wipes_and_replaces_the_host_page_too(page: Page, host: Host, where: str) -> None:
    visit(page, host)
    frame = opened(page)
    send(frame, "ze is bang")
    if where == "button":
        frame.get_by_role("button", name="Snel weg").click()
    else:
        {"frame": frame.get_by_label("Jouw bericht"), "host": page.get_by_role("link"), "closing button":
         page.locator(".close")}[where].focus()  # fmt: skip
        press_twice(page)
    expect(page.get_by_text("elders")).to_be_visible()
    until_forgotten(page, host.live)
    page.go_back()
    assert page.url == "about:blank"


@pytest.mark.parametrize("where", ["frame", "closing button", "question"])
def test_on_a_phone_escape_twice_goes_away_at_once_too(page: Page, host: Host, where: str) -> None:
    page.set_viewport_size(PHONE)
    visit(page, host)
    frame = opened(page)
    send(frame, "ze is bang")
    if where == "closing button":
        page.locator(".close").focus()
    else:
        frame.get_by_label("Jouw bericht").focus()
    if where == "question":
        frame.get_by_label("Jouw bericht").fill("bel haar op 06-12345678")
        page.keyboard.press("Enter")
        expect(frame.get_by_role("dialog", name="Wil je dit weglaten?")).to_be_visible()
    press_twice(page)
    expect(page.get_by_text("elders")).to_be_visible()
    until_forgotten(page, host.live)
    assert "bel haar op 06-12345678" not in host.live.engine.texts


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_escape_once_closes_nothing_and_closed_it_does_nothing(page: Page, host: Host, size: Any) -> None:
    page.set_viewport_size(size)
    visit(page, host)
    press_twice(page)
    opened(page)
    for focused in (page.locator(".close"), page.frame_locator("iframe").get_by_label("Jouw bericht")):
        for _ in range(2):
            focused.focus()
            page.keyboard.press("Escape")
            page.wait_for_timeout(TWICE + 100)
            expect(page.locator("dialog")).to_be_visible()
    page.locator(".close").click()
    press_twice(page)
    page.wait_for_timeout(TWICE)
    expect(page.locator(".open")).to_be_focused()
    assert host.live.engine.forgotten == []


def test_of_a_frame_that_does_not_answer_the_host_page_goes_away_all_the_same(page: Page, host: Host) -> None:
    page.route(f"{host.live.url}/static/app.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    visit(page, host).click()
    expect(page.frame_locator("iframe").get_by_role("button", name="Snel weg")).to_be_visible()
    page.get_by_role("link").focus()
    press_twice(page)
    expect(page.get_by_text("elders")).to_be_visible()


def test_who_went_away_before_the_frame_was_there_leaves_no_key(page: Page, host: Host) -> None:
    held: list[Route] = []
    page.route("https://**", lambda route: route.fulfill(status=204))  # the other page does not come
    page.route(f"{host.live.url}/static/app.js*", lambda route: held.append(route))
    visit(page, host).click()
    expect(page.frame_locator("iframe").get_by_role("button", name="Snel weg")).to_be_visible()
    page.get_by_role("link").focus()
    with page.expect_request("https://**"):
        press_twice(page)
    with page.expect_response("**/v3/directline/conversations"):  # the frame comes, and begins
        held[0].continue_()
    page.wait_for_timeout(500)
    assert kept(page) == []


@pytest.mark.parametrize(
    ("origin", "source"), [("stranger", "parent"), ("url", "window")], ids=["from another site", "from another window"]
)
def test_what_others_say_is_not_heeded(page: Page, host: Host, origin: str, source: str) -> None:
    visit(page, host)
    frame = opened(page)
    event = "new MessageEvent('message', {{ origin, source: {}, data: {{ pluis: word }} }})"
    say = f"([origin, word]) => dispatchEvent({event})"
    inside(page).evaluate(say.format(source), [getattr(host, origin), "leave"])
    named = host.stranger if source == "parent" else host.live.url
    theirs = "document.querySelector('pluis-chat').shadowRoot.querySelector('iframe').contentWindow"
    page.evaluate(say.format(theirs if source == "parent" else "window"), [named, "left"])
    page.evaluate("postMessage({ pluis: 'left' }, '*')")
    send(frame, "en verder")
    assert host.live.engine.forgotten == []


# -- who may -----------------------------------------------------------------------------------------------------------


def test_on_another_site_there_is_no_button_and_its_editor_reads_why(page: Page, host: Host) -> None:
    page.goto(f"{host.stranger}/")
    expect(page.get_by_role("heading", name="Intranet")).to_be_visible()
    expect(page.locator("pluis-chat")).to_have_count(0)
    (told,) = host.errors
    assert f"{host.stranger} staat niet in PLUIS_EMBED_ORIGINS" in told
    host.errors.clear()


def test_on_another_site_the_browser_refuses_the_page_in_a_frame(page: Page, host: Host) -> None:
    talk = page.frame_locator("iframe").locator("#gesprek")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{host.stranger}/frame")
    page.wait_for_timeout(500)
    expect(talk).to_have_count(0)
    assert host.live.engine.turns == []
    host.errors.clear()
    page.goto(f"{host.url}/frame")
    expect(talk).to_have_count(1)


# -- by keyboard, on a phone, and as the reader's machine is set -------------------------------------------------------


def test_by_keyboard_alone(page: Page, host: Host) -> None:
    button = visit(page, host)
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#gesprek")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("dialog", name="Pluis")).to_be_visible()
    said(frame, "Welkom bij Pluis.")
    for _ in range(10):
        page.keyboard.press("Tab")
        if frame.get_by_label("Jouw bericht").evaluate("element => element === document.activeElement"):
            break
    page.keyboard.type("ze is bang")
    page.keyboard.press("Enter")
    said(frame, "antwoord op: ze is bang")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(f"{FOCUSED}.className") == "close":
            break
    expect(page.get_by_role("button", name="Sluiten")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Space")
    expect(frame.locator("#gesprek")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
def test_on_a_phone_it_takes_the_whole_screen(page: Page, host: Host, size: Any) -> None:
    page.set_viewport_size(size)
    visit(page, host, title="Iets niet pluis? Overleg hier, zonder namen")
    expect(page.locator(".open")).to_be_in_viewport(ratio=1)
    frame = opened(page)
    assert page.locator("iframe").bounding_box() == {"x": 0, "y": 0, **size}
    assert page.locator("dialog").evaluate("element => element.matches(':modal')")
    assert sideways(page) == inside(page).evaluate("document.documentElement.scrollWidth") - size["width"] == 0
    close, away = page.locator(".close").bounding_box(), frame.get_by_role("button", name="Snel weg").bounding_box()
    assert close is not None
    assert away is not None
    assert away["x"] + away["width"] <= close["x"]
    for part in (
        page.locator(".close"),
        frame.get_by_role("button", name="Wis gesprek"),
        frame.get_by_label("Jouw bericht"),
    ):
        expect(part).to_be_in_viewport(ratio=1)
    send(frame, "ze is bang")
    page.set_viewport_size(DESK)  # a tablet that is turned
    expect(page.locator(".open")).to_have_attribute("aria-expanded", "true")
    assert not page.locator("dialog").evaluate("element => element.matches(':modal')")
    send(frame, "en verder")
    page.locator(".close").click()
    expect(page.locator(".open")).to_be_focused()


def test_on_a_phone_that_lies_down_the_way_out_stays_in_sight(page: Page, host: Host) -> None:
    page.set_viewport_size(ViewportSize(width=844, height=390))
    visit(page, host)
    frame = opened(page)
    send(frame, "ze is bang")
    for part in (frame.get_by_role("button", name="Snel weg"), frame.get_by_label("Jouw bericht")):
        expect(part).to_be_in_viewport(ratio=1)


def test_a_helpline_is_called_from_the_frame(page: Page, host: Host) -> None:
    asked = asked_of(page.context)
    visit(page, host)
    frame = opened(page)
    frame.locator('.help a[href="tel:112"]').click()
    page.wait_for_timeout(500)
    assert "tel:112" in asked
    said(frame, "Welkom bij Pluis.")  # and the frame stays: a policy for frames refuses to call from inside one


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_it_moves_only_for_who_does_not_mind(chromium: Browser, host: Host, motion: Any) -> None:
    with visiting(chromium, host, reduced_motion=motion) as page:
        visit(page, host).click()
        moves = page.locator("dialog").evaluate("element => getComputedStyle(element).animationName")
        assert moves == ("rise" if motion == "no-preference" else "none")


def test_where_colours_are_forced_the_button_has_an_edge(chromium: Browser, host: Host) -> None:
    with visiting(chromium, host, forced_colors="active") as page:
        edge, ground = visit(page, host).evaluate(
            "element => [getComputedStyle(element).borderTopColor, getComputedStyle(document.body).backgroundColor]"
        )
        assert edge not in {ground, "rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}


# -- options -----------------------------------------------------------------------------------------------------------


def offering(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Welcome with the choices by which a conversation can open."""
    if body.get("payload") != "/groet":
        return echo(body)
    titles = {"Oefenen": "/oefenen", "Ik heb een vraag": "/kennisvraag"}
    buttons = [{"title": title, "payload": payload} for title, payload in titles.items()]
    return [{"text": "Welkom bij Pluis."}, {"text": "Waarmee begin je?", "buttons": buttons}]


def test_it_opens_with_the_choice_that_the_tag_names_and_makes_it_once(page: Page, host: Host) -> None:
    host.live.engine.answer = offering
    visit(page, host, start="oefenen")
    said(opened(page), "antwoord op: /oefenen")
    page.reload()
    said(opened(page), "antwoord op: /oefenen")
    page.wait_for_timeout(500)
    assert host.live.engine.payloads == ["/groet", "/oefenen"]
    assert host.warnings == []


def test_a_choice_that_is_not_in_the_list_is_not_made_and_its_editor_reads_why(page: Page, host: Host) -> None:
    host.live.engine.answer = offering
    visit(page, host, start="wis_gesprek")
    frame = opened(page)
    expect(frame.get_by_role("toolbar").get_by_role("button", name="Oefenen")).to_be_visible()
    page.wait_for_timeout(500)
    assert host.live.engine.payloads == ["/groet"]
    (told,) = host.warnings
    assert "kan alleen beginnen met onderbuikgevoel, " in told


@pytest.mark.parametrize(
    ("color", "letters"), [("#FFD54A", "rgb(28, 28, 28)"), ("#24476b", "rgb(255, 255, 255)")], ids=["light", "dark"]
)
def test_colour_place_and_title_are_the_hosts_and_the_letters_can_be_read(
    page: Page, host: Host, color: str, letters: str
) -> None:
    button = visit(page, host, color=color, position="left", title="Iets niet pluis?")
    expect(button).to_have_text("Iets niet pluis?")
    assert button.evaluate("element => getComputedStyle(element).color") == letters
    box = button.bounding_box()
    assert box is not None
    assert box["x"] == 16
    opened(page)
    expect(page.get_by_role("dialog", name="Iets niet pluis?")).to_be_visible()


def test_an_option_that_cannot_be_is_told_and_left_out(page: Page, host: Host) -> None:
    button = visit(page, host, color="red; background: url(x)", position="boven")
    assert button.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(31, 100, 91)"
    box = button.bounding_box()
    assert box is not None
    assert box["x"] > DESK["width"] / 2
    assert [warning.split("=")[0] for warning in host.warnings] == ["Pluis: data-color", "Pluis: data-position"]

"""A line that fails, a server that starts anew, a clock that is wrong: no message lost, none twice, and she knows."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from tests.live.wire import Wire, wired
from tests.unit.web.serving import serving as serving_bare

from .conftest import Live
from .test_page import ANSWERS, DESK, NO_SOCKETS, SAID, buttons, opened, said, send

pytestmark = pytest.mark.browser

AWAY, OFFLINE, BACK = "De verbinding is even weg.", "Je bent offline.", "De verbinding is er weer."
UNSENT = re.compile("Wordt verstuurd|Niet verstuurd")
BACK_WITHIN = 45_000  # ms; the client waits up to 15 s before it tries again


def port_of(live: Live) -> int:
    return urlsplit(live.url).port or 0


@pytest.fixture
def wire(live: Live) -> Iterator[Wire]:
    """Lay a line between the browser and the site."""
    with wired(port_of(live)) as line:
        yield line


@contextmanager
def visiting(chromium: Browser, url: str) -> Iterator[Page]:
    """Open a page; an error in its console that a failing line does not explain fails the test."""
    context = chromium.new_context(locale="nl-NL", viewport=DESK, base_url=url)  # type: ignore[arg-type]
    page = context.new_page()
    errors: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        expected = ("Failed to load resource", "WebSocket")
        if message.type == "error" and not any(word in message.text for word in expected):
            errors.append(message.text)

    page.on("console", keep)
    gone = "conversation ended"  # so the client says it, and then does nothing
    page.on("pageerror", lambda error: errors.append(str(error)) if str(error) != gone else None)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def page(chromium: Browser, wire: Wire) -> Iterator[Page]:
    """Open a page at the end of the line."""
    with visiting(chromium, wire.url) as page:
        yield page


def told(page: Page, text: str) -> None:
    """Wait until the page tells this of the line."""
    expect(page.locator("#status")).to_contain_text(text, timeout=BACK_WITHIN)


def shown(page: Page) -> list[str]:
    """Return all that was said, in order, as it stands on the page."""
    return [text for text in page.locator(SAID).all_inner_texts() if text]


def until_shown(page: Page, wanted: list[str]) -> None:
    """Wait until just this was said, in this order, and nothing of it waits to be sent."""
    expect(page.locator(SAID)).to_have_text(wanted, timeout=BACK_WITHIN)
    expect(page.locator(".webchat__activity-status").filter(has_text=UNSENT)).to_have_count(0)


def answered(*texts: str) -> list[str]:
    """Return what stands on the page when these were sent and answered."""
    return ["Welkom bij Pluis.", *(line for text in texts for line in (text, f"antwoord op: {text}"))]


def test_what_was_written_offline_is_sent_once_when_she_is_online_again(page: Page, live: Live, wire: Wire) -> None:
    opened(page)
    wire.cut()
    page.context.set_offline(True)
    told(page, OFFLINE)
    for text in ("ze is bang", "hij ook"):
        send(page, text)
        expect(page.locator(SAID).filter(has_text=text)).to_be_visible()
    told(page, OFFLINE)
    wire.mend()
    page.context.set_offline(False)
    told(page, BACK)
    expect(page.locator(SAID).filter(has_text="antwoord op: hij ook")).to_be_visible(timeout=BACK_WITHIN)
    assert live.engine.texts == ["ze is bang", "hij ook"]
    assert sorted(shown(page)) == sorted(answered("ze is bang", "hij ook"))
    expect(page.locator("#status")).to_be_empty()


@pytest.mark.parametrize("arrives", [False, True], ids=["the message is lost", "its receipt is lost"])
def test_a_line_that_is_cut_while_she_sends(page: Page, live: Live, wire: Wire, arrives: bool) -> None:
    opened(page)
    if arrives:
        wire.loses_answers = True
    else:
        wire.cut()
    send(page, "ze is bang")
    if arrives:
        for _ in range(100):
            page.wait_for_timeout(20)
            if live.engine.texts:
                break
    wire.cut()
    told(page, AWAY)
    wire.mend()
    told(page, BACK)
    until_shown(page, answered("ze is bang"))
    assert live.engine.texts == ["ze is bang"]


def test_over_polling_a_line_that_is_cut_while_she_sends(page: Page, live: Live, wire: Wire) -> None:
    page.add_init_script(NO_SOCKETS)
    opened(page)
    wire.cut()
    send(page, "ze is bang")
    told(page, AWAY)
    wire.mend()
    told(page, BACK)
    until_shown(page, answered("ze is bang"))
    assert live.engine.texts == ["ze is bang"]


def test_a_message_refused_by_what_stands_between_is_sent_again(page: Page, live: Live) -> None:
    opened(page)
    page.route("**/activities", lambda route: route.fulfill(status=502, body="proxy"), times=1)
    send(page, "ze is bang")
    until_shown(page, answered("ze is bang"))
    assert live.engine.texts == ["ze is bang"]


def test_a_server_that_starts_anew_between_message_and_answer(
    chromium: Browser, tmp_path: Path, client_files: Path
) -> None:
    (tmp_path / "webchat").symlink_to(client_files)
    with wired(0) as wire, visiting(chromium, wire.url) as page:
        with serving_bare(tmp_path) as before:
            wire.leads_to = port_of(before)
            opened(page)
            before.engine.down = True
            send(page, "ze is bang")
            said(page, "Een deel van Pluis is even buiten werking")
        told(page, AWAY)
        with serving_bare(tmp_path) as after:
            wire.leads_to = port_of(after)
            told(page, BACK)
            expect(page.locator(SAID).filter(has_text="antwoord op: ze is bang")).to_have_count(1)
            send(page, "en verder")
            said(page, "antwoord op: en verder")
            assert (before.engine.texts, after.engine.texts) == ([], ["ze is bang", "en verder"])
            assert [text for text in shown(page) if "buiten werking" not in text] == answered("ze is bang", "en verder")


@pytest.mark.parametrize("sockets", [True, False], ids=["websocket", "polling"])
def test_two_tabs_on_one_conversation_both_see_all_and_none_twice(page: Page, live: Live, sockets: bool) -> None:
    if not sockets:
        page.context.add_init_script(NO_SOCKETS)
    opened(page)
    with page.expect_popup() as opening:
        page.evaluate("window.open('/')")  # takes the key along, as a tab that is doubled does
    other = opening.value
    said(other, "Welkom bij Pluis.")
    texts = ["in de een", "in de ander", "weer in de een"]
    for text, tab in zip(texts, (page, other, page), strict=True):
        send(tab, text)
        for either in (page, other):
            said(either, f"antwoord op: {text}")
    for tab in (page, other):
        until_shown(tab, answered(*texts))
    assert live.engine.texts == texts
    assert live.engine.payloads == ["/groet"]


@pytest.mark.parametrize("days", [-400, 400], ids=["behind", "ahead"])
@pytest.mark.parametrize("sockets", [True, False], ids=["websocket", "polling"])
def test_a_clock_that_is_wrong_changes_nothing(page: Page, live: Live, days: int, sockets: bool) -> None:
    if not sockets:
        page.add_init_script(NO_SOCKETS)
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=days))
    opened(page)
    send(page, "ze is bang")
    said(page, "antwoord op: ze is bang")
    send(page, "en verder")
    until_shown(page, answered("ze is bang", "en verder"))
    assert live.engine.texts == ["ze is bang", "en verder"]


def test_a_clock_that_is_put_back_stops_no_polling(page: Page, live: Live) -> None:
    page.add_init_script(NO_SOCKETS)
    opened(page)
    page.clock.set_system_time(datetime.now(UTC) - timedelta(days=1))
    page.route("**/activities?watermark=*", lambda route: route.fulfill(status=500, body="{}"), times=1)
    page.wait_for_timeout(2500)  # the client met the strange answer, and does not ask again by itself
    send(page, "ze is bang")
    until_shown(page, answered("ze is bang"))
    assert live.engine.texts == ["ze is bang"]


def test_a_slow_line_loses_nothing_and_keeps_nobody_else_waiting(
    chromium: Browser, page: Page, live: Live, wire: Wire
) -> None:
    long = "Een lange regel. " + " ".join(secrets.token_hex(8) for _ in range(1200))  # of which little can be squeezed
    welcome = [{"text": "Welkom bij Pluis."}]
    live.engine.answer = lambda body: welcome if "payload" in body else [{"text": f"{body['text']}: {long}"}]
    opened(page)
    wire.pace = 1000.0  # bytes a second: some ten seconds for the answer
    send(page, "ze is bang")
    expect(page.locator(SAID).filter(has_text="ze is bang")).to_have_count(1)
    with visiting(chromium, live.url) as other:
        opened(other)
        send(other, "bij een ander")
        said(other, "bij een ander: Een lange regel")
        expect(page.locator(SAID).filter(has_text="Een lange regel")).to_have_count(0)
    said(page, "ze is bang: Een lange regel")
    expect(page.locator(SAID)).to_have_count(3)
    expect(page.locator(".webchat__activity-status").filter(has_text=UNSENT)).to_have_count(0)
    assert live.engine.texts == ["ze is bang", "bij een ander"]


def test_a_line_that_says_nothing_any_more_is_noticed(page: Page, live: Live, wire: Wire) -> None:
    page.clock.install()
    opened(page)
    wire.loses_answers = True
    page.clock.fast_forward(60_000)
    told(page, AWAY)
    wire.mend()
    send(page, "ze is bang")
    until_shown(page, answered("ze is bang"))
    assert live.engine.texts == ["ze is bang"]


def joining_again(page: Page) -> Route:
    """Take the network away and give it back; return the request with which the client joins, which waits."""
    page.context.set_offline(True)
    told(page, OFFLINE)
    joining: list[Route] = []
    page.route(re.compile(r"/conversations/[^/]+\?watermark="), lambda route: joining.append(route), times=1)
    page.context.set_offline(False)
    for _ in range(100):
        page.wait_for_timeout(50)
        if joining:
            break
    return joining[0]


@pytest.mark.parametrize("act", ["enter", "mouse", "answer"])
def test_what_is_sent_while_the_line_is_being_joined_again_goes_once_it_is(page: Page, live: Live, act: str) -> None:
    live.engine.answer = lambda body: [{"text": "Welkom bij Pluis.", "buttons": buttons("Onderbuikgevoel")}]
    opened(page)
    joining = joining_again(page)
    if act == "answer":
        page.locator(ANSWERS).get_by_text("Onderbuikgevoel").click()
    else:
        page.get_by_label("Jouw bericht").fill("ze is bang")
        page.keyboard.press("Enter") if act == "enter" else page.get_by_role("button", name="Versturen").click()
    told(page, "Je bericht gaat mee")
    joining.continue_()
    sent = "Onderbuikgevoel" if act == "answer" else "ze is bang"
    until_shown(page, ["Welkom bij Pluis.", sent, "Welkom bij Pluis."])
    expect(page.get_by_label("Jouw bericht")).to_have_value("")
    assert live.engine.texts + live.engine.payloads == (["/groet", "/knop0"] if act == "answer" else [sent, "/groet"])


def test_what_is_changed_while_it_waits_is_not_sent_unasked(page: Page, live: Live) -> None:
    box = opened(page)
    joining = joining_again(page)
    box.fill("ze is bang")
    box.press("Enter")
    told(page, "Je bericht gaat mee")
    box.fill("ze is bang voor hem")
    joining.continue_()
    told(page, "Je bericht staat er nog")
    expect(box).to_have_value("ze is bang voor hem")
    assert live.engine.texts == []
    box.press("Enter")
    until_shown(page, answered("ze is bang voor hem"))


def test_what_is_refused_again_and_again_is_not_sent_for_ever(page: Page, live: Live) -> None:
    tried = []

    def refuse(route: Route) -> None:
        if route.request.method == "POST" and "ze is bang" in (route.request.post_data or ""):
            tried.append(route.request.url)
            route.fulfill(status=403, body="{}")
        else:
            route.continue_()

    page.route("**/activities", refuse)
    opened(page)
    send(page, "ze is bang")
    told(page, "Een bericht kwam niet aan.")
    count = len(tried)
    send(page, "en verder")
    said(page, "antwoord op: en verder")
    assert live.engine.texts == ["en verder"]
    assert len(tried) == count <= 10
    page.unroute_all(behavior="ignoreErrors")


def test_a_conversation_that_is_gone_when_the_line_is_back_ends_and_none_begins_unseen(
    page: Page, live: Live, wire: Wire
) -> None:
    opened(page)
    keys = page.evaluate("JSON.parse(sessionStorage.getItem('pluis.gesprek'))")
    wire.cut()
    send(page, "ze is bang")
    told(page, AWAY)
    headers = {"Authorization": f"Bearer {keys['resume']}"}
    httpx.delete(f"{live.url}/v3/directline/conversations/{keys['conversationId']}", headers=headers).raise_for_status()
    wire.mend()
    expect(page.locator("#ended-text")).to_have_text("Dit gesprek is gewist of verlopen.", timeout=BACK_WITHIN)
    expect(page.locator(SAID)).to_have_count(0)
    assert live.engine.texts == []
    assert live.engine.payloads == ["/groet"]


def test_of_a_conversation_that_is_wiped_no_notice_says_that_it_stays(page: Page, live: Live) -> None:
    opened(page)
    page.get_by_role("button", name="Wis gesprek").click()
    page.locator("#ask-wipe").get_by_role("button", name="Wissen", exact=True).click()
    expect(page.locator("#ended")).to_be_visible()
    page.context.set_offline(True)
    page.wait_for_timeout(300)
    expect(page.locator("#status")).to_be_empty()
    page.context.set_offline(False)
    page.wait_for_timeout(300)
    expect(page.locator("#status")).to_be_empty()

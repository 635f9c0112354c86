"""What a user does and sees on the chat page, with mouse, keyboard and a bad line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from .conftest import Live

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
NO_SOCKETS = """
window.WebSocket = class extends EventTarget {
  constructor() {
    super();
    setTimeout(() => { this.dispatchEvent(new Event('close')); if (this.onclose) this.onclose({}); }, 10);
  }
  close() {}
  send() {}
};
"""


@pytest.fixture
def page(chromium: Browser, live: Live) -> Iterator[Page]:
    """Open a page; any error in its console, also of the security policy, fails the test."""
    context = chromium.new_context(locale="nl-NL", viewport=DESK, base_url=live.url)  # type: ignore[arg-type]
    page = context.new_page()
    errors: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        expected = ("Failed to load resource", "WebSocket")  # of lines that a test cuts
        if message.type == "error" and not any(word in message.text for word in expected):
            errors.append(message.text)

    page.on("console", keep)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def opened(page: Page) -> Any:
    """Open the chat, wait for the welcome and return the box to write in."""
    page.goto("/")
    said(page, "Welkom bij Pluis.")
    return page.get_by_label("Jouw bericht")


def said(page: Page, text: str) -> None:
    """Wait until a message with this text is on the page."""
    expect(page.locator(".webchat__bubble__content").filter(has_text=text).first).to_be_visible(timeout=15_000)


def send(page: Page, text: str) -> None:
    """Write and send."""
    box = page.get_by_label("Jouw bericht")
    box.fill(text)
    box.press("Enter")


def until_forgotten(page: Page, live: Live) -> None:
    """Wait until the engine forgot one conversation; the page does not wait for that."""
    for _ in range(100):
        if live.engine.forgotten:
            break
        page.wait_for_timeout(50)
    assert len(live.engine.forgotten) == 1


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_a_conversation_at_every_width(page: Page, live: Live, size: Any) -> None:
    page.set_viewport_size(size)
    opened(page)
    send(page, "Fatima had een blauwe plek")
    said(page, "antwoord op: [persoon 1] had een blauwe plek")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for link in ("tel:112", "tel:08002000"):
        expect(page.locator(f'.help a[href="{link}"]')).to_be_in_viewport()
    expect(page.get_by_role("button", name="Snel weg")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Wis gesprek")).to_be_in_viewport()
    expect(page.get_by_label("Jouw bericht")).to_be_in_viewport()
    assert live.engine.texts == ["[persoon 1] had een blauwe plek"]


def test_a_choice_is_pressed_with_the_mouse(page: Page, live: Live) -> None:
    opened(page)
    page.locator(".webchat__suggested-actions").get_by_role("button", name="Ik heb een vraag").click()
    said(page, "antwoord op: /kennisvraag")
    assert live.engine.payloads == ["/groet", "/kennisvraag"]
    assert page.locator("input[type=file]").count() == 0


def test_a_long_choice_is_read_whole_on_a_narrow_screen(page: Page, live: Live) -> None:
    long = "Ja, maar niet nu: pas in de komende uren of dagen, als hij thuiskomt"
    live.engine.answer = lambda body: [{"text": "Welkom bij Pluis.", "buttons": [{"title": long, "payload": "/ja"}]}]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    opened(page)
    text = page.locator(".webchat__suggested-action__text").first
    expect(text).to_have_text(long)
    assert text.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_what_pluis_says_bears_its_name_for_who_listens(page: Page, live: Live) -> None:
    opened(page)
    expect(page.get_by_text("Pluis zei: Welkom bij Pluis.").first).to_be_attached()


def test_a_whole_conversation_by_keyboard(page: Page, live: Live) -> None:
    box = opened(page)
    box.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    said(page, "antwoord op: /onderbuikgevoel")
    box.focus()
    page.keyboard.type("ze is bang")
    page.keyboard.press("Enter")
    said(page, "antwoord op: ze is bang")


def test_a_list_is_ticked_on_its_card(page: Page, live: Live) -> None:
    choices = [{"title": "Ze is bang", "value": "fear"}, {"title": "Geen eigen geld", "value": "no_money"}]
    card = {"custom": {"kind": "tick", "text": "Wat zag je?", "choices": choices, "submit": "Klaar"}}
    live.engine.answer = lambda body: [{"text": "Welkom bij Pluis."}, card] if body.get("payload") == "/groet" else [
        {"text": "Genoteerd."}
    ]  # fmt: skip
    opened(page)
    page.get_by_label("Geen eigen geld").check()
    page.locator(".ac-pushButton").click()
    said(page, "Genoteerd.")
    said(page, "Aangevinkt: Geen eigen geld")
    assert live.engine.payloads[-1] == '/keuze{"keuze": "no_money"}'


def test_progress_and_links_to_call(page: Page, live: Live) -> None:
    live.engine.answer = lambda body: [
        {"custom": {"kind": "progress", "step": 2, "of": 6, "label": "feiten"}},
        {"text": "Welkom bij Pluis. Bel 0800-2000."},
    ]
    opened(page)
    expect(page.get_by_text("Stap 2 van 6: feiten")).to_be_visible()
    expect(page.locator('.webchat__bubble__content a[href="tel:08002000"]')).to_be_visible()


def test_the_conversation_is_back_after_a_refresh(page: Page, live: Live) -> None:
    opened(page)
    send(page, "ze is bang")
    said(page, "antwoord op: ze is bang")
    page.reload()
    said(page, "antwoord op: ze is bang")
    send(page, "en verder")
    said(page, "antwoord op: en verder")
    assert live.engine.payloads == ["/groet"]


def test_wiping_asks_first_and_then_nothing_is_left(page: Page, live: Live) -> None:
    opened(page)
    page.get_by_role("button", name="Wis gesprek").click()
    page.get_by_role("button", name="Niet wissen").click()
    assert live.engine.forgotten == []
    page.get_by_role("button", name="Wis gesprek").click()
    page.get_by_role("button", name="Wissen", exact=True).click()
    expect(page.get_by_text("Dit gesprek is gewist.")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    until_forgotten(page, live)
    page.get_by_role("button", name="Nieuw gesprek").click()
    said(page, "Welkom bij Pluis.")


def test_wiping_in_the_conversation_ends_the_page_too(page: Page, live: Live) -> None:
    opened(page)
    live.engine.answer = lambda body: [{"custom": {"kind": "wipe"}}]
    send(page, "wis dit gesprek")
    expect(page.get_by_text("Dit gesprek is gewist.")).to_be_visible()


def test_leaving_quickly_wipes_and_goes_elsewhere(page: Page, live: Live) -> None:
    page.route("https://**", lambda route: route.fulfill(body="elders"))
    opened(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_text("elders")).to_be_visible()
    until_forgotten(page, live)


def test_a_page_that_is_open_longer_than_its_token_lives_still_wipes(page: Page, live: Live) -> None:
    opened(page)
    live.app.state.services.tokens.seconds["conversation"] = -1
    page.get_by_role("button", name="Wis gesprek").click()
    page.get_by_role("button", name="Wissen", exact=True).click()
    expect(page.get_by_text("Dit gesprek is gewist.")).to_be_visible()
    until_forgotten(page, live)


def test_leaving_quickly_wipes_too_when_the_token_is_past_its_life(page: Page, live: Live) -> None:
    page.route("https://**", lambda route: route.fulfill(body="elders"))
    opened(page)
    live.app.state.services.tokens.seconds["conversation"] = -1
    page.get_by_role("button", name="Snel weg").click()
    expect(page.get_by_text("elders")).to_be_visible()
    until_forgotten(page, live)


def test_an_outage_is_told_and_the_answer_comes_later(page: Page, live: Live) -> None:
    opened(page)
    live.engine.down = True
    send(page, "ze is bang")
    said(page, "Een deel van Pluis is even buiten werking")
    live.engine.down = False
    said(page, "antwoord op: ze is bang")


def test_without_websockets_the_page_polls_and_starts_again_when_the_client_stops(page: Page, live: Live) -> None:
    page.add_init_script(NO_SOCKETS)
    page.goto("/")
    said(page, "Welkom bij Pluis.")
    send(page, "over polling")
    said(page, "antwoord op: over polling")
    page.route("**/activities?watermark=*", lambda route: route.fulfill(status=500, body="{}"), times=1)
    page.wait_for_timeout(2500)  # the client met the strange answer, and does not ask again by itself
    send(page, "na een vreemd antwoord")
    said(page, "antwoord op: na een vreemd antwoord")


def test_a_text_that_is_too_long_stays_in_the_box(page: Page, live: Live) -> None:
    box = opened(page)
    box.fill("a" * 4001)
    box.press("Enter")
    expect(page.locator("#status")).to_contain_text("4.001 tekens")
    expect(box).to_have_value("a" * 4001)
    assert live.engine.texts == []


def test_html_in_a_message_stays_text(page: Page, live: Live) -> None:
    opened(page)
    send(page, "<img src=x onerror=alert(1)><b>vet</b> [klik](javascript:alert(1))")
    said(page, "antwoord op:")
    assert page.locator(".webchat__bubble__content img, .webchat__bubble__content b").count() == 0
    assert page.locator('a[href^="javascript:"]').count() == 0

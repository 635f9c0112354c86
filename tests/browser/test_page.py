"""What a user does and sees on the chat page, with mouse, keyboard and a bad line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import AsyncMock

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from actions.knowledge import beneath, told
from tests.unit.web.conftest import content

from . import states
from .conftest import Live

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
LYING = {"width": 844, "height": 390}
SMALL = {"width": 320, "height": 568}
PHONES = pytest.mark.parametrize("size", [PHONE, SMALL], ids=["phone", "small"])
TRANSCRIPT = ".webchat__basic-transcript__scrollable"
SAID = ".webchat__bubble__content"
ANSWERS = ".webchat__suggested-actions__flow-box"
JOBS = (
    "Huisarts of praktijkondersteuner", "Andere arts", "Verpleging of thuiszorg", "Maatschappelijk werk",
    "Wijkteam of Wmo", "Onderwijs", "Kinderopvang", "Jeugdhulp of jongerenwerk", "Politie", "Justitie of reclassering",
    "Schuldhulp", "Ggz of verslavingszorg", "Vrijwilliger", "Iets anders",
)  # fmt: skip
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
QUIET_ABOUT_REFUSALS = """
const told = console.error;
console.error = (...words) => { if (!(words[1] && words[1].status === 429)) told(...words); };
addEventListener('error', (event) => { if (event.error && event.error.status === 429) event.preventDefault(); });
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


def buttons(*titles: str) -> list[dict[str, str]]:
    """Make the buttons of an answer."""
    return [{"title": title, "payload": f"/knop{number}"} for number, title in enumerate(titles)]


def long_answer(live: Live, size: Any, page: Page) -> None:
    """Get an answer of several screens, and then a question with many buttons, on a phone."""
    advice = "\n\n".join(f"Regel {number} van het advies, met uitleg die de hele breedte vult." for number in range(40))
    question = {"text": "Wat ga jij doen?", "buttons": buttons(*JOBS)}
    live.engine.answer = lambda body: [{"text": "Welkom bij Pluis."}] if "payload" in body else [
        {"text": advice}, question
    ]  # fmt: skip
    page.set_viewport_size(size)
    opened(page)
    send(page, "en nu?")
    said(page, "Regel 0 van het advies")
    expect(page.locator("#status")).to_be_empty()
    expect(page.locator(ANSWERS).get_by_text(JOBS[0], exact=True)).to_be_visible()


def tall(page: Page, what: str) -> float:
    """Return how many pixels high a part of the page is."""
    box = page.locator(what).bounding_box()
    assert box is not None
    return box["height"]


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


@PHONES
def test_a_long_answer_is_read_from_its_beginning_with_room_to_read(page: Page, live: Live, size: Any) -> None:
    long_answer(live, size, page)
    expect(page.locator(SAID).get_by_text("Regel 0 van het advies")).to_be_in_viewport()
    assert tall(page, ANSWERS) <= size["height"] / 4
    room = "([part, least]) => document.querySelector(part).getBoundingClientRect().height >= least"
    page.wait_for_function(room, arg=[TRANSCRIPT, size["height"] * 0.35], timeout=5000)  # once all has settled
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@PHONES
def test_the_question_is_one_step_away_from_its_buttons(page: Page, live: Live, size: Any) -> None:
    long_answer(live, size, page)
    question = page.locator(SAID).get_by_text("Wat ga jij doen?")
    step = page.get_by_role("button", name="Naar de vraag")
    expect(question).not_to_be_in_viewport()
    step.click()
    expect(question).to_be_in_viewport(ratio=1)
    expect(page.locator(ANSWERS).get_by_role("button", name=JOBS[0])).to_be_in_viewport()
    expect(step).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, SMALL, LYING], ids=["phone", "small", "lying"])
def test_every_one_of_many_buttons_is_reached_by_finger_and_by_keyboard(page: Page, live: Live, size: Any) -> None:
    long_answer(live, size, page)
    assert tall(page, ANSWERS) <= size["height"] / 4
    first, last = (page.locator(ANSWERS).get_by_role("button", name=name) for name in (JOBS[0], JOBS[-1]))
    expect(last).not_to_be_in_viewport()
    page.locator(ANSWERS).hover()
    page.mouse.wheel(0, 2000)
    expect(last).to_be_in_viewport(ratio=0.9)
    first.focus()
    page.keyboard.press("ArrowLeft")
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("Enter")
    expect(page.locator(SAID).last).to_have_text("Welkom bij Pluis.")
    assert live.engine.payloads[-1] == "/knop13"


def test_an_answer_can_be_read_also_on_a_small_screen_with_letters_twice_as_large(page: Page, live: Live) -> None:
    long_answer(live, SMALL, page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    first = page.locator(ANSWERS).get_by_role("button", name=JOBS[0])
    first.scroll_into_view_if_needed()
    expect(first).to_be_in_viewport(ratio=0.9)


@PHONES
def test_the_welcome_opens_at_its_first_line(page: Page, live: Live, size: Any) -> None:
    welcome = "Welkom bij Pluis.\n\n" + "Dit is een zin van de uitleg. " * 40
    live.engine.answer = lambda body: [{"text": welcome}, {"text": "Waarmee begin je?", "buttons": buttons(*JOBS)}]
    page.set_viewport_size(size)
    opened(page)
    expect(page.locator(ANSWERS).get_by_role("button", name=JOBS[0])).to_be_visible()
    page.wait_for_timeout(1000)  # the client scrolls by itself, if it does
    expect(page.locator(SAID).get_by_text("Welkom bij Pluis.", exact=True)).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Naar de vraag").click()
    expect(page.locator(SAID).get_by_text("Waarmee begin je?")).to_be_in_viewport(ratio=1)


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


def test_a_list_that_was_answered_is_done_also_after_a_refresh(page: Page, live: Live) -> None:
    choices = [{"title": "Ze is bang", "value": "fear"}, {"title": "Geen eigen geld", "value": "no_money"}]
    lists = {
        name: [{"custom": {"kind": "tick", "text": name, "choices": choices, "submit": "Klaar"}}]
        for name in ("Welkom bij Pluis.", "En verder?")
    }
    live.engine.answer = lambda body: lists["Welkom bij Pluis." if body.get("payload") == "/groet" else "En verder?"]
    opened(page)
    send(page, "?!")  # no answer: the list stays open
    said(page, "Ik kan alleen woorden lezen")
    page.get_by_label("Geen eigen geld").check()
    page.locator(".ac-pushButton").click()
    said(page, "Aangevinkt: Geen eigen geld")
    said(page, "En verder?")
    for _ in range(2):
        expect(page.locator(".ac-pushButton")).to_have_count(1)
        expect(page.get_by_role("checkbox")).to_have_count(2)  # of the new list
        expect(page.locator(".ac-textBlock").get_by_text("1 · Ze is bang").first).to_be_visible()
        page.reload()
        said(page, "En verder?")
    send(page, "ze is bang")  # a list that is passed over is done too
    said(page, "ze is bang")
    expect(page.locator(".ac-pushButton")).to_have_count(1)


def test_a_line_of_the_fact_list_is_taken_away_in_place_and_the_card_is_done_then(page: Page, live: Live) -> None:
    states.facts(page, live)
    gone = page.get_by_title("Weghalen: “hij leest haar berichten”")  # said after its name, to who listens
    expect(gone).to_have_accessible_name("Weghalen")
    expect(gone).to_have_accessible_description("Weghalen: “hij leest haar berichten”")
    live.engine.answer = lambda body: [states.fact_list(*states.LINES[::2])]
    gone.click()
    said(page, "Weghalen: “hij leest haar berichten”")
    send(page, "en nu?")
    opened_rows = page.locator(".ac-pushButton").filter(has_text="Een regel aanpassen of weghalen")
    expect(opened_rows).to_have_count(1)  # of the new list
    assert live.engine.payloads[-1] == '/keuze{"keuze": "weg:r2"}'
    expect(page.get_by_text("Deze lijst is van eerder in het gesprek.").first).to_be_visible()


def test_the_steps_of_the_meldcode_are_a_bar_also_in_forced_colours(page: Page, live: Live) -> None:
    states.meldcode(page, live)
    columns = page.locator(".ac-columnSet .ac-container")
    assert columns.all_inner_texts() == ["✓ 1", "→ 2", "○ 3", "○ 4", "○ 5"]
    grounds = columns.evaluate_all("all => all.map((one) => getComputedStyle(one).backgroundColor)")
    assert len(set(grounds[:3])) == 3
    page.emulate_media(forced_colors="active")
    assert set(columns.evaluate_all("all => all.map((one) => getComputedStyle(one).borderTopStyle)")) == {"solid"}


def test_a_helpline_is_a_link_to_call(page: Page, live: Live) -> None:
    live.engine.answer = lambda body: [
        {"text": "Welkom bij Pluis. Bel 0800-2000."},
    ]
    opened(page)
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


def test_wiping_in_the_first_moment_of_a_reload_wipes_what_was_kept(page: Page, live: Live) -> None:
    opened(page)
    send(page, "ze is bang")
    said(page, "antwoord op: ze is bang")
    held: list[Route] = []
    page.route("**/tokens/refresh", lambda route: held.append(route))  # the page does not know its conversation yet
    page.reload()
    page.get_by_role("button", name="Wis gesprek").click()
    page.get_by_role("button", name="Wissen", exact=True).click()
    expect(page.get_by_text("Dit gesprek is gewist.")).to_be_visible()
    until_forgotten(page, live)
    assert len(held) == 1
    with page.expect_response("**/tokens/refresh"):
        held[0].fulfill(json={"conversationId": "x", "token": "x", "resume": "x", "expires_in": 60})  # asked before
    page.wait_for_timeout(300)
    assert page.evaluate("sessionStorage.length") == 0
    expect(page.get_by_role("button", name="Nieuw gesprek")).to_be_visible()
    expect(page.locator("#chat")).to_have_count(0)


@pytest.mark.parametrize("asked", ["ask-personal", "ask-wipe"])
def test_what_ends_the_page_closes_what_it_asked(page: Page, live: Live, asked: str) -> None:
    opened(page)
    if asked == "ask-wipe":
        page.get_by_role("button", name="Wis gesprek").click()
    else:
        send(page, "bel haar op 06-12345678")
    ask = page.locator(f"#{asked}")
    expect(ask).to_be_visible()
    page.evaluate("""async () => {
      const { conversationId, resume } = JSON.parse(sessionStorage.getItem('pluis.gesprek'));
      const headers = { Authorization: `Bearer ${resume}` };
      await fetch(`/v3/directline/conversations/${conversationId}`, { method: 'DELETE', headers });
    }""")  # from another window
    expect(page.get_by_text("Dit gesprek is gewist.")).to_be_visible()
    expect(ask).to_be_hidden()
    expect(page.get_by_role("button", name="Nieuw gesprek")).to_be_focused()
    assert live.engine.texts == []
    assert page.evaluate("sessionStorage.length") == 0


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
    page.wait_for_timeout(300)
    expect(page.locator(".webchat__typing-indicator")).to_have_count(0)  # it tries again, and does not write
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


def test_a_message_too_many_stays_on_the_page_and_can_be_sent_again(page: Page, live: Live) -> None:
    page.add_init_script(QUIET_ABOUT_REFUSALS)
    opened(page)
    rates = live.app.state.services.rates
    counted, rates.seconds_to_wait = rates.seconds_to_wait, AsyncMock(return_value=20)
    send(page, "ze ligt op de grond")
    retry = page.get_by_role("button", name="Probeer opnieuw")  # at once: of a strange Retry-After only after 20 s
    expect(retry).to_be_visible()
    expect(page.locator(SAID).filter(has_text="ze ligt op de grond")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("Is er nu gevaar? Bel 112.")
    expect(page.get_by_label("Jouw bericht")).to_be_enabled()
    rates.seconds_to_wait = counted
    retry.click()
    said(page, "antwoord op: ze ligt op de grond")
    expect(page.locator("#status")).to_be_empty()
    assert live.engine.texts == ["ze ligt op de grond"]


def test_with_too_many_conversations_from_one_address_the_page_waits_and_then_begins(page: Page, live: Live) -> None:
    seconds = [1, 0, 1]  # refused at the first step; then at the second; then no more
    counts = AsyncMock(side_effect=lambda *_, **__: seconds.pop(0) if seconds else 0)
    live.app.state.services.rates.seconds_to_wait = counts
    page.add_init_script(QUIET_ABOUT_REFUSALS)
    page.goto("/")
    expect(page.locator("#status")).to_contain_text("0800-2000")
    said(page, "Welkom bij Pluis.")
    assert [call.args[0] for call in counts.await_args_list] == ["conversations"] * 5


def test_wiping_is_never_too_often(page: Page, live: Live) -> None:
    opened(page)
    live.app.state.services.rates.seconds_to_wait = AsyncMock(return_value=20)
    page.get_by_role("button", name="Wis gesprek").click()
    page.get_by_role("button", name="Wissen", exact=True).click()
    expect(page.locator("#ended-text")).to_contain_text("gewist")
    until_forgotten(page, live)


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


QUESTION = "Wat voor werk doe je?"


def knowledge_answer(live: Live) -> None:
    """Answer every question with knowledge, and then put the question that was open; a press with its payload."""
    topics = (topic for topic in content() if topic.more and len(topic.documents) > 1 and topic.related)
    topic = next(topic for topic in topics if not any(letter.isdigit() for letter in told(topic)))  # none to call
    related = [other for other in content() if other.id in topic.related]
    answer: list[dict[str, Any]] = [{"text": told(topic)}, {"custom": beneath(topic, related)}]
    question = {"text": QUESTION, "buttons": buttons("Politie", "Iets anders")}
    welcome = [{"text": "Welkom bij Pluis."}]
    live.engine.answer = lambda body: (
        [*answer, question] if "text" in body
        else welcome if body["payload"] == "/groet" else [{"text": f"gedrukt: {body['payload']}"}, question]
    )  # fmt: skip


def opens(page: Page, title: str) -> Locator:
    """Return the line beneath the first answer that opens this."""
    return page.locator(".ac-pushButton[aria-expanded]").filter(has_text=title).first


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press a key until something has the focus."""
    for _ in range(30):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{key} komt er niet")


@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "narrow"])
def test_beneath_an_answer_its_sources_and_more_open_in_place(page: Page, live: Live, size: Any) -> None:
    knowledge_answer(live)
    page.set_viewport_size(size)
    opened(page)
    send(page, "wat is dit")
    said(page, QUESTION)
    for title, inside in (("Bron: ", ".ac-textBlock li"), ("Meer weten", ".ac-textBlock a[href*='/kennis/']")):
        line, shown = opens(page, title), page.locator(inside).first
        expect(line).to_have_attribute("aria-expanded", "false")
        expect(shown).to_be_hidden()
        line.click()
        expect(line).to_have_attribute("aria-expanded", "true")
        expect(shown).to_be_visible()
        text = line.locator("div")
        assert text.evaluate("element => element.scrollWidth <= element.clientWidth")  # read whole
    expect(page.locator(ANSWERS).get_by_role("button", name="Politie")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert live.engine.texts == ["wat is dit"]  # opening says nothing


def test_what_stands_beneath_an_answer_is_reached_and_pressed_by_keyboard(page: Page, live: Live) -> None:
    knowledge_answer(live)
    opened(page)
    send(page, "wat is dit")
    said(page, QUESTION)
    page.get_by_label("Jouw bericht").focus()
    tab_to(page, page.get_by_label("Het gesprek."), "Shift+Tab")
    last = page.get_by_label("Het gesprek.").get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Het gesprek.")).not_to_have_attribute("aria-activedescendant", str(last))
    page.keyboard.press("Enter")
    expect(opens(page, "Bron: ")).to_be_focused()
    page.keyboard.press("Enter")
    expect(opens(page, "Bron: ")).to_have_attribute("aria-expanded", "true")
    thumb = page.locator(".ac-pushButton").filter(has_text="Niet nuttig")
    tab_to(page, thumb)
    page.keyboard.press("Enter")
    said(page, "gedrukt: /feedback_negatief")
    expect(thumb).to_have_attribute("aria-pressed", "true")


def test_an_answer_further_up_is_still_to_be_judged_and_gone_on_about_also_after_a_refresh(
    page: Page, live: Live
) -> None:
    knowledge_answer(live)
    opened(page)
    send(page, "wat is dit")
    said(page, QUESTION)
    page.locator(ANSWERS).get_by_role("button", name="Politie").click()
    said(page, "gedrukt: /knop0")
    page.reload()
    said(page, "gedrukt: /knop0")
    for _ in range(2):
        page.locator(".ac-pushButton").filter(has_text="Nuttig").first.click()
    opens(page, "Verwant").click()
    page.locator(".ac-adaptiveCard .ac-adaptiveCard .ac-pushButton").first.click()
    said(page, "gedrukt: /kennisvraag")
    assert [payload.split("{")[0] for payload in live.engine.payloads[2:]] == [
        "/feedback_positief", "/feedback_positief", "/kennisvraag",
    ]  # fmt: skip
    page.locator(ANSWERS).get_by_role("button", name="Iets anders").click()  # the question is still to be answered
    said(page, "gedrukt: /knop1")

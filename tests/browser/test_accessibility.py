"""Everyone can use every page in every state: what axe-core finds, by keyboard alone, narrow and enlarged,
without movement, with forced colours, and for who listens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from . import axe, states
from .conftest import Live, sideways
from .states import said, send
from .test_widget import Host, host, inside, opened, visit, visiting

__all__ = ["host"]  # a fixture

pytestmark = pytest.mark.browser

DESK = ViewportSize(width=1280, height=860)
NARROW = ViewportSize(width=320, height=640)
# What axe-core cannot tell by itself, looked at by hand: Microsoft's client names its messages by text that is in
# sight, and measures what is typed in a hidden copy beneath the box; a digit with a mark is to it no text.
KNOWN = re.compile(
    r"aria-prohibited-attr .*webchat__stacked-layout|color-contrast .*textarea__doppelganger|only non-text"
)
LIVE = ".webchat__live-region-transcript"
FOCUS = "element => element === document.activeElement"
TOLD = """
window.told = 0;
new MutationObserver(() => { told += 1; }).observe(document.getElementById('status'), { childList: true });
"""
HEARD = """
window.heard = [];
new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes)
    if (target.matches && target.matches('.webchat__live-region-transcript'))
      for (const { textContent } of addedNodes) heard.push(textContent);
}).observe(document, { childList: true, subtree: true });
"""


@contextmanager
def browsing(chromium: Browser, live: Live, **options: Any) -> Iterator[Page]:
    """Open a page in a browser of its own."""
    context = chromium.new_context(locale="nl-NL", base_url=live.url, **({"viewport": DESK} | options))
    yield context.new_page()
    context.close()


@pytest.fixture
def page(chromium: Browser, live: Live) -> Iterator[Page]:
    """Open a page on a desk."""
    with browsing(chromium, live) as page:
        yield page


def reach(page: Page, live: Live, state: str) -> None:
    """Bring the page in a state."""
    if state in states.TALK:
        states.TALK[state](page, live)
    else:
        page.goto(states.READ[state])
    page.wait_for_function("document.getAnimations().every(({ playState }) => playState === 'finished')")


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press a key until something has the focus."""
    for _ in range(40):
        page.keyboard.press(key)
        if target.count() and target.first.evaluate(FOCUS):
            return
    raise AssertionError(f"{key} komt er niet")


# -- axe-core ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [*states.TALK, *states.READ])
def test_axe_finds_nothing_in_light_and_in_dark(page: Page, live: Live, state: str) -> None:
    reach(page, live, state)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = axe.look(page)
        assert axe.told(found["faults"]) == []
        assert [line for line in axe.told(found["doubts"]) if not KNOWN.search(line)] == []
        assert "color-contrast" in found["looked"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "narrow"])
def test_axe_finds_nothing_in_the_widget(chromium: Browser, host: Host, size: ViewportSize, scheme: str) -> None:
    with visiting(chromium, host, viewport=size, color_scheme=scheme) as page:
        visit(page, host, title="Iets niet pluis?")
        assert axe.told(axe.look(page, "pluis-chat")["faults"]) == []
        opened(page)
        page.wait_for_timeout(300)  # it has risen
        assert axe.told(axe.look(page, "pluis-chat")["faults"]) == []
        found = axe.look(inside(page))
        assert axe.told(found["faults"]) == []
        assert "color-contrast" in found["looked"]


def test_axe_would_find_a_fault(page: Page, live: Live) -> None:
    reach(page, live, "start")
    page.evaluate("document.getElementById('leave').style.color = '#174d46'")
    page.evaluate("document.querySelector('.brand img').removeAttribute('alt')")
    found = axe.told(axe.look(page)["faults"])
    assert any(line.startswith("color-contrast (wcag143)") for line in found)
    assert any(line.startswith("image-alt (wcag111)") for line in found)


# -- by keyboard alone -------------------------------------------------------------------------------------------------


def test_a_whole_conversation_from_welcome_to_wiped_by_keyboard_alone(page: Page, live: Live) -> None:
    keys = page.keyboard
    box = page.get_by_label("Jouw bericht")
    answers = page.get_by_role("toolbar").get_by_role("button")
    states.start(page, live)
    page.evaluate(FROM_THE_TOP)
    expect(page.get_by_role("link", name="Naar het gesprek")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#gesprek")).to_be_focused()

    tab_to(page, answers)  # the choices are one stop, with the arrows between them
    expect(answers.nth(0)).to_be_focused()
    keys.press("ArrowRight")
    expect(answers.nth(1)).to_be_focused()
    card = {"custom": {"kind": "tick", "text": "Wat zag je?", "choices": states.TICKS, "submit": "Klaar"}}
    live.engine.answer = lambda body: [card]
    keys.press("Enter")
    said(page, "Wat zag je?")
    assert live.engine.payloads[-1] == "/knop1"

    transcript = page.get_by_label("Het gesprek.")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    tab_to(page, transcript, "Shift+Tab")
    keys.press("Enter")  # into the last message
    expect(page.get_by_role("checkbox").nth(0)).to_be_focused()
    keys.press("Tab")
    keys.press("Space")
    expect(page.get_by_role("checkbox").nth(1)).to_be_checked()
    tab_to(page, page.locator(".ac-pushButton"))
    live.engine.answer = lambda body: [{"text": "Genoteerd."}]
    keys.press("Enter")
    said(page, "Genoteerd.")
    assert live.engine.payloads[-1] == '/keuze{"keuze": "money"}'

    tab_to(page, box)
    keys.type("bel haar op 06-12345678")
    keys.press("Enter")
    ask = page.get_by_role("dialog", name="Wil je dit weglaten?")
    expect(ask).to_be_visible()
    keys.press("Escape")
    expect(ask).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("bel haar op 06-12345678")
    keys.press("Control+a")
    keys.type("ze is bang")
    keys.press("Enter")
    said(page, "ze is bang")

    tab_to(page, page.get_by_role("button", name="Wis gesprek"), "Shift+Tab")
    keys.press("Space")
    expect(page.get_by_role("dialog", name="Gesprek wissen?")).to_be_visible()
    expect(page.get_by_role("button", name="Niet wissen")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("Dit gesprek is gewist.")).to_be_visible()
    expect(page.get_by_role("button", name="Nieuw gesprek")).to_be_focused()
    live.engine.answer = lambda body: [{"text": "Welkom bij Pluis."}]
    keys.press("Enter")
    said(page, "Welkom bij Pluis.")


SHOWN = (
    "element => { const { x, y, width, height } = element.getBoundingClientRect(); return { x, y, width, height }; }"
)
FROM_THE_TOP = "document.querySelector('.skip').focus()"


def _around(page: Page, box: dict[str, float]) -> bytes:
    """Take a picture of a part of the page and of what is just around it."""
    size, room = page.viewport_size or DESK, 16  # the edge of the box to write in lies that far around it
    left, top = max(0.0, box["x"] - room), max(0.0, box["y"] - room)
    width = min(size["width"], box["x"] + box["width"] + room) - left
    height = min(size["height"], box["y"] + box["height"] + room) - top
    return page.screenshot(clip={"x": left, "y": top, "width": width, "height": height}, caret="hide")


@pytest.mark.parametrize("colours", ["none", "active"], ids=["own colours", "forced colours"])
@pytest.mark.parametrize("state", ["conversation", "ticking", "knowledge", "topic", "figures", "practising"])
def test_what_has_the_focus_is_seen(chromium: Browser, live: Live, state: str, colours: Any) -> None:
    with browsing(chromium, live, forced_colors=colours, reduced_motion="reduce") as page:
        reach(page, live, state)
        page.evaluate(FROM_THE_TOP)
        page.keyboard.press("Shift+Tab")
        seen: set[str] = set()
        for _ in range(14):
            page.keyboard.press("Tab")
            element = page.evaluate_handle("document.activeElement").as_element()
            assert element is not None
            name = str(element.evaluate("element => element.outerHTML.slice(0, 160)"))
            if name.startswith("<body"):
                break
            seen.add(name)
            element.scroll_into_view_if_needed()
            box = element.evaluate(SHOWN)
            focused = _around(page, box)
            element.evaluate("element => element.blur()")
            assert _around(page, box) != focused, name
            element.evaluate("element => element.focus({ focusVisible: true })")
        assert len(seen) >= 5


# -- narrow, enlarged --------------------------------------------------------------------------------------------------

SIZES: dict[str, dict[str, Any]] = {
    "320 pixels": {"viewport": NARROW},
    "200 %": {"viewport": ViewportSize(width=640, height=430), "device_scale_factor": 2},
    "400 %": {"viewport": ViewportSize(width=320, height=215), "device_scale_factor": 4},
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", [*states.TALK, *states.READ])
def test_nothing_is_to_be_scrolled_sideways(chromium: Browser, live: Live, state: str, size: str) -> None:
    with browsing(chromium, live, **SIZES[size]) as page:
        reach(page, live, state)
        assert sideways(page) == 0
        inner = "list => list.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className)"
        scrolling = ".webchat__basic-transcript__scrollable, .webchat__suggested-actions__flow-box, dialog, .about ul"
        assert page.locator(scrolling).evaluate_all(inner) == []


# -- for who listens ---------------------------------------------------------------------------------------------------


def test_every_reply_is_read_aloud_once(page: Page, live: Live) -> None:
    page.add_init_script(HEARD)
    states.start(page, live)
    live.engine.answer = lambda body: [{"text": f"Antwoord op {body['text']}."}, {"text": f"Vraag na {body['text']}?"}]
    for word in ("een", "twee"):
        send(page, word)
        said(page, f"Vraag na {word}?")
    for sentence in ("Welkom bij Pluis.", "Antwoord op een.", "Vraag na een?", "Antwoord op twee.", "Vraag na twee?"):
        times = f"text => heard.filter((said) => said.includes('{sentence}')).length"
        page.wait_for_function(f"({times})() >= 1")
        assert page.evaluate(times) == 1, sentence
    expect(page.locator(LIVE)).to_have_attribute("aria-live", "polite")
    page.reload()
    said(page, "Vraag na twee?")
    expect(page.locator("#status")).to_have_attribute("role", "status")


def test_what_the_line_does_is_told_once(page: Page, live: Live) -> None:
    reach(page, live, "offline")
    page.evaluate(TOLD)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.wait_for_timeout(200)
    assert page.evaluate("told") == 0


# -- movement, colours that are forced ---------------------------------------------------------------------------------


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_that_pluis_writes_is_seen_and_nothing_moves_for_who_minds(chromium: Browser, live: Live, motion: Any) -> None:
    with browsing(chromium, live, reduced_motion=motion) as page:
        states.start(page, live)
        live.engine.answers_in = 3.0
        send(page, "ze is bang")
        typing = page.locator(".webchat__typing-indicator")
        expect(typing).to_be_visible()
        picture, text = typing.evaluate(
            "element => [getComputedStyle(element).backgroundImage, getComputedStyle(element, '::after').content]"
        )
        moves = motion == "no-preference"
        assert (picture != "none", "Pluis schrijft" in text) == (moves, not moves)
        lasting = "document.getAnimations().filter(({ effect }) => effect.getComputedTiming().duration > 1).length"
        assert page.evaluate(lasting) == 0 or moves


def test_where_colours_are_forced_what_can_be_pressed_is_seen(chromium: Browser, live: Live) -> None:
    with browsing(chromium, live, forced_colors="active") as page:
        reach(page, live, "conversation")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        edge = "element => [getComputedStyle(element).borderTopStyle, getComputedStyle(element).borderTopColor]"
        for what in (".button", ".webchat__suggested-action", ".webchat__send-box__main"):
            style, colour = page.locator(what).first.evaluate(edge)
            assert style == "solid", what
            assert colour != ground, what


def test_more_contrast_is_given_to_who_asks(chromium: Browser, live: Live) -> None:
    with browsing(chromium, live, contrast="more") as page:
        reach(page, live, "conversation")
        colours = "({ color, backgroundColor }) => [color, backgroundColor]"
        assert page.evaluate(f"({colours})(getComputedStyle(document.documentElement))") == [
            "rgb(0, 0, 0)", "rgb(255, 255, 255)",
        ]  # fmt: skip
        assert axe.told(axe.look(page)["faults"]) == []

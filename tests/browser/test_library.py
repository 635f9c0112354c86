"""What a user sees of the knowledge: searched and browsed by mouse and keyboard, on any screen and on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.unit.web.conftest import content

from .conftest import SIZES, Live, sideways

pytestmark = pytest.mark.browser

LONGEST = max(content(), key=lambda topic: len(f"{topic.short}{topic.more}{topic.sources}"))
LONGEST_WORD = max(content(), key=lambda topic: max(map(len, f"{topic.title} {topic.short} {topic.more}".split())))
DOUBTED = next(topic for topic in content() if topic.doubt and topic.related)
PATHS = {
    "list": "/kennis",
    "found": "/kennis?q=meldcode",
    "none": "/kennis?q=" + "onvindbaar" * 30,
    "longest": f"/kennis/{LONGEST.id}",
    "word": f"/kennis/{LONGEST_WORD.id}",
    "doubted": f"/kennis/{DOUBTED.id}",
}
# Contrast of every text with what it stands on, after WCAG 2: what is seen, also where a colour is see-through.
CONTRASTS = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const colour = parse(getComputedStyle(element).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const worst = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const [low, high] = [light(parse(style.color)), light(ground(element))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) worst.push([element.tagName, walker.currentNode.data.trim().slice(0, 40), ratio.toFixed(2)]);
  }
  return worst;
}"""
# What a screen reader and a finger need: names, one main, headings in order, unique ids, targets of 24 pixels.
FAULTS = """() => {
  const faults = [];
  const all = (what) => [...document.querySelectorAll(what)];
  const levels = all("h1,h2,h3,h4").map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push("h1");
  levels.forEach((level, at) => {
    if (level > (levels[at - 1] ?? levels[0]) + 1) faults.push(`heading ${at} jumps to ${level}`);
  });
  if (all("main").length !== 1) faults.push("main");
  if (document.documentElement.lang !== "nl") faults.push("lang");
  const ids = all("[id]").map((element) => element.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => faults.push(`id twice: ${id}`));
  for (const element of all("[aria-labelledby],[aria-describedby]")) {
    const named = element.getAttribute("aria-labelledby") || element.getAttribute("aria-describedby");
    if (!document.getElementById(named)?.textContent.trim()) faults.push(`no element: ${named}`);
  }
  const navs = all("nav").map((nav) =>
    nav.getAttribute("aria-label") || document.getElementById(nav.getAttribute("aria-labelledby"))?.textContent);
  if (navs.some((name, at) => !name || navs.indexOf(name) !== at)) faults.push(`nav: ${navs}`);
  for (const element of all("a[href],button,input")) {
    const name = element.textContent.trim() || element.labels?.[0]?.textContent.trim();
    if (!name) faults.push(`no name: ${element.outerHTML.slice(0, 80)}`);
  }
  for (const element of all("nav a, .browse a, button, input")) {
    const { width, height } = element.getBoundingClientRect();
    const room = element.closest("li")?.getBoundingClientRect().height ?? height;
    if (Math.max(height, room) < 24 || width < 24) faults.push(`small: ${element.outerHTML.slice(0, 80)} ${room}`);
  }
  return faults;
}"""


def sheets(page: Page) -> int:
    """How many sheets of A4 the page takes on paper."""
    return len(re.findall(rb"/Type /Page\b", page.pdf(format="A4")))


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
@pytest.mark.parametrize("size", SIZES)
def test_it_fits_the_screen_also_with_letters_twice_as_large(page: Page, size: str, path: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(path)
    assert sideways(page) == 0
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) == 0


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_eye_ear_and_finger(page: Page, scheme: Any, path: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    assert page.evaluate(CONTRASTS) == []
    assert page.evaluate(FAULTS) == []


def test_by_keyboard_alone_from_the_search_to_a_topic_and_its_neighbour(page: Page) -> None:
    page.goto("/kennis")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    search = page.get_by_role("searchbox", name="Zoek in de kennis")
    for _ in range(3):
        page.keyboard.press("Tab")
        if search.evaluate("box => box === document.activeElement"):
            break
    expect(search).to_be_focused()
    page.keyboard.type("wat is de meldcode")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Eén onderwerp gevonden | Kennis | Pluis")
    found = page.get_by_role("region", name="Eén onderwerp gevonden")
    expect(found.get_by_role("heading", level=2)).to_be_focused()
    expect(search).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(found.get_by_role("heading", level=3).get_by_role("link")).to_be_focused()
    outline = "getComputedStyle(document.activeElement).outlineWidth"
    assert page.evaluate(outline) == "3px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/kennis/meldcode")
    neighbours = page.get_by_role("navigation", name="Verwante onderwerpen").get_by_role("link")
    neighbours.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("De meldcode")
    page.get_by_role("navigation", name="Waar je bent").get_by_role("link", name="Kennis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kennis over geweld tussen (ex-)partners")


def test_it_works_without_javascript(chromium: Browser, live: Live) -> None:
    context = chromium.new_context(base_url=live.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/kennis")
    page.get_by_label("Zoek in de kennis").fill("hoe bak ik een taart")
    page.get_by_role("button", name="Zoek").click()
    nothing = page.get_by_role("region", name="Niets gevonden")
    expect(nothing.get_by_role("link", name="0800-2000")).to_have_attribute("href", "tel:08002000")
    expect(page.get_by_label("Zoek in de kennis")).to_have_value("hoe bak ik een taart")
    page.get_by_role("navigation", name="Alle onderwerpen").get_by_role("link", name="Cijfers").click()
    expect(page.get_by_role("heading", name="Cijfers", exact=True)).to_be_in_viewport()
    page.goto("/")
    page.get_by_role("link", name="zoek in de kennis").click()
    page.wait_for_url("**/kennis")
    context.close()


def test_it_is_linked_from_the_conversation(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Zo werkt Pluis").wait_for()
    if page.locator("#about").get_attribute("open") is None:
        page.get_by_text("Zo werkt Pluis").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Zoek in de kennis").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Kennis over geweld tussen (ex-)partners")


def test_an_answer_in_the_conversation_leads_to_its_page(page: Page, live: Live) -> None:
    live.engine.answer = lambda body: [{"text": "Kort.\n\n[Meer weten, met alle bronnen](/kennis/meldcode)"}]
    page.goto("/")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Meer weten, met alle bronnen").click()
    expect(opened.value).to_have_url(f"{live.url}/kennis/meldcode")
    expect(opened.value.get_by_role("heading", name="Bronnen")).to_be_visible()


@pytest.mark.parametrize("topic", [LONGEST, DOUBTED], ids=["longest", "doubted"])
def test_a_topic_goes_on_one_sheet_with_sources_and_address(page: Page, live: Live, topic: Any) -> None:
    page.goto(f"/kennis/{topic.id}")
    address = page.get_by_text(f"Dit staat op {live.url}/kennis/{topic.id}")
    expect(address).to_be_hidden()
    assert sheets(page) == 1
    page.emulate_media(media="print")
    expect(address).to_be_visible()
    expect(page.get_by_role("heading", name="Bronnen")).to_be_visible()
    expect(page.get_by_role("link", name="0800-2000").first).to_be_visible()
    for unneeded in (page.get_by_role("search"), page.get_by_text("Naar het gesprek"), page.locator(".trail")):
        expect(unneeded).to_be_hidden()


def test_on_paper_there_is_a_list_or_what_was_found(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/kennis")
    expect(page.get_by_role("heading", name="Cijfers")).to_be_visible()
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Alle onderwerpen")).to_be_hidden()
    assert sheets(page) <= 8
    page.goto("/kennis?q=meldcode")
    expect(page.get_by_role("region", name="Eén onderwerp gevonden")).to_be_visible()
    expect(page.locator(".browse")).to_be_hidden()
    assert sheets(page) == 1

"""Every state in which the pages can be, each reached as a user reaches it: for those who look at all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from actions.knowledge import beneath, told
from tests.unit.web.conftest import content
from tests.unit.web.test_play import ADDRESS, DANGER, WALK_WORDS

from .conftest import Live

SAID = ".webchat__bubble__content"
WELCOME = "Welkom bij Pluis."
TICKS = [
    {"title": "Ze draagt bedekkende kleding", "value": "clothes"},
    {"title": "Ze heeft geen eigen geld", "value": "money"},
]
LINES = ("ze had een blauwe plek op haar bovenarm", "hij leest haar berichten", "hij is altijd bij het gesprek")
STEPS = (
    ("done", "Breng in kaart wat je ziet en hoort."),
    ("now", "Overleg met een collega of met Veilig Thuis."),
    ("todo", "Praat met degene om wie het gaat, als dat veilig kan."),
    ("todo", "Weeg af of er geweld is, en hoe ernstig."),
    ("todo", "Beslis: is melden nodig, is hulp te organiseren?"),
)

State = Callable[[Page, Live], None]


def _buttons(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "payload": f"/knop{number}"} for number, title in enumerate(titles)]


def said(page: Page, text: str) -> None:
    """Wait until Pluis or the user said this."""
    expect(page.locator(SAID).filter(has_text=text).first).to_be_visible(timeout=15_000)


def send(page: Page, text: str) -> None:
    """Write and send."""
    box = page.get_by_label("Jouw bericht")
    box.fill(text)
    box.press("Enter")


def talk(page: Page, live: Live, *answer: dict[str, Any], text: str = "ze is bang") -> None:
    """Open the conversation, say something and get this answer."""
    welcome = {"text": WELCOME, "buttons": _buttons("Onderbuikgevoel", "Ik zie signalen", "Ik heb een vraag")}
    live.engine.answer = lambda body: [welcome] if body.get("payload") == "/groet" else list(answer)
    page.goto("/")
    said(page, WELCOME)
    if answer:
        send(page, text)


def start(page: Page, live: Live) -> None:
    """Before anything was said."""
    talk(page, live)


def conversation(page: Page, live: Live) -> None:
    """A name left out, an answer with a helpline and buttons."""
    talk(
        page, live, {"text": "Dank je. Bel bij twijfel 0800-2000. [Hoe komt dit?](/uitleg)"},
        {"text": "Wanneer was dat?", "buttons": _buttons("Vandaag", "Deze week", "Langer geleden")},
        text="Fatima is bang",
    )  # fmt: skip
    said(page, "Wanneer was dat?")


def ticking(page: Page, live: Live) -> None:
    """A list to tick."""
    talk(page, live, {"custom": {"kind": "tick", "text": "Wat zag je nog meer?", "choices": TICKS, "submit": "Klaar"}})
    expect(page.get_by_role("checkbox").first).to_be_visible()


def ticked(page: Page, live: Live) -> None:
    """A list that was answered."""
    ticking(page, live)
    live.engine.answer = lambda body: [{"text": "Genoteerd."}]
    page.get_by_role("checkbox").first.check()
    page.locator(".ac-pushButton").click()
    said(page, "Genoteerd.")


def facts(page: Page, live: Live) -> None:
    """The fact list, with the rows in which each line can be changed."""
    talk(page, live, fact_list())
    said(page, "Dit heb ik opgeschreven:")
    page.locator(".ac-pushButton").filter(has_text="Een regel aanpassen of weghalen").click()
    expect(page.locator(".ac-pushButton").filter(has_text="Aanpassen").first).to_be_visible()


def fact_list(*lines: str) -> dict[str, Any]:
    """Make the fact list as it goes out."""
    rows = [
        {
            "text": f"“{line}”",
            "buttons": [
                {"title": title, "full": f"{title}: “{line}”", "payload": f'/keuze{{"keuze": "{value}:r{at}"}}'}
                for title, value in (("Aanpassen", "anders"), ("Weghalen", "weg"))
            ],
        }
        for at, line in enumerate(lines or LINES, 1)
    ]
    text = "Dit heb ik opgeschreven:\n\n**Feiten: gezien, gehoord of verteld**\n"
    text += "\n".join(f"- {row['text']}" for row in rows) + "\n\nKlopt dit zo?"
    buttons = _buttons("Klopt zo", "Iets weghalen", "Iets toevoegen")
    return {"text": text, "buttons": buttons, "custom": {"kind": "rows", "rows": rows}}


def meldcode(page: Page, live: Live) -> None:
    """The steps of the meldcode."""
    steps = [{"step": at, "status": status, "text": text} for at, (status, text) in enumerate(STEPS, 1)]
    text = "**De meldcode**\n\n" + "\n".join(f"{at}. {text}" for at, (_, text) in enumerate(STEPS, 1))
    talk(page, live, {"text": text, "custom": {"kind": "steps", "steps": steps}})
    expect(page.get_by_text("Stap 2 van 5: ")).to_be_visible()


def knowledge(page: Page, live: Live) -> None:
    """An answer with sources, opened."""
    topics = (topic for topic in content() if topic.more and len(topic.documents) > 1 and topic.related)
    topic = next(topics)
    related = [other for other in content() if other.id in topic.related]
    talk(page, live, {"text": told(topic)}, {"custom": beneath(topic, related)})
    line = page.locator(".ac-pushButton[aria-expanded]").first
    line.click()
    expect(line).to_have_attribute("aria-expanded", "true")


def danger(page: Page, live: Live) -> None:
    """The question that a danger puts."""
    talk(
        page, live, {"text": "Je schrijft: ‘hij heeft een mes’. Is er nu direct gevaar? Bel dan 112.",
        "buttons": _buttons("Ja, nu", "Niet nu, wel de komende uren of dagen", "Nee, dit is voorbij", "Weet ik niet")},
    )  # fmt: skip
    said(page, "Is er nu direct gevaar?")


def summary(page: Page, live: Live) -> None:
    """The summary, to download."""
    live.engine.slots = {"casus": {"story": "x"}}
    talk(page, live, {"text": "Hier is je samenvatting."}, {"custom": {"kind": "summary"}})
    expect(page.get_by_text("Voor mijn dossier")).to_be_visible()


def outage(page: Page, live: Live) -> None:
    """A part of Pluis is down."""
    talk(page, live)
    live.engine.down = True
    send(page, "ze is bang")
    said(page, "Een deel van Pluis is even buiten werking")


def error(page: Page, live: Live) -> None:
    """Pluis gave up on a message."""
    talk(page, live)
    live.engine.faults = [500] * 10
    send(page, "ze is bang")
    said(page, "Het lukt me niet om op dit bericht te antwoorden")


def offline(page: Page, live: Live) -> None:
    """There is no network."""
    talk(page, live)
    page.context.set_offline(True)
    expect(page.locator("#status")).to_contain_text("Je bent offline")


def too_long(page: Page, live: Live) -> None:
    """A message that is too long to send."""
    talk(page, live)
    send(page, "a" * 4001)
    expect(page.locator("#status")).to_contain_text("4.001 tekens")


def ask_personal(page: Page, live: Live) -> None:
    """Asked whether to leave something out."""
    talk(page, live)
    send(page, "bel haar op 06-12345678")
    expect(page.get_by_role("dialog", name="Wil je dit weglaten?")).to_be_visible()


def ask_wipe(page: Page, live: Live) -> None:
    """Asked whether to wipe."""
    talk(page, live)
    page.get_by_role("button", name="Wis gesprek").click()
    expect(page.get_by_role("dialog", name="Gesprek wissen?")).to_be_visible()


def wiped(page: Page, live: Live) -> None:
    """The conversation is gone."""
    ask_wipe(page, live)
    page.get_by_role("button", name="Wissen", exact=True).click()
    expect(page.get_by_text("Dit gesprek is gewist.")).to_be_visible()


def practising(page: Page, live: Live) -> None:
    """A dialogue that is played, with what can be said."""
    page.goto(ADDRESS)
    say(page, WALK_WORDS[0])
    expect(page.locator(".own")).to_have_count(1)
    page.get_by_role("button", name="Toon antwoorden").click()
    expect(page.locator(".options button").first).to_be_visible()


def practice_danger(page: Page, live: Live) -> None:
    """Words that may be real, said to be."""
    page.goto(ADDRESS)
    say(page, DANGER)
    page.get_by_role("button", name="Dit is echt").click()
    expect(page.get_by_role("heading", name="We stoppen met oefenen")).to_be_focused()


def practice_report(page: Page, live: Live) -> None:
    """The end of a dialogue."""
    page.goto(ADDRESS)
    for at, words in enumerate(WALK_WORDS):
        say(page, words)
        expect(page.locator(".own")).to_have_count(at + 1)
    expect(page.get_by_role("heading", name="Hoe het ging")).to_be_focused()


def say(page: Page, words: str) -> None:
    """Say something to the client of a practice dialogue."""
    box = page.get_by_label("Wat zeg je?")
    box.fill(words)
    box.press("Enter")


TALK: dict[str, State] = {
    made.__name__: made
    for made in (
        start, conversation, ticking, ticked, facts, meldcode, knowledge, danger, summary, outage, error, offline,
        too_long, ask_personal, ask_wipe, wiped, practising, practice_danger, practice_report,
    )
}  # fmt: skip
DOUBTED = next(topic for topic in content() if topic.doubt and topic.related)
READ = {
    "explanation": "/uitleg",
    "knowledge list": "/kennis",
    "knowledge found": "/kennis?q=meldcode",
    "knowledge none": "/kennis?q=onvindbaar",
    "topic": f"/kennis/{DOUBTED.id}",
    "no topic": "/kennis/bestaat-niet",
    "nowhere": "/bestaat-niet",
    "figures": "/cijfers",
    "practice list": "/studio/play",
    "practice without a code": "/studio/play?groep=nergens",
}

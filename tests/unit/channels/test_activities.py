"""From the engine's messages to activities: one path, and a plain way beside every rich form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels import Offer, render
from bot.channels.activities import tick_payload, with_links_to_call
from bot.channels.chat import highest_person, typed_ticks

LIST = Offer(
    "r", "Klaar", "/keuze", "tick", ({"title": "Ze is bang", "value": "a"}, {"title": "Geen geld", "value": "b"})
)


def link(version: str, form: str) -> str:
    return f"https://pluis.example/samenvatting/x/{version}.{form}"


def test_buttons_become_replies_under_the_last_message_and_keep_their_payload_here() -> None:
    buttons = [{"title": "Ja", "payload": "/bevestigen"}, {"title": "Nee", "payload": "/ontkennen"}]
    rendered = render([{"text": "Is zij bang?", "buttons": buttons}, {"text": "Neem de tijd."}], link)
    first, last = rendered.activities
    assert "suggestedActions" not in first
    actions = last["suggestedActions"]["actions"]
    assert [(a["type"], a["title"]) for a in actions] == [("messageBack", "Ja"), ("messageBack", "Nee")]
    assert [a["value"]["reply"] for a in actions] == [o.id for o in rendered.offers]
    assert [o.payload for o in rendered.offers] == ["/bevestigen", "/ontkennen"]
    assert "/bevestigen" not in json.dumps(rendered.activities)


def test_a_link_to_a_page_of_ours_is_a_whole_address() -> None:
    said = "[Meer weten](/kennis/meldcode), [112](tel:112), [elders](https://a.nl/b), ‘\\](/hoi’"
    (activity,) = render([{"text": said}], link, "https://pluis.example").activities
    assert activity["text"] == said.replace("(/kennis", "(https://pluis.example/kennis")


def test_buttons_without_any_text_still_get_a_message() -> None:
    rendered = render([{"buttons": [{"title": "Verder", "payload": "/verder"}]}], link)
    assert rendered.activities[-1]["suggestedActions"]["actions"][0]["title"] == "Verder"


def test_a_list_to_tick_is_a_card_with_its_numbers_in_plain_text() -> None:
    custom = {"kind": "tick", "text": "Wat zag je?", "choices": list(LIST.choices), "submit": "Klaar"}
    rendered = render([{"custom": custom}], link)
    (activity,) = rendered.activities
    card = activity["attachments"][0]["content"]
    assert activity["text"] == "Wat zag je?"
    assert card["version"] == "1.3"
    assert card["body"][0]["isMultiSelect"] is True
    assert card["actions"][0]["data"] == {"reply": rendered.offers[0].id}
    assert "1 · Ze is bang" in card["fallbackText"]
    assert "2 · Geen geld" in card["fallbackText"]


def parts(**more: Any) -> list[dict[str, Any]]:
    """An answer with two parts that open, one with something to press, and thumbs."""
    related = [{"title": "Het huisverbod", "payload": '/kennisvraag{"keuze": "huisverbod"}'}]
    shown = [
        {"title": "Bron: Een boek (2020)", "text": "- [Boek](/kennis/boek): bel 112", "buttons": []},
        {"title": "Verwant", "text": "", "buttons": related},
    ]
    thumbs = [{"title": "👍 Nuttig", "payload": "/goed"}]
    return [{"text": "**De kindcheck**"}, {"custom": {"kind": "parts", "parts": shown, "buttons": thumbs} | more}]


def test_what_opens_stands_under_its_message_and_can_be_pressed_at_any_time() -> None:
    question = {"text": "Wat voor werk doe je?", "buttons": [{"title": "Politie", "payload": "/keuze"}]}
    rendered = render([*parts(), question], link, "https://pluis.example")
    answer, asked = rendered.activities
    card = answer["attachments"][0]["content"]
    assert answer["text"] == "**De kindcheck**"
    assert "actions" not in card  # those are of the open question: the page closes them when it is answered
    first, second, last = (part["actions"] for part in card["body"])
    assert [(action["type"], action["title"]) for action in (*first, *second)] == [
        ("Action.ShowCard", "Bron: Een boek (2020)"), ("Action.ShowCard", "Verwant"),
    ]  # fmt: skip
    (text,) = first[0]["card"]["body"]
    assert text["text"] == "- [Boek](https://pluis.example/kennis/boek): bel [112](tel:112)"
    pressed = [*second[0]["card"]["body"][0]["actions"], *last]
    asides = [offer for offer in rendered.offers if offer.kind == "aside"]
    assert [action["data"] for action in pressed] == [{"reply": offer.id} for offer in asides]
    assert [offer.payload for offer in asides] == ['/kennisvraag{"keuze": "huisverbod"}', "/goed"]
    assert [action["title"] for action in asked["suggestedActions"]["actions"]] == ["Politie"]
    assert "attachments" not in asked


def test_what_opens_can_be_read_in_plain_text_too() -> None:
    (activity,) = render(parts(), link).activities
    plain = activity["attachments"][0]["content"]["fallbackText"]
    assert plain.split("\n\n") == [
        "**Bron: Een boek (2020)**", "- [Boek](/kennis/boek): bel [112](tel:112)", "**Verwant**", "- Het huisverbod",
    ]  # fmt: skip


def test_a_part_without_a_title_is_open() -> None:
    listed = [{"title": "", "text": "Kies:", "buttons": [{"title": "Het huisverbod", "payload": "/x"}]}]
    (activity,) = render(parts(parts=listed, buttons=[]), link).activities
    text, pressed = activity["attachments"][0]["content"]["body"]
    assert (text["text"], pressed["actions"][0]["title"]) == ("Kies:", "Het huisverbod")


ROWS = [
    {
        "text": "“[ze](https://a.nl) was bang”",
        "buttons": [
            {"title": "Aanpassen", "full": "Aanpassen: “ze”", "payload": '/keuze{"keuze": "anders:r1"}'},
            {"title": "Weghalen", "full": "Weghalen: “ze”", "payload": '/keuze{"keuze": "weg:r1"}'},
        ],
    },
    {"text": "jaloers", "buttons": [{"title": "Weghalen", "full": "Weghalen: jaloers", "payload": "/keuze"}]},
]
STEPS = [
    {"step": 1, "status": "done", "text": "Breng in kaart wat je ziet."},
    {"step": 2, "status": "now", "text": "Overleg met een collega."},
    {"step": 3, "status": "todo", "text": "Praat met haar."},
]


def test_rows_open_in_place_and_each_can_be_changed_until_the_question_is_answered() -> None:
    choices = [{"title": "Klopt zo", "payload": "/klopt"}]
    said = {"text": "**Feiten**\n- ze was bang", "buttons": choices, "custom": {"kind": "rows", "rows": ROWS}}
    (activity,) = (rendered := render([said], link)).activities
    card = activity["attachments"][0]["content"]
    (opens,) = card["actions"]  # those of the open question: the page closes them when it is answered
    assert (opens["type"], opens["title"]) == ("Action.ShowCard", "Een regel aanpassen of weghalen")
    first, pressed, second, last = opens["card"]["body"]
    assert first["inlines"] == [
        {"type": "TextRun", "text": "“[ze](https://a.nl) was bang”"}
    ]  # no Markdown is read in it
    assert [action["title"] for action in pressed["actions"]] == ["Aanpassen", "Weghalen"]
    assert [action["tooltip"] for action in (*pressed["actions"], *last["actions"])] == [
        "Aanpassen: “ze”", "Weghalen: “ze”", "Weghalen: jaloers",
    ]  # fmt: skip
    rows = [offer for offer in rendered.offers if offer.kind == "row"]
    assert [action["data"]["reply"] for action in (*pressed["actions"], *last["actions"])] == [row.id for row in rows]
    assert [row.payload for row in rows] == [
        '/keuze{"keuze": "anders:r1"}', '/keuze{"keuze": "weg:r1"}', "/keuze",
    ]  # fmt: skip
    assert [action["title"] for action in activity["suggestedActions"]["actions"]] == ["Klopt zo"]
    assert "anders:r1" not in json.dumps(activity)
    assert activity["text"].startswith("**Feiten**")  # the list and its buttons are the way without a card
    assert card["fallbackText"].splitlines() == ["- “[ze](https://a.nl) was bang”", "- jaloers"]
    assert (second["type"], second["separator"]) == ("RichTextBlock", True)


def test_without_rows_there_is_no_card() -> None:
    (activity,) = render([{"text": "Dit heb ik:", "custom": {"kind": "rows", "rows": []}}], link).activities
    assert "attachments" not in activity


def test_steps_are_a_bar_with_words() -> None:
    (activity,) = render([{"text": "**De meldcode**", "custom": {"kind": "steps", "steps": STEPS}}], link).activities
    card = activity["attachments"][0]["content"]
    bar, now = card["body"]
    assert [column["items"][0]["text"] for column in bar["columns"]] == ["✓ **1**", "→ **2**", "○ **3**"]
    assert [column["style"] for column in bar["columns"]] == ["good", "accent", "emphasis"]
    assert now["text"] == "Stap 2 van 3: Overleg met een collega."
    assert card["fallbackText"].splitlines()[1] == "2 · nu: Overleg met een collega."
    assert activity["text"] == "**De meldcode**"


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        (["done", "todo"], "Stap 2 van 2: b"),
        (["todo", "now"], "Stap 2 van 2: b"),
        (["done", "done"], "Alle 2 stappen zijn gezet."),
    ],
)
def test_under_the_bar_stands_which_step_is_next(statuses: list[str], told: str) -> None:
    steps = [{"step": n, "status": status, "text": "ab"[n - 1]} for n, status in enumerate(statuses, 1)]
    (activity,) = render([{"text": "x", "custom": {"kind": "steps", "steps": steps}}], link).activities
    assert activity["attachments"][0]["content"]["body"][1]["text"] == told


# What Teams shows (Adaptive Cards 1.4); a tooltip is of later, and is passed over where it is not known.
KNOWN_TYPES = {
    "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "ColumnSet", "Column", "ActionSet", "Input.ChoiceSet",
    "Action.Submit", "Action.ShowCard", "Action.OpenUrl",
}  # fmt: skip
MOST_ACTIONS = 6


def _elements(part: Any) -> list[dict[str, Any]]:
    """Every element in a card, at any depth."""
    if isinstance(part, list):
        return [element for item in part for element in _elements(item)]
    if not isinstance(part, dict):
        return []
    return [*([part] if "type" in part else []), *(element for value in part.values() for element in _elements(value))]


@pytest.mark.parametrize(
    "message",
    [
        {"custom": {"kind": "tick", "text": "Wat zag je?", "choices": list(LIST.choices), "submit": "Klaar"}},
        {"text": "Dit heb ik:", "custom": {"kind": "rows", "rows": ROWS}},
        {"text": "De meldcode", "custom": {"kind": "steps", "steps": STEPS}},
        {"text": "Uitleg", "custom": parts()[1]["custom"]},
        {"custom": {"kind": "summary"}},
    ],
    ids=["tick", "rows", "steps", "parts", "summary"],
)
def test_every_card_is_one_that_teams_shows_and_has_a_way_in_text(message: dict[str, Any]) -> None:
    (activity,) = render([message], link).activities
    (attachment,) = activity["attachments"]
    card = attachment["content"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert tuple(map(int, card["version"].split("."))) <= (1, 4)
    assert card["lang"] == "nl"
    assert card["fallbackText"].strip()
    assert activity["text"].strip()
    elements = _elements(card)
    assert {element["type"] for element in elements} <= KNOWN_TYPES
    assert all(len(element.get("actions", ())) <= MOST_ACTIONS for element in elements)
    assert all(element["text"].strip() and element["wrap"] for element in elements if element["type"] == "TextBlock")
    assert len(json.dumps(card)) < 28_000  # bytes that Teams takes


def test_the_summary_is_one_card_with_a_button_for_each_version_and_form() -> None:
    (activity,) = render([{"custom": {"kind": "summary"}}], link).activities
    (attachment,) = activity["attachments"]
    card = attachment["content"]
    buttons = [action for part in card["body"] if part["type"] == "ActionSet" for action in part["actions"]]
    base = "https://pluis.example/samenvatting/x"
    addresses = [f"{base}/{version}.{form}" for version in ("dossier", "advies") for form in ("docx", "md")]
    assert [button["url"] for button in buttons] == addresses
    assert {button["type"] for button in buttons} == {"Action.OpenUrl"}
    assert len({button["tooltip"] for button in buttons}) == 4
    assert activity["text"]


def test_the_report_of_a_practice_dialogue_is_a_link() -> None:
    (activity,) = render([{"custom": {"kind": "practice"}}], link).activities
    assert f"]({link('oefening', 'md')})" in activity["text"]
    assert "attachments" not in activity


def test_the_summary_has_its_links_in_plain_text_too() -> None:
    (activity,) = render([{"custom": {"kind": "summary"}}], link).activities
    plain = activity["attachments"][0]["content"]["fallbackText"]
    assert "**Voor mijn dossier**: [Word-bestand](https://pluis.example/samenvatting/x/dossier.docx)" in plain
    assert "[Tekst](https://pluis.example/samenvatting/x/advies.md)" in plain


def test_a_wipe_is_told_to_the_caller() -> None:
    assert render([{"text": "Goed."}, {"custom": {"kind": "wipe"}}], link).wipe
    assert not render([{"text": "Goed."}], link).wipe


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Bel 112.", "Bel [112](tel:112)."),
        ("Veilig Thuis: 0800-2000, dag en nacht", "Veilig Thuis: [0800-2000](tel:08002000), dag en nacht"),
        ("bel 113 of 1712", "bel [113](tel:113) of [1712](tel:1712)"),
        ("[0800-2000](tel:08002000)", "[0800-2000](tel:08002000)"),
        ("in 112 gevallen", "in 112 gevallen"),
        ("1.112 keer, 112.5, 2112", "1.112 keer, 112.5, 2112"),
        ("https://voorbeeld.nl/112", "https://voorbeeld.nl/112"),
        ("[Over 112 bellen](https://a.nl): bel 112", "[Over 112 bellen](https://a.nl): bel [112](tel:112)"),
        ("[persoon 1] belt 112", "[persoon 1] belt [112](tel:112)"),
    ],
)
def test_helplines_are_links_to_call_and_other_numbers_are_not(text: str, linked: str) -> None:
    assert with_links_to_call(text) == linked


def test_ticked_values_become_one_payload() -> None:
    assert tick_payload(LIST, ["b", "a", "b"]) == '/keuze{"keuze": "b,a"}'
    assert tick_payload(LIST, []) == '/keuze{"keuze": ""}'


def test_a_value_that_was_never_in_the_list_makes_no_payload() -> None:
    assert tick_payload(LIST, ["a", 'x"}{"gevaar": "nee']) is None


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("1, 2", ["a", "b"]), ("2 en 1", ["b", "a"]), ("ze is bang!", ["a"]), ("geen", []), ("Geen van deze.", []),
        ("3", None), ("1, 9", None), ("twee weken geleden", None), ("ik zag er 2", None), ("", None),
    ],
)  # fmt: skip
def test_a_list_can_be_ticked_in_typing(typed: str, values: list[str] | None) -> None:
    assert typed_ticks(LIST, typed) == values


def test_the_highest_person_is_read_from_the_masked_text() -> None:
    assert highest_person("[persoon 2] en [persoon 11], [cliënt]") == 11
    assert highest_person("persoon 3") == 0

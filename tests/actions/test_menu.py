"""Words typed outside a question: they press the button they mean, or are not understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.case import Case, Tools, begun

WIPE = ({"title": "Ja, wis alles", "payload": '/wis_gesprek{"keuze": "ja"}'}, {"title": "Nee", "payload": "/herhaal"})
CALLED = ({"title": "Ik heb 112 gebeld, ga verder", "payload": "/herhaal"},)
LOOKS_ALONG = {"title": "Ik heb 112 gebeld, laat iemand meekijken", "payload": '/mens_spreken{"keuze": "gebeld"}'}


@pytest.fixture
def case(tools: Tools) -> Case:
    return begun(Case(), "vertellen", "Haar man geeft steeds antwoord voor haar.", tools)


@pytest.mark.parametrize(
    ("text", "intent", "buttons", "kinds", "follows"),
    [
        ("ja", "bevestigen", WIPE, ["wipe"], ""),
        ("de eerste", "keuze", WIPE, ["wipe"], ""),
        ("nee", "ontkennen", WIPE, [], "kennismaking_form"),
        ("ga verder", "nlu_fallback", CALLED, [], "kennismaking_form"),
        ("ja gebeld", "bevestigen", CALLED, [], "kennismaking_form"),
        ("ja gebeld", "bevestigen", (*CALLED, LOOKS_ALONG), [], "kennismaking_form"),
        ("ja", "bevestigen", (WIPE[1], LOOKS_ALONG), [], ""),
        ("misschien", "weet_niet", WIPE, [], ""),
        ("is dat alles?", "nlu_fallback", WIPE, [], ""),
        ("neen, ik wil alles", "ontkennen", WIPE, [], "kennismaking_form"),
        ("ja", "bevestigen", (), [], ""),
    ],
)
def test_typed_words_press_a_button(
    run: Any, case: Case, text: str, intent: str, buttons: Sequence[dict[str, str]], kinds: list[str], follows: str
) -> None:
    done = run("action_standaard", text=text, intent=intent, buttons=buttons, case=case)
    assert done.kinds == kinds
    assert done.next == follows


def test_not_understood_offers_ways_on_and_the_second_time_a_person(run: Any) -> None:
    first = run("action_standaard", text="blub", intent="nlu_fallback")
    second = run("action_standaard", text="blub", intent="nlu_fallback", slots={"niet_begrepen": 1})
    assert first.slots == {"niet_begrepen": 1}
    assert "0800-2000" not in first.text
    assert "0800-2000" in second.text
    assert '/mens_spreken{"keuze": "gemist"}' in second.payloads


@pytest.mark.parametrize("text", ["ib'er", "wijkverpl"])
def test_a_profession_that_was_not_understood_begins_a_case(run: Any, text: str) -> None:
    done = run("action_standaard", text=text, intent="nlu_fallback")
    assert done.next == "gevoel_form"
    assert "niet_begrepen" not in done.slots

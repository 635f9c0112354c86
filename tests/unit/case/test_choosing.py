"""What a typed answer means: ordinals, titles, lists to tick, and what is no answer at all."""

from __future__ import annotations

import pytest

from bot.case import Choice, Given, Question, Say
from bot.case.choosing import NONE, as_choice, beside, is_unknown, ordinal, ticked

COLOURS = (Choice("Rood als bloed", "r"), Choice("Groen", "g"), Choice("Blauwe lucht", "b"))
CARD = (*COLOURS, Choice("Paars met wit", "p"), Choice("Geen van deze", NONE))


def question(*choices: Choice, tick: bool = False) -> Question:
    return Question("q", Say("r", choices=choices), "Kleur", tick=tick)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("de eerste", 0), ("optie 2", 1), ("1", 0), ("nummer 3", 2), ("de tweede graag", 1), ("doe maar de derde", 2),
        ("de laatste", 2), ("de bovenste", 0), ("4", None), ("0", None), ("twee keer", None), ("de eerste keer", None),
        ("1 week", None), ("", None),
    ],
)  # fmt: skip
def test_ordinals(words: str, at: int | None) -> None:
    assert ordinal(words, 3) == at


@pytest.mark.parametrize(
    ("text", "value"),
    [("rood als BLOED!", "r"), ("Groen", "g"), ("2", "g"), ("de derde", "b"), ("lucht", "b"), ("doe de blauwe", "b"),
     ("ja dat weet ik", None), ("geen groen", None),
     ("ik weet niet welke", None), ("als", None)],
)  # fmt: skip
def test_a_choice_typed_by_title_or_number(text: str, value: str | None) -> None:
    answer = as_choice(Given(text), question(*COLOURS))
    assert answer is not None
    assert answer.choice == value


def test_a_number_at_an_open_question_is_an_answer_of_its_own() -> None:
    answer = as_choice(Given("1"), question(Choice("Weet ik niet", NONE)))
    assert answer is not None
    assert answer.choice is None


@pytest.mark.parametrize("choice", ["x", "r,g", ""])
def test_a_choice_that_was_not_offered_is_no_answer(choice: str) -> None:
    assert as_choice(Given(choice=choice), question(*COLOURS)) is None


def test_a_list_takes_several_or_none() -> None:
    for choice in ("r,g", "", NONE):
        assert as_choice(Given(choice=choice), question(*CARD, tick=True)) == Given(choice=choice)
    assert as_choice(Given(choice="r,x"), question(*CARD, tick=True)) is None


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("1 en 3", "", ["r", "b"]), ("2", "", ["g"]), ("de eerste", "keuze", ["r"]), ("geen", "", []), ("nee", "", []),
        ("weet ik niet", "weet_niet", []), ("geen van deze", "ontkennen", []), ("groen", "", ["g"]),
        ("nee, gelukkig niet", "ontkennen", []), ("nee, geen van deze", "ontkennen", []),
        ("nee, alleen groen", "ontkennen", None), ("nee, alleen iets anders", "ontkennen", None),
        ("nee maar hij dreigt wel", "ontkennen", None),
        ("rood en bloed dus", "", ["r"]), ("niet groen", "", None), ("ja", "bevestigen", None), ("9", "", None),
        ("hij kwam gisteren met een groen boekje binnen en toen begon het schreeuwen weer", "", None),
    ],
)  # fmt: skip
def test_typed_ticks(text: str, intent: str, values: list[str] | None) -> None:
    assert ticked(Given(text, intent=intent), CARD) == values


@pytest.mark.parametrize(
    ("text", "values", "more"),
    [
        ("1 2 en hij controleert haar telefoon", ["r", "g"], "hij controleert haar telefoon"),
        ("1 klopt. en ze fluisterde zeg maar niks", ["r"], "ze fluisterde zeg maar niks"),
        ("1, 2 en 3. Hij laat haar niet gaan", ["r", "g", "b"], "Hij laat haar niet gaan"),
        ("2 en hij slaat", ["g"], "hij slaat"), ("3, maar dat was vorig jaar", ["b"], "dat was vorig jaar"),
        ("nummer 1 en ook ze mag nergens heen", ["r"], "ze mag nergens heen"),
        ("1 en 3", ["r", "b"], ""), ("2", ["g"], ""), ("1 en 9 en hij slaat", None, "hij slaat"),
        ("2 keer heeft hij haar geslagen", None, "2 keer heeft hij haar geslagen"),
        ("1 of 2 keer in de week denk ik", None, "1 of 2 keer in de week denk ik"),
        ("1 en 2 niet, de rest weet ik niet", None, "1 en 2 niet, de rest weet ik niet"),
        ("2 kinderen en ze zijn bang voor hem", None, "2 kinderen en ze zijn bang voor hem"),
        ("1 en 2 weet ik niet", None, "1 en 2 weet ik niet"), ("3 januari", None, ""), ("12:30 was het", None, ""),
        ("2 en 3 januari sloeg hij haar", None, "2 en 3 januari sloeg hij haar"),
    ],
)  # fmt: skip
def test_numbers_with_words_beside_them(text: str, values: list[str] | None, more: str) -> None:
    assert ticked(Given(text), CARD) == values
    assert beside(Given(text)) == more


def test_yes_to_a_short_list_is_all_of_it() -> None:
    assert ticked(Given("ja", intent="bevestigen"), (*COLOURS, Choice("Geen", NONE))) == ["r", "g", "b"]


@pytest.mark.parametrize(
    ("given", "unknown"),
    [
        (Given("weet ik niet"), True), (Given("geen idee"), True), (Given("tja", intent="weet_niet"), True),
        (Given(choice=NONE), True), (Given(choice="x"), False), (Given("gisteren"), False),
        (Given("weet niet precies maar hij trok haar zo mee", intent="weet_niet"), False),
    ],
)  # fmt: skip
def test_not_knowing(given: Given, unknown: bool) -> None:
    assert is_unknown(given) is unknown

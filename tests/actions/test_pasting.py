"""Coming back with the summary of an earlier conversation: asked for, or simply pasted, whatever it is taken for."""

from __future__ import annotations

from typing import Any

import pytest

from bot.case import Case, Tools, begun
from tests.unit.case.pastes import pasted
from tests.unit.case.test_pasted import whole

STORY = "Haar man geeft steeds antwoord voor haar en vorige week had ze een blauwe plek op haar arm."


@pytest.fixture
def text(tools: Tools) -> str:
    return pasted(whole(tools), tools, "advies")


@pytest.mark.parametrize(
    ("said", "talked"),
    [("ik heb een samenvatting van vorige keer", ""), ("ik heb het gesprek met haar gehad", "talk"), ("", "")],
)
def test_coming_back_without_a_case_asks_for_the_summary(run: Any, said: str, talked: str) -> None:
    done = run("action_gesprek_gehad", text=said, intent="gesprek_gehad")
    assert done.next == "plakken_form"
    assert done.case.fields.get("came_from", "") == talked
    asked = run("validate_plakken_form", intent="herhaal", case=done.case, ran=["action_gesprek_gehad"])
    assert "Plak de tekst hier" in asked.text


@pytest.mark.parametrize(
    ("said", "sure"),
    [
        ("ik sprak de moeder vanmorgen op het plein", 0.5),
        (
            "Ik heb gisteren met de moeder gesproken en zij vertelde dat hij haar al maanden opsluit als hij weg is",
            1.0,
        ),
    ],
)
def test_a_story_about_a_talk_is_a_story(run: Any, said: str, sure: float) -> None:
    done = run("action_gesprek_gehad", text=said, intent="gesprek_gehad", sure=sure)
    assert done.case.lines
    assert done.next == "kennismaking_form"


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        ("action_begin", "vertellen"), ("action_standaard", "nlu_fallback"), ("action_kennis", "kennisvraag"),
        ("action_gevaar", "acuut_gevaar"), ("action_iemand_anders", "slachtoffer_schrijft"),
        ("action_samenvatting", "samenvatting"), ("action_gesprek_gehad", "gesprek_gehad"),
        ("action_gevoel", "gevoel_uiten"), ("action_vaste_tekst", "professional_bedreigd"),
    ],
)  # fmt: skip
def test_a_pasted_summary_is_one_whatever_it_is_taken_for(run: Any, text: str, action: str, intent: str) -> None:
    done = run(action, text=text, intent=intent)
    assert done.next == "plakken_form"
    assert not done.messages
    assert not done.case.lines
    shown = run("validate_plakken_form", intent="herhaal", case=done.case, ran=[action])
    assert "Klopt dit?" in shown.text
    assert "hij duwde haar" in shown.text


def test_danger_in_a_pasted_summary_is_asked_about_first(run: Any, text: str) -> None:
    told = text.replace("“hij duwde haar”", "“hij heeft nu een mes bij zich”")
    danger = [("weapon", "hij heeft nu een mes bij zich"), ("strangulation", "keel dichtgeknepen")]
    done = run("action_gevaar", text=told, intent="acuut_gevaar", danger=danger)
    assert done.next == "gevaar_form"
    asked = run("validate_gevaar_form", intent="herhaal", case=done.case, ran=["action_gevaar"])
    assert "hij heeft nu een mes bij zich" in asked.text


def test_a_summary_pasted_as_an_answer_to_the_first_question(run: Any, text: str) -> None:
    case = Case.from_slot(run("action_begin", intent="onderbuikgevoel").slots["casus"])
    done = run(
        "validate_kennismaking_form", text=text, intent="vertellen", form="kennismaking_form", case=case,
        slots={"antwoord": text},
    )  # fmt: skip
    assert done.case.fields["paste"] == "read"
    assert done.slots["requested_slot"] is None
    assert done.slots["antwoord"] is None
    assert done.next == "plakken_form"


def test_a_part_at_the_danger_question_is_no_answer_to_it(run: Any, tools: Tools, text: str) -> None:
    told = text.replace("“hij duwde haar”", "“hij heeft nu een mes bij zich”")
    danger = [("weapon", "hij heeft nu een mes bij zich")]
    first = run("action_gevaar", text=told, intent="acuut_gevaar", danger=danger).case
    done = run(
        "validate_gevaar_form", text=text, intent="vertellen", form="gevaar_form", case=first, slots={"antwoord": text}
    )
    assert "gevaar.antwoord" not in done.case.asked
    assert len([entry for entry in done.case.entries if entry.question == "plakken.deel"]) == 2
    assert done.slots["requested_slot"] == "antwoord"
    assert "Is er nu gevaar" in done.text


def test_a_part_that_is_left_to_the_rules_is_taken_there_once(run: Any, text: str) -> None:
    case = run("action_begin", text=text, intent="vertellen").case
    form = run("validate_plakken_form", text=text, intent="kennisvraag", form="plakken_form", case=case)
    assert not form.events
    done = run("action_kennis", text=text, intent="kennisvraag", form="plakken_form", case=case)
    assert len([entry for entry in done.case.entries if entry.question == "plakken.deel"]) == 2


def test_a_yes_goes_on_with_what_was_read(run: Any, text: str) -> None:
    case = run("action_begin", text=text, intent="vertellen").case
    done = run(
        "validate_plakken_form", text="ja dat klopt", intent="bevestigen", form="plakken_form", case=case,
        slots={"antwoord": "ja dat klopt"},
    )  # fmt: skip
    assert done.case.facts["strangulation"] == "yes"
    assert "Heb je sinds deze samenvatting" in done.text


def test_in_the_middle_of_a_case_nothing_of_a_summary_is_taken_over(run: Any, tools: Tools, text: str) -> None:
    case = begun(Case(), "vertellen", STORY, tools)
    done = run("action_begin", text=text, intent="vertellen", case=case)
    assert "Ik neem er nu niets uit over" in done.text
    assert done.slots.get("casus", case.to_slot()) == case.to_slot()
    assert done.next == "kennismaking_form"


def test_danger_in_a_summary_that_comes_too_late_is_asked_about(run: Any, tools: Tools, text: str) -> None:
    case = begun(Case(), "vertellen", STORY, tools)
    told = text.replace("## Feiten", "Hij heeft nu een mes.\n\n## Feiten")
    done = run(
        "action_gevaar", text=told, intent="acuut_gevaar", case=case, danger=[("weapon", "Hij heeft nu een mes")]
    )
    assert done.next == "gevaar_form"
    assert len(done.case.lines) == len(case.lines)


def test_back_takes_a_pasted_summary_back(run: Any, text: str) -> None:
    case = run("action_begin", text=text, intent="vertellen").case
    done = run("action_terug", intent="terug", form="plakken_form", case=case)
    assert done.slots["casus"] is None
    assert done.left_form

"""The danger interruption: kept, asked, not asked twice, and the way back."""

from __future__ import annotations

from typing import Any

from bot.case import Case, Entry, Given, Tools, begun, take

THROAT = "haar vriend heeft haar keel dichtgeknepen"


def test_in_the_first_message(run: Any) -> None:
    done = run("action_gevaar", text=THROAT, intent="acuut_gevaar", danger=[("strangulation", THROAT)])
    assert done.next == "gevaar_form"
    assert done.case.facts == {"strangulation": "yes"}
    assert done.slots["antwoord"] is None
    assert not done.messages
    asked = run("validate_gevaar_form", text=THROAT, intent="acuut_gevaar", case=done.case, ran=["action_gevaar"])
    assert THROAT in asked.text
    assert "gevaar" in asked.text
    assert len(asked.payloads) == 4


def test_a_disclosure_beside_danger_is_not_what_is_quoted(run: Any) -> None:
    triggers = [("disclosure", "ze vertelde het me"), ("strangulation", THROAT)]
    done = run("action_gevaar", text=f"ze vertelde het me: {THROAT}", intent="acuut_gevaar", danger=triggers)
    assert done.case.fields["danger_quote"] == THROAT


def test_the_same_words_again_are_an_answer(run: Any) -> None:
    first = run("action_gevaar", text=THROAT, intent="acuut_gevaar", danger=[("strangulation", THROAT)]).case
    answered = first.add(Entry(question="gevaar.antwoord", facts={"danger_now": "no"}))
    answered = answered.add(
        Entry(question="kennismaking.beroep", fields={"profession": "arts", "client_role": "other"})
    )
    done = run(
        "action_gevaar", text=THROAT, intent="acuut_gevaar", danger=[("strangulation", THROAT)], form="feiten_form",
        case=answered,
    )  # fmt: skip
    assert done.slots == {"antwoord": THROAT}
    assert done.next == "feiten_form"


def test_an_answer_that_is_danger_itself_answers_the_danger_question(run: Any) -> None:
    case = run("action_gevaar", text=THROAT, intent="acuut_gevaar", danger=[("strangulation", THROAT)]).case
    text = "ja hij staat nu met een mes voor de deur"
    done = run(
        "action_gevaar", text=text, intent="acuut_gevaar", danger=[("weapon", text)], form="gevaar_form", case=case
    )
    assert done.slots["antwoord"] == text
    assert done.case.facts["weapon"] == "yes"
    answered = run(
        "validate_gevaar_form", text=text, intent="acuut_gevaar", form="gevaar_form", case=done.case,
        slots={"antwoord": text}, ran=["action_gevaar"],
    )  # fmt: skip
    assert answered.case.facts["danger_now"] == "yes"
    assert "112" in answered.text
    assert answered.next == "action_listen"
    assert answered.payloads == ["/herhaal"]


def test_after_another_answer_the_conversation_goes_on(run: Any) -> None:
    case = run("action_gevaar", text=THROAT, intent="acuut_gevaar", danger=[("strangulation", THROAT)]).case
    done = run(
        "validate_gevaar_form", intent="keuze", choice="1", form="gevaar_form", case=case, slots={"antwoord": "1"}
    )
    assert done.case.facts["danger_coming_days"] == "yes"
    assert "0800-2000" in done.text
    assert done.next == "kennismaking_form"


def test_words_at_an_open_question_are_its_answer_too(run: Any, tools: Tools) -> None:
    case = begun(Case(), "beroep_noemen", "ik ben huisarts", tools)
    case = take(case, "gevoel", Given("mijn patiënte"), 0, tools).case
    done = run(
        "action_gevaar", text=THROAT, intent="acuut_gevaar", danger=[("strangulation", THROAT)], form="gevoel_form",
        case=case,
    )  # fmt: skip
    assert "gevoel.verhaal" in done.case.asked
    assert sum("keel" in line.quote for line in done.case.lines) == 1

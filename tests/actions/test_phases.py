"""Beginning, the forms of the phases, advice, summary, and coming back after the talk."""

from __future__ import annotations

from typing import Any

import pytest

from bot.case import AFTER_TALK, Case, Entry, Given, Tools, begun, take
from bot.case.advising import is_advised

STORY = "Haar man geeft steeds antwoord voor haar en vorige week had ze een blauwe plek op haar arm."


@pytest.fixture
def case(tools: Tools) -> Case:
    """A story, with profession and role: phase 2 comes next."""
    case = begun(Case(), "vertellen", "Als wijkverpleegkundige kom ik bij mevrouw. " + STORY, tools)
    return take(case, "gevoel", Given("mijn cliënte"), 0, tools).case


def enough(case: Case) -> Case:
    return Case(entries=[entry.model_copy(update={"hints": {}}) for entry in case.entries]).add(
        Entry(question="genoeg", fields={"enough": "yes"}, silent=True)
    )


@pytest.mark.parametrize("intent", ["vertellen", "signalen", "onderbuikgevoel"])
def test_a_story_begins_a_case(run: Any, intent: str) -> None:
    done = run("action_begin", text=STORY, intent=intent)
    assert any("blauwe plek" in line.quote for line in done.case.lines)
    assert done.next == "kennismaking_form"
    assert done.text


def test_a_button_begins_an_empty_case(run: Any) -> None:
    done = run("action_begin", intent="onthulling")
    assert done.case.entries == [Entry(question="begin", silent=True)]
    assert "geheimhouding" in done.text


def test_a_profession_as_first_words_is_not_asked_again(run: Any) -> None:
    done = run("action_begin", text="ik ben huisarts", intent="beroep_noemen")
    assert done.case.fields == {"profession": "huisarts"}
    assert done.next == "gevoel_form"


def test_more_story_after_a_stop_goes_on(run: Any, case: Case) -> None:
    done = run("action_begin", text="Gisteren schreeuwde hij weer tegen haar.", intent="vertellen", case=case)
    assert len(done.case.entries) == len(case.entries) + 1
    assert done.next == "feiten_form"
    assert "Dank je dat je hiermee komt" not in done.text


def test_a_form_takes_the_answer_and_asks_the_next_question(run: Any, case: Case) -> None:
    done = run("validate_feiten_form", text="1", intent="keuze", form="feiten_form", case=case, slots={"antwoord": "1"})
    assert done.case.facts["signals"] == "yes"
    assert done.slots["antwoord"] is None
    assert done.slots["requested_slot"] == "antwoord"
    assert done.slots["niet_begrepen"] == 0
    assert done.next == ""


def test_a_list_goes_out_as_a_card(run: Any, case: Case) -> None:
    done = run("validate_feiten_form", intent="herhaal", case=case, ran=["action_herhaal"])
    assert done.kinds == ["tick"]
    card = done.messages[0]["custom"]
    assert card["submit"] == "Klaar"
    assert card["choices"][-1] == {"title": "Geen van deze", "value": "geen"}
    assert "casus" not in done.slots


def test_the_fact_list_goes_out_with_a_row_for_every_line(run: Any, case: Case) -> None:
    asked = [Entry(question=f"feiten.vraag{at}") for at in range(5)]  # enough was asked: now the list
    done = run("validate_feiten_form", intent="herhaal", case=case.add(*asked), ran=["action_herhaal"])
    assert done.kinds == ["rows"]
    (message,) = [message for message in done.messages if message.get("custom")]
    rows = message["custom"]["rows"]
    case = case.add(*asked)
    assert [row["buttons"][-1]["payload"] for row in rows] == [
        f'/keuze{{"keuze": "weg:{line.id}"}}' for line in case.lines
    ]
    assert all(button["full"] == f"{button['title']}: {row['text']}" for row in rows for button in row["buttons"])
    assert [button["title"] for button in message["buttons"]] == ["Klopt zo", "Iets weghalen", "Iets toevoegen"]


def test_a_form_leaves_what_is_no_answer_to_the_rules(run: Any, case: Case) -> None:
    done = run("validate_feiten_form", text="help", intent="help", form="feiten_form", case=case)
    assert not done.events
    assert not done.messages


@pytest.mark.parametrize(("misses", "words"), [(0, "Ik begreep je antwoord niet"), (1, "ik wil een mens spreken")])
def test_a_miss_says_so(run: Any, case: Case, misses: int, words: str) -> None:
    slots = {"antwoord": "blauw", "niet_begrepen": misses}
    done = run("validate_feiten_form", text="blauw", intent="keuze", form="feiten_form", case=case, slots=slots)
    assert words in done.text
    assert done.slots["niet_begrepen"] == misses + 1


def test_the_third_miss_goes_on(run: Any, case: Case) -> None:
    slots = {"antwoord": "blauw", "niet_begrepen": 2}
    done = run("validate_feiten_form", text="blauw", intent="keuze", form="feiten_form", case=case, slots=slots)
    assert "feiten.signalen" in done.case.asked
    assert done.slots["niet_begrepen"] == 0


def test_a_form_that_is_done_goes_to_the_next_phase(run: Any, tools: Tools) -> None:
    case = begun(Case(), "vertellen", STORY, tools)
    slots = {"antwoord": "huisarts"}
    done = run(
        "validate_kennismaking_form", text="huisarts", intent="beroep_noemen", form="kennismaking_form", case=case,
        slots=slots,
    )  # fmt: skip
    assert done.slots["requested_slot"] is None
    assert done.next == "gevoel_form"
    assert not done.messages


def test_danger_goes_before_the_question_of_another_form(run: Any, case: Case) -> None:
    open_danger = case.add(Entry(question="gevaar.gevraagd", fields={"danger_quote": "een mes"}, silent=True))
    done = run(
        "validate_feiten_form", text="1", intent="keuze", form="feiten_form", case=open_danger, slots={"antwoord": "1"}
    )
    assert done.next == "gevaar_form"
    assert "casus" not in done.slots


def test_the_advice_is_told_once_for_the_same_facts(run: Any, case: Case) -> None:
    done = run("action_advies", intent="advies_nu", case=enough(case))
    assert "**Advies:" in done.text
    assert "**De meldcode**" in done.text
    assert is_advised(done.case)
    assert done.next == "besluit_form"
    again = run("action_advies", intent="advies_nu", case=done.case)
    assert "**Advies:" in again.text
    assert "casus" not in again.slots


def test_the_summary(run: Any, case: Case) -> None:
    done = run("action_samenvatting", intent="samenvatting", case=case, form="feiten_form")
    assert done.kinds == ["summary"]
    assert done.next == "feiten_form"
    nothing = run("action_samenvatting", intent="samenvatting")
    assert not nothing.kinds
    assert nothing.payloads == ["/gesprek_gehad"]


def test_after_the_talk_all_is_open_again(run: Any, case: Case) -> None:
    told = run("action_advies", intent="advies_nu", case=enough(case)).case
    done = run("action_gesprek_gehad", text="ik heb met haar gepraat", intent="gesprek_gehad", case=told)
    assert done.case.entries[-1].question == AFTER_TALK
    assert done.case.facts["talked_with_client"] == "yes"
    assert not is_advised(done.case)
    assert "enough" not in done.case.fields
    assert done.next == "feiten_form"
    asked = run("validate_feiten_form", intent="herhaal", case=done.case, ran=["action_gesprek_gehad"])
    assert "Wat is er in het gesprek gezegd?" in asked.text


def test_what_is_told_of_the_talk_at_once_is_not_asked_again(run: Any, case: Case) -> None:
    told = run("action_advies", intent="advies_nu", case=enough(case)).case
    text = "Ik heb haar vanmiddag gesproken en ze zei dat hij haar telefoon afpakt"
    done = run("action_gesprek_gehad", text=text, intent="gesprek_gehad", case=told)
    assert any("telefoon afpakt" in line.quote for line in done.case.lines)
    asked = run("validate_feiten_form", intent="herhaal", case=done.case, ran=["action_gesprek_gehad"])
    assert "Wat is er sindsdien veranderd?" in asked.text
    before, undone = done.case.undo()
    assert before == told
    assert undone is not None


def test_after_the_talk_danger_is_not_now_any_more_and_not_denied(run: Any, case: Case) -> None:
    danger = case.add(Entry(question="gevaar.antwoord", facts={"danger_now": "yes"}))
    done = run("action_gesprek_gehad", intent="gesprek_gehad", case=danger)
    assert done.case.facts["danger_now"] == "unknown"


def test_not_having_spoken_someone_is_no_talk_to_come_back_from(run: Any, case: Case) -> None:
    text = "Ik heb de moeder niet gezien of gesproken"
    done = run("action_gesprek_gehad", text=text, intent="gesprek_gehad", form="feiten_form", case=case)
    assert done.slots["antwoord"] == text
    assert "terug bent" not in done.text
    alone = run("action_gesprek_gehad", text=text, intent="gesprek_gehad", case=case)
    assert "terug bent" not in alone.text

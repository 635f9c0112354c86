"""What is asked next: only what can still change the advice, danger first, never too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import FACTS, GROUPS, AdviceInputError, AdviceRequest, Choice, Question, Tables
from tests.unit.advice.conftest import requests

few = settings(max_examples=40)


def weigh(
    tables: Tables, request: AdviceRequest, choose: Callable[[Question], Choice]
) -> tuple[list[str], AdviceRequest]:
    """Put the whole weighing and answer each question by `choose`."""
    asked: list[str] = []
    while (question := tables.next_question(request, asked)) is not None:
        asked.append(question.id)
        request = request.with_facts(choose(question).facts)
    return asked, request


def last_but_one(question: Question) -> Choice:
    """The calmest answer stands just before "Weet ik niet"."""
    return question.choices[-2]


def dont_know(question: Question) -> Choice:
    """Always "Weet ik niet"."""
    return question.choices[-1]


@few
@given(request=requests)
def test_ask_next_lists_just_the_facts_that_change_the_outcome(tables: Tables, request: AdviceRequest) -> None:
    now = tables.decide(request).outcome
    expected = {
        fact
        for fact in FACTS
        if request.value(fact) == "unknown"
        and any(tables.decide(request.with_facts({fact: value})).outcome != now for value in ("yes", "no"))
    }
    asked = tables.ask_next(request)
    assert set(asked) == expected
    assert len(asked) == len(expected)
    levels = [min(tables.decide(request.with_facts({fact: value})).level for value in ("yes", "no")) for fact in asked]
    assert levels == sorted(levels)


def test_unknown_children_safety_is_asked_when_there_are_children(tables: Tables) -> None:
    assert "children_safe" in tables.ask_next(AdviceRequest(case={"children": "yes", "signals": "yes"}))
    assert "children_safe" not in tables.ask_next(AdviceRequest(case={"children": "no", "signals": "yes"}))


def test_danger_is_asked_first(tables: Tables) -> None:
    question = tables.next_question(AdviceRequest())
    assert question is not None
    assert question.facts == ("danger_now", "danger_coming_days")
    assert tables.ask_next(AdviceRequest())[0] == "danger_now"


def test_after_danger_now_a_hint_comes_first_while_it_matters(tables: Tables) -> None:
    request = AdviceRequest(case={"signals": "yes"})
    question = tables.next_question(request, hints=["coercive_control"])
    assert question is not None
    assert question.id == "gevaar"
    question = tables.next_question(request, ["gevaar"], ["coercive_control"])
    assert question is not None
    assert question.id == "controle"
    known = request.with_facts({"coercive_control": "yes", "power_imbalance": "yes"})
    question = tables.next_question(known, ["gevaar"], ["coercive_control"])
    assert question is not None
    assert question.id != "controle"


def test_nothing_is_asked_once_112_is_needed(tables: Tables) -> None:
    assert tables.next_question(AdviceRequest(case={"danger_now": "yes"}), hints=["weapon"]) is None


def test_no_question_is_put_twice_and_the_weighing_stays_short(tables: Tables) -> None:
    for choose in (last_but_one, dont_know):
        for case in ({}, {"signals": "yes"}, {"coercive_control": "yes"}, {"separation": "yes", "stalking": "yes"}):
            asked, _ = weigh(tables, AdviceRequest(case=case), choose)
            assert len(asked) == len(set(asked)) <= 14
    assert len(weigh(tables, AdviceRequest(), last_but_one)[0]) <= tables.limits["observe"]["total"]


def test_when_contact_is_needed_today_only_what_is_urgent_is_asked(tables: Tables) -> None:
    asked, request = weigh(tables, AdviceRequest(case={"disclosure": "yes", "strangulation": "yes"}), last_but_one)
    assert len(asked) <= 6
    assert asked[0] == "gevaar"
    assert tables.decide(request).outcome == "acute_contact"


def test_stalking_after_a_separation_asks_about_control_and_threats(tables: Tables) -> None:
    request = AdviceRequest("wijkteam", "victim", case={"separation": "yes", "stalking": "yes"})
    asked, _ = weigh(tables, request, dont_know)
    facts = {fact for question in tables.questions if question.id in asked for fact in question.facts}
    assert {"coercive_control", "continuing_threat", "threat_to_kill"} <= facts


@few
@given(request=requests, data=st.data())
def test_an_answer_never_takes_back_a_known_danger(tables: Tables, request: AdviceRequest, data: st.DataObject) -> None:
    question = tables.next_question(request)
    if question is None:
        return
    choice = data.draw(st.sampled_from(question.choices))
    after = request.with_facts(choice.facts)
    assert all(after.value(fact) == "yes" for fact in FACTS if request.value(fact) == "yes")


@few
@given(request=requests)
def test_the_weighing_stops_only_when_it_is_settled_or_long_enough(tables: Tables, request: AdviceRequest) -> None:
    asked, after = weigh(tables, request, dont_know)
    assert len(asked) <= 14
    question = tables.next_question(after, asked)
    assert question is None


def test_no_question_about_children_when_there_are_none(tables: Tables) -> None:
    asked, _ = weigh(tables, AdviceRequest(case={"children": "no", "signals": "yes"}), dont_know)
    assert not {"kinderen_merken"} & set(asked)


def test_every_fact_has_a_question(tables: Tables) -> None:
    for fact in FACTS:
        assert fact in tables.question_for(fact).facts
    with pytest.raises(AdviceInputError):
        tables.question_for("wapen")


def test_a_question_that_only_touches_on_a_fact_is_not_the_one_that_settles_it(tables: Tables) -> None:
    whole = tables.question_for("animals_harmed")
    touching = replace(whole, id="raakt", choices=(Choice("Ja", {"animals_harmed": "yes"}),))
    assert replace(tables, questions=(touching, *tables.questions)).question_for("animals_harmed") is whole
    assert replace(tables, questions=(touching,)).question_for("animals_harmed") is touching


def test_every_danger_can_be_answered_with_yes_and_with_no(tables: Tables) -> None:
    for fact in (*GROUPS["danger"], *GROUPS["protective"]):
        values = {choice.facts.get(fact) for choice in tables.question_for(fact).choices}
        assert {"yes", "no", "unknown"} <= values, fact


def test_every_question_can_be_left_open(tables: Tables) -> None:
    for question in tables.questions:
        assert question.choices[-1].title == "Weet ik niet"
        assert set(question.choices[-1].facts.values()) == {"unknown"}
        assert question.text.rstrip().endswith(("?", "Kies wat past.")), question.id
        titles = [choice.title for choice in question.choices]
        assert len(titles) == len(set(titles))


def test_a_question_keeps_its_answers_in_their_places(tables: Tables) -> None:
    question = tables.next_question(
        AdviceRequest(case={"signals": "yes", "stalking": "yes"}), ["gevaar"], ["continuing_threat"]
    )
    assert question is not None
    whole = tables.question_for("stalking")
    assert [choice.title for choice in question.choices] == [choice.title for choice in whole.choices]
    assert "stalking" not in question.facts


def test_a_calm_answer_to_a_wide_question_takes_nothing_back(tables: Tables) -> None:
    question = tables.question_for("stalking")
    calm = [question.choices[-2].title]
    request = AdviceRequest(case={"stalking": "yes", "continuing_threat": "no"})
    assert tables.facts_after(question, calm, request) == {
        "stalking": "yes",
        "continuing_threat": "no",
        "protection_order_broken": "no",
    }
    threat = [question.choices[1].title]
    assert tables.facts_after(question, threat, request) == {"continuing_threat": "yes"}
    assert tables.facts_after(question, ["Weet ik niet"], request)["stalking"] == "yes"


def test_ticked_answers_add_up_and_the_safest_value_stands(tables: Tables) -> None:
    question = tables.question_for("weapon")
    titles = [choice.title for choice in question.choices]
    assert tables.facts_after(question, [titles[0], titles[1]]) == {"weapon": "yes", "threat_to_kill": "yes"}
    clash = tables.facts_after(question, [titles[0], "Geen van deze", "Weet ik niet"])
    assert (clash["weapon"], clash["locked_in"]) == ("yes", "unknown")


def test_of_two_answers_the_safest_stands_for_every_fact(tables: Tables) -> None:
    assert {name for name, fact in tables.facts.items() if fact.safest == "yes"} == {
        *GROUPS["danger"], "children", "care_dependent", "residence_dependent", "informal_care", "substance_use"
    }  # fmt: skip
    for name, fact in tables.facts.items():
        choices = (Choice("ja", {name: "yes"}), Choice("nee", {name: "no"}))
        question = replace(tables.questions[0], facts=(name,), choices=choices)
        assert tables.facts_after(question, ["nee", "ja"]) == {name: fact.safest}
        known = AdviceRequest(case={name: fact.safest})
        assert tables.facts_after(question, ["ja" if fact.safest == "no" else "nee"], known) == {name: fact.safest}

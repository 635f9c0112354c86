"""Both tables: every case has one level and one setup, as the design says; no danger ever makes them milder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import CLIENT_ROLES, FACTS, GROUPS, OUTCOMES, SETUPS, AdviceRequest, Decision, Tables
from bot.advice.conditions import Is
from tests.unit.advice import oracle
from tests.unit.advice.conftest import requests

DANGER = GROUPS["danger"]
many = settings(max_examples=200)


def assert_not_milder(before: Decision, after: Decision) -> None:
    """The second decision is at least as heavy, as cautious and as careful."""
    assert after.level <= before.level
    assert {row.id for row in before.cautions} <= {row.id for row in after.cautions}
    assert SETUPS.index(after.setup) <= SETUPS.index(before.setup)


@many
@given(request=requests)
def test_the_tables_say_what_the_design_says(tables: Tables, request: AdviceRequest) -> None:
    decision = tables.decide(request)
    rows = list(oracle.level_rows(request))
    assert [(row.nr, row.outcome_for(decision.view)) for row in decision.matched] == rows
    assert (decision.outcome, decision.level) == (rows[0][1], OUTCOMES.index(rows[0][1]) + 1)
    assert (decision.setup_rules[0].nr, decision.setup) == oracle.setup_row(request)


@many
@given(request=requests)
def test_the_first_row_that_holds_is_the_heaviest(tables: Tables, request: AdviceRequest) -> None:
    decision = tables.decide(request)
    ranks = [OUTCOMES.index(row.outcome_for(decision.view)) for row in decision.matched]
    assert ranks == sorted(ranks)


@many
@given(request=requests, fact=st.sampled_from(DANGER))
def test_a_danger_never_makes_it_milder(tables: Tables, request: AdviceRequest, fact: str) -> None:
    assert_not_milder(tables.decide(request), tables.decide(request.with_facts({fact: "yes"})))


@many
@given(request=requests, fact=st.sampled_from(DANGER))
def test_unknown_danger_is_never_milder_than_no(tables: Tables, request: AdviceRequest, fact: str) -> None:
    no, unknown = (request.with_facts({fact: value}) for value in ("no", "unknown"))
    assert_not_milder(tables.decide(no), tables.decide(unknown))


def pairs_of_facts() -> Iterator[dict[str, str]]:
    """Yield every case in which at most two facts are yes and the others unknown."""
    yield {}
    for size in (1, 2):
        for names in combinations(FACTS, size):
            yield dict.fromkeys(names, "yes")


def test_a_danger_never_makes_it_milder_in_any_small_case(tables: Tables) -> None:
    for role in ("unknown", "perpetrator", "child"):
        decisions = {
            frozenset(case): tables.decide(AdviceRequest("anders", role, case=case)) for case in pairs_of_facts()
        }
        for names, before in decisions.items():
            if len(names) < 2:
                for fact in DANGER:
                    assert_not_milder(before, decisions[names | {fact}])


def test_every_combination_behind_a_setup_has_one_setup(tables: Tables) -> None:
    facts = ("honour", "coercive_control", "asked_veilig_thuis", "expert_consulted", "victim_with_you", "strangulation")
    for values, role in product(product(("yes", "no", "unknown"), repeat=len(facts)), CLIENT_ROLES):
        request = AdviceRequest("anders", role, case=dict(zip(facts, values, strict=True)))
        decision = tables.decide(request)
        assert (decision.setup_rules[0].nr, decision.setup) == oracle.setup_row(request)
        assert len(decision.matched) == len({row.id for row in decision.matched}) >= 1


def nothing_known(**facts: str) -> AdviceRequest:
    """A case in which only these facts are known."""
    return AdviceRequest(case=facts)


LEVEL_CASES = {
    1: {"danger_now": "yes"},
    2: {"locked_in": "yes"},
    3: {"disclosure": "yes"},
    4: {"physical_violence": "yes", "pregnant": "yes"},
    5: {"separation": "yes", "coercive_control": "yes"},
    6: {"honour": "yes"},
    7: {"repeated": "yes"},
    8: {"signals": "yes", "help_refused": "yes"},
    9: {"children_safe": "no"},
    10: {"isolated": "yes"},
    11: {"signals": "yes", "separation": "yes"},
    12: {"signals": "yes"},
    13: {},
}
CALM = dict.fromkeys(DANGER, "no") | {"heard_apart": "yes", "both_want_joint_talk": "yes"}
SETUP_CASES: dict[int, tuple[str, dict[str, str]]] = {
    1: ("unknown", {"danger_now": "yes"}),
    2: ("unknown", {"honour": "yes"}),
    3: ("unknown", {"coercive_control": "yes"}),
    4: ("unknown", {"own_safety_threatened": "yes"}),
    5: ("perpetrator", {"stalking": "yes"}),
    6: ("unknown", {"honour": "yes", "victim_with_you": "yes"}),
    7: ("child", {}),
    8: ("unknown", {"strangulation": "yes"}),
    9: ("perpetrator", {}),
    10: ("unknown", {"stalking": "yes"}),
    11: ("unknown", {"separation": "yes"}),
    12: ("unknown", {}),
    13: ("couple", {**CALM, "physical_violence": "yes"}),
    14: ("couple", CALM),
}


@pytest.mark.parametrize(("nr", "case"), LEVEL_CASES.items())
def test_every_level_row_is_reached(tables: Tables, nr: int, case: dict[str, str]) -> None:
    assert tables.decide(nothing_known(**case)).rule.nr == nr


@pytest.mark.parametrize(("nr", "where"), SETUP_CASES.items())
def test_every_setup_row_is_reached(tables: Tables, nr: int, where: tuple[str, dict[str, str]]) -> None:
    role, case = where
    assert tables.decide(AdviceRequest("anders", role, case=case)).setup_rules[0].nr == nr


def test_the_cases_above_cover_every_row(tables: Tables) -> None:
    assert [row.nr for row in tables.levels] == list(LEVEL_CASES)
    assert [row.nr for row in tables.setups] == list(SETUP_CASES)
    assert {row.setup for row in tables.setups} == set(SETUPS) == set(tables.plans)


CAUTION_CASES = [
    ("honour", {"honour": "yes"}),
    ("control", {"coercive_control": "yes"}),
    ("control", {"stalking": "yes"}),
    ("control", {"fear": "yes"}),
    ("separation", {"separation": "yes"}),
    ("strangulation", {"strangulation": "yes"}),
    ("children", {"children": "yes"}),
    ("children", {"children_safe": "no"}),
    ("own_safety", {"own_safety_threatened": "yes"}),
    ("consent", {"victim_agrees": "no"}),
    ("consent", {"decides_freely": "no"}),
    ("suicide", {"victim_suicidal": "yes"}),
    ("suicide", {"perpetrator_suicidal": "yes"}),
    ("earlier_report", {"earlier_report": "yes"}),
    ("dependence", {"care_dependent": "yes"}),
    ("dependence", {"residence_dependent": "yes"}),
    ("sexual_violence", {"sexual_violence": "yes"}),
    ("both_use_violence", {"both_use_violence": "yes"}),
]


@pytest.mark.parametrize(("caution", "case"), CAUTION_CASES)
def test_a_caution_stands_beside_the_heaviest_level(tables: Tables, caution: str, case: dict[str, str]) -> None:
    advice = tables.advise(nothing_known(danger_now="yes", **case)).as_dict()
    assert advice["outcome"] == "call_112"
    shown = {row["id"]: row for row in advice["cautions"]}
    assert shown[caution]["text"]
    assert shown[caution]["sources"]


def test_a_minor_is_minded(tables: Tables) -> None:
    assert "minor" in {row.id for row in tables.decide(AdviceRequest(minor="yes")).cautions}
    assert "minor" in {row.id for row in tables.decide(AdviceRequest(client_role="child")).cautions}
    assert "minor" in {row.id for row in tables.decide(AdviceRequest(case={"child_told": "yes"})).cautions}
    assert not tables.decide(AdviceRequest()).cautions


def test_honour_is_never_hidden(tables: Tables) -> None:
    for fact in DANGER:
        advice = tables.advise(nothing_known(honour="yes", **({} if fact == "honour" else {fact: "yes"})))
        assert advice.decision.report == "with_expert"
        assert "honour" in {row["rule"] for row in advice.as_dict()["reasons"]}


@many
@given(request=requests)
def test_help_follows_the_level(tables: Tables, request: AdviceRequest) -> None:
    decision = tables.decide(request)
    nr = decision.rule.nr
    expected = "with_veilig_thuis" if nr <= 9 else "unknown" if nr == 13 else "organise_and_follow"
    if expected == "organise_and_follow" and request.value("help_refused") == "yes":
        expected = "unknown"
    assert decision.help == expected


@pytest.mark.parametrize("nr", range(1, 13))
def test_a_rule_that_cannot_be_evaluated_gives_acute_contact_and_a_person(tables: Tables, nr: int) -> None:
    levels = tuple(replace(row, when=Is("gone", ("yes",))) if row.nr == nr else row for row in tables.levels)
    advice = replace(tables, levels=levels).advise(AdviceRequest()).as_dict()
    assert advice["outcome"] == "acute_contact"
    assert advice["person"]["offer"]
    assert advice["reasons"][0]["rule"] == "cannot_weigh"


def test_a_rule_that_cannot_be_evaluated_does_not_hide_112(tables: Tables) -> None:
    levels = tuple(replace(row, when=Is("gone", ("yes",))) if row.nr == 7 else row for row in tables.levels)
    assert replace(tables, levels=levels).decide(nothing_known(danger_now="yes")).outcome == "call_112"


def test_a_setup_or_caution_that_cannot_be_evaluated_is_no_talk_and_a_person(tables: Tables) -> None:
    setups = tuple(replace(row, when=Is("gone", ("yes",))) if row.nr == 12 else row for row in tables.setups)
    decision = replace(tables, setups=setups).decide(nothing_known())
    assert (decision.outcome, decision.setup) == ("acute_contact", "no_talk_now")
    cautions = (replace(tables.cautions[0], when=Is("gone", ("yes",))), *tables.cautions[1:])
    decision = replace(tables, cautions=cautions).decide(nothing_known())
    assert (decision.outcome, decision.cautions[0].id) == ("acute_contact", "honour")


def test_a_value_that_nobody_knows_is_never_taken_for_no(tables: Tables) -> None:
    decision = tables.decide(AdviceRequest(case={"weapon": "ja"}))
    assert (decision.outcome, decision.setup) == ("acute_contact", "no_talk_now")

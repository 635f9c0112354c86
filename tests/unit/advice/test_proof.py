"""What must be true of the tables is proved for every case there is, and a table that is broken fails the proof
with a case that shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from ruamel.yaml import YAML

from bot.advice import FACTS, OUTCOMES, SETUPS, AdviceRequest, Tables, parse_request
from bot.advice.checks import read_names
from bot.advice.conditions import AllOf, Always, AnyOf, Condition, Is, Not
from bot.advice.decision import decide
from bot.advice.records import REPORTS, Line
from tests.unit.advice.conftest import requests
from tests.unit.advice.properties import PROPERTIES
from tests.unit.advice.prover import DOMAINS, Encoded, NotProvedError, Prover, translate

# Seconds for each proof, building included. On two busy cores the slowest takes five, and all together eight.
SECONDS = {"everything_can_be_said": 20}
OTHERS = 3


def seconds_for(name: str) -> int:
    """How long a proof may take."""
    return SECONDS.get(name, OTHERS)


@pytest.mark.parametrize("name", PROPERTIES)
def test_it_is_proved_of_every_case(tables: Tables, name: str) -> None:
    begin, limit = time.monotonic(), seconds_for(name)
    counterexample = PROPERTIES[name](Prover(tables, limit))
    assert not counterexample, f"\n{counterexample}"
    assert time.monotonic() - begin <= limit


def test_all_proofs_together_take_less_than_a_minute() -> None:
    assert sum(map(seconds_for, PROPERTIES)) < 60


def yes(fact: str) -> Condition:
    """A fact is yes."""
    return Is(fact, ("yes",), ("yes", "no", "unknown"))


def level(tables: Tables, rule: str, **changes: Any) -> Tables:
    """The tables with one level row changed."""
    return replace(tables, levels=tuple(replace(row, **changes) if row.id == rule else row for row in tables.levels))


def setup(tables: Tables, rule: str, when: Condition) -> Tables:
    """The tables with one setup row changed."""
    return replace(tables, setups=tuple(replace(row, when=when) if row.id == rule else row for row in tables.setups))


def caution(tables: Tables, rule: str, **changes: Any) -> Tables:
    """The tables with one caution changed."""
    return replace(
        tables, cautions=tuple(replace(row, **changes) if row.id == rule else row for row in tables.cautions)
    )


def shared(tables: Tables, part: str, lines: tuple[Line, ...]) -> Tables:
    """The tables with other lines in a part that all plans share."""
    return replace(tables, every_plan=replace(tables.every_plan, parts={**tables.every_plan.parts, part: lines}))


def when_of(tables: Tables, rule: str) -> Condition:
    """The condition of a level row."""
    return next(row.when for row in tables.levels if row.id == rule)


def unread(tables: Tables, fact: str) -> Tables:
    """The tables with a fact that is still named, but of which the value makes no difference."""
    row = next(row for row in tables.setups if row.id == "not_yet_known")
    assert isinstance(row.when, AnyOf)
    others = tuple(part for part in row.when.parts if fact not in part.names())
    return setup(replace(tables, methods=()), row.id, AnyOf((*others, AllOf((yes(fact), Not(yes(fact)))))))


def without_expert(tables: Tables) -> Tables:
    """With honour the expert is left out when there is danger now: neither the row nor the decision asks for one."""
    when = AllOf((yes("honour"), Not(yes("danger_now"))))
    return replace(level(tables, "honour", when=when), report_with_expert=replace(tables.report_with_expert, when=when))


NEVER = (Line("nooit", AllOf((yes("fear"), Not(yes("fear"))))),)
SPOILED: Mapping[str, tuple[str, Callable[[Tables], Tables], str]] = {
    "no row for a case without facts": (
        "one_level", lambda t: replace(t, levels=t.levels[:-1]), "geen enkele niveaurij",
    ),
    "no setup for a calm couple": ("one_setup", lambda t: replace(t, setups=t.setups[:-1]), "geen enkele gespreksrij"),
    "a row under a wider one": (
        "every_level_row_decides",
        lambda t: level(t, "violence_rising", when=AllOf((when_of(t, "violence_rising"), when_of(t, "red_flag")))),
        "niveaurij 4 (violence_rising) beslist nooit",
    ),
    "a setup row that catches all": (
        "every_setup_row_decides",
        lambda t: setup(t, "honour_victim_only", Always()),
        "gespreksrij 7 (child_is_client) beslist nooit",
    ),
    "a lighter row above a heavier one": (
        "first_is_heaviest", lambda t: level(t, "red_flag", outcome="consult"), "niet de zwaarste",
    ),
    "a level that danger takes away": (
        "danger_is_never_milder",
        lambda t: level(t, "red_flag", when=AllOf((when_of(t, "red_flag"), Not(yes("earlier_report"))))),
        "earlier_report van ",
    ),
    "a caution that danger takes away": (
        "danger_is_never_milder",
        lambda t: caution(t, "separation", when=AllOf((yes("separation"), Not(yes("weapon"))))),
        "weapon van ",
    ),
    "a setup that danger makes less careful": (
        "danger_is_never_milder",
        lambda t: setup(t, "honour_expert_first", AllOf((yes("honour"), Not(yes("stalking"))))),
        "stalking van ",
    ),
    "a no that weighs more than unknown": (
        "unknown_is_never_milder",
        lambda t: level(t, "red_flag", when=AnyOf((when_of(t, "red_flag"), Is("isolated", ("yes", "no"))))),
        "isolated van no naar unknown",
    ),
    "rows of one level that differ about help": (
        "no_contradiction", lambda t: level(t, "disclosure", help="unknown"), "spreken elkaar tegen",
    ),
    "honour without the expert": ("honour_goes_with_the_expert", without_expert, "deskundige niet mee"),
    "a fact that is only named": ("every_fact_counts", lambda t: unread(t, "power_imbalance"), "power_imbalance"),
    "a plan without a word on the own safety": (
        "every_plan_is_whole", lambda t: shared(t, "own_safety", t.every_plan.parts["own_safety"][:1]), "own_safety",
    ),
    "both side by side, whatever there is": (
        "nobody_is_put_on_a_level_with_danger",
        lambda t: replace(t, methods=(replace(t.methods[0], when=Is("fear", ("no",))), *t.methods[1:])),
        "op gelijke hoogte",
    ),
    "a sentence behind too many others": (
        "everything_can_be_said",
        lambda t: shared(t, "own_safety", (*(3 * (Line("deur", Always()),)), Line("nooit gehoord", Always()))),
        "wordt nooit gezegd: nooit gehoord",
    ),
    "a sentence that nobody hears": (
        "everything_can_be_said", lambda t: caution(t, "children", text=NEVER), "wordt nooit gezegd: nooit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILED)
def test_a_broken_table_fails_the_proof(tables: Tables, what: str) -> None:
    name, spoil, told = SPOILED[what]
    assert told in PROPERTIES[name](Prover(spoil(tables), 60))


def test_every_proof_was_seen_to_fail() -> None:
    assert {name for name, _, _ in SPOILED.values()} == set(PROPERTIES)


def test_a_counterexample_is_a_case_that_the_tables_confirm(tables: Tables) -> None:
    broken = SPOILED["a caution that danger takes away"][1](tables)
    told = PROPERTIES["danger_is_never_milder"](Prover(broken, 60))
    request = parse_request(YAML(typ="safe", pure=True).load(told.split("\n\n", 1)[1]))
    before = decide(broken, request.with_facts({"weapon": "no"}))
    after = decide(broken, request.with_facts({"weapon": "yes"}))
    assert "separation" in {row.id for row in before.cautions}
    assert "separation" not in {row.id for row in after.cautions}


def test_the_deciding_level_decides_about_reporting_too(tables: Tables) -> None:
    """Also where a row of a lighter level would say more: a doubt that stands in docs/advies-twijfels.md."""
    told = decide(tables, AdviceRequest(case={"repeated": "yes", "disclosure": "yes"}))
    assert (told.rule.id, told.report) == ("disclosure", "discuss_now")


@pytest.mark.parametrize("facts", [("physical_violence", "pregnant"), ("separation", "coercive_control")])
def test_rows_of_one_level_do_not_contradict_each_other_about_reporting(tables: Tables, facts: tuple[str, ...]) -> None:
    told = decide(tables, AdviceRequest(case=dict.fromkeys(("disclosure", *facts), "yes")))
    assert (told.rule.id, told.report) == ("disclosure", "necessary")


def test_without_time_nothing_is_proved(tables: Tables) -> None:
    with pytest.raises(NotProvedError):
        PROPERTIES["one_level"](Prover(tables, 0))


def test_a_kind_of_condition_that_the_proof_does_not_know_stops_it() -> None:
    with pytest.raises(TypeError, match="str"):
        translate("red", {})  # type: ignore[arg-type]


@settings(max_examples=30)
@given(request=requests)
def test_the_logic_says_of_a_case_what_the_tables_say(tables: Tables, request: AdviceRequest) -> None:
    view, decision = request.view().values, decide(tables, request)
    case = Encoded(tables, {(name, v): z3.BoolVal(view[name] == v) for name in DOMAINS for v in DOMAINS[name]})

    def true(claim: Any) -> bool:
        return bool(z3.is_true(z3.simplify(claim)))

    assert [o for o in OUTCOMES if true(case.outcome_is[o])] == [decision.outcome]
    assert [s for s in SETUPS if true(case.setup_is[s])] == [decision.setup]
    assert [row.id for row in tables.levels if true(case.decides(row))] == [decision.rule.id]
    assert {row.id for row in tables.levels if true(case.level_holds[row.id])} == {row.id for row in decision.matched}
    assert [report for report in REPORTS if true(case.reports(report))] == [decision.report]
    assert [row.id for row in tables.cautions if true(case.holds(row.when))] == [row.id for row in decision.cautions]


def test_every_name_that_the_tables_read_is_in_the_proof(tables: Tables) -> None:
    assert set(FACTS) <= set(DOMAINS)
    assert set(read_names(tables)) <= {*DOMAINS, "outcome", "setup"}

"""A rule that cannot be weighed leads to Veilig Thuis and a person, whichever rule it is, whatever the case:
never to a lighter advice than without the fault, and never to silence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import OUTCOMES, SETUPS, AdviceRequest, Tables
from bot.advice.conditions import AllOf, AnyOf, Condition, ConditionError, Is, Not
from bot.advice.decision import decide, holds
from tests.unit.advice.conftest import requests

ACUTE = OUTCOMES.index("acute_contact") + 1
GONE = Is("a_fact_that_was_renamed", ("yes",))
broken_conditions = st.sampled_from((
    lambda when: GONE,
    lambda when: Not(GONE),
    lambda when: AllOf((GONE, when)),
    lambda when: AnyOf((GONE, when)),
    lambda when: AnyOf((Not(AllOf((GONE,))), when)),
))  # fmt: skip
several = settings(max_examples=120)


def spoiled(tables: Tables, table: str, index: int, spoil: Any) -> Tables:
    """The tables with the condition of one row broken."""
    rows = list(getattr(tables, table))
    rows[index] = replace(rows[index], when=spoil(rows[index].when))
    changed: dict[str, Any] = {table: tuple(rows)}
    return replace(tables, **changed)


@several
@given(request=requests, spoil=broken_conditions, data=st.data())
def test_a_broken_row_is_never_milder_and_offers_a_person(
    tables: Tables, request: AdviceRequest, spoil: Any, data: st.DataObject
) -> None:
    table = data.draw(st.sampled_from(("levels", "setups", "cautions")))
    last = len(getattr(tables, table)) - 1
    broken = spoiled(tables, table, data.draw(st.integers(0, last - (table == "levels"))), spoil)
    whole, decision = decide(tables, request), decide(broken, request)
    assert decision.level <= ACUTE
    assert decision.level <= whole.level
    assert {row.id for row in whole.cautions} <= {row.id for row in decision.cautions}
    assert SETUPS.index(decision.setup) <= SETUPS.index(whole.setup)
    if table == "setups":
        assert decision.setup == "no_talk_now"
    told = broken.advise(request).as_dict()
    assert told["person"]["offer"]
    assert "cannot_weigh" in {row["rule"] for row in told["reasons"]}
    assert any("0800-2000" in step or "112" in step for step in told["next_steps"])


@several
@given(request=requests, spoil=broken_conditions)
def test_when_every_row_is_broken_there_is_still_veilig_thuis_and_a_person(
    tables: Tables, request: AdviceRequest, spoil: Any
) -> None:
    broken = tables
    for table in ("levels", "setups", "cautions"):
        for index in range(len(getattr(tables, table))):
            broken = spoiled(broken, table, index, spoil)
    told = broken.advise(request).as_dict()
    outcome = "call_112" if request.value("danger_now") == "yes" else "acute_contact"
    assert (told["outcome"], told["conversation"]["setup"]) == (outcome, "no_talk_now")
    assert told["person"]["offer"]
    assert {row["id"] for row in told["cautions"]} == {row.id for row in tables.cautions}


@several
@given(request=requests, spoil=broken_conditions, data=st.data())
def test_a_broken_check_person_or_decision_is_taken_as_if_it_held(
    tables: Tables, request: AdviceRequest, spoil: Any, data: st.DataObject
) -> None:
    table = data.draw(st.sampled_from(("checks", "person")))
    index = data.draw(st.integers(0, len(getattr(tables, table)) - 1))
    told = spoiled(tables, table, index, spoil).advise(request).as_dict()
    if table == "checks":
        assert tables.checks[index].id in {row["id"] for row in told["checks"]}
    else:
        assert told["person"]["offer"]
    expert = replace(tables.report_with_expert, when=GONE)
    assert decide(replace(tables, report_with_expert=expert), request).report == "with_expert"


@several
@given(request=requests, data=st.data())
def test_a_broken_way_of_talking_is_not_named(tables: Tables, request: AdviceRequest, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(tables.methods) - 1))
    told = spoiled(tables, "methods", index, lambda when: GONE).advise(request).as_dict()["conversation"]
    assert tables.methods[index].id not in {row["id"] for row in told["methods"]}


class Raises(Condition):
    """A condition that fails in the middle of another."""

    def holds(self, view: Any) -> bool:
        raise ConditionError("kapot")

    def names(self) -> frozenset[str]:
        return frozenset()


@given(request=requests)
def test_what_cannot_be_told_is_none_and_not_no(request: AdviceRequest) -> None:
    assert holds(Not(Raises()), request.view()) is None
    assert holds(AllOf((Raises(),)), request.view()) is None

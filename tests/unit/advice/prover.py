"""Turns the loaded tables into logic, so that a solver can look at every case there is instead of at some.

Nothing is written down here a second time: every condition is translated as it was read from `data/advice/`. A case
is one truth value for each name with each of its values, of which exactly one is true. What the solver finds is
given back as a request, so that the tables themselves can be asked whether it is so."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import z3

from bot.advice import FACTS, OUTCOMES, SETUPS, AdviceRequest
from bot.advice.conditions import VALUES, AllOf, Always, AnyOf, Condition, Is, Not, Word
from bot.advice.records import REPORTS, LevelRule, TableData
from bot.advice.request import FIELDS

DOMAINS: Mapping[str, tuple[str, ...]] = {**dict.fromkeys(FACTS, VALUES), **FIELDS}
Bits = Mapping[tuple[str, str], Any]


class NotProvedError(AssertionError):
    """The solver did not finish in the time that it was given: that proves nothing."""


def any_of(parts: Iterable[Any]) -> Any:
    """At least one; of nothing, none."""
    return z3.Or([z3.BoolVal(False), *parts])


def all_of(parts: Iterable[Any]) -> Any:
    """Every one; of nothing, all."""
    return z3.And([z3.BoolVal(True), *parts])


def exactly_one(parts: Iterable[Any]) -> Any:
    """One and no more."""
    return z3.PbEq([(part, 1) for part in parts], 1)


def translate(condition: Condition, bits: Bits) -> Any:
    """Translate one condition; a kind of condition that is not known here stops the proof."""
    match condition:
        case Always():
            return z3.BoolVal(True)
        case Is(name, accepted):
            return any_of(bits[name, value] for value in accepted)
        case AnyOf(parts):
            return any_of(translate(part, bits) for part in parts)
        case AllOf(parts):
            return all_of(translate(part, bits) for part in parts)
        case Not(part):
            return z3.Not(translate(part, bits))
        case Word(_, part):
            return translate(part, bits)
    raise TypeError(f"no translation for {type(condition).__name__}")


class Encoded:
    """What the tables say of the case in `bits`: which rows hold, which one decides, and what follows from it."""

    def __init__(self, tables: TableData, bits: Bits) -> None:
        self.tables, self.bits = tables, bits
        self._held: dict[int, Any] = {}
        self.level_holds = self._levels()
        self._leads = {row.id: self._outcomes(row) for row in tables.levels}
        self.at_least = {
            outcome: any_of(self._leads[row.id][each] for row in tables.levels for each in OUTCOMES[: place + 1])
            for place, outcome in enumerate(OUTCOMES)
        }
        self.outcome_is = {
            outcome: z3.And(self.at_least[outcome], z3.Not(self.at_least[OUTCOMES[place - 1]]) if place else True)
            for place, outcome in enumerate(OUTCOMES)
        }
        self.setup_stops = self._setups()
        self.setup_is = {
            setup: any_of(
                stops for row, stops in zip(tables.setups, self.setup_stops, strict=True) if row.setup == setup
            )
            for setup in SETUPS
        }
        self.as_careful = {
            setup: any_of(self.setup_is[each] for each in SETUPS[: place + 1]) for place, setup in enumerate(SETUPS)
        }
        decided = {("outcome", name): bit for name, bit in self.outcome_is.items()}
        decided |= {("setup", name): bit for name, bit in self.setup_is.items()}
        self.after = {**bits, **decided}

    def holds(self, condition: Condition) -> Any:
        """A condition of a caution, a check or a line: the outcome and the setup are known by then."""
        if id(condition) not in self._held:
            self._held[id(condition)] = translate(condition, self.after)
        return self._held[id(condition)]

    def leads_to(self, row: LevelRule, outcome: str) -> Any:
        """A row holds and has this outcome for this case: some professions owe more."""
        return self._leads[row.id][outcome]

    def decides(self, row: LevelRule) -> Any:
        """This row gives the advice: the first by number among those with the heaviest outcome."""
        sooner = [other for other in self.tables.levels if other.nr < row.nr]
        return any_of(
            z3.And(
                self.outcome_is[outcome],
                self.leads_to(row, outcome),
                z3.Not(any_of(self.leads_to(other, outcome) for other in sooner)),
            )
            for outcome in OUTCOMES
        )

    def stands_first(self, row: LevelRule) -> Any:
        """This row holds, and no row above it does."""
        above = [self.level_holds[other.id] for other in self.tables.levels if other.nr < row.nr]
        return z3.And(self.level_holds[row.id], z3.Not(any_of(above)))

    def reports(self, report: str) -> Any:
        """This is the decision about reporting: the heaviest of the deciding level, and with honour the expert's."""
        expert = self.holds(self.tables.report_with_expert.when)
        heavier = any_of(self.asks(each) for each in REPORTS[: REPORTS.index(report)])
        decided = z3.And(self.asks(report), z3.Not(heavier))
        return z3.Or(expert, decided) if report == "with_expert" else z3.And(z3.Not(expert), decided)

    def asks(self, report: str) -> Any:
        """A row of the deciding level says this about reporting."""
        rows = [row for row in self.tables.levels if row.report == report]
        return any_of(z3.And(self.outcome_is[each], self.leads_to(row, each)) for row in rows for each in OUTCOMES)

    def _levels(self) -> dict[str, Any]:
        held = {row.id: translate(row.when, self.bits) for row in self.tables.levels if not row.otherwise}
        nothing = z3.Not(any_of(held.values()))
        return held | {row.id: nothing for row in self.tables.levels if row.otherwise}

    def _outcomes(self, row: LevelRule) -> dict[str, Any]:
        ways: dict[str, list[Any]] = {outcome: [] for outcome in OUTCOMES}
        not_yet = self.level_holds[row.id]
        for when, outcome in row.stricter:
            ways[outcome].append(z3.And(not_yet, translate(when, self.bits)))
            not_yet = z3.And(not_yet, z3.Not(translate(when, self.bits)))
        ways[row.outcome].append(not_yet)
        return {outcome: any_of(parts) for outcome, parts in ways.items()}

    def _setups(self) -> list[Any]:
        stops, not_yet = [], z3.BoolVal(True)
        for row in self.tables.setups:
            held = translate(row.when, self.bits)
            stops.append(z3.And(not_yet, held))
            not_yet = z3.And(not_yet, z3.Not(held))
        return stops


@dataclass(frozen=True)
class Found:
    """A case that the solver came up with, and the fact that it turned, to what, if a claim asks for that."""

    request: AdviceRequest
    turned: str = ""
    to: str = ""

    def __str__(self) -> str:
        """Write it as a file that `pluis advise` reads; what is unknown is left out."""
        known = [f"  {fact}: {value}" for fact, value in self.request.case.items() if value != "unknown"]
        fields = [f"{name}: {getattr(self.request, name)}" for name in FIELDS]
        return "\n".join([*fields, "case:" if known else "case: {}", *known])

    def after(self) -> AdviceRequest:
        """The same case with the fact turned."""
        return self.request.with_facts({self.turned: self.to})


class Prover:
    """Asks the solver about all cases, within a number of seconds for all questions together.

    Beside `any_case` there is `turned_case`: the same case but for one fact, which has another value. Which fact that
    is, is for the solver to choose, so that one question covers all of them.
    """

    def __init__(self, tables: TableData, seconds: float) -> None:
        self.tables, self._until = tables, time.monotonic() + seconds
        self._solver, self._asked = z3.Solver(), 0
        self.bits = self._free("", DOMAINS)
        self.any_case = Encoded(tables, self.bits)

    @cached_property
    def turned_case(self) -> Encoded:
        """The case with one fact turned."""
        facts = {fact: DOMAINS[fact] for fact in FACTS}
        other = self.turned_bits
        turned = {
            (fact, v): z3.If(self.turns[fact], other[fact, v], self.bits[fact, v])
            for fact in facts
            for v in facts[fact]
        }
        self._solver.add(exactly_one(self.turns.values()))
        return Encoded(self.tables, {**self.bits, **turned})

    @cached_property
    def turns(self) -> Mapping[str, Any]:
        """For each fact, whether it is the one that is turned."""
        return {fact: z3.Bool(f"turn {fact}") for fact in FACTS}

    @cached_property
    def turned_bits(self) -> Bits:
        """What a fact is turned to."""
        return self._free("turned ", {fact: DOMAINS[fact] for fact in FACTS})

    def turn(self, facts: Iterable[str], before: str, after: str) -> Any:
        """One of these facts is turned from one value to the other."""
        return any_of(
            z3.And(self.turns[fact], self.bits[fact, before], self.turned_bits[fact, after]) for fact in facts
        )

    def find(self, claim: Any) -> Found | None:
        """Return a case in which this holds, or None when there is none. Raises NotProvedError when time runs out."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise NotProvedError("the time for this proof is over")
        self._asked += 1
        asked = z3.Bool(f"question {self._asked}")
        self._solver.add(z3.Implies(asked, claim))
        self._solver.set(timeout=max(1, int(left * 1000)))
        answer = self._solver.check(asked)
        if answer == z3.unknown:
            raise NotProvedError(f"the solver gave up: {self._solver.reason_unknown()}")
        return self._case(self._solver.model()) if answer == z3.sat else None

    def _free(self, prefix: str, domains: Mapping[str, tuple[str, ...]]) -> Bits:
        """Make a truth value for each name with each of its values, of which exactly one is true."""
        bits = {(name, value): z3.Bool(f"{prefix}{name}={value}") for name in domains for value in domains[name]}
        self._solver.add([exactly_one(bits[name, value] for value in domains[name]) for name in domains])
        return bits

    def _case(self, model: Any) -> Found:
        """Read a model; of a name that the claim says nothing about, unknown or else the last value will do."""

        def value(name: str, bits: Bits) -> str:
            chosen = [each for each in DOMAINS[name] if z3.is_true(model[bits[name, each]])]
            return chosen[0] if chosen else DOMAINS[name][-1]

        fields = {name: value(name, self.bits) for name in FIELDS}
        request = AdviceRequest(case={fact: value(fact, self.bits) for fact in FACTS}, **fields)
        turned = [fact for fact in FACTS if "turns" in self.__dict__ and z3.is_true(model[self.turns[fact]])]
        return Found(request, turned[0], value(turned[0], self.turned_bits)) if turned else Found(request)

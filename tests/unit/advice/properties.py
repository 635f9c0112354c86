"""What must be true of the decision tables in every case. Each property returns its first counterexample, told as
a case in YAML with what the tables say of it, or nothing: so the same words prove the tables and test the proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

import z3

from bot.advice import FACTS, GROUPS, OUTCOMES, PLAN_PARTS, SETUPS, Decision
from bot.advice.checks import conditions
from bot.advice.decision import decide
from bot.advice.records import REPORTS, Line, TableData
from tests.unit.advice.prover import Encoded, Found, Prover, any_of, exactly_one

Property = Callable[[Prover], str]
HARDER = (("no", "yes"), ("unknown", "yes"))
GATE_PARTS = (
    "who", "not_with", "order", "time", "place", "invite", "opening", "questions", "avoid", "stop", "unsafe", "record",
)  # fmt: skip
ON_A_LEVEL = ("many_sided_partiality", "neutral_rephrasing")
UNEVEN = (
    "danger_now", "danger_coming_days", "strangulation", "weapon", "threat_to_kill", "perpetrator_suicidal",
    "fears_for_life", "serious_injury", "locked_in", "care_withheld", "sexual_violence", "disclosure", "escalation",
    "coercive_control", "stalking", "continuing_threat", "protection_order_broken", "honour", "fear", "isolated",
    "animals_harmed", "own_safety_threatened", "talk_raises_danger", "power_imbalance",
)  # fmt: skip


def one_level(prover: Prover) -> str:
    """There is always a level row that decides, and only one."""
    case = prover.any_case
    found = prover.find(z3.Not(exactly_one(case.decides(row) for row in prover.tables.levels)))
    return _told(found, "geen enkele niveaurij beslist, of er beslissen er meer")


def one_setup(prover: Prover) -> str:
    """There is always a setup row at which the table stops, and only one."""
    found = prover.find(z3.Not(exactly_one(prover.any_case.setup_stops)))
    return _told(found, "geen enkele gespreksrij beslist, of er beslissen er meer")


def every_level_row_decides(prover: Prover) -> str:
    """For every level row there is a case in which it decides; the tables themselves must agree."""
    for row in prover.tables.levels:
        found = prover.find(prover.any_case.decides(row))
        if found is None:
            return f"niveaurij {row.nr} ({row.id}) beslist nooit: wat erboven staat, vangt alles af"
        if (said := decide(prover.tables, found.request).rule.id) != row.id:
            return _told(found, f"het bewijs zegt {row.id}, de tabellen zeggen {said}")
    return ""


def every_setup_row_decides(prover: Prover) -> str:
    """For every setup row there is a case in which it decides; the tables themselves must agree."""
    for row, stops in zip(prover.tables.setups, prover.any_case.setup_stops, strict=True):
        found = prover.find(stops)
        if found is None:
            return f"gespreksrij {row.nr} ({row.id}) beslist nooit: wat erboven staat, vangt alles af"
        if (said := decide(prover.tables, found.request).setup_rules[0].id) != row.id:
            return _told(found, f"het bewijs zegt {row.id}, de tabellen zeggen {said}")
    return ""


def first_is_heaviest(prover: Prover) -> str:
    """The first row that holds is the one with the heaviest outcome, so that the order of the file is the truth."""
    for row in prover.tables.levels:
        found = prover.find(z3.Xor(prover.any_case.stands_first(row), prover.any_case.decides(row)))
        if found is not None:
            return _told(found, f"de eerste rij die geldt is niet de zwaarste (rij {row.nr}, {row.id})")
    return ""


def danger_is_never_milder(prover: Prover) -> str:
    """A danger that turns to yes never lightens the level, drops a caution or a person who is offered, or makes the
    setup less careful. The decision to report is that of the deciding level, and may: see docs/advies-twijfels.md."""
    return _never_milder(prover, HARDER)


def unknown_is_never_milder(prover: Prover) -> str:
    """A danger that is not known is never weighed as milder than one that is not there."""
    return _never_milder(prover, (("no", "unknown"),))


def no_contradiction(prover: Prover) -> str:
    """Two rows of one level that can hold together never decide differently about help, and what is decided about
    reporting is never lighter than what a row of that level says."""
    case, rows = prover.any_case, prover.tables.levels
    for first, second in combinations(rows, 2):
        both = any_of(z3.And(case.leads_to(first, each), case.leads_to(second, each)) for each in OUTCOMES)
        found = prover.find(both) if first.help != second.help else None
        if found is not None:
            return _told(found, f"rij {first.nr} ({first.id}) en {second.nr} ({second.id}) spreken elkaar tegen")
    for place, report in enumerate(REPORTS):
        decided = any_of(case.reports(each) for each in REPORTS[: place + 1])
        found = prover.find(z3.And(case.asks(report), z3.Not(decided)))
        if found is not None:
            return _told(found, f"een rij van dit niveau zegt over melden {report}, besloten is iets lichters")
    return ""


def honour_goes_with_the_expert(prover: Prover) -> str:
    """With honour, whether to report is always decided with the expert."""
    found = prover.find(z3.And(prover.bits["honour", "yes"], z3.Not(prover.any_case.reports("with_expert"))))
    return _told(found, "bij eer beslist de deskundige niet mee over melden")


def every_fact_counts(prover: Prover) -> str:
    """Every fact can change whether some condition holds: one that is only named is not read."""
    unread = [fact for fact in FACTS if not _counts(prover, fact)]
    return f"van deze feiten maakt het nooit uit wat ze zijn: {', '.join(unread)}" if unread else ""


def every_plan_is_whole(prover: Prover) -> str:
    """In every case something is said of every part of the plan: a gate has fewer parts than a talk, and of children
    nothing need be said where there are none."""
    case = prover.any_case
    for setup in SETUPS:
        for part in GATE_PARTS if setup == "no_talk_now" else PLAN_PARTS:
            said = any_of(said for _, said in _plan_sentences(prover.tables, case, setup, part))
            asked = z3.And(case.setup_is[setup], z3.Not(said))
            if part == "children":
                asked = z3.And(asked, z3.Not(prover.bits["children", "no"]))
            found = prover.find(asked) if part != "methods" else None
            if found is not None:
                return _told(found, f"in plan {setup} is deel {part} leeg")
    return ""


def nobody_is_put_on_a_level_with_danger(prover: Prover) -> str:
    """The methods that put both partners side by side are never named where there is danger, fear or control."""
    case, bits = prover.any_case, prover.bits
    told = any_of(case.holds(row.when) for row in prover.tables.methods if row.id in ON_A_LEVEL)
    danger = any_of(bits[fact, "yes"] for fact in UNEVEN)
    one_sided = z3.And(
        any_of(bits[fact, "yes"] for fact in ("physical_violence", "repeated")),
        z3.Not(bits["both_use_violence", "yes"]),
    )
    not_asked = any_of(z3.Not(bits[fact, "no"]) for fact in ("fear", "coercive_control", "stalking", "honour"))
    apart = z3.Not(any_of(case.setup_is[setup] for setup in ("apart", "with_specialist", "together_possible")))
    found = prover.find(z3.And(told, z3.Or(danger, one_sided, not_asked, apart)))
    return _told(found, "een manier van praten zet hier beiden op gelijke hoogte")


def everything_can_be_said(prover: Prover) -> str:
    """For every sentence of a row, a caution, a plan, a pattern or a step there is a case in which it is said.

    What every plan shares need not fit them all. A status that no step has yet needs its words already.
    """
    ways: dict[tuple[str, str], list[Any]] = {}
    for where, text, said in _sentences(prover.tables, prover.any_case):
        ways.setdefault((where, text), []).append(said)
    for (where, text), said_in in ways.items():
        if prover.find(any_of(said_in)) is None:
            return f"{where}: deze zin wordt nooit gezegd: {text}"
    return ""


PROPERTIES: Mapping[str, Property] = {
    prove.__name__: prove
    for prove in (
        one_level, one_setup, every_level_row_decides, every_setup_row_decides, first_is_heaviest,
        danger_is_never_milder, unknown_is_never_milder, no_contradiction, honour_goes_with_the_expert,
        every_fact_counts, every_plan_is_whole, nobody_is_put_on_a_level_with_danger, everything_can_be_said,
    )
}  # fmt: skip


def _never_milder(prover: Prover, pairs: tuple[tuple[str, str], ...]) -> str:
    before, after = prover.any_case, prover.turned_case
    turned = any_of(prover.turn(GROUPS["danger"], old, new) for old, new in pairs)
    for milder in _milder(before, after):
        found = prover.find(z3.And(turned, milder))
        if found is not None:
            change = f"{found.turned} van {found.request.value(found.turned)} naar {found.to}"
            return _told(found, f"{change} maakt het milder: {_change(prover.tables, found)}")
    return ""


def _milder(before: Encoded, after: Encoded) -> Iterator[Any]:
    """Yield every way in which the second case is taken less seriously than the first."""
    for outcome in OUTCOMES:
        yield z3.And(before.at_least[outcome], z3.Not(after.at_least[outcome]))
    for setup in SETUPS:
        yield z3.And(before.as_careful[setup], z3.Not(after.as_careful[setup]))
    for caution in before.tables.cautions:
        yield z3.And(before.holds(caution.when), z3.Not(after.holds(caution.when)))
    offered = [any_of(case.holds(row.when) for row in case.tables.person) for case in (before, after)]
    yield z3.And(offered[0], z3.Not(offered[1]))


def _change(tables: TableData, found: Found) -> str:
    """Say in the tables' own words what changed."""

    def summary(decision: Decision) -> str:
        cautions = ", ".join(row.id for row in decision.cautions) or "geen"
        return f"{decision.outcome}, {decision.report}, {decision.setup}, let op: {cautions}"

    return f"[{summary(decide(tables, found.request))}] wordt [{summary(decide(tables, found.after()))}]"


def _counts(prover: Prover, fact: str) -> bool:
    before, after = prover.any_case, prover.turned_case
    named = (condition for condition in conditions(prover.tables) if fact in condition.names())
    changes = (z3.Xor(before.holds(condition), after.holds(condition)) for condition in named)
    return any(prover.find(z3.And(prover.turns[fact], change)) is not None for change in changes)


def _sentences(tables: TableData, case: Encoded) -> Iterator[tuple[str, str, Any]]:
    """Yield where a sentence stands, the sentence, and when it is said."""
    for row in tables.levels:
        for line in row.text:
            yield f"niveaurij {row.id}", line.text, z3.And(case.level_holds[row.id], case.holds(line.when))
        for line in row.steps:
            yield f"niveaurij {row.id}", line.text, z3.And(case.decides(row), case.holds(line.when))
    for caution in tables.cautions:
        for line in caution.text:
            yield f"let op {caution.id}", line.text, z3.And(case.holds(caution.when), case.holds(line.when))
    for setup in SETUPS:
        for part in PLAN_PARTS:
            for line, said in _plan_sentences(tables, case, setup, part):
                own = line in tables.plans[setup].parts.get(part, ())
                yield f"plan {setup}" if own else "plan", line.text, z3.And(case.setup_is[setup], said)
    before: list[Any] = []
    for way in tables.methods:
        yield f"manier {way.id}", way.text, z3.And(case.holds(way.when), _room(before, PLAN_PARTS["methods"]))
        before.append(case.holds(way.when))
    yield from _patterns(tables, case)
    yield from _steps(tables, case)


def _plan_sentences(tables: TableData, case: Encoded, setup: str, part: str) -> Iterator[tuple[Line, Any]]:
    """Yield each line of a part of a plan with when it is said: of all that fit, the first ones."""
    before: list[Any] = []
    for line in tables.plan_lines(setup, part):
        yield line, z3.And(case.holds(line.when), _room(before, PLAN_PARTS[part]))
        before.append(case.holds(line.when))


def _room(before: list[Any], most: int) -> Any:
    """Fewer than so many of these are said."""
    return z3.PbLe([(said, 1) for said in before], most - 1) if len(before) >= most else z3.BoolVal(True)


def _patterns(tables: TableData, case: Encoded) -> Iterator[tuple[str, str, Any]]:
    """What words can point to can be named in any case; the rest only when the facts point there."""
    for row in tables.patterns:
        for line in (*row.reasons, *row.against, *row.so):
            named = case.holds(line.when) if row.told else z3.And(case.holds(row.when), case.holds(line.when))
            yield f"patroon {row.id}", line.text, named


def _steps(tables: TableData, case: Encoded) -> Iterator[tuple[str, str, Any]]:
    for step in tables.meldcode:
        done, now = case.holds(step.done), case.holds(step.now)
        status = {"done": done, "now": z3.And(z3.Not(done), now), "todo": z3.Not(z3.Or(done, now))}
        for name, lines in step.texts.items():
            for line in (line for line in lines if line.when.names()):
                yield f"meldcode stap {step.step} ({name})", line.text, z3.And(status[name], case.holds(line.when))


def _told(found: Found | None, why: str) -> str:
    return "" if found is None else f"{why}\n\n{found}"

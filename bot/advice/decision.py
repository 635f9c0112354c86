"""Evaluates the tables for one case: which rows hold, and what follows from that. A row that cannot be
evaluated counts as if it held in its safest form, so a fault in a table leads to a person, never to silence."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advice.conditions import Condition, ConditionError, View
from bot.advice.records import OUTCOMES, REPORTS, Caution, LevelRule, Noted, SetupRule, TableData
from bot.advice.request import FACTS, GROUPS, AdviceRequest


@dataclass(frozen=True)
class Decision:
    """What the tables say of one case, without words."""

    view: View
    outcome: str
    rule: LevelRule
    matched: tuple[LevelRule, ...]
    report: str
    help: str
    cautions: tuple[Caution, ...]
    setup: str
    setup_rules: tuple[SetupRule, ...]
    meldcode: tuple[str, ...]
    checks: tuple[Noted, ...]

    @property
    def level(self) -> int:
        """Return the rank of the outcome: 1 is the heaviest."""
        return OUTCOMES.index(self.outcome) + 1

    def facts_behind(self, rule: LevelRule) -> list[str]:
        """Return the known facts that a row read: yes, or no for a fact that protects."""
        weighs = {fact: "no" if fact in GROUPS["protective"] else "yes" for fact in FACTS}
        return [fact for fact in FACTS if fact in rule.when.names() and self.view.values[fact] == weighs[fact]]

    @property
    def key(self) -> tuple[object, ...]:
        """Return what a further question may still change."""
        cautions = tuple(caution.id for caution in self.cautions)
        return (self.outcome, self.report, self.setup, cautions, self.meldcode)


def holds(condition: Condition, view: View) -> bool | None:
    """Tell whether a condition holds; None when that cannot be told."""
    try:
        return condition.holds(view)
    except ConditionError:
        return None


def decide(tables: TableData, request: AdviceRequest) -> Decision:
    """Evaluate all tables for one case."""
    view = request.view()
    cautions = tuple(row for row in tables.cautions if holds(row.when, view) is not False)
    beside = [row.when for row in tables.cautions] + [row.when for row in tables.setups]
    broken = any(holds(condition, view) is None for condition in beside)
    setup_rules = _setup(tables, view)
    matched, outcome = _level(tables, view, broken)
    setup = setup_rules[0].setup
    view = view.with_values(outcome=outcome, setup=setup)
    rule = matched[0]
    refused = holds(tables.help_unless.when, view) is not False
    return Decision(
        view=view,
        outcome=outcome,
        rule=rule,
        matched=matched,
        report=_report(tables, matched, view),
        help="unknown" if refused and rule.help == "organise_and_follow" else rule.help,
        cautions=cautions,
        setup=setup,
        setup_rules=setup_rules,
        meldcode=_meldcode(tables, view),
        checks=tuple(check for check in tables.checks if holds(check.when, view) is not False),
    )


def _level(tables: TableData, view: View, broken: bool) -> tuple[tuple[LevelRule, ...], str]:
    """Return every row that holds, the deciding one first, and its outcome.

    A row that cannot be evaluated brings in the fallback; when she said that there is danger now, the row itself
    holds where it is heavier, so that 112 is never lost.
    """
    verdicts = [(rule, holds(rule.when, view)) for rule in tables.levels if not rule.otherwise]
    now, least = view.values.get("danger_now") == "yes", OUTCOMES.index(tables.level_fallback.outcome)
    rows = [
        rule
        for rule, verdict in verdicts
        if verdict or (verdict is None and now and OUTCOMES.index(_outcome(rule, view)) < least)
    ]
    if broken or any(verdict is None for _, verdict in verdicts):
        rows.append(tables.level_fallback)
    if not rows:
        rows = [rule for rule in tables.levels if rule.otherwise]
    ranked = sorted(rows, key=lambda rule: (OUTCOMES.index(_outcome(rule, view)), rule.nr))
    return tuple(ranked), _outcome(ranked[0], view)


def _outcome(rule: LevelRule, view: View) -> str:
    try:
        return rule.outcome_for(view)
    except ConditionError:
        return "acute_contact"


def _report(tables: TableData, matched: tuple[LevelRule, ...], view: View) -> str:
    """Return the decision about reporting: with honour the expert's, else that of the deciding row, or a heavier one of
    a row with the same outcome: rows of one level do not contradict each other."""
    if holds(tables.report_with_expert.when, view) is not False:
        return "with_expert"
    outcome = _outcome(matched[0], view)
    return min((row.report for row in matched if _outcome(row, view) == outcome), key=REPORTS.index)


def _setup(tables: TableData, view: View) -> tuple[SetupRule, ...]:
    """Return the first row that holds, and the later ones that lead to the same setup for another reason."""
    verdicts = [(row, holds(row.when, view)) for row in tables.setups]
    if any(verdict is None for _, verdict in verdicts):
        return (tables.setup_fallback,)
    rows = [row for row, verdict in verdicts if verdict]
    return tuple(row for row in rows if row.setup == rows[0].setup)


def _meldcode(tables: TableData, view: View) -> tuple[str, ...]:
    """Return the status of each step, in order."""
    statuses = []
    for step in tables.meldcode:
        done, now = holds(step.done, view), holds(step.now, view)
        statuses.append("done" if done else "now" if now is not False else "todo")
    return tuple(statuses)

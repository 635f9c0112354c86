"""Chooses what to ask next in the weighing: only what can still change the advice, danger first,
and never more than the limits of `questions.yml`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.advice.decision import Decision, decide, holds
from bot.advice.records import Question, TableData
from bot.advice.request import FACTS, AdviceRequest

SETTLED = ("call_112",)
URGENT_ONLY = ("acute_contact", "honour_expert")


def ask_next(tables: TableData, request: AdviceRequest) -> list[str]:
    """Return the unknown facts of which a yes or a no changes the outcome: the heaviest change first."""
    now = decide(tables, request).outcome
    ranked = []
    for order, fact in enumerate(FACTS):
        if request.value(fact) != "unknown":
            continue
        decided = [decide(tables, request.with_facts({fact: value})) for value in ("yes", "no")]
        if any(decision.outcome != now for decision in decided):
            ranked.append((min(decision.level for decision in decided), order, fact))
    return [fact for _, _, fact in sorted(ranked)]


def next_question(
    tables: TableData,
    request: AdviceRequest,
    asked: Collection[str] = (),
    hints: Collection[str] = (),
    assumed: Collection[str] = (),
    *,
    again: Collection[str] = (),
    enough: bool = False,
) -> Question | None:
    """Return the next question of the weighing, or None when no answer can change the advice or enough was asked.

    `asked` holds the ids of questions already put. Questions about `hints`, facts that her own words point to, come
    first (after the first row of the file, which is about danger now), the heaviest answer before the others,
    whatever the limits: after `enough` only they are put, as long as they can change the outcome.
    `assumed` facts are known for the advice, but not yet answered. Then come those about facts to be asked `again`,
    since what was answered before may have changed. All others come in the order of the file.
    """
    now = decide(tables, request)
    if now.outcome in SETTLED:
        return None
    trimmed = [_only_unknown(question, request, assumed) for question in tables.questions if question.id not in asked]
    hinted = [question for question in trimmed if set(question.facts) & set(hints)]
    hinted.sort(key=lambda question: (_heaviest(tables, request, question), len(question.facts)))
    first = [question for question in trimmed[:1] if question.id == tables.questions[0].id and hinted]
    changed = [question for question in trimmed if set(question.facts) & set(again) and _applies(now, question)]
    for question in (*first, *hinted, *changed):
        if _changes(tables, request, now, question, outcome_only=enough):
            return question
    limits = tables.limits.get(now.outcome, tables.limits["default"])
    if enough or len(asked) >= limits["total"]:
        return None
    danger_asked = sum(question.part == "danger" for question in tables.questions if question.id in asked)
    full = danger_asked >= limits["danger"]
    for question in trimmed:
        if full and question.part == "danger":
            continue
        if _is_due(now, question) and _changes(tables, request, now, question):
            return question
    return None


def _only_unknown(question: Question, request: AdviceRequest, assumed: Collection[str]) -> Question:
    """Leave out facts that are known already, so that an answer never takes back what was told before.

    The choices keep their number and order: a caller may know them by place.
    """
    unknown = tuple(fact for fact in question.facts if fact in assumed or request.value(fact) == "unknown")
    choices = tuple(
        replace(choice, facts={fact: value for fact, value in choice.facts.items() if fact in unknown})
        for choice in question.choices
    )
    return replace(question, facts=unknown, choices=choices)


def _is_due(now: Decision, question: Question) -> bool:
    """Tell whether a question that nothing points to has its turn: not all are urgent enough to keep her waiting."""
    if not _applies(now, question):
        return False
    return question.urgent or now.outcome not in URGENT_ONLY


def _applies(now: Decision, question: Question) -> bool:
    """Tell whether a question makes sense in this case; when that cannot be told it does."""
    return holds(question.asked_when, now.view) is not False


def _changes(
    tables: TableData, request: AdviceRequest, now: Decision, question: Question, *, outcome_only: bool = False
) -> bool:
    """Tell whether some answer to this question still changes the decision, or else its outcome."""
    decided = [decide(tables, request.with_facts(choice.facts)) for choice in question.choices if choice.facts]
    if outcome_only:
        return any(decision.outcome != now.outcome for decision in decided)
    return any(decision.key != now.key for decision in decided)


def _heaviest(tables: TableData, request: AdviceRequest, question: Question) -> int:
    """Return the level of the heaviest advice that an answer can bring."""
    return min(decide(tables, request.with_facts(choice.facts)).level for choice in question.choices)

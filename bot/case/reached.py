"""What a turn brought a case to, for counting: names of phases and outcomes, nothing of what was said."""

from __future__ import annotations

from collections.abc import Iterator

from bot.case.flow import ADVICE, AFTER_ADVICE, BEFORE_ADVICE
from bot.case.record import ADVISED, Case
from bot.case.tools import Tools, advice_request

BEGUN = "case"
_PHASES = tuple(phase.name for phase in (*BEFORE_ADVICE, *AFTER_ADVICE))


def newly_reached(before: Case, after: Case) -> Iterator[str]:
    """Return what the case came to in between: that it began (`case`), phases in which a first question was answered,
    and `advies`. A case that has nothing of the one before it is a new one."""
    goes_on = any(entry in before.entries for entry in after.entries)
    was, now = _reached(before) if goes_on else set(), _reached(after)
    yield from (name for name in (BEGUN, *_PHASES, ADVICE) if name in now - was)


def newly_advised(before: Case, after: Case, tools: Tools) -> str | None:
    """Return the outcome of an advice that was told in between; None when none was."""
    told = [sum(entry.question == ADVISED for entry in case.entries) for case in (before, after)]
    return tools.tables.decide(advice_request(after)).outcome if told[1] > told[0] else None


def _reached(case: Case) -> set[str]:
    begun = {BEGUN} if case.begun else set()
    advised = {ADVICE} if ADVISED in case.asked else set()
    return begun | advised | {question.split(".")[0] for question in case.asked}

"""Forgets, in one place, what stands outside conversations and is past its term; conversations themselves are forgotten
by `bot.channels`, with all that hangs on them. `web` does so all the time, `pluis purge` at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.database import SessionFactory
from bot.knowledge import forget_questions, forget_totals
from bot.statistics import forget_statistics


def forget_old(sessions: SessionFactory, seconds: float, days: int) -> None:
    """Forget questions of no conversation that are older than `seconds`, and counts that are older than `days`."""
    forget_questions(sessions, seconds)
    before = datetime.now(UTC).date() - timedelta(days=days)
    forget_totals(sessions, before)
    forget_statistics(sessions, before)

"""Forgets, in one place, what stands outside conversations and is past its term; conversations themselves are forgotten
by `bot.channels`, with all that hangs on them. `web` does so all the time, `pluis purge` at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from bot.audit import trim
from bot.database import SessionFactory
from bot.helpdesk import forget_outcomes
from bot.knowledge import forget_questions, forget_totals
from bot.settings import Settings
from bot.staff import forget_signins
from bot.statistics import forget_statistics
from bot.studio import forget_groups
from bot.teaching import forget_proposals


def forget_old(sessions: SessionFactory, seconds: float, settings: Settings) -> None:
    """Forget questions of no conversation that are older than `seconds`, and what is past a term of its own: counts,
    proposals, groups that practised, sign-ins and entries of the audit log."""
    forget_questions(sessions, seconds)
    before = datetime.now(UTC).date() - timedelta(days=settings.statistics_days)
    forget_totals(sessions, before)
    forget_statistics(sessions, before)
    forget_outcomes(sessions, before)
    forget_proposals(sessions, time.time() - settings.proposal_days * 86_400.0)
    forget_groups(sessions, datetime.now(UTC).date() - timedelta(days=settings.group_days))
    forget_signins(sessions, settings.staff_idle_minutes * 60.0)
    trim(sessions, settings.audit_days)

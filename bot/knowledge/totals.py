"""How often the knowledge helped and did not, in a period: sums of counts by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from bot.counting import forget_counts
from bot.database import SessionFactory
from bot.knowledge.models import GapRow, ThumbRow


@dataclass(frozen=True)
class Totals:
    """Questions without an answer, and thumbs under answers."""

    unanswered: int
    up: int
    down: int


def read_totals(session_factory: SessionFactory, since: date) -> Totals:
    """Add up what was counted from `since` on."""
    gaps = select(func.coalesce(func.sum(GapRow.count), 0)).where(GapRow.day >= since)
    thumbs = select(func.coalesce(func.sum(ThumbRow.count), 0)).where(ThumbRow.day >= since)
    with session_factory() as session:
        up, down = (session.scalar(thumbs.where(ThumbRow.up.is_(way))) or 0 for way in (True, False))
        return Totals(int(session.scalar(gaps) or 0), int(up), int(down))


def forget_totals(session_factory: SessionFactory, before: date) -> int:
    """Delete what was counted before a day; return how many rows."""
    return forget_counts(session_factory, before, GapRow, ThumbRow)

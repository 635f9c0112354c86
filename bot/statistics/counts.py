"""The table of counts: how often on a day something happened; nothing of in which conversation, and no text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.counting import count, forget_counts
from bot.database import Base, SessionFactory


class Kind(StrEnum):
    """What is counted, with the names that are counted apart."""

    OPENED = "opened"  # conversations, by channel
    REACHED = "reached"  # cases that began (`case`), and phases in which a question was answered
    OUTCOME = "outcome"  # advice that was told, by outcome; again after a talk
    ANSWERED = "answered"  # questions of knowledge that got an answer (`knowledge`)


class CountRow(Base):
    """How often on a day (UTC) something happened."""

    __tablename__ = "statistics_count"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


def count_one(session: Session, kind: Kind, name: str, day: date | None = None) -> None:
    """Count once, in the caller's transaction; today when no day is given."""
    count(session, CountRow, day=day or datetime.now(UTC).date(), kind=kind.value, name=name)


def forget_statistics(sessions: SessionFactory, before: date) -> int:
    """Delete what was counted before a day; return how many rows."""
    return forget_counts(sessions, before, CountRow)

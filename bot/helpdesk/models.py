"""The tables of the desk. All text in them has been through the privacy door; who works on a question stands
there by the id of an account, and goes with the question. What the overview keeps of a closed one is nobody's."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base

WAITING, CLAIMED, CLOSED = "waiting", "claimed", "closed"


class QuestionRow(Base):
    """One question for a person; times are seconds since the epoch, UTC. A conversation has one open at a time."""

    __tablename__ = "desk_questions"
    __table_args__ = (Index("ix_desk_questions_queue", "state", "rank", "promised_at"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    open_in: Mapped[str | None] = mapped_column(String(64), unique=True)  # its conversation, until it is closed
    code: Mapped[str | None] = mapped_column(String(64), unique=True)  # a digest of the code to come back with
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    class_id: Mapped[str] = mapped_column(String(4))
    rank: Mapped[int]  # of the class: 0 is the heaviest
    reasons: Mapped[list[str]] = mapped_column(JSON)
    ground: Mapped[str] = mapped_column(String(16))  # why it came to a person: see `Ground`
    asks: Mapped[str] = mapped_column(Text)
    facts: Mapped[list[str]] = mapped_column(JSON)
    phase: Mapped[str] = mapped_column(String(40))
    profession: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[float]
    promised_at: Mapped[float]
    late_at: Mapped[float | None]  # when a supervisor was called in
    owner: Mapped[str | None] = mapped_column(String(64))
    offered_to: Mapped[str | None] = mapped_column(String(64))  # the colleague who is asked to take it over
    claimed_at: Mapped[float | None]
    answered_at: Mapped[float | None]  # when a person first said something
    said_at: Mapped[float | None]  # and last
    staff_at: Mapped[float | None]  # when the owner last did something
    user_at: Mapped[float]  # when the user last said something
    lower_to: Mapped[str | None] = mapped_column(String(4))  # a lighter class that waits for a second person
    lower_by: Mapped[str | None] = mapped_column(String(64))
    lower_why: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[float | None]
    category: Mapped[str | None] = mapped_column(String(40))
    keep_until: Mapped[float]  # its conversation is kept at least until then
    version: Mapped[int] = mapped_column(default=1)


class NoteRow(Base):
    """A note of staff for each other; the user never sees it."""

    __tablename__ = "desk_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("desk_questions.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)  # of the form: sent twice, it is one note
    author: Mapped[str] = mapped_column(String(64))
    at: Mapped[float]
    text: Mapped[str] = mapped_column(Text)


class OutcomeRow(Base):
    """What the overview counts of a question that was closed: no conversation, no text, nobody's name."""

    __tablename__ = "desk_outcomes"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    class_id: Mapped[str] = mapped_column(String(4))
    ground: Mapped[str] = mapped_column(String(16))
    category: Mapped[str] = mapped_column(String(40))
    waited: Mapped[float]  # seconds in opening hours until a person answered; until it was closed when nobody did
    within: Mapped[bool]  # whether that was as promised
    answered: Mapped[bool]  # whether a person answered at all


class ChangeRow(Base):
    """One row that counts every change of the queue, so that pages of any web process see that there was one."""

    __tablename__ = "desk_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]

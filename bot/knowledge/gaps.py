"""Counts the questions that got no answer by the topic that came nearest, so that editors see what is missing.
The count says nothing of who asked. The text, pseudonymised before it comes here, goes with its conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.counting import changed, count
from bot.database import SessionFactory, empty_log
from bot.knowledge.models import GapQuestionRow, GapRow, TopicRow

EXAMPLES = 10  # the newest questions that are kept of a topic
LONGEST = 300  # characters of a question that are kept


@dataclass(frozen=True)
class Gap:
    """How often the base had no answer while this topic came nearest, with the questions that are still kept."""

    topic: str
    title: str | None  # None when the topic is gone
    count: int
    last: date
    questions: tuple[str, ...]


def record_gap(
    session_factory: SessionFactory,
    topic_id: str,
    question: str | None,
    conversation: str | None = None,
    at: datetime | None = None,
) -> None:
    """Count a question that got no answer, and keep its text as long as the conversation that it was asked in.

    `question` has been through the privacy door; None when its text is not to be kept. Of a conversation that is not
    there, or not any more, only the count is kept; without one the text stays until `forget_questions`.
    `at` is now unless given.
    """
    row, now = GapQuestionRow, at or datetime.now(UTC)
    with session_factory() as session, session.begin():
        count(session, GapRow, topic_id=topic_id, day=now.astimezone().date())
        if question is None:
            return
        text = question[:LONGEST]
        values = {"topic_id": topic_id, "conversation_id": conversation, "asked_at": now, "text": text}
        try:
            with session.begin_nested():
                session.execute(insert(row).values(values))
        except IntegrityError:
            return
        newest = select(row.id).where(row.topic_id == topic_id).order_by(row.id.desc()).limit(EXAMPLES).subquery()
        surplus = delete(row).where(row.topic_id == topic_id, row.id.not_in(select(newest.c.id)))
        session.execute(surplus.execution_options(synchronize_session=False))


def read_gaps(session_factory: SessionFactory, since: date | None = None) -> tuple[Gap, ...]:
    """Return what was asked in vain, most often first, with the newest questions first; all of it, or `since` a day."""
    gap, question, total = GapRow, GapQuestionRow, func.sum(GapRow.count)
    counts = (
        select(gap.topic_id, TopicRow.title, total, func.max(gap.day))
        .outerjoin(TopicRow, TopicRow.id == gap.topic_id)
        .where(gap.day >= (since or date.min))
        .group_by(gap.topic_id, TopicRow.title)
        .order_by(total.desc(), gap.topic_id)
    )
    questions: dict[str, list[str]] = {}
    with session_factory() as session:
        for topic_id, text in session.execute(select(question.topic_id, question.text).order_by(question.id.desc())):
            questions.setdefault(topic_id, []).append(text)
        return tuple(
            Gap(topic_id, title, times, last, tuple(questions.get(topic_id, ())))
            for topic_id, title, times, last in session.execute(counts)
        )


def forget_questions(session_factory: SessionFactory, seconds: float) -> int:
    """Forget the text of every question without a conversation that was asked longer ago; return how many.

    What was asked in a conversation is forgotten with it, by the database itself.
    """
    row = GapQuestionRow
    old = (row.conversation_id.is_(None)) & (row.asked_at < datetime.now(UTC) - timedelta(seconds=seconds))
    with session_factory() as session:
        if session.scalar(select(row.id).where(old).limit(1)) is None:
            return 0  # asked often: nothing is locked for nothing
    with session_factory() as session, session.begin():
        gone = changed(session.execute(delete(row).where(old).execution_options(synchronize_session=False)))
    empty_log(session_factory)
    return gone

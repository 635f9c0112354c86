"""Counts the thumbs under answers by topic and day, so that editors see which answers help and which do not.
The count says nothing of who gave one; that a conversation gives one a topic is known to that conversation alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from bot.counting import count
from bot.database import SessionFactory
from bot.knowledge.models import ThumbRow, TopicRow


@dataclass(frozen=True)
class Thumbs:
    """How often an answer got a thumb up and down."""

    topic: str
    title: str | None  # None when the topic is gone
    up: int
    down: int
    last: date


def record_thumb(
    session_factory: SessionFactory, topic_id: str, up: bool, day: date, instead_of: date | None = None
) -> None:
    """Count a thumb; `instead_of` is the day on which the other one was counted that is taken back for it."""
    with session_factory() as session, session.begin():
        count(session, ThumbRow, topic_id=topic_id, day=day, up=up)
        if instead_of:
            count(session, ThumbRow, by=-1, topic_id=topic_id, day=instead_of, up=not up)


def read_thumbs(session_factory: SessionFactory) -> tuple[Thumbs, ...]:
    """Return the thumbs of each topic that has any, with most thumbs down first."""
    row = ThumbRow
    up, down = (func.sum(case((row.up.is_(way), row.count), else_=0)) for way in (True, False))
    counts = (
        select(row.topic_id, TopicRow.title, up, down, func.max(row.day))
        .outerjoin(TopicRow, TopicRow.id == row.topic_id)
        .group_by(row.topic_id, TopicRow.title)
        .having(func.sum(row.count) > 0)
        .order_by(down.desc(), up.desc(), row.topic_id)
    )
    with session_factory() as session:
        return tuple(Thumbs(*found) for found in session.execute(counts))

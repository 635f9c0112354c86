"""Counts in a table of counts: one row for each key, made at its first time; nothing of who made it count."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.database import Base, SessionFactory


def count(session: Session, table: type[Base], by: int = 1, **key: Any) -> None:
    """Add `by` to the count of the row with this key, also when others do so at the same moment."""
    counted: Any = table
    more = update(table).filter_by(**key).values(count=counted.count + by)
    if changed(session.execute(more)):
        return
    try:
        with session.begin_nested():
            session.execute(insert(table).values(**key, count=by))
    except IntegrityError:  # another one was first, just now
        session.execute(more)


def forget_counts(sessions: SessionFactory, before: date, *tables: type[Base]) -> int:
    """Delete what was counted before a day; return how many rows. Asked often: nothing is locked for nothing."""
    gone = 0
    for table in tables:
        counted: Any = table
        with sessions() as session:
            if session.scalar(select(counted.day).where(counted.day < before).limit(1)) is None:
                continue
        with sessions() as session, session.begin():
            old = delete(table).where(counted.day < before).execution_options(synchronize_session=False)
            gone += changed(session.execute(old))
    return gone


def changed(result: Any) -> int:
    """Return how many rows a statement changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount

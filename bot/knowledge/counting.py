"""Counts in a table of counts: one row for each key, made at its first time; nothing of who made it count."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.database import Base


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


def changed(result: Any) -> int:
    """Return how many rows a statement changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount

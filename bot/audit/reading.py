"""Reads the audit log from its beginning, in one view of the database and never all of it at once."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit.models import HEAD, NOTHING, AuditCut, AuditHead, AuditRow
from bot.database import SessionFactory

AT_ONCE: Final = 1000  # entries in memory


@dataclass(frozen=True)
class Point:
    """A place in the log: the number of an entry and its digest."""

    seq: int
    hash: str


@dataclass(frozen=True)
class View:
    """The log as it is at one moment."""

    session: Session
    cut: Point  # the last entry that was trimmed; 0 when none was
    head: Point | None

    def rows(self, *conditions: Any) -> Generator[AuditRow, None, None]:
        """Yield the entries in order, some at a time; to be closed by who does not read all of them."""
        query = select(AuditRow).where(*conditions).order_by(AuditRow.seq)
        with self.session.scalars(query.execution_options(yield_per=AT_ONCE)) as found:
            yield from found


@contextmanager
def view(sessions: SessionFactory) -> Iterator[View]:
    """Look at the log at one moment, whatever is added or trimmed meanwhile."""
    with sessions() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.connection().exec_driver_sql("BEGIN")  # else each reading sees a moment of its own
        else:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        cut = session.scalar(select(AuditCut).order_by(AuditCut.seq.desc()).limit(1))
        head = session.scalar(select(AuditHead).where(AuditHead.id == HEAD))
        yield View(
            session,
            Point(cut.seq, cut.hash) if cut else Point(0, NOTHING),
            Point(head.seq, head.hash) if head else None,
        )

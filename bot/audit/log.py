"""Adds to the audit log, and trims it. The end of the log (`audit_head`) is written first, which makes all who add wait
for each other, in whatever process they are: numbers have no holes and the chain no forks."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from bot import logs
from bot.audit.entries import SYSTEM, Entry, Event, Kind
from bot.audit.models import HEAD, AuditCut, AuditHead, AuditRow
from bot.database import SessionFactory

SLACK: Final = timedelta(days=1)  # trimming waits until so much is past its term: a day at a time, not an entry


class AuditError(Exception):
    """The log cannot take an entry, so what was to be recorded may not be done."""


class Audit:
    """The log, as those see it who record in it."""

    def __init__(self, sessions: SessionFactory, clock: Callable[[], float] = time.time, machine: str = "") -> None:
        self._sessions, self._clock = sessions, clock
        self._machine = (machine or platform.node())[:64]

    def record(self, session: Session, entry: Entry) -> int:
        """Add an entry within the caller's transaction, so that the deed and its record stand or fall together.

        Call it after the deed's own writes: what was locked in one order never waits for itself. Returns its number.
        """
        move = update(AuditHead).where(AuditHead.id == HEAD).values(seq=AuditHead.seq + 1)
        head = session.execute(_plain(move.returning(AuditHead.seq, AuditHead.hash))).first()
        if head is None:
            raise AuditError("the audit log has no head")
        row = AuditRow(
            seq=head.seq, at=stamp(self._clock()), event=entry.event.value, account=entry.account,
            roles=",".join(entry.roles), kind=entry.kind.value, object=entry.object, why=entry.why,
            outcome=entry.outcome.value, request=logs.REQUEST.get()[:32], machine=self._machine, prev_hash=head.hash,
        )  # fmt: skip
        row.hash = row.digest()
        session.add(row)
        session.flush()
        session.execute(_plain(update(AuditHead).where(AuditHead.id == HEAD).values(hash=row.hash)))
        return row.seq

    def note(self, entry: Entry) -> int:
        """Add an entry in a transaction of its own, for a deed that changes nothing itself. Returns its number."""
        with self._sessions() as session, session.begin():
            return self.record(session, entry)


def trim(sessions: SessionFactory, days: int, clock: Callable[[], float] = time.time) -> int:
    """Remove the entries that are older than so many days from the beginning of the log; return how many.

    Asked often: nothing is locked for nothing. What stands behind a younger entry stays, whatever the clock did.
    """
    before = datetime.fromtimestamp(clock(), UTC) - timedelta(days=days)
    if not _is_past(sessions, before - SLACK):
        return 0
    audit = Audit(sessions, clock)
    with sessions() as session, session.begin():
        session.execute(_plain(update(AuditHead).where(AuditHead.id == HEAD).values(seq=AuditHead.seq)))
        last = _last_before(session, stamp(before.timestamp()))
        if last is None:  # another was first, just now
            return 0
        session.add(AuditCut(seq=last.seq, hash=last.hash, at=stamp(clock())))
        session.flush()
        gone = cast("CursorResult[Any]", session.execute(_plain(delete(AuditRow).where(AuditRow.seq <= last.seq))))
        why = f"ouder dan {days} dagen"
        audit.record(session, Entry(Event.TRIMMED, SYSTEM, kind=Kind.LOG, object=str(last.seq), why=why))
        return gone.rowcount


def stamp(seconds: float) -> str:
    """Return a moment as an entry holds it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_past(sessions: SessionFactory, before: datetime) -> bool:
    with sessions() as session:
        oldest = session.scalar(select(AuditRow.at).order_by(AuditRow.seq).limit(1))
    return oldest is not None and oldest < stamp(before.timestamp())


def _last_before(session: Session, before: str) -> AuditRow | None:
    young = select(AuditRow.seq).where(AuditRow.at >= before).order_by(AuditRow.seq).limit(1)
    end = session.scalar(young)
    old = select(AuditRow).order_by(AuditRow.seq.desc()).limit(1)
    return session.scalar(old if end is None else old.where(AuditRow.seq < end))


def _plain(statement: Any) -> Any:
    """Leave the objects of the session alone: they are not looked at again."""
    return statement.execution_options(synchronize_session=False)

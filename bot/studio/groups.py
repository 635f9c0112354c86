"""Groups of trainees: which version they practise with, by which code, and until when."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.audit import Audit, Entry, Event, Kind
from bot.counting import changed
from bot.database import SessionFactory, empty_log
from bot.hours import ZONE
from bot.practice import Dialogue
from bot.staff import Staff
from bot.studio.errors import (
    BadTextError,
    NotInPlayError,
    NotOpenError,
    UnknownGroupError,
    UnknownVersionError,
    UnplayableError,
)
from bot.studio.models import GroupRow
from bot.studio.records import Group, Ref
from bot.studio.store import Store
from bot.studio.texts import one_line

LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, O, 1 or I
LETTERS_OF_A_CODE: Final = 8  # 40 bits; who guesses is held back by a limit on tries
LONGEST_NAME: Final = 80
OPEN_DAYS: Final = 90
LONGEST_OPEN: Final = 365  # days
_ID: Final = re.compile(r"[0-9a-f]{16}")


class Groups:
    """All groups, over one store of dialogues."""

    def __init__(
        self, sessions: SessionFactory, audit: Audit, store: Store, clock: Callable[[], float] = time.time
    ) -> None:
        self._sessions, self._audit, self._store, self._clock = sessions, audit, store, clock

    def today(self) -> date:
        """Return the day that it is here."""
        return datetime.fromtimestamp(self._clock(), ZONE).date()

    def give(self, staff: Staff, ref: Ref, name: str, until: date | None = None) -> Group:
        """Give a version to a group, open up to and including a day; without one, for 90 days.

        The name is kept as the trainer types it and goes through no privacy door: it must name no people, and the page
        says so (“dinsdag, tweede jaar”). Raises BadTextError, UnknownVersionError, NotInPlayError, UnplayableError.
        """
        name = one_line(name, "de naam van de groep", 1, LONGEST_NAME)
        today = self.today()
        until = until or today + timedelta(days=OPEN_DAYS)
        if not today <= until <= today + timedelta(days=LONGEST_OPEN):
            raise BadTextError("Kies een dag van vandaag tot over een jaar.")
        self._store.play(ref)
        while True:
            row = GroupRow(
                id=secrets.token_hex(8), name=name, code=_new_code(), dialogue=ref.dialogue, number=ref.number,
                author=staff.id, until=until,
            )  # fmt: skip
            entry = Entry(
                Event.PRACTICE_GIVEN, staff.id, staff.roles, Kind.PRACTICE, str(ref), f"aan groep {row.id}"
            )  # fmt: skip
            try:
                with self._sessions() as session, session.begin():
                    session.add(row)
                    session.flush()
                    self._audit.record(session, entry)
            except IntegrityError:  # the code is of another group
                continue
            return _group(row)

    def close(self, staff: Staff, group: str) -> None:
        """Close a group now; one that is closed stays as it is. Raises UnknownGroupError."""
        found, today = self.find(group), self.today()
        shut = update(GroupRow).where(GroupRow.id == found.id, GroupRow.until >= today)
        yesterday = today - timedelta(days=1)
        entry = Entry(Event.PRACTICE_CLOSED, staff.id, staff.roles, Kind.PRACTICE, str(found.ref), f"groep {found.id}")
        with self._sessions() as session, session.begin():
            if changed(session.execute(shut.values(until=yesterday).execution_options(synchronize_session=False))):
                self._audit.record(session, entry)

    def all(self, trainer: str | None = None) -> list[Group]:
        """Return the groups, of one trainer (an account) or of all; what is open longest comes first."""
        query = select(GroupRow).order_by(GroupRow.until.desc(), GroupRow.name, GroupRow.id)
        with self._sessions() as session:
            rows = session.scalars(query if trainer is None else query.where(GroupRow.author == trainer)).all()
        return [_group(row) for row in rows]

    def find(self, group: str) -> Group:
        """Return a group by its id, for a trainer. Raises UnknownGroupError."""
        if not _ID.fullmatch(group):
            raise UnknownGroupError
        with self._sessions() as session:
            row = session.get(GroupRow, group)
        if row is None:
            raise UnknownGroupError
        return _group(row)

    def by_code(self, code: str) -> Group:
        """Return the group of a code, open or closed, for a trainer; how it is typed does not matter. Raises
        UnknownGroupError."""
        plain = "".join(letter for letter in code.upper() if letter in LETTERS)
        with self._sessions() as session:
            row = session.scalar(select(GroupRow).where(GroupRow.code == plain))
        if row is None:
            raise UnknownGroupError
        return _group(row)

    def opened(self, code: str) -> Group:
        """Return the open group of a code, for a trainee. Raises NotOpenError, whether it is closed or unknown."""
        try:
            group = self.by_code(code)
        except UnknownGroupError:
            raise NotOpenError from None
        if not group.is_open(self.today()):
            raise NotOpenError
        return group

    def play(self, code: str) -> tuple[Group, Dialogue]:
        """Return what a trainee plays with a code. Raises NotOpenError, also of what was taken out of play."""
        group = self.opened(code)
        try:
            return group, self._store.play(group.ref)
        except (UnknownVersionError, NotInPlayError, UnplayableError) as error:
            raise NotOpenError from error


def forget_groups(sessions: SessionFactory, before: date) -> int:
    """Delete the groups that were closed before a day, with their tries; return how many. Asked often: nothing is
    locked for nothing."""
    old = GroupRow.until < before
    with sessions() as session:
        if session.scalar(select(GroupRow.id).where(old).limit(1)) is None:
            return 0
    with sessions() as session, session.begin():
        gone = changed(session.execute(delete(GroupRow).where(old).execution_options(synchronize_session=False)))
    empty_log(sessions)
    return gone


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LETTERS_OF_A_CODE))


def _group(row: GroupRow) -> Group:
    return Group(row.id, row.name, row.code, Ref(row.dialogue, row.number), row.author, row.until)

"""Dialogues and their versions: those in `data/practice` are only read, those of trainers are in the database. A
version never changes, and is saved only on the one that was opened, so that two trainers never overwrite each other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Update, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.audit import Audit, Entry, Event, Kind
from bot.counting import changed
from bot.database import Base, SessionFactory
from bot.practice import CitationFault, Dialogue, Remark, examine, slug
from bot.staff import Staff
from bot.studio.errors import NotInPlayError, ShippedError, StaleError, UnknownVersionError, UnplayableError
from bot.studio.models import DialogueRow, VersionRow
from bot.studio.records import SHIPPED, Line, Listed, Playable, Ref, State, Version
from bot.studio.texts import LONGEST_TITLE, SHORTEST_TITLE, difference, one_line, title_of, titled, whole
from bot.yamlfile import DataFileError

log = logging.getLogger("pluis.studio")
LONGEST_NOTE: Final = 200
_REMEMBERED: Final = 512  # versions that were read, of some 200 kB each
EXAMPLE: Final = Path("practice") / "example" / "post.yml"


class Store:
    """All dialogues. `fault` is what is wrong with a source, as the knowledge has it."""

    def __init__(
        self,
        sessions: SessionFactory,
        audit: Audit,
        data: Path,
        fault: CitationFault,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sessions, self._audit, self._data, self._fault, self._clock = sessions, audit, data, fault, clock
        self._shipped = {path.stem: path for path in sorted((data / "practice").glob("*.yml"))}
        self._read = lru_cache(_REMEMBERED)(self._judged)
        self._told = set[Ref]()  # that the log has as left out

    # -- reading -------------------------------------------------------------------------------------------------------

    def all(self) -> list[Listed]:
        """Return all dialogues by title: those that come with Pluis first."""
        shipped = [Listed(name, self._title(name), State.SHIPPED, SHIPPED, SHIPPED) for name in self._shipped]
        with self._sessions() as session:
            rows = session.scalars(select(DialogueRow)).all()
        own = [
            Listed(row.id, row.title, State.PUBLISHED if row.published else State.DRAFT, row.latest, row.published)
            for row in rows
        ]
        return [
            each for part in (shipped, own) for each in sorted(part, key=lambda one: (one.title.casefold(), one.id))
        ]

    def versions(self, dialogue: str) -> list[Version]:
        """Return the versions that were saved of a dialogue, the newest first; none of one that comes with Pluis."""
        query = select(VersionRow).where(VersionRow.dialogue == dialogue).order_by(VersionRow.number.desc())
        with self._sessions() as session:
            rows = session.scalars(query).all()
        return [Version(Ref(row.dialogue, row.number), row.author, row.at, row.note, row.in_play) for row in rows]

    def text(self, ref: Ref) -> str:
        """Return the text of a version. Raises UnknownVersionError."""
        if ref.number == SHIPPED:
            path = self._shipped.get(ref.dialogue)
            if path is None:
                raise UnknownVersionError
            return path.read_text(encoding="utf-8")
        with self._sessions() as session:
            return _version(session, ref).text

    def example(self) -> str:
        """Return the text of a small dialogue that can be played, to begin with; the manual for trainers has it too."""
        text = (self._data / EXAMPLE).read_text(encoding="utf-8")
        return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))  # for other editors

    def difference(self, old: Ref, new: Ref) -> list[list[Line]]:
        """Return the places where two versions differ, of one dialogue or of two. Raises UnknownVersionError."""
        return difference(self.text(old), self.text(new))

    def dialogue(self, ref: Ref) -> Dialogue:
        """Return a version as it is played, also where its sources are no longer known. Raises UnknownVersionError, and
        UnplayableError where it cannot be read."""
        found, faults = self._read(ref)
        if found is None:
            raise UnplayableError(faults)
        return found

    def faults(self, ref: Ref) -> tuple[Remark, ...]:
        """Return what keeps a version from being published, by line. Raises UnknownVersionError."""
        _, faults = self._read(ref)
        return faults

    def playable(self) -> Playable:
        """Return what trainees can choose now; it is cheap to ask. What is published and has a grave fault by now, such
        as a source or technique that is no longer known, is named instead, and in the log once."""
        row = DialogueRow
        query = select(row.id, row.published).where(row.published.is_not(None)).order_by(row.id)
        with self._sessions() as session:
            own = [Ref(name, number) for name, number in session.execute(query) if number]
        dialogues: dict[Ref, Dialogue] = {}
        left_out: dict[Ref, tuple[Remark, ...]] = {}
        for ref in [*(Ref(name, SHIPPED) for name in self._shipped), *own]:
            try:
                dialogues[ref] = self._sound(ref)
            except UnplayableError as error:
                left_out[ref] = error.faults
        for ref in left_out.keys() - self._told:
            self._told.add(ref)
            log.warning("a dialogue in play cannot be played", extra={"dialogue": str(ref)})
        return Playable(dialogues, left_out)

    def play(self, ref: Ref) -> Dialogue:
        """Return a version that is in play. Raises UnknownVersionError, NotInPlayError, UnplayableError."""
        if ref.number != SHIPPED:
            with self._sessions() as session:
                if not _version(session, ref).in_play:
                    raise NotInPlayError
        return self._sound(ref)

    # -- changing ------------------------------------------------------------------------------------------------------

    def create(self, staff: Staff, title: str, text: str, note: str = "") -> Ref:
        """Keep a new dialogue, as a copy when its text is another's, and return version 1. Raises BadTextError."""
        title = one_line(title, "de titel", SHORTEST_TITLE, LONGEST_TITLE)
        text, note = titled(whole(text), title), _note(note)
        while True:
            name = self._free(title)
            try:
                with self._sessions() as session, session.begin():
                    session.add(DialogueRow(id=name, title=title, latest=1, published=None))
                    session.flush()
                    session.add(self._version(Ref(name, 1), staff, text, note))
            except IntegrityError:  # another took the name, just now
                continue
            return Ref(name, 1)

    def save(self, staff: Staff, opened: Ref, text: str, note: str = "") -> Ref:
        """Keep a text as the version after the one that was opened, and return it; what was sent twice, once.

        Raises StaleError when there is a newer one already, ShippedError, UnknownVersionError, BadTextError.
        """
        if opened.number == SHIPPED:
            raise ShippedError if opened.dialogue in self._shipped else UnknownVersionError
        text, note, new = whole(text), _note(note), Ref(opened.dialogue, opened.number + 1)
        row, title = DialogueRow, title_of(text)
        values = {"latest": new.number} | ({"title": title} if title else {})
        on_opened = _update(row).where(row.id == opened.dialogue, row.latest == opened.number)
        with self._sessions() as session, session.begin():
            if changed(session.execute(on_opened.values(**values))):
                session.add(self._version(new, staff, text, note))
                return new
            latest = session.scalar(select(row.latest).where(row.id == opened.dialogue))
            if latest is None or latest < opened.number:
                raise UnknownVersionError
            there = _version(session, Ref(opened.dialogue, latest))
            if (there.number, there.text, there.author) == (new.number, text, staff.id):
                return new
            raise StaleError(text, there.text, latest, own=there.author == staff.id)

    def publish(self, staff: Staff, ref: Ref) -> None:
        """Make a version the one that trainees choose. Raises UnplayableError, ShippedError, UnknownVersionError."""
        if ref.number == SHIPPED:
            raise ShippedError if ref.dialogue in self._shipped else UnknownVersionError
        self._sound(ref)
        with self._sessions() as session, session.begin():
            session.execute(_update(DialogueRow).where(DialogueRow.id == ref.dialogue).values(published=ref.number))
            of_this = (VersionRow.dialogue == ref.dialogue) & (VersionRow.number == ref.number)
            session.execute(_update(VersionRow).where(of_this).values(in_play=True))
            self._record(session, Event.PRACTICE_PUBLISHED, staff, str(ref))

    def withdraw(self, staff: Staff, dialogue: str) -> None:
        """Take all versions of a dialogue out of play, also for groups that have one. Raises UnknownVersionError."""
        with self._sessions() as session, session.begin():
            row = _update(DialogueRow).where(DialogueRow.id == dialogue)
            if not changed(session.execute(row.values(published=None))):
                raise UnknownVersionError
            versions = _update(VersionRow).where(VersionRow.dialogue == dialogue)
            if changed(session.execute(versions.where(VersionRow.in_play).values(in_play=False))):
                self._record(session, Event.PRACTICE_WITHDRAWN, staff, dialogue)

    # -- what is shared by these ---------------------------------------------------------------------------------------

    def _title(self, name: str) -> str:
        found, _ = self._read(Ref(name, SHIPPED))
        return found.title if found else name

    def _free(self, title: str) -> str:
        """Return an id that is not there yet."""
        with self._sessions() as session:
            taken = {*self._shipped, *session.scalars(select(DialogueRow.id))}
        return next(name for number in count(1) if (name := slug(title, "gesprek", number)) not in taken)

    def _version(self, ref: Ref, staff: Staff, text: str, note: str) -> VersionRow:
        return VersionRow(
            dialogue=ref.dialogue, number=ref.number, text=text, note=note, author=staff.id, at=self._clock()
        )  # fmt: skip

    def _sound(self, ref: Ref) -> Dialogue:
        """Return a version that has no grave fault. Raises UnknownVersionError, UnplayableError."""
        found, faults = self._read(ref)
        if found is None or faults:
            raise UnplayableError(faults)
        return found

    def _judged(self, ref: Ref) -> tuple[Dialogue | None, tuple[Remark, ...]]:
        """Return a version, None where it cannot be read, and its grave faults. Raises UnknownVersionError."""
        text = self.text(ref)
        try:
            found = examine(text, self._data, ref.dialogue, self._fault)
            return found.dialogue, tuple(remark for remark in found.remarks if remark.grave)
        except DataFileError as error:
            return None, (Remark(error.line, error.reason, True),)

    def _record(self, session: Session, event: Event, staff: Staff, dialogue: str) -> None:
        self._audit.record(session, Entry(event, staff.id, staff.roles, Kind.PRACTICE, dialogue))


def _update(table: type[Base]) -> Update:
    """Begin a statement that leaves the objects of the session alone: they are not looked at again."""
    return update(table).execution_options(synchronize_session=False)


def _note(text: str) -> str:
    return one_line(text, "de notitie", 0, LONGEST_NOTE)


def _version(session: Session, ref: Ref) -> VersionRow:
    row = session.get(VersionRow, (ref.dialogue, ref.number), populate_existing=True)
    if row is None:
        raise UnknownVersionError
    return row

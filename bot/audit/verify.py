"""Reads the whole chain and says where it is broken first, and how. A chain that was rewritten as a whole is sound by
itself: that shows only against an earlier export."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from bot.audit.entries import Event
from bot.audit.export import FORMAT
from bot.audit.models import AuditRow
from bot.audit.reading import Point, View, view
from bot.database import SessionFactory

TELL_EVERY: Final = 100_000  # entries


class Fault(StrEnum):
    """What can be wrong with a log."""

    CHANGED = "changed"  # the entry says something else than when it was added
    REORDERED = "reordered"  # the entry stands at another's place
    UNLINKED = "unlinked"  # the entry is whole, but follows on something else than what stands before it
    MISSING = "missing"
    CUT = "cut"  # the beginning is gone without a trimming that says so
    TAIL = "tail"  # the end is not where the head says
    NO_HEAD = "no_head"
    REWRITTEN = "rewritten"  # the log is sound, and says something else than an earlier export of it


class NotAnExportError(Exception):
    """A file is no export of a log, or cannot be read as one."""

    def __init__(self) -> None:
        super().__init__("dit bestand is geen uitvoer van `pluis audit export`; geef een ander bestand.")


@dataclass(frozen=True)
class Verdict:
    """What was found: how many entries from where to where, and the first fault with the number where it stands."""

    count: int
    first: int
    last: int
    fault: Fault | None = None
    seq: int = 0


class _Broken(Exception):  # noqa: N818 -- goes no further than this module
    def __init__(self, seq: int, fault: Fault) -> None:
        super().__init__(seq, fault)
        self.seq, self.fault = seq, fault


def verify(
    sessions: SessionFactory, against: Path | None = None, tell: Callable[[int, int], None] = lambda done, last: None
) -> Verdict:
    """Check the whole log, and hold it against an earlier export when one is given.

    `tell` hears now and then up to which entry it came, and which is the last. Raises NotAnExportError.
    """
    with ExitStack() as stack:
        earlier = _Earlier(stack.enter_context(_opened(against))) if against else None
        seen = stack.enter_context(view(sessions))
        check = _Check(seen, earlier, tell)
        try:
            check.run()
        except _Broken as broken:
            return Verdict(check.count, seen.cut.seq + 1, check.at.seq, broken.fault, broken.seq)
        return Verdict(check.count, seen.cut.seq + 1, check.at.seq)


class _Check:
    """One reading of the chain."""

    def __init__(self, seen: View, earlier: _Earlier | None, tell: Callable[[int, int], None]) -> None:
        self._seen, self._earlier, self._tell = seen, earlier, tell
        self.at, self.count, self._trimmed = seen.cut, 0, seen.cut.seq == 0

    def run(self) -> None:
        """Check each entry, then the end. Raises _Broken."""
        head = self._seen.head
        if head is None:
            raise _Broken(self.at.seq, Fault.NO_HEAD)
        with closing(self._seen.rows()) as rows:
            for row in rows:
                self._entry(row, head)
                self.at, self.count = Point(row.seq, row.hash), self.count + 1
                if self.count % TELL_EVERY == 0:
                    self._tell(row.seq, head.seq)
        if self.at != head:
            raise _Broken(self.at.seq + 1, Fault.TAIL)
        if not self._trimmed:
            raise _Broken(self._seen.cut.seq, Fault.CUT)
        if self._earlier is not None:
            self._earlier.end(self.at)

    def _entry(self, row: AuditRow, head: Point) -> None:
        expected = self.at.seq + 1
        if row.seq != expected:
            begin_is_gone = self.count == 0 and row.seq > expected
            raise _Broken(expected, Fault.CUT if begin_is_gone else Fault.MISSING)
        if row.hash != row.digest():
            elsewhere = any(row.hash == row.digest(seq) for seq in range(1, head.seq + 1))
            raise _Broken(row.seq, Fault.REORDERED if elsewhere else Fault.CHANGED)
        if row.prev_hash != self.at.hash:
            raise _Broken(row.seq, Fault.UNLINKED)
        self._trimmed |= row.event == Event.TRIMMED and row.object == str(self._seen.cut.seq)
        if self._earlier is not None:
            self._earlier.hold(row)


class _Earlier:
    """An earlier export, read along with the log."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        said = self._read()
        if said is None or said.get("format") != FORMAT:
            raise NotAnExportError
        head = said.get("head") or {"seq": 0, "hash": ""}
        self._head = Point(int(head["seq"]), str(head["hash"]))
        self._next = self._read()

    def hold(self, row: AuditRow) -> None:
        """Hold an entry of the log against the export. Raises _Broken."""
        while self._next is not None and self._next["seq"] < row.seq:  # trimmed since then
            self._next = self._read()
        if self._next is not None and self._next["seq"] == row.seq and self._next != row.as_dict():
            raise _Broken(row.seq, Fault.REWRITTEN)
        if row.seq == self._head.seq and row.hash != self._head.hash:
            raise _Broken(row.seq, Fault.REWRITTEN)

    def end(self, last: Point) -> None:
        """Hold the end of the log against the export. Raises _Broken."""
        if last.seq < self._head.seq:
            raise _Broken(last.seq + 1, Fault.REWRITTEN)

    def _read(self) -> dict[str, Any] | None:
        line = next(self._lines, None)
        if line is None:
            return None
        try:
            said = json.loads(line)
        except ValueError:
            raise NotAnExportError from None
        if not isinstance(said, dict) or not isinstance(said.get("seq", 0), int):
            raise NotAnExportError
        return said


def _opened(path: Path) -> Any:
    return path.open(encoding="utf-8", errors="replace")

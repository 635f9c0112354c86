"""Writes the audit log, or a part of it, as JSON Lines: a first line that says what it is and where the log ended,
then an entry a line. Kept elsewhere, it is what a log that was rewritten as a whole can be held against."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.audit.entries import Kind
from bot.audit.models import AuditRow
from bot.audit.reading import view
from bot.database import SessionFactory

FORMAT: Final = "pluis-audit-1"


@dataclass(frozen=True)
class Wanted:
    """Which entries: of these days (UTC, both included), by this account, about this conversation."""

    since: date | None = None
    until: date | None = None
    account: str | None = None
    conversation: str | None = None

    def conditions(self) -> list[Any]:
        """Return this as conditions on the entries."""
        found: list[Any] = []
        if self.since:
            found.append(AuditRow.at >= _midnight(self.since))
        if self.until:
            found.append(AuditRow.at < _midnight(self.until + timedelta(days=1)))
        if self.account:
            found.append(AuditRow.account == self.account)
        if self.conversation:
            found += [AuditRow.kind == Kind.CONVERSATION.value, AuditRow.object == self.conversation]
        return found

    def __str__(self) -> str:
        given = {"van": self.since, "tot en met": self.until, "account": self.account, "gesprek": self.conversation}
        return ", ".join(f"{name} {value}" for name, value in given.items() if value) or "alles"


@dataclass(frozen=True)
class Export:
    """What was written."""

    path: Path
    count: int


def export(sessions: SessionFactory, path: Path, wanted: Wanted) -> Export:
    """Write the wanted entries to a file that only its owner can read; it is there whole or not at all."""
    half, count = path.with_name(f".{path.name}.half"), 0
    half.unlink(missing_ok=True)
    half.touch(0o600, exist_ok=False)
    with half.open("w", encoding="ascii") as file, view(sessions) as seen:
        head = asdict(seen.head) if seen.head else None
        said = {name: str(value) if value else None for name, value in asdict(wanted).items()}
        file.write(_line({"format": FORMAT, "head": head, "cut": asdict(seen.cut), "wanted": said}))
        with closing(seen.rows(*wanted.conditions())) as rows:
            for row in rows:
                file.write(_line(row.as_dict()))
                count += 1
    half.replace(path)
    return Export(path, count)


def _line(value: Any) -> str:
    return json.dumps(value) + "\n"


def _midnight(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

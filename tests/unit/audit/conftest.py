"""A log in a database of its own, made by the migrations, on SQLite and on PostgreSQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bot.audit import Audit, Entry, Event, Kind, Verdict, trim, verify
from bot.database import SessionFactory, make_engine, session_factory, upgrade
from tests.unit.channels.fakes import FakeClock

GUARDED = ("audit_entries", "audit_cuts", "audit_head")


@dataclasses.dataclass
class Log:
    """The log, and the hands of who has the whole database."""

    engine: Engine
    sessions: SessionFactory
    clock: FakeClock
    audit: Audit

    def add(self, count: int, conversation: str = "c1", account: str = "a1") -> None:
        """Add entries, one a second."""
        for _ in range(count):
            self.clock.passes(1)
            self.audit.note(Entry(Event.QUESTION_READ, account, ("helpdesk",), Kind.CONVERSATION, conversation))

    def trim(self, days: int = 365) -> int:
        """Trim at the time of the clock."""
        return trim(self.sessions, days, self.clock)

    def verify(self, against: Path | None = None) -> Verdict:
        """Verify the whole log."""
        return verify(self.sessions, against)

    def run(self, *statements: str, guarded: bool = False) -> None:
        """Run SQL as who owns the database; without the triggers unless `guarded`."""
        with self.engine.begin() as connection:
            if not guarded:
                self._drop(connection)
            for statement in statements:
                connection.execute(text(statement))

    def _drop(self, connection: Any) -> None:
        if self.engine.dialect.name == "postgresql":
            for table in GUARDED:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'test.db'}" if sqlite else request.getfixturevalue("postgres").new_database()
    upgrade(url)
    engine = make_engine(url)
    sessions, clock = session_factory(engine), FakeClock()
    yield Log(engine, sessions, clock, Audit(sessions, clock, "machine-1"))
    engine.dispose()

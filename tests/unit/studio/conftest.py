"""A studio in a database of its own, made by the migrations, on SQLite and on PostgreSQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, select

from bot.audit import Audit
from bot.audit.models import AuditRow
from bot.database import SessionFactory, make_engine, session_factory
from bot.practice import CitationFault
from bot.staff import Staff
from bot.studio import Groups, Ref, Store, Tries
from tests.databases import KINDS, fresh
from tests.unit.channels.fakes import FakeClock
from tests.unit.practice import DATA, script

ANNA = Staff("a1", "Anna", "Trainer", ("trainer",), frozenset({"practice.write"}))
BRAM = Staff("b2", "Bram", "Trainer", ("trainer",), frozenset({"practice.write"}))


@dataclasses.dataclass
class Studio:
    """All of the studio over one database, and what the audit log says of it."""

    engine: Engine
    sessions: SessionFactory
    clock: FakeClock
    audit: Audit
    store: Store
    groups: Groups
    tries: Tries

    def written(self, **changes: Any) -> Ref:
        """Write a dialogue that can be played, and publish it."""
        ref = self.store.create(ANNA, "Aan de deur", text(**changes))
        self.store.publish(ANNA, ref)
        return ref

    def with_faults(self, fault: CitationFault) -> Store:
        """Return the same dialogues where the knowledge says this of sources."""
        return Store(self.sessions, self.audit, DATA, fault, self.clock)

    def logged(self) -> list[str]:
        """Return what was recorded, in order."""
        with self.sessions() as session:
            rows = session.scalars(select(AuditRow).order_by(AuditRow.seq))
            return [f"{row.event} {row.account} {row.kind} {row.object} {row.why}".strip() for row in rows]


def text(**changes: Any) -> str:
    """Return the text of a small dialogue, with these changes."""
    return yaml.safe_dump(script(**changes), sort_keys=False, allow_unicode=True)


def at_once(*deeds: Callable[[], object]) -> Sequence[Any]:
    """Do all at the same moment; return what came of each, or its error."""
    ready = Barrier(len(deeds))

    def done(deed: Callable[[], object]) -> object:
        ready.wait(10)
        try:
            return deed()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(done, deeds))


@pytest.fixture(params=KINDS)
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Studio]:
    engine = make_engine(fresh(request, tmp_path))
    sessions, clock = session_factory(engine), FakeClock(1_800_000_000.0)
    audit = Audit(sessions, clock, "machine-1")
    store = Store(sessions, audit, DATA, lambda source, section: None, clock)
    groups = Groups(sessions, audit, store, clock)
    yield Studio(engine, sessions, clock, audit, store, groups, Tries(sessions, store, groups))
    engine.dispose()

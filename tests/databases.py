"""Databases at the newest migration, for tests of what is kept: migrated once, and then copied or emptied."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert

import bot.retention  # every table is among those to empty
from bot.audit.models import HEAD, NOTHING, AuditHead
from bot.database import Base, make_engine, upgrade
from bot.helpdesk.models import ChangeRow

if TYPE_CHECKING:
    from tests.live.postgres import Server

__all__ = ["KINDS", "fresh"]

KINDS = ["sqlite", "postgresql"]
assert bot.retention


def fresh(request: pytest.FixtureRequest, folder: Path) -> str:
    """Return the address of a database of the kind that a test is asked for, with what stands in it at first."""
    if request.param == "sqlite":
        (folder / "test.db").write_bytes(_migrated())
        return f"sqlite:///{folder / 'test.db'}"
    return _emptied(request.getfixturevalue("postgres"))


@lru_cache
def _migrated() -> bytes:
    """Return a database of SQLite, as a file."""
    with TemporaryDirectory() as folder:
        upgrade(f"sqlite:///{folder}/test.db")
        return (Path(folder) / "test.db").read_bytes()


@lru_cache
def _database(server: Server) -> str:
    """Return the address of a database of PostgreSQL that is used time and again: to make one takes longer than a
    test."""
    url = server.new_database()
    upgrade(url)
    return url


def _emptied(server: Server) -> str:
    """Leave in that database what stands in it at first."""
    engine = make_engine(url := _database(server))
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # else the audit log only grows
        for table in Base.metadata.tables.values():
            connection.execute(delete(table))
        connection.execute(insert(AuditHead).values(id=HEAD, seq=0, hash=NOTHING))
        connection.execute(insert(ChangeRow).values(id=1, number=0))
    engine.dispose()
    return url

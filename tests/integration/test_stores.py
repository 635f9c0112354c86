"""After a conversation nothing stands in `var` that `docs/privacy/stores.md` does not tell of."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.integration.test_faults import begun
from tests.live.site import TEMPORARY, Site
from tests.live.stores import RASA, listed

pytestmark = pytest.mark.live
_SQLITES_OWN = ("sqlite_", "alembic_version")


def test_every_file_and_table_is_told(pluis: Site) -> None:
    with begun(pluis):
        files = {path.name.removesuffix("-wal").removesuffix("-shm") for path in pluis.settings.var.iterdir()}
        assert files - {"organisation.yml", TEMPORARY} <= listed()
        assert list((pluis.settings.var / TEMPORARY).iterdir()) == []
        tables = {}
        for name in ("pluis.db", "tracker.db"):
            with closing(sqlite3.connect(f"file:{pluis.settings.var / name}?mode=ro", uri=True)) as database:
                rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            tables[name] = {row[0] for row in rows if not row[0].startswith(_SQLITES_OWN)}
        assert tables["tracker.db"] == RASA
        assert tables["pluis.db"] <= listed()

"""A database of a test's own, which commands use."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.database import SessionFactory, make_engine, session_factory, upgrade
from bot.settings import get_settings


@contextmanager
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionFactory]:
    """Open it for as long as the block lasts."""
    monkeypatch.setenv("PLUIS_VAR", str(tmp_path))
    monkeypatch.delenv("PLUIS_DATABASE_URL", raising=False)
    monkeypatch.setattr(getpass, "getuser", lambda: "beheerder")
    get_settings.cache_clear()
    upgrade(get_settings().database)
    engine = make_engine(get_settings().database)
    yield session_factory(engine)
    engine.dispose()
    get_settings.cache_clear()

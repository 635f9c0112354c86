"""The triage as it stands in `data/helpdesk/`, read once; a copy to spoil; and a desk, on SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.advice import Tables, load_tables
from bot.helpdesk import TriageTable, load_triage
from bot.settings import ROOT
from tests.unit.channels.desks import Place, opened

DATA = ROOT / "data"


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The tables of the advice."""
    return load_tables(DATA)


@pytest.fixture(scope="session")
def triage(tables: Tables) -> TriageTable:
    """The table of the project."""
    return load_triage(DATA, tables)


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A folder of data with a copy of the triage."""
    shutil.copytree(DATA / "helpdesk", tmp_path / "helpdesk")
    return tmp_path


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with opened(request, tmp_path) as made:
        yield made

"""Whatever goes wrong in a command is told in one line that says what to do, with the exit code of the contract."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner, Result

from bot import cli
from bot.channels import EngineUnavailableError, Store
from bot.database import make_engine, session_factory, upgrade
from bot.knowledge import KnowledgeError
from bot.operate import ModelError, NotReadyError
from bot.settings import get_settings
from tests.unit.channels.fakes import FakeEngine


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep everything in a folder of the test's own."""
    monkeypatch.setenv("PLUIS_VAR", str(tmp_path))
    monkeypatch.setenv("PLUIS_ENGINE_TOKEN", "e" * 32)
    monkeypatch.delenv("PLUIS_DATABASE_URL", raising=False)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def pluis(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def told(result: Result, code: int) -> str:
    """Assert that a command failed with one line, and return that."""
    assert result.exit_code == code, result.output
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUIS_PORT", "abc")
    assert "PLUIS_PORT" in told(pluis("check"), 2)


def test_without_a_database_the_search_says_what_to_do() -> None:
    assert "pluis prepare" in told(pluis("search", "wat is de meldcode"), 3)


def test_without_knowledge_the_search_says_what_to_do(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'pluis.db'}")
    assert "pluis prepare" in told(pluis("search", "wat is de meldcode"), 3)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("INSERT", {"text": "geheim"}, Exception("database or disk is full")), "is er schijfruimte"),
        (NotReadyError("poort 8000 is bezet"), "poort 8000 is bezet"),
        (ModelError("het model is beschadigd"), "beschadigd"),
        (KnowledgeError("no knowledge"), "geen kennis"),
        (EngineUnavailableError("ConnectError"), "make run"),
        (OSError(errno.ENOSPC, "No space left on device", "/var/x"), "No space left"),
        (FileNotFoundError(errno.ENOENT, "No such file", "var/secrets/engine_token"), "pluis prepare"),
    ],
)
def test_what_this_machine_lacks_is_exit_3(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr("bot.operate.prepare", fail)
    line = told(pluis("prepare"), 3)
    assert words in line
    assert "geheim" not in line


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.operate.prepare", fail)
    assert isinstance(pluis("prepare").exception, ZeroDivisionError)


def test_wiping_what_is_nowhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'pluis.db'}"
    upgrade(url)
    Store(session_factory(make_engine(url))).create("c1", "directline", "http://x", "/groet")
    monkeypatch.setattr("bot.channels.EngineClient", lambda *_, **__: FakeEngine(forgets=0).client())
    assert "is er niet" in told(pluis("wipe", "c2"), 1)
    assert pluis("wipe", "c1").output == "pluis: gewist\n"
    assert "is er niet" in told(pluis("wipe", "c1"), 1)


def test_what_a_command_makes_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "app", lambda: (tmp_path / "gemaakt").touch())
    before = os.umask(0o022)
    try:
        cli.main()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "gemaakt").stat().st_mode) == 0o600

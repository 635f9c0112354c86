"""The file of the organisation, from the setting to what is said; a broken one is told by every command and server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.settings import ROOT, Settings, get_settings


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that `PLUIS_ORGANISATION` names; not there yet."""
    path = tmp_path / "bij ons.yml"
    monkeypatch.setenv("PLUIS_ORGANISATION", str(path))
    monkeypatch.setenv("PLUIS_VAR", str(tmp_path / "var"))
    get_settings.cache_clear()
    yield path
    get_settings.cache_clear()


def pluis(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def test_the_file_stands_in_the_root_and_git_leaves_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLUIS_ORGANISATION", raising=False)
    assert Settings(_env_file=None).organisation == ROOT / "organisation.yml"
    assert "/organisation.yml" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert (ROOT / "organisation.example.yml").is_file()


def test_the_setting_names_another_path(own: Path, tmp_path: Path) -> None:
    case = tmp_path / "casus.yml"
    case.write_text("profession: wijkteam\ncase: {repeated: yes}\n", encoding="utf-8")
    unknown = json.loads(pluis("advise", str(case)).stdout)
    own.write_text("wie_meldt: de zorgcoördinator\n", encoding="utf-8")
    known = json.loads(pluis("advise", str(case)).stdout)
    assert any("Kijk in de meldcode van je organisatie wie er meldt." in step for step in unknown["next_steps"])
    assert any("Bij jullie meldt de zorgcoördinator." in step for step in known["next_steps"])
    assert known["tables_version"] == unknown["tables_version"]
    assert set(known) == set(unknown)


def test_the_check_reads_it_when_it_is_there(own: Path) -> None:
    without = pluis("check")
    assert without.exit_code == 0, without.output
    assert "organisatie: het voorbeeld: goed" in without.output
    own.write_text("wie_meldt: wij\nwie_belt: wij\n", encoding="utf-8")
    told = pluis("check")
    assert told.exit_code == 1
    assert told.stderr.startswith(f"pluis: {own}:2: onbekende naam: wie_belt; kies uit: ")


def test_the_check_reads_the_example(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "organisation.example.yml").read_text(encoding="utf-8")
    example = tmp_path / "organisation.example.yml"
    example.write_text(text.replace("\nwie_meldt:", "\nwie_melt:"), encoding="utf-8")
    (tmp_path / "domain.yml").symlink_to(ROOT / "domain.yml")
    monkeypatch.setattr("bot.checks.ROOT", tmp_path)
    told = pluis("check")
    assert told.exit_code == 1
    assert told.stderr.startswith(f"pluis: {example}:")
    assert "onbekende naam: wie_melt" in told.stderr


@pytest.mark.parametrize("process", ["bot.web", "actions.serve"])
def test_no_server_starts_on_a_broken_one(own: Path, process: str) -> None:
    own.write_text("# x\nmeldcode: '{zij}'\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PLUIS_SECRET": "s" * 32, "PLUIS_ENGINE_TOKEN": "e" * 32}
    ended = subprocess.run(
        [sys.executable, "-m", process], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 1, ended.stderr
    assert f"pluis: {own}:2: meldcode: een accolade kan hier niet" in ended.stderr.splitlines()
    assert "Traceback" not in ended.stderr

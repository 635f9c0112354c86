"""From a bare machine: what is lacking is told in one line, with exit code 3, and nothing half done counts as done."""

from __future__ import annotations

import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest

import bootstrap

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in which nothing is installed, on a machine without uv or Python 3.10 on its path."""
    for name in ("requirements.lock", "requirements-dev.lock", "engine/requirements.lock", "uv-requirements.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / ".tools")
    monkeypatch.delenv("PLUIS_PYTHON310", raising=False)
    return tmp_path


def test_too_little_disk_is_told(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 10**9))
    assert bootstrap.main(["run"]) == 3
    assert "te weinig schijfruimte" in capsys.readouterr().err


def test_a_wrong_python310_is_told(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLUIS_PYTHON310", sys.executable)
    monkeypatch.setattr(bootstrap, "find_uv", lambda: "uv-is-er-niet")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, 10**12))
    assert bootstrap.main(["run"]) == 3
    assert "PLUIS_PYTHON310 wijst niet naar Python 3.10" in capsys.readouterr().err


def test_python310_is_taken_from_the_settings_file(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = bare / "python3.10"
    python.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    python.chmod(0o755)
    (bare / ".env").write_text(f"# iets\nPLUIS_PORT=8000\n PLUIS_PYTHON310 = '{python}'\n", encoding="utf-8")
    assert bootstrap.find_python310("/bin/false") == python
    monkeypatch.setenv("PLUIS_PYTHON310", "/bin/false")  # the shell goes before the file
    with pytest.raises(bootstrap.NotPossibleError, match="/bin/false"):
        bootstrap.find_python310("/bin/false")


def test_no_python310_at_all_is_told(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(Path, "home", lambda: bare)
    with pytest.raises(bootstrap.NotPossibleError, match=r"pyenv install 3\.10"):
        bootstrap.find_python310("/bin/false")


def test_an_environment_cut_short_does_not_count(bare: Path) -> None:
    place, lock = bare / ".venv", bare / "requirements.lock"
    place.mkdir()
    assert not bootstrap._installed(place, [lock])
    bootstrap._stamp(place, lock)
    assert bootstrap._installed(place, [lock])
    lock.write_text("# iets anders\n", encoding="utf-8")
    assert not bootstrap._installed(place, [lock])


def test_an_install_that_fails_leaves_no_stamp(bare: Path) -> None:
    with pytest.raises(bootstrap.NotPossibleError, match="er blijft niets half staan"):
        bootstrap._install("/bin/false", bare / ".venv", Path(sys.executable), bare / "requirements.lock")
    assert not (bare / ".venv" / bootstrap.STAMP).exists()

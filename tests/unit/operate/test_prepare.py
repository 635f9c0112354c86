"""What follows from content and code alone is made once; a change in either, or a start cut short, makes it again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import operate
from bot.operate import ModelError
from bot.settings import ROOT, Settings

prepare = sys.modules["bot.operate.prepare"]
SETTLED = ["check_content", "fetch_webchat", "build_privacy_cache", "embed"]
EVERY_TIME = ["make_secrets", "upgrade_database", "load_knowledge", "have_model"]


class Machine:
    """A checkout on which each step only notes that it was done."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.done = root, list[str]()
        own = root / "organisation.yml"
        self.settings = Settings(_env_file=None, var=root / "var", data=root / "data", organisation=own)
        monkeypatch.setattr(prepare, "ROOT", root)
        for name in (*SETTLED, *EVERY_TIME):
            monkeypatch.setattr(prepare, name, self._note(name))

    def _note(self, name: str) -> Callable[..., None]:
        def step(*_: Any) -> None:
            self.done.append(name)
            made = {"fetch_webchat": "webchat/version", "build_privacy_cache": "cache/deduce/x"}.get(name)
            if made:
                (self.settings.var / made).parent.mkdir(parents=True, exist_ok=True)
                (self.settings.var / made).touch()

        return step

    def prepare(self) -> set[str]:
        """Prepare, and return what was done."""
        self.done.clear()
        operate.prepare(self.settings, lambda _line: None)
        return set(self.done)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for name in ("data/nlu/start.yml", "data/privacy/names.yml", "bot/checks.py", "bot/privacy/lists.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name in prepare.LOCKS:
        shutil.copy(ROOT / name, tmp_path / name)
    return Machine(tmp_path, monkeypatch)


def test_a_second_time_only_what_is_kept_elsewhere_is_looked_at(machine: Machine) -> None:
    assert machine.prepare() == {*SETTLED, *EVERY_TIME}
    assert machine.prepare() == {*EVERY_TIME}


@pytest.mark.parametrize(
    "name",
    [
        "data/privacy/names.yml", "data/nlu/start.yml", "bot/privacy/lists.py", "requirements.lock", "domain.yml",
        "organisation.yml",
    ],
)  # fmt: skip
def test_a_change_has_all_of_it_made_again(machine: Machine, name: str) -> None:
    machine.prepare()
    (machine.root / name).write_text("anders", encoding="utf-8")
    assert machine.prepare() == {*SETTLED, *EVERY_TIME}


@pytest.mark.parametrize("name", ["cache", "cache/deduce", "webchat"])
def test_what_was_thrown_away_is_made_again(machine: Machine, name: str) -> None:
    machine.prepare()
    shutil.rmtree(machine.settings.var / name)
    assert machine.prepare() == {*SETTLED, *EVERY_TIME}


def test_a_start_cut_short_does_not_count(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ModelError("het trainen is mislukt")

    with monkeypatch.context() as broken:
        broken.setattr(prepare, "have_model", fail)
        with pytest.raises(ModelError):
            machine.prepare()
    assert machine.prepare() == {*SETTLED, *EVERY_TIME}


def test_nothing_slow_is_imported_before_it_is_needed() -> None:
    slow = {"spacy", "sklearn", "sqlalchemy", "alembic", "fastapi", "deduce", "onnxruntime"}
    code = f"import sys, bot.cli, bot.operate; print(*({slow!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []

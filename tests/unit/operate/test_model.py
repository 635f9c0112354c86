"""The model's name follows everything it is made of, and a damaged file is told in one line."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from bot.operate import ModelError, fingerprint
from bot.operate.model import INPUTS, check
from bot.settings import ROOT


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (*INPUTS, "engine"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["config.yml", "domain.yml", "data/nlu/start.yml", "data/rules/gevaar.yml", "data/analysis/danger.yml",
     "engine/channel.py", "engine/requirements.lock"],
)  # fmt: skip
def test_a_change_in_any_input_asks_for_another_model(tree: Path, name: str) -> None:
    before = fingerprint(tree)
    (tree / name).write_text((tree / name).read_text(encoding="utf-8") + "\n# anders\n", encoding="utf-8")
    assert fingerprint(tree) != before


def test_what_is_no_input_does_not(tree: Path) -> None:
    before = fingerprint(tree)
    (tree / "data" / "replies").mkdir()
    (tree / "data" / "replies" / "x.yml").write_text("replies: {}", encoding="utf-8")
    assert fingerprint(tree) == before


def test_a_damaged_model_is_told_with_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "pluis-x.tar.gz"
    broken.write_bytes(b"\x1f\x8b geen tar")
    with pytest.raises(ModelError, match="beschadigd; gooi het bestand weg"):
        check(broken)


def test_a_tar_of_something_else_is_no_model(tmp_path: Path) -> None:
    other = tmp_path / "pluis-x.tar.gz"
    (tmp_path / "brief.txt").write_text("hoi", encoding="utf-8")
    with tarfile.open(other, "w:gz") as archive:
        archive.add(tmp_path / "brief.txt", "brief.txt")
    with pytest.raises(ModelError, match="niet van Rasa"):
        check(other)

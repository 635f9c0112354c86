"""The sentences of the case sheet are checked when they are read: file, line and reason."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.case import load_sheet_texts
from bot.channels import SUMMARY_VERSIONS
from bot.settings import ROOT
from bot.yamlfile import DataFileError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of `data/case`."""
    shutil.copytree(ROOT / "data" / "case", tmp_path / "case")
    return tmp_path


def change(data: Path, old: str, new: str) -> None:
    """Change one thing in the file."""
    path = data / "case" / "sheet.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_versions_are_those_that_are_offered() -> None:
    texts = load_sheet_texts(ROOT / "data")
    assert tuple(texts.versions) == SUMMARY_VERSIONS
    assert all(version.sections[0] == "facts" for version in texts.versions.values())
    used = {name for version in texts.versions.values() for name in version.sections}
    assert used == set(texts.sections)
    hidden = {"interpretations", "advice", "talk"}
    assert not hidden & set(texts.versions["advies"].sections)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("      self: zelf gezien of gehoord\n", "", "de zin self ontbreekt"),
        ("      self: zelf", "      zelve: zelf", "de zin self ontbreekt"),
        ("Wanneer: {words}", "Wanneer: {woorden}", "{woorden} is hier onbekend; wel: words"),
        ("Wanneer: {words}", "Wanneer: {words", "een accolade staat niet goed"),
        ("when: {honour:", "when: {eer:", "onbekend feit: eer"),
        ("sections: [facts, answers, children, questions", "sections: [answers, children, questions", "facts"),
        (r"  - \bveiligheidsplan", r"  - (\bveiligheidsplan", "dit patroon klopt niet"),
        ("to_fill:", "in_te_vullen:", "in_te_vullen"),
    ],
)
def test_a_fault_is_named_with_its_place(data: Path, old: str, new: str, reason: str) -> None:
    change(data, old, new)
    with pytest.raises(DataFileError, match=r"sheet\.yml:\d+: .*" + re.escape(reason)):
        load_sheet_texts(data)

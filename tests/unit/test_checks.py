"""`pluis check` reads every file under `data/`, and tells a fault by file, line and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import checks
from bot.settings import ROOT
from bot.yamlfile import DataFileError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the content, to spoil."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def test_every_file_is_read_by_some_check(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: set[Path] = set()
    own = Path.open  # which reading a text, or bytes, comes down to

    def seen(path: Path, *args: Any, **options: Any) -> Any:
        opened.add(path)
        return own(path, *args, **options)

    monkeypatch.setattr(Path, "open", seen)
    monkeypatch.setattr("bot.checks._no_stray_keys", lambda _data: None)  # it reads all but looks at no more than keys
    assert all(line.endswith(": goed") for line in checks.check_data(data))
    # Vectors are made from the content, and computed again where they cannot be read.
    files = (path for path in data.rglob("*") if path.is_file() and path.suffix != ".npz")
    assert sorted(path for path in files if path not in opened) == []


@pytest.mark.parametrize(
    ("check", "name", "old", "new", "reason"),
    [
        (checks._danger, "analysis/danger.yml", "  - kind: weapon\n", "  - kind: wapen\n", "kan hier niet; kies uit"),
        (checks._danger, "analysis/danger.yml", "(vuur|steek|", "((vuur|steek|", "dit patroon klopt niet"),
        (checks._privacy, "privacy/places.yml", "[Antwerpen,", "[[Antwerpen],", "belgium.0"),
        (checks._training_data, "nlu/start.yml", "intent: groet", "intent: goet", "goet staat niet in domain.yml"),
        (checks._training_data, "rules/gevaar.yml", "action_gevaar}", "action_gevar}", "action_gevar staat niet in"),
        (checks._training_data, "stories/gesprek.yml", "intent: kennisvraag", "intent: vraag", "vraag staat niet in"),
        (checks._training_data, "stories/gesprek.yml", "stories:", "verhalen:", "een lijst onder de sleutel stories"),
        (
            checks._sources,
            "advice/setups.yml",
            "{id: pf-9b, section",
            "{id: pf-999b, section",
            "bron ‘pf-999b’ staat niet",
        ),
        (
            checks._sources,
            "advice/plans.yml",
            "{id: pf-49b, section",
            "{id: pf-998, section",
            "zet hem erbij of verbeter",
        ),
        (
            checks._sources,
            "advice/methods.yml",
            '"Vraagstuk 3: Neutraal',
            '"Neutraal',
            "is geen kop van blinde-vlekken",
        ),
        (
            checks._sources,
            "advice/levels.yml",
            "De Meldcode: extra checks",
            "Extra checks",
            "kies een kop uit knowledge",
        ),
        (checks._patterns, "advice/patterns.yml", "form:digital]", "form:online]", "nergens herkend: form:online"),
        (checks._patterns, "knowledge/profiles.yml", "pattern: long_term_care", "pattern: zorg", "advice/patterns.yml"),
        (checks._practice, "practice/ik_ga_melden.yml", "- {id: pf-", "- {id: xf-", "staat niet in sources.yml"),
        (checks._practice, "practice/zeg_het_niet.yml", "to: gedoe", "to: gedo", "er is geen scène gedo;"),
        (checks._training_data, "nlu/start.yml", "examples: |", "examples: [", "geen geldige YAML"),
    ],
)
def test_a_fault_is_told_with_file_and_line(
    data: Path, check: Callable[[Path], object], name: str, old: str, new: str, reason: str
) -> None:
    check(data)
    path = data / name
    content = path.read_text(encoding="utf-8")
    spoiled, line = content.replace(old, new, 1), 1 + content[: content.index(old)].count("\n")
    path.write_text(spoiled, encoding="utf-8")
    with pytest.raises(DataFileError) as told:
        check(data)
    assert told.value.path == path
    assert reason in told.value.reason
    assert told.value.line in ({line, 1} if "sleutel" in reason else {line, line + 1})


def test_a_sentence_that_stands_there_twice_is_told_with_both_lines(data: Path) -> None:
    path = data / "analysis" / "danger.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.strip() == "sentences:") + 1
    lines.insert(first + 1, lines[first].upper())
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataFileError, match=f"danger.yml:{first + 2}: deze zin staat ook op regel {first + 1}"):
        checks._danger(data)

"""What is measured with was not trained on: no normalised sentence stands in a sealed set and in `data/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.case import folded
from bot.settings import ROOT
from bot.yamlfile import read_yaml

EVAL = ROOT / "tests" / "eval"
SEALED = sorted([*EVAL.glob("*.yml"), *(EVAL / "fresh").glob("*.yml")])


def texts(path: Path) -> Iterator[str]:
    """Every sentence of a file of sentences, whatever its shape."""
    for name, rows in read_yaml(path).data.items():
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, str) and name == "questions":
                yield row
            if isinstance(row, dict):
                yield from (str(row[key]) for key in ("text", "q") if key in row)
                examples = row.get("examples", "")
                yield from (line.strip()[2:] for line in str(examples).splitlines() if line.strip().startswith("- "))
                yield from (str(text) for key in ("questions", "phrasings") for text in row.get(key, []))


@pytest.fixture(scope="module")
def trained() -> dict[str, str]:
    folders = ("nlu", "analysis", "knowledge")
    paths = [path for folder in folders for path in sorted((ROOT / "data" / folder).rglob("*.yml"))]
    return {folded(text): path.name for path in paths for text in texts(path)}


@pytest.mark.parametrize("path", SEALED, ids=lambda path: path.relative_to(EVAL).as_posix())
def test_no_sealed_sentence_was_trained_on(path: Path, trained: dict[str, str]) -> None:
    both = {text: trained[folded(text)] for text in texts(path) if folded(text) in trained}
    assert not both


def test_there_is_something_to_compare(trained: dict[str, str]) -> None:
    assert len(trained) > 3000
    assert sum(1 for path in SEALED for _ in texts(path)) > 1000

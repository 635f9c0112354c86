"""What is measured with was not trained on: no sentence of a sealed set, and no near copy of one, stands in `data/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from bot.case import folded
from bot.settings import ROOT
from bot.yamlfile import read_yaml

EVAL = ROOT / "tests" / "eval"
SEALED = sorted(EVAL.glob("*.yml"))
# What a sentence of a set to measure with, or of training data, can be called.
SAID = (
    "text", "q", "questions", "phrasings", "sentences", "examples", "observation", "interpretation", "feeling",
    "with_personal_data", "without_personal_data", "said", "asks",
)  # fmt: skip
PRACTICE = "practice.yml"
ALIKE = 80  # per cent of the letters


def texts(value: Any, said: bool = False) -> Iterator[str]:
    """Every sentence of a file, whatever its shape: what stands, at any depth, under a key of SAID."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from texts(below, said=key in SAID)
    elif isinstance(value, list):
        for below in value:
            yield from texts(below, said)
    elif said and isinstance(value, str):
        yield from (line.strip().removeprefix("- ") for line in value.splitlines() if line.strip())


@pytest.fixture(scope="module")
def trained() -> dict[str, dict[str, str]]:
    """The sentences of each folder, with their file."""
    return {
        folder: {folded(text): path.name for path in sorted((ROOT / "data" / folder).rglob("*.yml"))
                 for text in texts(read_yaml(path).data)}
        for folder in ("nlu", "analysis", "knowledge", "practice")
    }  # fmt: skip


@pytest.mark.parametrize("path", SEALED, ids=lambda path: path.name)
def test_no_sealed_sentence_or_near_copy_was_trained_on(path: Path, trained: dict[str, dict[str, str]]) -> None:
    sealed = [folded(text) for text in texts(read_yaml(path).data)]
    folders = trained if path.name == PRACTICE else trained.keys() - {"practice"}  # which nothing else learns from
    source = {text: name for folder in folders for text, name in trained[folder].items()}
    known = list(source)
    alike = process.cdist(sealed, known, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8, workers=-1)
    found = {sealed[row]: (known[column], source[known[column]]) for row, column in np.argwhere(alike)}
    assert not found


def test_there_is_something_to_compare(trained: dict[str, dict[str, str]]) -> None:
    assert sum(map(len, trained.values())) > 15_000
    assert min(map(len, trained.values())) > 500
    count = {path.stem: sum(1 for _ in texts(read_yaml(path).data)) for path in SEALED}
    assert min(count.values()) > 300
    assert sum(count.values()) > 2500

"""One analyser for all tests of the analysis: loading it takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.analysis.analyser import Analyser
from bot.encoder import E5Encoder

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def data_root() -> Path:
    return ROOT / "data"


@pytest.fixture(scope="session")
def encoder() -> E5Encoder:
    return E5Encoder()


@pytest.fixture(scope="session")
def analyser(data_root: Path, encoder: E5Encoder) -> Analyser:
    return Analyser(data_root, encoder, ROOT / "var" / "cache")

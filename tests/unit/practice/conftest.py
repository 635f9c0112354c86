"""One listener for all: it learns for seconds, with the vectors that come with the lines."""

from __future__ import annotations

import pytest

from bot.encoder import E5Encoder
from bot.practice import Listener
from bot.settings import ROOT

from . import DATA


@pytest.fixture(scope="session")
def encoder() -> E5Encoder:
    return E5Encoder()


@pytest.fixture(scope="session")
def listener(encoder: E5Encoder) -> Listener:
    return Listener(DATA, encoder, ROOT / "var" / "cache")

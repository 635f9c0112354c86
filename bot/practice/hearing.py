"""Understands what a trainee types: which answer of the scene she means, how sure that is, and what she does in it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bot.encoder import Encoder
from bot.practice.records import Option
from bot.practice.techniques import OTHER, SEVERAL, TechniqueModel, asks_several, load_lines, load_techniques

SURE: Final = 0.7  # from here what she means is taken (docs/practice.md)
DOUBT: Final = 0.4  # from here she is asked what she means
OFFERED: Final = 3
# How sure it is that the likeliest answer is meant, by how alike it is, how far the next one is, and whether both do
# the same: a logistic curve through the development split (`python -m tools.practice_report --dev`).
_LIKE, _AHEAD, _SAME, _BASE = 8.0, 8.0, 1.0, -3.0
_MEAN = 0.5  # what all wordings of an answer count beside the likest one


@dataclass(frozen=True)
class Heard:
    """What was understood of a line: the likeliest options, most likely first, how sure the first is (0 to 1), and the
    techniques in the line, what weighs most first."""

    options: tuple[str, ...]
    certainty: float
    techniques: tuple[str, ...]

    @property
    def option(self) -> str:
        """The option that is meant; empty when that is not sure."""
        return self.options[0] if self.certainty >= SURE else ""

    @property
    def offered(self) -> tuple[str, ...]:
        """The options that she may mean, where that is not sure."""
        return self.options[:OFFERED] if DOUBT <= self.certainty < SURE else ()


class Listener:
    """Understands lines; safe to call from several threads. What it learns from is read at the first line."""

    def __init__(self, data: Path, encoder: Encoder, cache: Path | None = None) -> None:
        self._data, self._encoder, self._cache = data, encoder, cache
        self._lock = threading.Lock()

    @cached_property
    def _order(self) -> list[str]:
        return list(load_techniques(self._data))

    @cached_property
    def _fitted(self) -> TechniqueModel:
        return TechniqueModel(load_lines(self._data, self._order), self._encoder, self._cache)

    @property
    def model(self) -> TechniqueModel:
        """The model that hears techniques."""
        with self._lock:
            return self._fitted

    def hear(self, options: Sequence[Option], words: str) -> Heard:
        """Understand a line where these options are open."""
        found = self.model.heard(words) | ({SEVERAL} if asks_several(words) else set())
        techniques = tuple(name for name in self._order if name in found) or (OTHER,)
        if not options:
            return Heard((), 0.0, techniques)
        alike = self.likeness(options, words)
        order = np.argsort(-alike)
        names = tuple(options[at].id for at in order)
        return Heard(names, self._certainty(alike[order], options[order[0]], found, words), techniques)

    def likeness(self, options: Sequence[Option], words: str) -> NDArray[np.float64]:
        """Return how alike a line is to each option, shape (options,)."""
        texts = [text for option in options for text in option.examples]
        vectors = self._encoder.query([*texts, words]) - self.model.centre
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        alike = vectors[:-1] @ vectors[-1]
        ends = np.cumsum([len(option.examples) for option in options])[:-1]
        return np.array([part.max() + _MEAN * part.mean() for part in np.split(alike, ends)])

    def _certainty(
        self, alike: NDArray[np.float64], best: Option, found: set[str] | frozenset[str], words: str
    ) -> float:
        if any(_plain(words) == _plain(text) for text in best.examples):
            return 1.0
        ahead = alike[0] - alike[1] if len(alike) > 1 else 0.5
        tags = set(best.tags)
        same = len(tags & found) / len(tags | found) if tags | found else 0.0
        return float(expit(_LIKE * alike[0] + _AHEAD * ahead + _SAME * same + _BASE))


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text.lower()).split())

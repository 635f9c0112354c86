"""Understands what a trainee types: which answer of the scene she means, how sure that is, and what she does in it."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from bot.encoder import Encoder
from bot.practice.records import Option
from bot.practice.techniques import FOLDER, OTHER, SEVERAL, VECTORS, asks_several, load_lines, load_techniques
from bot.vectors import VectorCache

if TYPE_CHECKING:
    from bot.practice.model import TechniqueModel

# Chosen by the development split (`python -m tools.practice_report --dev`).
SURE: Final = 0.65  # how sure it must be what she means, to take it
DOUBT: Final = 0.25  # and to ask whether she means it
HEARD_FROM: Final = 0.4  # the chance from which a technique is heard
OFFERED: Final = 3
_LIKE, _SAME, _BASE = 12.0, 3.5, -5.6  # how sure it is, by how alike the words are and whether both do the same
_MEAN = 0.5  # what all wordings of an option count beside the likest one
# What it tells of a line that the script calls its option so, or does not, where that is sure.
_TOLD, _UNTOLD = 0.4, 0.12


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
        self._data, self._encoder = data, encoder
        self._vectors = VectorCache("techniques", encoder, cache, data / FOLDER / VECTORS)
        self._lock = threading.Lock()

    @cached_property
    def _order(self) -> list[str]:
        return list(load_techniques(self._data))

    @cached_property
    def _fitted(self) -> TechniqueModel:
        from bot.practice.model import TechniqueModel  # seconds of loading, which only who types waits for

        return TechniqueModel(load_lines(self._data, self._order), self._encoder, self._vectors)

    def warm(self) -> None:
        """Begin to learn, so that the first line is understood as quickly as the next; returns at once."""
        threading.Thread(target=lambda: self.model, daemon=True).start()

    def ship_vectors(self) -> int:
        """Write the vectors of the lines beside them; returns how many that is."""
        _ = self.model  # which asks for them
        return self._vectors.ship(self._data / FOLDER / VECTORS)

    @property
    def model(self) -> TechniqueModel:
        """The model that hears techniques."""
        with self._lock:
            return self._fitted

    def hear(self, options: Sequence[Option], words: str, after: str = "") -> Heard:
        """Understand a line that follows on what the client said, where these options are open."""
        chances = self.model.chances(words, after)
        if not options:
            return Heard((), 0.0, self._heard(chances, words))
        alike, plain = self.likeness(options, words), _plain(words)
        said = [any(plain == _plain(text) for text in option.examples) for option in options]
        order = sorted(range(len(options)), key=lambda at: (said[at], alike[at]), reverse=True)
        best = options[order[0]]
        clues = _LIKE * float(alike[order[0]]) + _SAME * _same(best, chances) + _BASE
        sure = 1.0 if said[order[0]] else 1 / (1 + math.exp(-clues))
        told = {name: chance + sure * (_TOLD if name in best.tags else -_UNTOLD) for name, chance in chances.items()}
        return Heard(tuple(options[at].id for at in order), sure, self._heard(told, words))

    def clues(self, options: Sequence[Option], words: str, after: str = "") -> tuple[float, float]:
        """Return by what it is judged how sure the likeliest option is: how alike, and whether both do the same."""
        alike = self.likeness(options, words)
        best = int(np.argmax(alike))
        return float(alike[best]), _same(options[best], self.model.chances(words, after))

    def _heard(self, chances: Mapping[str, float], words: str) -> tuple[str, ...]:
        found = {name for name, chance in chances.items() if chance >= HEARD_FROM}
        if asks_several(words):
            found.add(SEVERAL)
        return tuple(name for name in self._order if name in found) or (OTHER,)

    def likeness(self, options: Sequence[Option], words: str) -> NDArray[np.float64]:
        """Return how alike a line is to each option, shape (options,)."""
        texts = [text for option in options for text in option.examples]
        vectors = self._encoder.query([*texts, words]) - self.model.centre
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        alike = vectors[:-1] @ vectors[-1]
        ends = np.cumsum([len(option.examples) for option in options])[:-1]
        return np.array([part.max() + _MEAN * part.mean() for part in np.split(alike, ends)])


def _same(option: Option, chances: Mapping[str, float]) -> float:
    """Return the share of techniques that an option and a line have in common, 0 to 1."""
    found, tags = {name for name, chance in chances.items() if chance >= HEARD_FROM}, set(option.tags)
    return len(tags & found) / len(tags | found)


def _plain(text: str) -> str:
    """Return the words alone; of a text without any, what there is."""
    return " ".join("".join(char if char.isalnum() else " " for char in text.lower()).split()) or text.strip()

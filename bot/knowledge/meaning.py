"""Tells by vectors which known ways of asking a question is like. The space is made from those ways themselves:
directions in which the ways of one topic differ from each other say little, so they are made to count for little."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

SHRINKAGE = 0.2  # share of what is assumed over what is measured, of how ways of one topic differ
NEAREST = 2  # two ways that agree are a better witness than one that happens to look alike


class Meaning:
    """Groups of example questions, seen in the space that tells groups apart."""

    def __init__(self, examples: Vectors, owner: Sequence[int], strange: Vectors) -> None:
        """Take n vectors of shape (n, dim), the group of each (0 to g - 1, every group at least once, in order),
        and vectors of questions that belong to none: they are the last group, g."""
        groups = np.asarray(owner)
        # E5 puts all questions in one narrow cone: likeness says something only when seen from its centre.
        self._centre = examples.mean(axis=0)
        seen = self.from_centre(examples)
        means = np.stack([seen[groups == group].mean(axis=0) for group in range(int(groups[-1]) + 1)])
        self._map = _whitening(seen - means[groups])
        self._examples = np.concatenate([_unit(seen @ self._map), self._seen(strange)])
        self._middles = _unit(np.concatenate([means @ self._map, self._seen(strange).mean(axis=0, keepdims=True)]))
        counts = [*np.bincount(groups), len(strange)]
        # Per group the rows of its examples, padded with a row that is like nothing.
        self._rows = np.full((len(counts), max(*counts, NEAREST)), len(self._examples))
        for group, (begin, count) in enumerate(zip(np.cumsum([0, *counts]), counts, strict=False)):
            self._rows[group, :count] = np.arange(begin, begin + count)

    def likeness(self, vector: Vectors) -> tuple[Vectors, Vectors]:
        """Return how like each group a question of shape (dim,) is, from -1 to 1: its middle, and its nearest two."""
        seen = self._seen(vector[None])[0]
        near = np.append(self._examples @ seen, np.float32(-1))[self._rows]
        nearest = np.partition(near, -NEAREST, axis=1)[:, -NEAREST:].mean(axis=1)
        return self._middles @ seen, np.asarray(nearest, dtype=np.float32)

    def from_centre(self, vectors: Vectors) -> Vectors:
        """Return questions, shape (n, dim), as seen from the middle of all examples."""
        return _unit(vectors - self._centre)

    def _seen(self, vectors: Vectors) -> Vectors:
        return _unit(self.from_centre(vectors) @ self._map)


def centred(vectors: Vectors) -> Vectors:
    """Return unit vectors as seen from the middle of them all."""
    return _unit(vectors - vectors.mean(axis=0))


def _whitening(within: Vectors) -> Vectors:
    """Return the map after which examples differ equally in every direction within their group."""
    spread = within.T @ within / len(within)
    dim = len(spread)
    mean = float(np.trace(spread)) / dim
    if not mean:
        return np.eye(dim, dtype=np.float32)
    shrunk = (1 - SHRINKAGE) * spread.astype(np.float64) + SHRINKAGE * mean * np.eye(dim)
    return np.asarray(np.linalg.inv(np.linalg.cholesky(shrunk)).T, dtype=np.float32)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)

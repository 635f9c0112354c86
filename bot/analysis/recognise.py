"""Recognises signals and forms by meaning, each clause apart: a classifier over the phrasings that editors write,
likeness to the nearest phrasing, and word patterns as evidence. What a clause denies is no sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Doc, Span

from bot.analysis.features import labels_in
from bot.analysis.patterns import DENIES, NEGATORS
from bot.analysis.resources import Recognisable
from bot.encoder import Vectors

_NOT_NEGATING_BEFORE = frozenset(["alleen", "voor", "eerste", "enkel", "zomaar", "het", "de"])
NONE = "none"


@dataclass(frozen=True)
class Weights:
    """How the three kinds of evidence add up; chosen on `tests/eval/dev/signals.yml`."""

    threshold: float
    likeness: float = 0.5
    pattern: float = 0.3
    slope: float = 4.0


SIGNAL_WEIGHTS = Weights(threshold=0.58)
FORM_WEIGHTS = Weights(threshold=0.66)


def is_negated(span: Span, clause: Span, before: int = 3, after: int = 0) -> bool:
    """See whether a negator stands shortly before the span, inside or shortly after it; a pattern may hold its own."""
    end = span.start if span.id_ == DENIES else min(span.end + after, clause.end)
    return any(_denies(span.doc, index) for index in range(max(clause.start, span.start - before), end))


def _denies(doc: Doc, index: int) -> bool:
    word = doc[index].lower_
    follows = doc[index + 1].lower_ if index + 1 < len(doc) else ""
    return word == "geen" or (word in NEGATORS and follows not in _NOT_NEGATING_BEFORE)  # 'niet alleen' denies nothing


def has_negation(clause: Span) -> bool:
    """See whether a clause denies something: meaning vectors hardly tell 'wel' from 'niet'."""
    return any(token.lower_ in NEGATORS for token in clause)


class Recogniser:
    """Learns from the phrasings of signals or forms, and from clauses that show none."""

    def __init__(self, items: Sequence[Recognisable], prefix: str, weights: Weights) -> None:
        self.items = tuple(items)
        self._prefix, self._weights = prefix, weights
        self._owner = np.array([row for row, item in enumerate(items) for _ in item.phrasings])
        self._words = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), max_features=6000, sublinear_tf=True, dtype=np.float32
        )
        self._model = LogisticRegression(C=10.0, max_iter=300)

    def fit(
        self, phrasings: Sequence[Span], vectors: Vectors, none: Sequence[str], none_vectors: Vectors
    ) -> Recogniser:
        """Learn from the parsed phrasings of all items in order, and from texts that show none of them."""
        texts = [phrasing.text for phrasing in phrasings]
        self._vectors = vectors
        self._negated = np.array([has_negation(phrasing) for phrasing in phrasings])
        self._words.fit(texts)
        labels = [*(self.items[row].id for row in self._owner), *([NONE] * len(none))]
        self._model.fit(self._inputs([*texts, *none], np.vstack([vectors, none_vectors])), np.array(labels))
        classes = list(self._model.classes_)
        self._columns = [classes.index(item.id) for item in self.items]
        return self

    def scores(self, clauses: Sequence[Span], vectors: Vectors) -> NDArray[np.float64]:
        """Return how strongly each clause shows each item, shape (clauses, items); 0.5 is the threshold."""
        chances = self._model.predict_proba(self._inputs([clause.text for clause in clauses], vectors))
        root = np.sqrt(chances[:, self._columns])
        for row, clause in enumerate(clauses):
            patterned = self._patterned(clause)
            same, other = self._nearest(vectors[row], has_negation(clause))
            if has_negation(clause):  # nearest to a phrasing that denies nothing: the clause says the opposite
                root[row][(same < other) & (patterned == 0)] = 0.0
            else:
                same = np.maximum(same, other)
            root[row] += self._weights.likeness * same + self._weights.pattern * patterned
        slope = -self._weights.slope * (root - self._weights.threshold)
        return np.asarray(1.0 / (1.0 + np.exp(slope)), dtype=np.float64)

    def hits(self, scores: NDArray[np.float64]) -> list[tuple[Recognisable, float]]:
        """Return the items at or above the threshold in one row of `scores`, best first."""
        found = [(item, float(score)) for item, score in zip(self.items, scores, strict=True) if score >= 0.5]
        return sorted(found, key=lambda pair: -pair[1])

    def named(self, clauses: Sequence[Span]) -> set[str]:
        """Return the ids of the items that a pattern names in one of the clauses."""
        rows = (self._patterned(clause) for clause in clauses)
        return {item.id for row in rows for item, there in zip(self.items, row, strict=True) if there}

    def _nearest(self, vector: Vectors, negated: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return per item the likeness of its nearest phrasing with the same negation, and with the other."""
        likeness = self._vectors @ vector
        both = np.full((2, len(self.items)), -1.0)
        for wanted, row in ((negated, 0), (not negated, 1)):
            chosen = self._negated == wanted
            np.maximum.at(both[row], self._owner[chosen], likeness[chosen])
        return both[0], both[1]

    def _patterned(self, clause: Span) -> NDArray[np.float64]:
        found = labels_in(clause, self._prefix)
        return np.array(
            [any(not is_negated(span, clause, after=2) for span in found.get(item.id, ())) for item in self.items],
            dtype=float,
        )

    def _inputs(self, texts: Sequence[str], vectors: Vectors) -> csr_matrix:
        return hstack([vectors, self._words.transform(texts)], format="csr")

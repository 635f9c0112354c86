"""Recognises signals and forms by meaning, each sentence apart: a classifier over sentences with what they show, and
word patterns as evidence. What a sentence denies is no sign."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit, logit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from spacy.tokens import Doc, Span

from bot.analysis.features import labels_in
from bot.analysis.patterns import DENIES, NEGATORS
from bot.analysis.resources import Recognisable
from bot.encoder import Vectors

_NOT_NEGATING_BEFORE = frozenset(["alleen", "voor", "eerste", "enkel", "zomaar", "het", "de"])
C = 30.0
MEANING_WEIGHT = 0.7  # beside letters and words


@dataclass(frozen=True)
class Weights:
    """From which chance a whole sentence, and a clause apart, show an item, and the log odds that a word pattern adds
    (docs/nlu.md)."""

    threshold: float
    apart: float
    pattern: float


SIGNAL_WEIGHTS = Weights(threshold=0.15, apart=0.4, pattern=1.0)
FORM_WEIGHTS = Weights(threshold=0.3, apart=0.5, pattern=1.0)


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
    """Learns from sentences with the signals, or forms, that they show: none, one or more."""

    def __init__(self, items: Sequence[Recognisable], prefix: str, weights: Weights) -> None:
        self.items = tuple(items)
        self._prefix, self._weights = prefix, weights
        shared = {"min_df": 2, "sublinear_tf": True, "dtype": np.float32}
        self._counted = (
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared),
            TfidfVectorizer(token_pattern=r"[\w']+", ngram_range=(1, 2), **shared),
        )
        self._model = OneVsRestClassifier(
            LogisticRegression(C=C, solver="liblinear", dual=True, tol=0.02, max_iter=300, random_state=0)
        )

    def fit(self, sentences: Sequence[Span], vectors: Vectors, shown: Sequence[Collection[str]]) -> Recogniser:
        """Learn from parsed sentences and the ids of what each shows."""
        self._shown = np.array([[item.id in ids for item in self.items] for ids in shown])
        self._vectors = vectors
        self._negated = np.array([has_negation(sentence) for sentence in sentences])
        for counted in self._counted:
            counted.fit(_texts(sentences))
        self._model.fit(self._inputs(sentences, vectors), self._shown)
        return self

    def scores(self, sentences: Sequence[Span], vectors: Vectors, *, apart: bool = False) -> NDArray[np.float64]:
        """Return how strongly each sentence, or each clause `apart`, shows each item; 0.5 is the threshold.

        Shape (sentences, items). A clause must be surer: what was learnt from are whole sentences.
        """
        odds = logit(self._model.predict_proba(self._inputs(sentences, vectors)))
        odds += self._weights.pattern * np.array([self._patterned(sentence) for sentence in sentences])
        threshold = self._weights.apart if apart else self._weights.threshold
        return np.asarray(expit(odds - logit(threshold)), dtype=np.float64)

    def denied(self, clauses: Sequence[Span], vectors: Vectors) -> NDArray[np.bool_]:
        """See which items a clause says the opposite of, shape (clauses, items): it denies something, no pattern names
        the item, and the nearest sentence that shows the item denies nothing."""
        rows = np.zeros((len(clauses), len(self.items)), dtype=bool)
        for row, clause in enumerate(clauses):
            if has_negation(clause):
                denying, plain = self._nearest(vectors[row])
                rows[row] = (denying < plain) & (self._patterned(clause) == 0)
        return rows

    def hits(self, scores: NDArray[np.float64]) -> list[tuple[Recognisable, float]]:
        """Return the items at or above the threshold in one row of `scores`, best first."""
        found = [(item, float(score)) for item, score in zip(self.items, scores, strict=True) if score >= 0.5]
        return sorted(found, key=lambda pair: -pair[1])

    def named(self, clauses: Sequence[Span]) -> set[str]:
        """Return the ids of the items that a pattern names in one of the clauses."""
        rows = (self._patterned(clause) for clause in clauses)
        return {item.id for row in rows for item, there in zip(self.items, row, strict=True) if there}

    def _nearest(self, vector: Vectors) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return per item the likeness of its nearest sentence that denies something, and that does not."""
        likeness = np.where(self._shown, (self._vectors @ vector)[:, None], -1.0)
        parts = (likeness[self._negated], likeness[~self._negated])
        return parts[0].max(axis=0, initial=-1.0), parts[1].max(axis=0, initial=-1.0)

    def _patterned(self, clause: Span) -> NDArray[np.float64]:
        found = labels_in(clause, self._prefix)
        return np.array(
            [any(not is_negated(span, clause, after=2) for span in found.get(item.id, ())) for item in self.items],
            dtype=float,
        )

    def _inputs(self, sentences: Sequence[Span], vectors: Vectors) -> csr_matrix:
        counted = [part.transform(_texts(sentences)) for part in self._counted]
        return hstack([csr_matrix(vectors * MEANING_WEIGHT), *counted], format="csr")


def _texts(sentences: Sequence[Span]) -> list[str]:
    return [sentence.text for sentence in sentences]

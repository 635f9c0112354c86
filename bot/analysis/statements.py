"""Tells facts from readings and feelings: vectors of meaning, words, letters and a few lexical features in a logistic
regression, fitted at load from `data/analysis/statements.yml`, so that no trained file is handed around."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Span

from bot.analysis.features import features
from bot.analysis.records import KINDS, Kind
from bot.encoder import Vectors

C = 3.0
LEXICAL_WEIGHT = 0.6


def centred(vectors: Vectors, centre: NDArray[np.float32]) -> Vectors:
    """Subtract the centre and normalise: raw E5 vectors all point much the same way."""
    moved = vectors - centre
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(length, 1e-6), dtype=np.float32)


class KindClassifier:
    """Calls each clause observation, interpretation or feeling, with a probability."""

    def __init__(self, cues: Sequence[str]) -> None:
        self._cues = tuple(cues)
        self._model = LogisticRegression(C=C, max_iter=500)
        shared = {"min_df": 2, "sublinear_tf": True, "dtype": np.float32}
        # Words in pairs tell apart what meaning does not: "ze zei", "ze lijkt", "vind het".
        self._counted = (
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared),
            TfidfVectorizer(token_pattern=r"[\w']+", ngram_range=(1, 2), **shared),
        )

    def fit(self, clauses: Sequence[Span], vectors: Vectors, kinds: Sequence[str]) -> KindClassifier:
        """Learn from labelled clauses; vectors are already centred."""
        for counted in self._counted:
            counted.fit(_texts(clauses))
        self._model.fit(self._inputs(clauses, vectors), np.array(kinds))
        return self

    def kinds(self, clauses: Sequence[Span], vectors: Vectors) -> list[tuple[Kind, float]]:
        """Return (kind, probability) for each clause."""
        if not clauses:
            return []
        chances = self._model.predict_proba(self._inputs(clauses, vectors))
        order = [list(self._model.classes_).index(kind) for kind in KINDS]
        chances = chances[:, order]
        return [(KINDS[int(row.argmax())], float(row.max())) for row in chances]

    def _inputs(self, clauses: Sequence[Span], vectors: Vectors) -> csr_matrix:
        lexical = features(clauses, self._cues) * LEXICAL_WEIGHT
        counted = [part.transform(_texts(clauses)) for part in self._counted]
        return hstack([csr_matrix(vectors), csr_matrix(lexical), *counted], format="csr")


def _texts(clauses: Sequence[Span]) -> list[str]:
    return [clause.text for clause in clauses]

"""Hears techniques in a line. Learnt at the first line, so that no trained file is handed around; what that takes is
loaded with this module, which nobody needs who only reads or plays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from bot.encoder import Encoder, Vectors
from bot.practice.techniques import LabelledLine
from bot.vectors import VectorCache

C: Final = 5.0
MEANING_WEIGHT: Final = 2.0  # beside letters and words
TAKEN_WEIGHT: Final = 2.0
STEM, ENOUGH = 5, 4  # letters of a word that count, and words in common that are much
_WORD = re.compile(r"[^\W\d_]{5,}")


class TechniqueModel:
    """Hears techniques in a line: vectors of meaning, letters and words, and what the line takes up of what was said
    before it, in one logistic regression for each technique."""

    def __init__(self, lines: Sequence[LabelledLine], encoder: Encoder, vectors: VectorCache) -> None:
        self._encoder = encoder
        texts, before = [line.text for line in lines], [line.after for line in lines]
        self.names = sorted({name for line in lines for name in line.tags})
        shared = {"min_df": 2, "sublinear_tf": True, "dtype": np.float32}
        self._counted = (
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **shared),
            # How a line begins and what ends it tells much: “^ wat”, “he ?”.
            TfidfVectorizer(token_pattern=r"[\w'^]+|[?!(…]", ngram_range=(1, 3), **shared),
        )
        for counted in self._counted:
            counted.fit(_begun(texts))
        meanings = vectors.query([*texts, *filter(None, before)])
        self.centre = meanings[: len(texts)].mean(axis=0)
        known = dict(zip([*texts, *filter(None, before)], meanings, strict=True))
        self._model = OneVsRestClassifier(
            LogisticRegression(C=C, solver="liblinear", dual=True, tol=0.02, max_iter=300, random_state=0)
        )
        truth = np.array([[name in line.tags for name in self.names] for line in lines])
        self._model.fit(self._inputs(texts, before, known), truth)

    def chances(self, text: str, after: str = "") -> dict[str, float]:
        """Return the chance of each technique in a line that follows on what was said."""
        said = [text, *([after] if after else [])]
        known = dict(zip(said, self._encoder.query(said), strict=True))
        row = self._model.predict_proba(self._inputs([text], [after], known))[0]
        return dict(zip(self.names, map(float, row), strict=True))

    def _inputs(self, texts: Sequence[str], before: Sequence[str], known: Mapping[str, Vectors]) -> csr_matrix:
        meaning = np.stack([known[text] for text in texts]) - self.centre
        taken = [self._taken_up(text, after, known) for text, after in zip(texts, before, strict=True)]
        counted = [part.transform(_begun(texts)) for part in self._counted]
        return hstack([csr_matrix(meaning * MEANING_WEIGHT), csr_matrix(np.array(taken)), *counted], format="csr")

    def _taken_up(self, text: str, after: str, known: Mapping[str, Vectors]) -> tuple[float, float, float]:
        """Return whether it is known what was said before, which share of its words is in this line, and how alike they
        are."""
        if not after:
            return 0.0, 0.0, 0.0
        here, there = _stems(text), _stems(after)
        one, other = known[text] - self.centre, known[after] - self.centre
        alike = float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) or 1.0))
        return TAKEN_WEIGHT, TAKEN_WEIGHT * len(here & there) / max(1, min(len(here), ENOUGH)), TAKEN_WEIGHT * alike


def _begun(texts: Sequence[str]) -> list[str]:
    return [f"^ {text}" for text in texts]


def _stems(text: str) -> set[str]:
    """Return the beginnings of the longer words: “trap” and “trappen” are one."""
    return {word[:STEM] for word in _WORD.findall(text.lower())}

"""How soon a story needs a person, by what it sounds like as a whole: what stands in it unsaid, no single word tells.
Two opinions, learnt from written situations: by letters and by meaning. With that of the safety net they are good
enough, none of them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.encoder import Vectors

_STRENGTH = 4.0  # C
_LETTERS, _MEANING = 2.0, 5.0  # how much the rows are scaled before
_ROUNDS = 3000


@dataclass(frozen=True)
class Urgency:
    """The two opinions, fitted on the same situations; made by `learn`."""

    letters: TfidfVectorizer
    centre: NDArray[np.float32]
    by_letters: LogisticRegression
    by_meaning: LogisticRegression

    def opinions(self, text: str, vector: Vectors) -> Mapping[str, float]:
        """Return the mean of the two for each class, 0 to 1; `vector` is of the whole text, of shape (1, n)."""
        letters = self.by_letters.predict_proba(self.letters.transform([text]) * _LETTERS)[0]
        meaning = self.by_meaning.predict_proba((vector - self.centre) * _MEANING)[0]
        return {
            name: float(one + other) / 2
            for name, one, other in zip(self.by_letters.classes_, letters, meaning, strict=True)
        }


def learn(texts: Sequence[str], classes: Sequence[str], vectors: Vectors) -> Urgency:
    """Learn from situations, each with its class and its vector."""
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True).fit(texts)
    centre = vectors.mean(axis=0)

    def fit(rows: object) -> LogisticRegression:
        return LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS, class_weight="balanced").fit(rows, classes)

    by_letters = fit(letters.transform(texts) * _LETTERS)
    return Urgency(letters, centre, by_letters, fit((vectors - centre) * _MEANING))

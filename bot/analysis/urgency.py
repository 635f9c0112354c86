"""How soon a story needs a person, by what it sounds like as a whole: what stands in it unsaid, no single word tells.
Two opinions, learnt from written situations: by words and by meaning. With that of the safety net they are good
enough, none of them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.encoder import Vectors

_WORDS, _MEANING = 4.0, 36.0  # C of each
_ROUNDS = 3000


@dataclass(frozen=True)
class Urgency:
    """The two opinions, fitted on the same situations; made by `learn`."""

    words: TfidfVectorizer
    centre: NDArray[np.float32]
    by_words: LogisticRegression
    by_meaning: LogisticRegression

    def opinions(self, text: str, vector: Vectors) -> Mapping[str, float]:
        """Return the mean of the two for each class, 0 to 1; `vector` is of the whole text, of shape (1, n)."""
        words = self.by_words.predict_proba(self.words.transform([text]))[0]
        meaning = self.by_meaning.predict_proba(vector - self.centre)[0]
        return {
            name: float(one + other) / 2
            for name, one, other in zip(self.by_words.classes_, words, meaning, strict=True)
        }


def learn(texts: Sequence[str], classes: Sequence[str], vectors: Vectors) -> Urgency:
    """Learn from situations, each with its class and its vector."""
    # Words in pairs: they tell a threat from its denial, which single letters and the mean of a story do not.
    words = TfidfVectorizer(token_pattern=r"[\w']+", ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit(texts)
    centre = vectors.mean(axis=0)

    def fit(rows: object, strength: float) -> LogisticRegression:
        return LogisticRegression(C=strength, max_iter=_ROUNDS, class_weight="balanced").fit(rows, classes)

    return Urgency(words, centre, fit(words.transform(texts), _WORDS), fit(vectors - centre, _MEANING))

"""How soon a story needs a person, by what it sounds like as a whole: what stands in it unsaid, no single word tells.
Three opinions, learnt from written situations, and that of the safety net; none of them alone is good enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.encoder import Vectors

Texts = Sequence[str]
_STRENGTH, _STRENGTH_OF_CLUES = 4.0, 0.5  # C; there are few clues, and many letters
_LETTERS_SCALE, _MEANING_SCALE = 2.0, 5.0
_ROUNDS = 3000


@dataclass(frozen=True)
class Urgency:
    """The three opinions, each fitted on the same situations; made by `learn`."""

    letters: TfidfVectorizer
    centre: NDArray[np.float32]
    clues: DictVectorizer
    by_letters: LogisticRegression
    by_meaning: LogisticRegression
    by_clues: LogisticRegression

    def opinions(self, text: str, vector: Vectors, clues: Set[str]) -> Mapping[str, float]:
        """Return the mean of the three for each class, 0 to 1; `vector` is of the whole text, of shape (1, n)."""
        means = np.mean(
            [
                self.by_letters.predict_proba(self.letters.transform([text]) * _LETTERS_SCALE)[0],
                self.by_meaning.predict_proba((vector - self.centre) * _MEANING_SCALE)[0],
                self.by_clues.predict_proba(self.clues.transform([dict.fromkeys(clues, 1.0)]))[0],
            ],
            axis=0,
        )
        return dict(zip(self.by_letters.classes_, map(float, means), strict=True))


def learn(
    texts: Texts,
    named: Sequence[str],
    vectors: Vectors,
    clues_of: Callable[[str], Set[str]],
) -> Urgency:
    """Learn from situations, each with its class and its vector."""
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True).fit(texts)
    clues = DictVectorizer()
    found = clues.fit_transform([dict.fromkeys(clues_of(text), 1.0) for text in texts])
    centre = vectors.mean(axis=0)

    def fit(rows: object, strength: float = _STRENGTH) -> LogisticRegression:
        return LogisticRegression(C=strength, max_iter=_ROUNDS, class_weight="balanced").fit(rows, named)

    return Urgency(
        letters=letters,
        centre=centre,
        clues=clues,
        by_letters=fit(letters.transform(texts) * _LETTERS_SCALE),
        by_meaning=fit((vectors - centre) * _MEANING_SCALE),
        by_clues=fit(found, _STRENGTH_OF_CLUES),
    )

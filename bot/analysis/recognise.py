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
# What a clause says in place of a negator when it denies nothing; the other negators just go.
_AFFIRMING = {"niets": "iets", "niks": "iets", "niemand": "iemand", "nergens": "overal", "zonder": "met", "noch": "en"}
C = 30.0
MEANING_WEIGHT = 0.7  # beside letters and words
DENIES_BY = 0.3  # log odds by which a clause shows an item more without its negators, when it denies the item
ASKED_SHORTLY = 3  # words with the question mark: "jaloers?", "drinkt hij?"
_NO = frozenset({"nee", "neen", "nope", "nooit", "noit", "allerminst", "geenszins", "integendeel"})


@dataclass(frozen=True)
class Weights:
    """From which chance a whole sentence, and a clause apart, show an item, and the log odds that a word pattern adds
    (docs/nlu.md)."""

    threshold: float
    apart: float
    pattern: float


SIGNAL_WEIGHTS = Weights(threshold=0.19, apart=0.47, pattern=1.0)
FORM_WEIGHTS = Weights(threshold=0.3, apart=0.5, pattern=1.0)


def is_negated(span: Span, clause: Span, before: int = 3, after: int = 0) -> bool:
    """See whether a negator stands shortly before the span, inside or shortly after it; a pattern may hold its own."""
    end = span.start if span.id_ == DENIES else min(span.end + after, clause.end)
    return any(_denies(span.doc, index) for index in range(max(clause.start, span.start - before), end))


def _denies(doc: Doc, index: int) -> bool:
    word = doc[index].lower_
    follows = doc[index + 1].lower_ if index + 1 < len(doc) else ""
    return word in NEGATORS and (word != "niet" or follows not in _NOT_NEGATING_BEFORE)  # 'niet alleen' denies nothing


def affirmed(clause: Span) -> str:
    """Return the text of a clause without its negators, and the text itself when it has none."""
    words = []
    for token in clause:
        word = token.text
        if _denies(clause.doc, token.i):
            word = _AFFIRMING.get(token.lower_, "")
        words.append(word + token.whitespace_ if word else "")
    return "".join(words).strip()


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
        for counted in self._counted:
            counted.fit(_texts(sentences))
        targets = np.array([[item.id in ids for item in self.items] for ids in shown])
        self._model.fit(self._inputs(sentences, vectors), targets)
        return self

    def scores(self, sentences: Sequence[Span], vectors: Vectors, *, apart: bool = False) -> NDArray[np.float64]:
        """Return how strongly each sentence, or each clause `apart`, shows each item; 0.5 is the threshold.

        Shape (sentences, items). A clause must be surer: what was learnt from are whole sentences.
        """
        odds = logit(self._model.predict_proba(self._inputs(sentences, vectors)))
        odds += self._weights.pattern * np.array([self._patterned(sentence) for sentence in sentences])
        threshold = self._weights.apart if apart else self._weights.threshold
        return np.asarray(expit(odds - logit(threshold)), dtype=np.float64)

    def denied(
        self, clauses: Sequence[Span], vectors: Vectors, affirmed: Sequence[Span], affirmed_vectors: Vectors
    ) -> NDArray[np.bool_]:
        """See which items a clause says the opposite of, shape (clauses, items): without its negators (`affirmed`) it
        shows the item, and more so. A negation that is itself the sign ("ze kijkt me nooit aan") makes it show it less.
        And what was asked by the writer herself is denied when she goes on with a no ("jaloers? nee").
        """
        scores = self.scores(affirmed, affirmed_vectors)
        more = logit(scores) > logit(self.scores(clauses, vectors)) + DENIES_BY
        return np.asarray(more & (scores >= 0.5) | np.array([[_gets_no(clause)] for clause in clauses]), dtype=bool)

    def hits(self, scores: NDArray[np.float64]) -> list[tuple[Recognisable, float]]:
        """Return the items at or above the threshold in one row of `scores`, best first."""
        found = [(item, float(score)) for item, score in zip(self.items, scores, strict=True) if score >= 0.5]
        return sorted(found, key=lambda pair: -pair[1])

    def named(self, clauses: Sequence[Span]) -> set[str]:
        """Return the ids of the items that a pattern names in one of the clauses."""
        rows = (self._patterned(clause) for clause in clauses)
        return {item.id for row in rows for item, there in zip(self.items, row, strict=True) if there}

    def _patterned(self, clause: Span) -> NDArray[np.float64]:
        found = labels_in(clause, self._prefix)
        return np.array(
            [any(not is_negated(span, clause, after=2) for span in found.get(item.id, ())) for item in self.items],
            dtype=float,
        )

    def _inputs(self, sentences: Sequence[Span], vectors: Vectors) -> csr_matrix:
        counted = [part.transform(_texts(sentences)) for part in self._counted]
        return hstack([csr_matrix(vectors * MEANING_WEIGHT), *counted], format="csr")


def _gets_no(clause: Span) -> bool:
    """See whether a clause just names something, with a question mark, and a no follows. Of a whole question the no may
    be the sign: "mag ze naar haar moeder? nee"."""
    after = clause.doc[clause.end : clause.end + 1].text.lower()
    return clause[-1].text == "?" and len(clause) <= ASKED_SHORTLY and after in _NO


def _texts(sentences: Sequence[Span]) -> list[str]:
    return [sentence.text for sentence in sentences]

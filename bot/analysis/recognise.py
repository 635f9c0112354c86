"""Recognises signals and forms by meaning, each sentence apart: a classifier over sentences with what they show, and
word patterns as evidence. What a sentence denies is no sign."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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

# A negator that says how often, how, or that there was more, and not that it is not so: "niet elke dag", "niet alleen",
# "niet een keer maar tien keer", "zonder reden", "niet ontkennen".
_NOT = "(niet|nie|neit) "
_HOW = re.compile(
    rf"{_NOT}(alleen|enkel|zomaar|voor nie?ts|(voor )?(het|de) (eerste|enige))\b"
    rf"|{_NOT}((al|alleen|bij|echt|erg|heel|in|met|meer|na|om|op|te|tijdens|zo) ){{0,2}}"
    r"(vaak|altijd|elke?|iedere?|alle dagen|dagelijks|wekelijks|constant|continu|voortdurend|hard)\b"
    rf"|{_NOT}(een|één) (\w+ )?(, )?maar (\d|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|meer|tientallen|honderd)"
    rf"|{_NOT}(\w+ )?(ontkennen|uitsluiten)\b"
    r"|zonder (\w+ )?(reden|aanleiding|waarschuwing|pardon)\b"
)
_READ_ON = 7  # tokens, the negator first
# What a clause says in place of a negator when it denies nothing; the other negators just go.
_AFFIRMING = {"niets": "iets", "niks": "iets", "niemand": "iemand", "nergens": "overal", "zonder": "met", "noch": "en"}
C = 30.0
MEANING_WEIGHT = 0.7  # beside letters and words
LITTLE = 0.1  # log odds: so much less may a clause show what it denies when its negators go
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
    if doc[index].lower_ not in NEGATORS:
        return False
    read = " ".join(token.lower_ for token in doc[index : index + _READ_ON] if not token.is_space)
    return _HOW.match(read) is None


def denies(clause: Span) -> bool:
    """See whether a clause says of anything that it is not so."""
    return any(_denies(clause.doc, token.i) for token in clause)


def affirmed(clause: Span) -> str:
    """Return the text of a clause without its negators, and the text itself when it has none."""
    kept = ((_AFFIRMING.get(token.lower_, "") if token.lower_ in NEGATORS else token.text, token) for token in clause)
    return "".join(word + token.whitespace_ for word, token in kept if word).strip()


@dataclass(frozen=True)
class Reading:
    """Clauses or sentences with their vectors, and by row those that hold negators without them, with vectors."""

    spans: Sequence[Span]
    vectors: Vectors
    plain: Mapping[int, Span]
    plain_vectors: Vectors


class Odds(NamedTuple):
    """Log odds, each of shape (spans, items)."""

    stated: NDArray[np.float64]
    plainly: NDArray[np.float64]


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

    def odds(self, reading: Reading) -> Odds:
        """Return the log odds that each span shows each item, with and without its negators."""
        stated = self._odds(reading.spans, reading.vectors)
        plainly = stated.copy()
        if reading.plain:
            plainly[list(reading.plain)] = self._odds(list(reading.plain.values()), reading.plain_vectors)
        return Odds(stated, plainly)

    def _odds(self, spans: Sequence[Span], vectors: Vectors) -> NDArray[np.float64]:
        odds = logit(self._model.predict_proba(self._inputs(spans, vectors)))
        return np.asarray(odds + self._weights.pattern * np.array([self._patterned(span) for span in spans]))

    def scores(self, reading: Reading, odds: Odds, *, apart: bool = False) -> NDArray[np.float64]:
        """Return how strongly each sentence, or each clause `apart`, shows each item; 0.5 is the threshold.

        Shape (spans, items). A clause must be surer: what was learnt from are whole sentences. Negators that deny
        nothing ("niet elke dag") may be read over.
        """
        threshold = self._weights.apart if apart else self._weights.threshold
        strongest = np.where(_denying(reading), odds.stated, np.maximum(odds.stated, odds.plainly))
        return np.asarray(expit(strongest - logit(threshold)), dtype=np.float64)

    def denied(self, reading: Reading, odds: Odds) -> NDArray[np.bool_]:
        """See which items a clause says the opposite of, shape (clauses, items): without its negators it shows the
        item no less. A negation that is itself the sign ("ze kijkt me nooit aan") makes it show it less. And what was
        asked by the writer herself is denied when she goes on with a no ("jaloers? nee").
        """
        no_less = (odds.plainly > odds.stated - LITTLE) & (odds.plainly >= logit(self._weights.threshold))
        return np.asarray(
            _denying(reading) & no_less | np.array([[_gets_no(span)] for span in reading.spans]), dtype=bool
        )

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


def _denying(reading: Reading) -> NDArray[np.bool_]:
    return np.array([[denies(span)] for span in reading.spans])


def _gets_no(clause: Span) -> bool:
    """See whether a clause just names something, with a question mark, and a no follows. Of a whole question the no may
    be the sign: "mag ze naar haar moeder? nee"."""
    after = clause.doc[clause.end : clause.end + 1].text.lower()
    return clause[-1].text == "?" and len(clause) <= ASKED_SHORTLY and after in _NO


def _texts(sentences: Sequence[Span]) -> list[str]:
    return [sentence.text for sentence in sentences]

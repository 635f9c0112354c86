"""Ranks topics for a question, in memory: words (BM25 over lemmas) and meaning (vectors) together.
Built once per version of the knowledge, then only read, so that threads can share it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.encoder import Encoder
from bot.knowledge.loading import Snapshot
from bot.knowledge.records import Hit, Topic
from bot.knowledge.words import Words
from bot.vectors import VectorCache

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """How meaning and words make one score: a logistic regression of "this topic answers this question".

    Fitted on the pairs of `tests/eval/dev/knowledge.yml` with all topics; fit again when the encoder changes.
    """

    meaning: float = 13.4
    words: float = 4.1
    offset: float = -7.8


class Index:
    """All topics of one version, ready to be searched."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, cache: VectorCache, weights: Weights) -> None:
        self.digest = snapshot.digest
        self.topics = {topic.id: topic for topic in snapshot.topics}
        self.words = Words(snapshot.words)
        self._order = snapshot.topics
        self._encoder, self._weights = encoder, weights
        self._vocabulary = self.words.vocabulary(_text(topic) for topic in self._order)
        okapi: Any = BM25Okapi  # rank_bm25 carries no types
        self._bm25 = okapi([self._document(topic) for topic in self._order])
        self._rarest = max(self._bm25.idf.values(), default=1.0)
        passages = [(row, text) for row, topic in enumerate(self._order) for text in self._passages(topic)]
        self._owner = np.array([row for row, _ in passages])
        asked = [self.words.passage(topic.questions[0]) for topic in self._order]
        vectors, questions = cache.vectors([text for _, text in passages], asked)
        # E5 puts all Dutch passages in one narrow cone and all questions in another: likeness says something only
        # when each is seen from the centre of its own.
        self._vectors = _centred(vectors, vectors.mean(axis=0))
        self._centre = questions.mean(axis=0)

    def question(self, query: str) -> str:
        """Return `query` as this index reads it."""
        return self.words.question(query, self._vocabulary)

    def rank(self, query: str, about: Topic | None = None) -> list[Hit]:
        """Return every topic with its score for `query`, best first; empty when there is nothing to search for.

        With `about` the meaning is that of a question asked after that topic; the words are still the question's own.
        """
        text = self.question(query)
        if not any(letter.isalnum() for letter in text):
            return []
        meaning, words = self.features(text, about)
        if about:
            # The title alone would bring the topic back whatever is asked: some word of the question must be there too.
            meaning[words == 0] = -1.0
        raw = self._weights.meaning * meaning + self._weights.words * words + self._weights.offset
        scores = 1 / (1 + np.exp(-raw))
        best_first = np.argsort(-scores, kind="stable")
        return [Hit(self._order[row], float(scores[row])) for row in best_first]

    def features(self, text: str, about: Topic | None = None) -> tuple[Floats, Floats]:
        """Return per topic how near its meaning is (-1 to 1) and which share of the words it has (0 to 1)."""
        asked = f"{self.words.passage(about.title)}: {text}" if about else text
        vector = _centred(self._encoder.query([asked]), self._centre)[0]
        near = (self._vectors @ vector).astype(np.float64)
        # Two passages that agree are a better witness than one that happens to look alike.
        meaning = np.array([np.sort(near[self._owner == row])[-2:].mean() for row in range(len(self._order))])
        return meaning, self._word_share(self.words.lemmas(text))

    def _word_share(self, lemmas: Sequence[str]) -> Floats:
        lemmas = list(dict.fromkeys(lemmas))
        if not lemmas:
            return np.zeros(len(self._order))
        # The most a question could score: words that stand nowhere count as the rarest, so that they weigh against.
        most = sum(max(self._bm25.idf.get(lemma, self._rarest), 0.0) for lemma in lemmas) * (self._bm25.k1 + 1)
        if not most or not math.isfinite(most):
            return np.zeros(len(self._order))
        found: Floats = np.asarray(self._bm25.get_scores(lemmas), dtype=np.float64)
        shares: Floats = np.clip(found / most, 0.0, 1.0)
        return shares

    def _document(self, topic: Topic) -> list[str]:
        # The title and the ways of asking say best what a topic is about; they stand beside the answer itself.
        return self.words.lemmas(self.words.passage(topic.title)) * 2 + [
            lemma for text in _pieces(topic) for lemma in self.words.lemmas(self.words.passage(text))
        ]

    def _passages(self, topic: Topic) -> list[str]:
        return [self.words.passage(text) for text in (topic.title, *topic.questions, topic.short)]


def _pieces(topic: Topic) -> list[str]:
    sentences = f"{topic.short}\n{topic.more or ''}".split("\n")
    return [*topic.questions, *sentences]


def _text(topic: Topic) -> str:
    # Ways of asking stay out: editors write them as people do, with typing errors.
    return " ".join((topic.title, topic.short, topic.more or ""))


def _centred(vectors: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    moved = vectors - centre
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-6), dtype=np.float32)

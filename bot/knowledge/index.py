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
from bot.knowledge.meaning import Meaning, centred
from bot.knowledge.records import Hit, Topic
from bot.knowledge.words import Words
from bot.vectors import VectorCache

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What each witness counts for: of which topic is asked for (softmax), and of whether any is (logistic).

    Fitted on the questions of `tests/eval/dev`; fit again when the encoder changes or the content much.
    """

    middle: float = 9.86
    nearest: float = 13.2
    words: float = 12.57
    short: float = 4.37
    here: float = 0.54
    elsewhere: float = 30.13
    offset: float = 0.16

    def topic(self) -> Floats:
        """Return the weights of what speaks for a topic."""
        return np.array([self.middle, self.nearest, self.words, self.short])


class Index:
    """All topics of one version, ready to be searched."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, cache: VectorCache, weights: Weights) -> None:
        self.digest = snapshot.digest
        self.topics = {topic.id: topic for topic in snapshot.topics}
        self.words = Words(snapshot.words)
        self._order = snapshot.topics
        self._encoder, self.weights = encoder, weights
        self._vocabulary = self.words.vocabulary(_text(topic) for topic in self._order)
        okapi: Any = BM25Okapi  # rank_bm25 carries no types
        self._bm25 = okapi([self._document(topic) for topic in self._order])
        self._rarest = max(self._bm25.idf.values(), default=1.0)
        asked = [(row, text) for row, topic in enumerate(self._order) for text in (topic.title, *topic.questions)]
        strange = snapshot.words.elsewhere
        texts = [self.words.passage(text) for text in (*(text for _, text in asked), *strange)]
        shorts, questions = cache.vectors([self.words.passage(topic.short) for topic in self._order], texts)
        self._meaning = Meaning(questions[: len(asked)], [row for row, _ in asked], questions[len(asked) :])
        self._shorts = centred(shorts)

    def question(self, query: str) -> str:
        """Return `query` as this index reads it."""
        return self.words.question(query, self._vocabulary)

    def says(self, query: str, title: str) -> bool:
        """Tell whether `query` says what `title` says and no more, words without content aside ("wat is stalking?")."""
        return set(self.words.lemmas(self.question(query))) == set(self.words.lemmas(self.words.passage(title)))

    def rank(self, query: str, about: Topic | None = None) -> list[Hit]:
        """Return every topic with its score for `query`, best first; empty when there is nothing to search for.

        A score is the chance that the question is one for this base, times the share of this topic in it. With `about`
        the meaning is that of a question asked after that topic; the words are still the question's own.
        """
        text = self.question(query)
        if not any(letter.isalnum() for letter in text):
            return []
        witnesses, strangeness = self.witnesses(text, about)
        raw = witnesses @ self.weights.topic()
        if about:
            # The title alone would bring the topic back whatever is asked: some word of the question must be there too.
            raw[witnesses[:, 2] == 0] = -np.inf
        best = raw.max()
        if not math.isfinite(best):
            return []
        shares = np.exp(raw - best)
        here = self.weights.here * best - self.weights.elsewhere * strangeness + self.weights.offset
        scores = shares / shares.sum() / (1 + math.exp(-here))
        best_first = np.argsort(-scores, kind="stable")
        return [Hit(self._order[row], float(scores[row])) for row in best_first]

    def witnesses(self, text: str, about: Topic | None = None) -> tuple[Floats, float]:
        """Return what speaks for each topic, shape (topics, 4) in the order of `Weights.topic`, each at most 1,
        and how like a question from elsewhere it is, -1 to 1."""
        asked = f"{self.words.passage(about.title)}: {text}" if about else text
        vector = self._encoder.query([asked])[0]
        middle, nearest = self._meaning.likeness(vector)
        short = self._shorts @ self._meaning.from_centre(vector[None])[0]
        words = self._word_share(self.words.lemmas(text))
        return np.stack([middle[:-1], nearest[:-1], words, short], axis=1), float(middle[-1] + nearest[-1]) / 2

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


def _pieces(topic: Topic) -> list[str]:
    sentences = f"{topic.short}\n{topic.more or ''}".split("\n")
    return [*topic.questions, *sentences]


def _text(topic: Topic) -> str:
    # Ways of asking stay out: editors write them as people do, with typing errors.
    return " ".join((topic.title, topic.short, topic.more or ""))

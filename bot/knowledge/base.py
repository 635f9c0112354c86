"""The knowledge base as others use it: questions in, topics with sources out.
Keeps one index in memory and rebuilds it when the database holds another version."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.database import SessionFactory
from bot.encoder import Encoder
from bot.knowledge.catalogue import load_forms, load_organisations, load_signals
from bot.knowledge.index import Index, Weights
from bot.knowledge.loading import read_digest, read_snapshot
from bot.knowledge.records import Answer, Form, Hit, KnowledgeError, Organisation, Signal, Topic
from bot.vectors import VectorCache

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """When a topic fits, and when it is the answer; chosen on `tests/eval/dev/knowledge.yml`."""

    fits: float = 0.07  # least score to be found at all: keeps five of six good questions, one in twenty from elsewhere
    near: float = 0.25  # a hit below this share of the best score is not shown beside it
    sure: float = 0.35  # least score to be given as the answer; below it a person chooses
    alone: float = 0.8  # from this score on a question stands on its own, even with a word that points back
    clear: float = 2.5  # how many times the odds of the next one make the best one the answer


class KnowledgeBase:
    """Search in the loaded knowledge; safe to use from several threads."""

    def __init__(
        self,
        session_factory: SessionFactory,
        encoder: Encoder,
        *,
        data_root: Path | None = None,
        cache_dir: Path | None = None,
        weights: Weights | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Take what is needed; the index is built at the first question or by `refresh_if_changed`."""
        self._session_factory, self._encoder = session_factory, encoder
        self._data_root = data_root
        self._cache = VectorCache("knowledge", encoder, cache_dir)
        self._weights, self._limits = weights or Weights(), limits or Limits()
        self._index: Index | None = None
        self._building = threading.Lock()

    def refresh_if_changed(self) -> bool:
        """Rebuild the index when the database holds another version; returns whether it was rebuilt.

        Raises KnowledgeError when nothing was ever loaded.
        """
        # While one thread builds, others go on with the index there is; only the very first build is waited for.
        if not self._building.acquire(blocking=self._index is None):
            return False
        try:
            if self._index is not None and self._index.digest == read_digest(self._session_factory):
                return False
            snapshot = read_snapshot(self._session_factory)
            self._index = Index(snapshot, self._encoder, self._cache, self._weights)
            return True
        finally:
            self._building.release()

    def search(self, query: str, limit: int = 3, previous_topic: str | None = None) -> list[Hit]:
        """Return the topics that fit `query`, best first, at most `limit`; empty when nothing fits.

        `previous_topic` is what was answered before, for questions that lean on it ("geldt dat ook voor kinderen?").
        """
        index = self._current()
        hits = index.rank(query)
        previous = index.topics.get(previous_topic or "")
        stands_alone = bool(hits) and hits[0].score >= self._limits.alone
        if previous is not None and not stands_alone and index.words.points_back(index.question(query)):
            if not index.words.lemmas(index.question(query)):
                return self._onward(index, previous, limit)
            hits = self._in_context(index, query, hits, previous)
        if not hits:
            return []
        least = max(self._limits.fits, self._limits.near * hits[0].score)
        return [hit for hit in hits if hit.score >= least][:limit]

    def answer(self, query: str, previous_topic: str | None = None) -> Answer:
        """Say whether one topic answers `query`, a few come near, or none fits."""
        hits = tuple(self.search(query, previous_topic=previous_topic))
        if not hits:
            return Answer("none")
        next_odds = _odds(hits[1].score) if len(hits) > 1 else 0.0
        if hits[0].score >= self._limits.sure and _odds(hits[0].score) >= self._limits.clear * next_odds:
            return Answer("one", hits[:1])
        return Answer("choice", hits)

    def topic(self, topic_id: str) -> Topic | None:
        """Return a topic by its id."""
        return self._current().topics.get(topic_id)

    def topics(self) -> tuple[Topic, ...]:
        """Return all topics."""
        return tuple(self._current().topics.values())

    def signals(self) -> tuple[Signal, ...]:
        """Return the known signals, straight from the files."""
        return load_signals(self._root())

    def forms(self) -> tuple[Form, ...]:
        """Return the forms of violence, straight from the files."""
        return load_forms(self._root())

    def organisations(self) -> tuple[Organisation, ...]:
        """Return where people can turn to, straight from the files."""
        return load_organisations(self._root())

    def _current(self) -> Index:
        try:
            self.refresh_if_changed()
        except SQLAlchemyError as error:
            if self._index is None:
                raise KnowledgeError("the database with the knowledge is not reachable") from error
            _log.warning("knowledge version cannot be read; going on with the one in memory")
        assert self._index is not None
        return self._index

    def _root(self) -> Path:
        if self._data_root is None:
            raise KnowledgeError("this knowledge base was made without a data root")
        return self._data_root

    def _in_context(self, index: Index, query: str, hits: Sequence[Hit], previous: Topic) -> list[Hit]:
        """Read `query` as going on about `previous`: that topic and what it is related to come forward."""
        scores = {hit.topic.id: hit.score for hit in hits}
        for hit in index.rank(query, about=previous):
            if hit.topic.id == previous.id or hit.topic.id in previous.related:
                scores[hit.topic.id] = max(scores[hit.topic.id], hit.score)
        best = max(scores.values(), default=0.0)
        if best >= self._limits.fits:
            # What was talked about stays on offer: another topic is never simply given in its place.
            scores[previous.id] = best
        best_first = sorted(scores.items(), key=lambda item: -item[1])
        return [Hit(index.topics[topic_id], score) for topic_id, score in best_first]

    def _onward(self, index: Index, previous: Topic, limit: int) -> list[Hit]:
        """Answer "en wat dan?", which has nothing to search for: what the topic points to, and the topic itself."""
        ids = [*previous.related[: max(limit - 1, 0)], previous.id][:limit]
        return [Hit(index.topics[topic_id], self._limits.fits) for topic_id in ids]


def _odds(score: float) -> float:
    return score / max(1 - score, 1e-9)

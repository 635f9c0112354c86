"""The knowledge base as others use it: questions in, topics with sources out.
Keeps one index in memory and rebuilds it when the database holds another version."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.database import SessionFactory
from bot.encoder import Encoder
from bot.knowledge.catalogue import load_forms, load_organisations, load_signals
from bot.knowledge.gaps import record_gap
from bot.knowledge.index import Index, Weights
from bot.knowledge.loading import read_digest, read_snapshot
from bot.knowledge.records import Answer, Form, Hit, KnowledgeError, Organisation, Signal, Topic
from bot.knowledge.thumbs import record_thumb
from bot.vectors import VectorCache

_log = logging.getLogger(__name__)

VECTORS = "vectors.npz"  # beside the content: its vectors, so that a first start need not compute them


@dataclass(frozen=True)
class Limits:
    """When a topic fits, and when it is the answer; chosen on `tests/eval/dev/knowledge_*.yml`."""

    fits: float = 0.75  # least chance that the base answers the question at all
    near: float = 0.02  # a hit below this share of the best score is not shown beside it
    clear: float = 6.0  # how many times the score of the next one makes the best one the answer
    leaning: float = 0.4  # least chance for a question that leans on the one before, and says less by itself


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
        shipped = data_root / "knowledge" / VECTORS if data_root else None
        self._cache = VectorCache("knowledge", encoder, cache_dir, shipped)
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

    def ship_vectors(self) -> int:
        """Put the vectors of all content beside it under the data root; returns how many. Raises KnowledgeError."""
        self._current()
        return self._cache.ship(self._root() / "knowledge" / VECTORS)

    def search(self, query: str, limit: int = 3, previous_topic: str | None = None) -> list[Hit]:
        """Return the topics that fit `query`, best first, at most `limit`; empty when nothing fits.

        `previous_topic` is what was answered before, for questions that lean on it ("geldt dat ook voor kinderen?").
        """
        index, least = self._current(), self._limits.fits
        hits = index.rank(query)
        previous = index.topics.get(previous_topic or "")
        if previous is not None and index.words.points_back(index.question(query)):
            if not index.words.lemmas(index.question(query)):
                return self._onward(index, previous, limit)
            least = self._limits.leaning
            hits = self._in_context(index, query, hits, previous)
        if _chance(hits) < least:
            return []
        return [hit for hit in hits if hit.score >= self._limits.near * hits[0].score][:limit]

    def answer(self, query: str, previous_topic: str | None = None) -> Answer:
        """Say whether one topic answers `query`, a few come near, or none fits."""
        hits = tuple(self.search(query, previous_topic=previous_topic))
        if not hits:
            return Answer("none")
        clear = len(hits) == 1 or hits[0].score >= self._limits.clear * hits[1].score
        if clear or self._current().says(query, hits[0].topic.title):
            return Answer("one", hits[:1])
        return Answer("choice", hits)

    def unanswered(self, question: str, conversation: str | None = None, *, keep: bool = True) -> None:
        """Count a question that got no answer by the topic that comes nearest; to `keep` its text it is pseudonymised.

        What cannot be counted is let go: it never costs the one who asked anything.
        """
        try:
            nearest = self._current().rank(question)[:1]
            for hit in nearest:
                record_gap(self._session_factory, hit.topic.id, question if keep else None, conversation)
        except (SQLAlchemyError, KnowledgeError):
            _log.warning("a question without an answer cannot be counted")

    def judged(self, topic_id: str, up: bool, day: date, instead_of: date | None = None) -> None:
        """Count a thumb for the answer of a topic, as `record_thumb` does; what cannot be counted is let go."""
        try:
            record_thumb(self._session_factory, topic_id, up, day, instead_of)
        except SQLAlchemyError:
            _log.warning("a thumb cannot be counted")

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
                scores[hit.topic.id] = max(scores.get(hit.topic.id, 0.0), hit.score)
        best_first = sorted(scores, key=lambda topic_id: -scores[topic_id])
        # What was talked about stays on offer: another topic is never simply given in its place.
        scores[previous.id] = scores[best_first[0]] if best_first else 0.0
        best_first.sort(key=lambda topic_id: -scores[topic_id])
        share = _chance(hits) / (sum(scores.values()) or 1.0)
        return [Hit(index.topics[topic_id], share * scores[topic_id]) for topic_id in best_first]

    def _onward(self, index: Index, previous: Topic, limit: int) -> list[Hit]:
        """Answer "en wat dan?", which has nothing to search for: what the topic points to, and the topic itself."""
        ids = [*previous.related[: max(limit - 1, 0)], previous.id][:limit]
        return [Hit(index.topics[topic_id], self._limits.fits) for topic_id in ids]


def _chance(hits: Sequence[Hit]) -> float:
    """Return the chance that one of these answers: each is the answer with its own score."""
    return sum(hit.score for hit in hits)

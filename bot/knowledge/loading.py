"""Puts the checked knowledge files into the database, whole or not at all,
and reads them back as one consistent version."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.database import SessionFactory
from bot.knowledge.catalogue import Catalogue, read_catalogue
from bot.knowledge.models import (
    VERSION_ID,
    KnowledgeVersionRow,
    SourceRow,
    TopicRow,
    TopicSourceRow,
    TopicVersionRow,
)
from bot.knowledge.records import Citation, KnowledgeError, LoadReport, Topic, WordRules

_READ_TRIES = 5


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """One version of the topics, as the database holds it."""

    digest: str
    topics: tuple[Topic, ...]
    words: WordRules


def load(session_factory: SessionFactory, data_root: Path) -> LoadReport:
    """Bring the database to what stands under `data_root`; doing it twice changes nothing.

    Raises DataFileError before anything is written when a file is wrong.
    """
    catalogue = read_catalogue(data_root)
    digest = _digest([_plain(catalogue.sources), _plain(catalogue.topics), catalogue.words.as_dict()])
    with session_factory() as session, session.begin():
        changed = _locked_digest(session) != digest
        if changed:
            _replace(session, catalogue, digest)
    return LoadReport(changed, digest, len(catalogue.topics), len(catalogue.sources))


def read_digest(session_factory: SessionFactory) -> str:
    """Return which version the database holds; empty when nothing was loaded yet."""
    with session_factory() as session:
        return session.scalar(select(KnowledgeVersionRow.digest)) or ""


def read_snapshot(session_factory: SessionFactory) -> Snapshot:
    """Read one whole version. Raises KnowledgeError when nothing was loaded."""
    for _ in range(_READ_TRIES):
        with session_factory() as session:
            version = session.get_one(KnowledgeVersionRow, VERSION_ID)
            rows = session.scalars(select(TopicRow).order_by(TopicRow.id)).all()
            topics = tuple(_topic(row) for row in rows)
        if not version.digest:
            raise KnowledgeError("there is no knowledge in the database: load it first")
        # Reads are not one snapshot on every database: when a load came in between, read again.
        if read_digest(session_factory) == version.digest:
            return Snapshot(version.digest, topics, WordRules.from_dict(version.words))
    raise KnowledgeError("the knowledge keeps changing while it is read")


def _locked_digest(session: Session) -> str:
    # Writing first takes the lock on SQLite as on PostgreSQL: a second load waits here, then sees what the first did.
    row = KnowledgeVersionRow
    unchanged = {"digest": row.digest, "loaded_at": row.loaded_at}
    session.execute(update(row).where(row.id == VERSION_ID).values(unchanged))
    return session.get_one(row, VERSION_ID).digest


def _replace(session: Session, catalogue: Catalogue, digest: str) -> None:
    for table in (TopicSourceRow, TopicRow, SourceRow):
        session.execute(delete(table))
    for source in catalogue.sources:
        session.add(SourceRow(**dataclasses.asdict(source)))
    session.flush()
    for topic in catalogue.topics:
        content = _plain(topic)
        topic_digest = _digest(content)
        session.add(_row(topic, topic_digest))
        if session.get(TopicVersionRow, (topic.id, topic_digest)) is None:
            session.add(TopicVersionRow(topic_id=topic.id, digest=topic_digest, content=content))
    version = session.get_one(KnowledgeVersionRow, VERSION_ID)
    version.digest, version.words = digest, catalogue.words.as_dict()


def _row(topic: Topic, digest: str) -> TopicRow:
    return TopicRow(
        id=topic.id,
        digest=digest,
        title=topic.title,
        short=topic.short,
        more=topic.more,
        doubt=topic.doubt,
        review=topic.review,
        questions=list(topic.questions),
        related=list(topic.related),
        audience=list(topic.audience),
        links=[
            TopicSourceRow(position=position, source_id=citation.id, section=citation.section)
            for position, citation in enumerate(topic.sources)
        ],
    )


def _topic(row: TopicRow) -> Topic:
    return Topic(
        id=row.id,
        title=row.title,
        short=row.short,
        more=row.more,
        doubt=row.doubt,
        sources=tuple(
            Citation(link.source.id, link.source.title, link.section, link.source.year, link.source.url)
            for link in row.links
        ),
        related=tuple(row.related),
        audience=tuple(row.audience),
        review=row.review,
        questions=tuple(row.questions),
    )


def _plain(value: Any) -> Any:
    """Turn records into what JSON can hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

"""Puts the checked knowledge files into the database, whole or not at all,
and reads them back as one consistent version."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.database import SessionFactory
from bot.knowledge.catalogue import Catalogue, read_catalogue
from bot.knowledge.changes import Changes, State, What, compare
from bot.knowledge.models import (
    VERSION_ID,
    KnowledgeVersionRow,
    SourceRow,
    TopicPeriodRow,
    TopicRow,
    TopicSourceRow,
    TopicVersionRow,
)
from bot.knowledge.records import Citation, KnowledgeError, LoadReport, Source, Topic, WordRules

_READ_TRIES = 5
_SOURCE_FIELDS = [field.name for field in dataclasses.fields(Source)]


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """One version of the topics, as the database holds it."""

    digest: str
    topics: tuple[Topic, ...]
    words: WordRules


def load(session_factory: SessionFactory, data_root: Path, at: datetime | None = None) -> LoadReport:
    """Bring the database to what stands under `data_root`; doing it twice changes nothing. `at` is now unless given.

    Raises DataFileError before anything is written when a file is wrong.
    """
    made_from = _made_from(data_root)
    with session_factory() as session:
        if session.get_one(KnowledgeVersionRow, VERSION_ID).made_from == made_from:
            return _unchanged(session)
    catalogue = read_catalogue(data_root)
    wanted = _wanted(catalogue)
    digest = _digest([[*key, content] for key, content in sorted(wanted.items())])
    with session_factory() as session, session.begin():
        version = _locked_version(session)
        changes = compare(_kept(session), wanted)
        if changed := version.digest != digest:
            _replace(session, catalogue)
            _keep_versions(session, changes, at or datetime.now(UTC))
            version.digest, version.words = digest, catalogue.words.as_dict()
        version.made_from = made_from
    return LoadReport(changed, digest, changes)


def diff(session_factory: SessionFactory, data_root: Path) -> Changes:
    """Say what a load would change; writes nothing. Raises DataFileError when a file is wrong."""
    wanted = _wanted(read_catalogue(data_root))
    with session_factory() as session:
        return compare(_kept(session), wanted)


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


def _made_from(data_root: Path) -> str:
    """Return a digest of the files and of the code that reads them: while it is the same, so is what they say."""
    folder, code = data_root / "knowledge", Path(__file__).parent
    files = [(path, folder) for path in folder.rglob("*") if path.is_file()]
    files += [(path, code) for path in (*code.glob("*.py"), code.parent / "yamlfile.py")]
    named = sorted((os.path.relpath(path, root), hashlib.sha256(path.read_bytes()).hexdigest()) for path, root in files)
    return _digest(named)


def _unchanged(session: Session) -> LoadReport:
    kept = _kept(session)
    return LoadReport(False, session.get_one(KnowledgeVersionRow, VERSION_ID).digest, compare(kept, kept))


def _locked_version(session: Session) -> KnowledgeVersionRow:
    # Writing first takes the lock on SQLite as on PostgreSQL: a second load waits here, then sees what the first did.
    row = KnowledgeVersionRow
    unchanged = {"digest": row.digest, "loaded_at": row.loaded_at}
    session.execute(update(row).where(row.id == VERSION_ID).values(unchanged))
    return session.get_one(row, VERSION_ID)


def _wanted(catalogue: Catalogue) -> State:
    state: dict[tuple[What, str], Mapping[str, Any]] = {}
    state |= {("bron", source.id): _plain(source) for source in catalogue.sources}
    state |= {("onderwerp", topic.id): _plain(topic) for topic in catalogue.topics}
    state |= {("woorden", name): {name: words} for name, words in catalogue.words.as_dict().items()}
    return state


def _kept(session: Session) -> State:
    state: dict[tuple[What, str], Mapping[str, Any]] = {}
    for source in session.scalars(select(SourceRow)):
        state["bron", source.id] = {name: _plain(getattr(source, name)) for name in _SOURCE_FIELDS}
    row, version = TopicRow, TopicVersionRow
    same = (version.topic_id == row.id) & (version.digest == row.digest)
    for topic_id, content in session.execute(select(row.id, version.content).join(version, same)).tuples():
        state["onderwerp", topic_id] = content
    words = session.get_one(KnowledgeVersionRow, VERSION_ID).words
    return state | {("woorden", name): {name: value} for name, value in words.items()}


def _replace(session: Session, catalogue: Catalogue) -> None:
    for table in (TopicSourceRow, TopicRow, SourceRow):
        session.execute(delete(table))
    for source in catalogue.sources:
        session.add(SourceRow(**dataclasses.asdict(source)))
    session.flush()
    for topic in catalogue.topics:
        session.add(_row(topic, _digest(_plain(topic))))


def _keep_versions(session: Session, changes: Changes, at: datetime) -> None:
    """End the period of each topic that is gone or changed, and begin one for each that is new or changed."""
    period = TopicPeriodRow
    for change in changes.found:
        if change.what != "onderwerp":
            continue
        standing = (period.topic_id == change.id) & period.gone_at.is_(None)
        session.execute(update(period).where(standing).values(gone_at=at))
        if change.after is None:
            continue
        digest = _digest(change.after)
        if session.get(TopicVersionRow, (change.id, digest)) is None:
            session.add(TopicVersionRow(topic_id=change.id, digest=digest, content=change.after))
            session.flush()
        session.add(period(topic_id=change.id, digest=digest, loaded_at=at))


def _row(topic: Topic, digest: str) -> TopicRow:
    return TopicRow(
        id=topic.id,
        kind=topic.kind,
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
        kind=row.kind,
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

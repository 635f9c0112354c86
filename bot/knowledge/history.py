"""Shows a topic again as it stood, so that it can be said later what someone read then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.database import SessionFactory
from bot.knowledge.models import TopicPeriodRow


@dataclass(frozen=True)
class Standing:
    """What a topic said from `since` until `until`, in UTC; without an end it says so now."""

    topic: str
    content: Mapping[str, Any]
    since: datetime
    until: datetime | None

    def stood(self, start: datetime, end: datetime) -> bool:
        """Whether it was given at some moment from `start` up to and including `end`."""
        return self.since <= end and (self.until is None or self.until > start)

    @property
    def period(self) -> str:
        """Say from when to when, on this machine's clock."""
        return f"van {_local(self.since)} tot {_local(self.until) if self.until else 'nu'}"

    def as_text(self) -> str:
        """Return it to be read: since when, what was told, where that stood, and when it was to be looked at again."""
        said = self.content
        parts = [f"{said['title']} ({self.topic})\nZo stond het er {self.period}.", said["short"]]
        parts += [said["more"]] if said["more"] else []
        parts += [f"Let op: {said['doubt']}"] if said["doubt"] else []
        parts.append("\n".join(f"Bron: {_cited(source)}" for source in said["sources"]))
        parts.append(f"Opnieuw nakijken: {said['review']}")
        return "\n\n".join(parts)


def read_standings(session_factory: SessionFactory, topic_id: str) -> tuple[Standing, ...]:
    """Return all that a topic said since it was first loaded, oldest first; empty when there never was such a one."""
    row = TopicPeriodRow
    query = select(row).where(row.topic_id == topic_id).order_by(row.loaded_at, row.id)
    with session_factory() as session:
        return tuple(
            Standing(one.topic_id, one.version.content, _utc(one.loaded_at), one.gone_at and _utc(one.gone_at))
            for one in session.scalars(query)
        )


def _cited(source: Mapping[str, Any]) -> str:
    year = f" ({source['year']})" if source["year"] else ""
    return ", ".join(part for part in (f"{source['title']}{year}", source["section"], source["url"]) if part)


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _utc(moment: datetime) -> datetime:
    # SQLite keeps no zone with a moment; all that we keep is in UTC.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

"""The figures of a period, as they may be shown: a count that is so small that it could point to someone is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.database import SessionFactory
from bot.statistics.counts import CountRow, Kind

LEAST = 5  # smaller counts are not shown
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Figures:
    """The counts from `since` on: by kind and name, and of opened conversations by the Monday of their week.

    A week without any stands there with 0, so that a picture of them has no holes.
    """

    since: date
    counts: Mapping[Kind, Mapping[str, int]]
    weeks: Mapping[date, int]


def read_figures(sessions: SessionFactory, since: date, today: date) -> Figures:
    """Read the counts from `since` up to and including `today`."""
    query = select(CountRow.day, CountRow.kind, CountRow.name, CountRow.count).where(CountRow.day >= since)
    counts: dict[Kind, Counter[str]] = {kind: Counter() for kind in Kind}
    weeks = Counter(dict.fromkeys(_mondays(since, today), 0))
    with sessions() as session:
        for day, kind, name, number in session.execute(query):
            counts[Kind(kind)][name] += number
            if kind == Kind.OPENED:
                weeks[_monday(day)] += number
    return Figures(since, counts, dict(sorted(weeks.items())))


def shown(number: int) -> int | None:
    """Return a count as it may be shown: None when it is too small for that, and not 0."""
    return None if 0 < number < LEAST else number


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(since: date, today: date) -> Iterable[date]:
    monday = _monday(since)
    while monday <= today:
        yield monday
        monday += WEEK

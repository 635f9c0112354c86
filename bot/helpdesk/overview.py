"""What the overview tells: how the queue is now, and of questions that were closed how long they waited and why they
came; never of whom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from bot.database import SessionFactory
from bot.helpdesk.models import CLOSED, WAITING, OutcomeRow, QuestionRow

WITHDRAWN = "ingetrokken"  # the category of a question that its asker took back


@dataclass(frozen=True)
class Waiting:
    """The open questions of a class: how many wait for someone, how many of the open ones are late, and since when
    the first one that nobody answered waits."""

    waiting: int
    late: int
    since: float | None


@dataclass(frozen=True)
class Answered:
    """The closed questions of a class: how many a person answered, as promised too; waits in open seconds."""

    closed: int
    answered: int
    within: int
    half: float  # half of them waited no longer
    most: float  # nine of ten waited no longer


@dataclass(frozen=True)
class Overview:
    """All figures from `since` on; of classes by their id."""

    since: date
    now: Mapping[str, Waiting]
    classes: Mapping[str, Answered]
    grounds: Mapping[str, int]
    categories: Mapping[str, int]
    weeks: Mapping[date, int]  # by Monday; a week without any is there with 0
    asked: int
    by_person: int


def read_overview(sessions: SessionFactory, since: date, today: date, now: float) -> Overview:
    """Read the figures of the days from `since` up to and including `today`, and of the queue at `now`."""
    outcomes = select(OutcomeRow).where(OutcomeRow.day >= since, OutcomeRow.day <= today)
    with sessions() as session:
        rows = session.scalars(outcomes).all()
        return Overview(
            since=since,
            now={name: Waiting(waiting, late, at) for name, waiting, late, at in session.execute(_queue(now))},
            classes={name: _answered(rows, name) for name in {row.class_id for row in rows}},
            grounds=Counter(row.ground for row in rows),
            categories=Counter(row.category for row in rows),
            weeks=_weeks(rows, since, today),
            asked=len(rows),
            by_person=sum(row.answered for row in rows),
        )


def _queue(now: float) -> Select[str, int, int, float]:
    row = QuestionRow
    late = row.answered_at.is_(None) & (row.promised_at < now)
    waiting = row.state == WAITING
    return (
        select(
            row.class_id,
            func.count().filter(waiting),
            func.count().filter(late),
            func.min(row.created_at).filter(waiting & row.answered_at.is_(None)),
        )
        .where(row.state != CLOSED)
        .group_by(row.class_id)
    )


def _answered(rows: Sequence[OutcomeRow], name: str) -> Answered:
    """Count a class, without the questions that were taken back: nobody was to answer those."""
    of_class = [row for row in rows if row.class_id == name and row.category != WITHDRAWN]
    waits = sorted(row.waited for row in of_class if row.answered)
    within = sum(row.answered and row.within for row in of_class)
    return Answered(len(of_class), len(waits), within, _least(waits, 0.5), _least(waits, 0.9))


def _least(waits: Sequence[float], share: float) -> float:
    """Return the shortest wait that a share of them did not exceed, of waits in order; 0 when there are none."""
    return waits[math.ceil(share * len(waits)) - 1] if waits else 0.0


def _weeks(rows: Sequence[OutcomeRow], since: date, today: date) -> dict[date, int]:
    def monday(day: date) -> date:
        return day - timedelta(days=day.weekday())

    count = (monday(today) - monday(since)).days // 7 + 1
    weeks = dict.fromkeys((monday(since) + timedelta(weeks=at) for at in range(count)), 0)
    for row in rows:
        weeks[monday(row.day)] += 1
    return weeks

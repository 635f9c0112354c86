"""Counts by day: none is lost when many count at once, none says of whom, none outlives its term."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.database import Base, make_engine, session_factory
from bot.statistics import CountRow, Kind, count_one, forget_statistics, read_figures, shown

Sessions = sessionmaker[Session]
TODAY = date(2026, 11, 26)  # a Thursday


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Sessions]:
    engine = make_engine(f"sqlite:///{tmp_path / 'pluis.db'}")
    Base.metadata.create_all(engine)
    yield session_factory(engine)
    engine.dispose()


def count(sessions: Sessions, kind: Kind, name: str, day: date = TODAY) -> None:
    with sessions() as session, session.begin():
        count_one(session, kind, name, day)


def test_counts_of_a_period_by_name_and_by_week(sessions: Sessions) -> None:
    for days in (0, 1, 3, 4, 14, 40):
        count(sessions, Kind.OPENED, "directline", TODAY - timedelta(days=days))
    count(sessions, Kind.OUTCOME, "report")
    figures = read_figures(sessions, TODAY - timedelta(days=20), TODAY)
    assert figures.counts[Kind.OPENED] == {"directline": 5}
    assert figures.counts[Kind.OUTCOME] == {"report": 1}
    assert figures.counts[Kind.REACHED] == {}
    assert list(figures.weeks.values()) == [0, 1, 1, 3]
    assert all(monday.weekday() == 0 for monday in figures.weeks)


def test_counting_at_the_same_moment_loses_nothing(sessions: Sessions) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: count(sessions, Kind.OPENED, "directline"), range(40)))
    assert read_figures(sessions, TODAY, TODAY).counts[Kind.OPENED] == {"directline": 40}


def test_what_is_past_its_term_is_deleted(sessions: Sessions) -> None:
    for days in (0, 1, 2):
        count(sessions, Kind.OPENED, "directline", TODAY - timedelta(days=days))
    assert forget_statistics(sessions, TODAY - timedelta(days=1)) == 1
    assert forget_statistics(sessions, TODAY - timedelta(days=1)) == 0
    assert read_figures(sessions, date(2020, 1, 1), TODAY).counts[Kind.OPENED] == {"directline": 2}


@pytest.mark.parametrize(("number", "may"), [(0, 0), (1, None), (4, None), (5, 5), (120, 120)])
def test_a_small_count_is_not_shown(number: int, may: int | None) -> None:
    assert shown(number) == may


def test_a_row_holds_no_more_than_day_kind_and_name() -> None:
    assert set(CountRow.__table__.columns.keys()) == {"day", "kind", "name", "count"}

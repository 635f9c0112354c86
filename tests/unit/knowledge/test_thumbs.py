"""Thumbs are counted by topic and day, and nothing else of them is kept."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session, sessionmaker

from bot.knowledge import KnowledgeBase, load, read_thumbs
from bot.knowledge.thumbs import record_thumb

from .fakes import HashEncoder

Sessions = sessionmaker[Session]
TODAY = date(2026, 11, 26)


def counted(sessions: Sessions) -> list[tuple[str, int, int]]:
    return [(found.topic, found.down, found.up) for found in read_thumbs(sessions)]


def test_most_thumbs_down_come_first_with_the_title_and_the_last_day(data_root: Path, sessions: Sessions) -> None:
    load(sessions, data_root)
    for topic, up, days in (("dossier", True, 0), ("huisverbod", False, 3), ("huisverbod", False, 1),
                            ("huisverbod", True, 2), ("weg_ermee", False, 0)):  # fmt: skip
        record_thumb(sessions, topic, up, TODAY - timedelta(days=days))
    assert counted(sessions) == [("huisverbod", 2, 1), ("weg_ermee", 1, 0), ("dossier", 0, 1)]
    first, gone, _ = read_thumbs(sessions)
    assert (first.title, first.last) == ("Het tijdelijk huisverbod", TODAY - timedelta(days=1))
    assert gone.title is None


def test_another_thumb_takes_the_place_of_the_first_also_of_yesterday(sessions: Sessions) -> None:
    yesterday = TODAY - timedelta(days=1)
    record_thumb(sessions, "huisverbod", True, yesterday)
    record_thumb(sessions, "huisverbod", False, yesterday)
    record_thumb(sessions, "huisverbod", False, TODAY, instead_of=yesterday)
    assert counted(sessions) == [("huisverbod", 2, 0)]


def test_thumbs_at_the_same_time_all_count(sessions: Sessions) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: record_thumb(sessions, "huisverbod", number % 4 > 0, TODAY), range(40)))
    assert counted(sessions) == [("huisverbod", 10, 30)]


def test_there_is_room_for_nothing_but_topic_day_and_count(database: Engine) -> None:
    columns = {column["name"] for column in inspect(database).get_columns("knowledge_thumb")}
    assert columns == {"topic_id", "day", "up", "count"}


def test_a_thumb_that_cannot_be_counted_costs_nobody_anything(
    sessions: Sessions, database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    base = KnowledgeBase(sessions, HashEncoder())
    base.judged("huisverbod", True, TODAY)
    assert counted(sessions) == [("huisverbod", 0, 1)]
    with database.begin() as connection:
        connection.execute(text("DROP TABLE knowledge_thumb"))
    with caplog.at_level(logging.DEBUG, logger="bot"):
        base.judged("huisverbod", True, TODAY)
    assert [record.levelname for record in caplog.records] == ["WARNING"]

"""What a topic said at some moment can be shown again: also when it was changed, taken back, or taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session, sessionmaker

from bot.database import make_engine, session_factory, upgrade
from bot.knowledge import load, read_standings
from bot.settings import ROOT

Change = Callable[[str, str, str], int]
Sessions = sessionmaker[Session]

START = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def shorts(sessions: Sessions, at: datetime) -> list[str]:
    return [one.content["short"] for one in read_standings(sessions, "huisverbod") if one.stood(at, at)]


def test_a_change_that_was_taken_back_is_told_as_it_was(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root, day(0))
    change("topics/a.yml", "tien dagen", "elf dagen")
    load(sessions, data_root, day(10))
    change("topics/a.yml", "elf dagen", "tien dagen")
    load(sessions, data_root, day(20))
    assert shorts(sessions, day(-1)) == []
    for at, words in ((0, "tien dagen"), (9, "tien dagen"), (10, "elf dagen"), (19, "elf dagen"), (20, "tien dagen")):
        (short,) = shorts(sessions, day(at))
        assert words in short, at
    all_of_it = read_standings(sessions, "huisverbod")
    assert [(one.since, one.until) for one in all_of_it] == [(day(0), day(10)), (day(10), day(20)), (day(20), None)]


def test_of_a_day_everything_is_told_that_stood_on_it(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root, day(0))
    change("topics/a.yml", "tien dagen", "elf dagen")
    load(sessions, data_root, day(10))
    found = read_standings(sessions, "huisverbod")
    assert [one.stood(day(9), day(10)) for one in found] == [True, True]
    assert [one.stood(day(10), day(11)) for one in found] == [False, True]


def test_a_topic_that_went_and_came_again_has_a_hole(data_root: Path, sessions: Sessions) -> None:
    path = data_root / "knowledge" / "topics" / "b.yml"
    whole = path.read_text(encoding="utf-8")
    load(sessions, data_root, day(0))
    path.write_text(whole[: whole.index("  - id: dossier")], encoding="utf-8")
    load(sessions, data_root, day(5))
    path.write_text(whole, encoding="utf-8")
    load(sessions, data_root, day(8))
    found = read_standings(sessions, "dossier")
    assert [(one.since, one.until) for one in found] == [(day(0), day(5)), (day(8), None)]
    assert not any(one.stood(day(6), day(6)) for one in found)


def test_a_load_that_changes_nothing_begins_no_period(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root, day(0))
    load(sessions, data_root, day(1))
    change("topics/b.yml", "op 0800-2000", "op 0800 2000")
    load(sessions, data_root, day(2))
    assert [one.since for one in read_standings(sessions, "huisverbod")] == [day(0)]
    assert read_standings(sessions, "nergens") == ()


def test_what_is_shown_holds_all_that_was_told(data_root: Path, sessions: Sessions) -> None:
    load(sessions, data_root, day(0))
    (standing,) = read_standings(sessions, "veiligheidsplan")
    text = standing.as_text()
    assert text.startswith("Een veiligheidsplan maken (veiligheidsplan)\nZo stond het er van 2026-10-01 ")
    for part in (
        "Een plan met afspraken",
        "met haar alleen",
        "Let op: Over de vorm",
        "Bron: Een pagina, Plan",
        "2027-05",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("b", [("a", 1, 2), ("b", 2, None)]),
        ("a", [("a", 1, 2), ("b", 2, 3), ("a", 3, None)]),  # taken back, by the load on the third
        (None, [("a", 1, 2), ("b", 2, 3)]),
    ],
)
def test_versions_from_before_get_their_periods(
    database_url: str, current: str | None, expected: list[tuple[str, int, int | None]]
) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "bot" / "migrations"))
    config.attributes["url"] = database_url
    command.upgrade(config, "0003_kinds")
    engine = make_engine(database_url)
    moment = {number: datetime(2026, 10, number, tzinfo=UTC) for number in (1, 2, 3)}
    tables = sa.MetaData()
    tables.reflect(engine)
    version, topic = tables.tables["knowledge_topic_version"], tables.tables["knowledge_topic"]
    empty = {"title": "t", "short": "s", "review": moment[1].date(), "questions": [], "related": [], "audience": []}
    with engine.begin() as connection:
        for digest, number in (("a", 1), ("b", 2)):
            row = {"topic_id": "x", "digest": digest, "content": {"short": digest}, "loaded_at": moment[number]}
            connection.execute(sa.insert(version).values(row))
        if current:
            connection.execute(sa.insert(topic).values({"id": "x", "digest": current, **empty}))
        connection.execute(sa.update(tables.tables["knowledge_version"]).values(loaded_at=moment[3]))
    upgrade(database_url)
    found = read_standings(session_factory(engine), "x")
    engine.dispose()
    assert [(one.content["short"], one.since, one.until) for one in found] == [
        (short, moment[since], moment[until] if until else None) for short, since, until in expected
    ]

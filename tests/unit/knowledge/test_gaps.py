"""Questions without an answer are counted by the nearest topic; their text is short, few, and goes in time."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from bot.channels import Store
from bot.encoder import E5Encoder
from bot.knowledge import KnowledgeBase, forget_questions, load, read_gaps
from bot.knowledge.gaps import EXAMPLES, LONGEST, record_gap

from .fakes import HashEncoder

Sessions = sessionmaker[Session]


def begin(sessions: Sessions, conversation: str) -> Store:
    store = Store(sessions)
    store.create(conversation, "directline", "http://x", "/groet")
    return store


def test_the_most_asked_comes_first_with_its_newest_questions(data_root: Path, sessions: Sessions) -> None:
    load(sessions, data_root)
    begin(sessions, "c")
    record_gap(sessions, "dossier", "mag dat in rood", "c")
    for question in ("hoe laat", "met wie"):
        record_gap(sessions, "huisverbod", question, "c")
    record_gap(sessions, "weg_ermee", "wat")
    first, *others = read_gaps(sessions)
    assert (first.topic, first.title, first.count, first.last) == (
        "huisverbod",
        "Het tijdelijk huisverbod",
        2,
        date.today(),
    )
    assert first.questions == ("met wie", "hoe laat")
    assert [(gap.topic, gap.title, gap.count) for gap in others] == [
        ("dossier", "Vastleggen in het dossier", 1),
        ("weg_ermee", None, 1),
    ]


def test_few_questions_are_kept_and_no_long_ones(sessions: Sessions) -> None:
    for number in range(EXAMPLES + 5):
        record_gap(sessions, "huisverbod", f"{number} " + "x" * 10_000)
        record_gap(sessions, "dossier", "blijft") if number == 0 else None
    found = {gap.topic: gap for gap in read_gaps(sessions)}
    assert found["huisverbod"].count == EXAMPLES + 5
    assert [question.split()[0] for question in found["huisverbod"].questions] == [
        str(number) for number in reversed(range(5, EXAMPLES + 5))
    ]
    assert max(map(len, found["huisverbod"].questions)) == LONGEST
    assert found["dossier"].questions == ("blijft",)


def test_wiping_a_conversation_takes_its_questions_along(sessions: Sessions) -> None:
    store = begin(sessions, "c")
    begin(sessions, "d")
    record_gap(sessions, "huisverbod", "van c", "c")
    record_gap(sessions, "huisverbod", "van d", "d")
    store.wipe("c")
    (gap,) = read_gaps(sessions)
    assert (gap.count, gap.questions) == (2, ("van d",))


def test_a_question_that_comes_after_the_wipe_is_only_counted(sessions: Sessions) -> None:
    begin(sessions, "c").wipe("c")
    record_gap(sessions, "huisverbod", "te laat", "c")
    (gap,) = read_gaps(sessions)
    assert (gap.count, gap.questions) == (1, ())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the files of PostgreSQL are its own affair
def test_nothing_of_a_wiped_question_is_left_on_disk(tmp_path: Path, sessions: Sessions) -> None:
    store = begin(sessions, "c")
    record_gap(sessions, "huisverbod", "zilverplevier", "c")
    record_gap(sessions, "huisverbod", "kwartelkoning")
    store.wipe("c")
    forget_questions(sessions, 0)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("pluis.db*"))
    assert b"huisverbod" in kept
    assert b"zilverplevier" not in kept
    assert b"kwartelkoning" not in kept


def test_a_question_of_no_conversation_goes_after_its_term(sessions: Sessions) -> None:
    begin(sessions, "c")
    earlier = datetime.now(UTC) - timedelta(hours=2)
    record_gap(sessions, "huisverbod", "oud", None, earlier)
    record_gap(sessions, "huisverbod", "van c", "c", earlier)
    record_gap(sessions, "huisverbod", "nieuw")
    assert forget_questions(sessions, 3600) == 1
    assert forget_questions(sessions, 3600) == 0
    (gap,) = read_gaps(sessions)
    assert (gap.count, gap.questions) == (3, ("nieuw", "van c"))


def test_questions_at_the_same_time_all_count(sessions: Sessions) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: record_gap(sessions, "huisverbod", f"vraag {number}"), range(40)))
    (gap,) = read_gaps(sessions)
    assert gap.count == 40
    assert len(gap.questions) >= EXAMPLES


def test_the_base_counts_by_what_comes_nearest(data_root: Path, sessions: Sessions, e5: E5Encoder) -> None:
    load(sessions, data_root)
    base = KnowledgeBase(sessions, e5)
    base.unanswered("Wat is een THV?")
    base.unanswered("?!")
    base.unanswered("Hoe lang duurt een THV?", keep=False)
    (gap,) = read_gaps(sessions)
    assert (gap.topic, gap.count, gap.questions) == ("huisverbod", 2, ("Wat is een THV?",))


def test_what_cannot_be_counted_costs_nobody_anything(
    data_root: Path, sessions: Sessions, database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    load(sessions, data_root)
    base = KnowledgeBase(sessions, HashEncoder())
    base.refresh_if_changed()
    with database.begin() as connection:
        connection.execute(text("DROP TABLE knowledge_gap"))
    with caplog.at_level(logging.DEBUG, logger="bot"):
        base.unanswered("zilverplevier")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "zilverplevier" not in caplog.text + str([vars(record) for record in caplog.records])


def test_the_actions_count_without_the_tables_of_the_channels(sessions: Sessions, database: Engine) -> None:
    begin(sessions, "c")
    url = database.url.render_as_string(hide_password=False)
    code = (
        "import sys; from bot.database import make_engine, session_factory; from bot.knowledge.gaps import record_gap;"
        "record_gap(session_factory(make_engine(sys.argv[1])), 'huisverbod', 'vraag', 'c');"
        "assert 'bot.channels' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, url], check=True)
    (gap,) = read_gaps(sessions)
    assert gap.questions == ("vraag",)

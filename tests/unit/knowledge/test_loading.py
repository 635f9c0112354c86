"""Loading: the same files twice change nothing, a broken file changes nothing, topics keep their versions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

import bot.channels  # noqa: F401 - a question without an answer hangs on a conversation
from bot.database import Base
from bot.knowledge import DataFileError, KnowledgeBase, KnowledgeError, load
from bot.knowledge.catalogue import load_topics
from bot.knowledge.loading import read_digest, read_snapshot
from bot.knowledge.models import SourceRow, TopicRow, TopicSourceRow, TopicVersionRow

from .fakes import HashEncoder

Change = Callable[[str, str, str], int]
Sessions = sessionmaker[Session]


def count(sessions: Sessions, table: type[Base]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_database_gives_back_what_the_files_say(data_root: Path, sessions: Sessions) -> None:
    report = load(sessions, data_root)
    snapshot = read_snapshot(sessions)
    assert (report.changed, str(report.changes)) == (True, "19 nieuw, 0 gewijzigd, 0 weg, 0 gelijk")
    assert {topic.id: topic for topic in snapshot.topics} == {topic.id: topic for topic in load_topics(data_root)}
    assert snapshot.digest == report.digest == read_digest(sessions)


def test_loading_twice_changes_nothing(data_root: Path, sessions: Sessions) -> None:
    first, second = load(sessions, data_root), load(sessions, data_root)
    assert (first.changed, second.changed) == (True, False)
    assert first.digest == second.digest
    assert [count(sessions, table) for table in (SourceRow, TopicRow, TopicSourceRow, TopicVersionRow)] == [
        2,
        12,
        13,
        12,
    ]


def test_a_broken_file_changes_nothing(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root)
    before = read_snapshot(sessions)
    change("topics/a.yml", "tien dagen", "elf dagen")
    change("organisations.yml", "boek-2020", "weg-2020")
    with pytest.raises(DataFileError):
        load(sessions, data_root)
    assert read_snapshot(sessions) == before


@pytest.mark.parametrize(
    "broken",
    [
        "    more: [nooit dicht\n",
        "  - id: huisverbod\n    title: Nog een keer\n",
        "\ttab: fout\n",
        "    review: 2026-02-30\n",
        "\x9d\x8f",
    ],
)
def test_a_file_broken_halfway_leaves_the_old_answers(
    data_root: Path, sessions: Sessions, change: Change, broken: str
) -> None:
    load(sessions, data_root)
    base = KnowledgeBase(sessions, HashEncoder())
    base.refresh_if_changed()
    change("topics/a.yml", "tien dagen", "elf dagen")
    path = data_root / "knowledge" / "topics" / "b.yml"
    content = path.read_bytes()
    half = content.index(b"  - id: veilig_thuis")
    path.write_bytes(content[:half] + broken.encode("latin-1") + content[half:])
    with pytest.raises(DataFileError, match=r"b\.yml:\d+: "):
        load(sessions, data_root)
    assert not base.refresh_if_changed()
    topic = KnowledgeBase(sessions, HashEncoder()).topic("huisverbod")
    assert topic is not None
    assert "tien dagen" in topic.short


def test_files_that_did_not_change_are_not_read_again(
    data_root: Path, sessions: Sessions, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(sessions, data_root)
    with monkeypatch.context() as unread:
        unread.setattr("bot.knowledge.loading.read_catalogue", lambda _: 1 / 0)
        again = load(sessions, data_root)
        assert (again.changed, again.digest) == (False, first.digest)
        assert str(again.changes) == "0 nieuw, 0 gewijzigd, 0 weg, 19 gelijk"
        change("topics/a.yml", "tien dagen", "elf dagen")
        with pytest.raises(ZeroDivisionError):
            load(sessions, data_root)
    assert load(sessions, data_root).changed


def test_a_failure_halfway_changes_nothing(
    data_root: Path, sessions: Sessions, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(sessions, data_root)
    before = read_snapshot(sessions)
    change("topics/a.yml", "tien dagen", "elf dagen")
    monkeypatch.setattr("bot.knowledge.loading._row", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(sessions, data_root)
    assert read_snapshot(sessions) == before


def test_a_changed_topic_keeps_its_older_version(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root)
    change("topics/a.yml", "tien dagen", "elf dagen")
    assert load(sessions, data_root).changed
    change("topics/a.yml", "elf dagen", "tien dagen")
    assert load(sessions, data_root).changed
    with sessions() as session:
        rows = session.scalars(select(TopicVersionRow).where(TopicVersionRow.topic_id == "huisverbod")).all()
    assert {"elf" in row.content["short"] for row in rows} == {True, False}
    assert len(rows) == 2


def test_a_topic_that_is_gone_leaves_only_its_versions(data_root: Path, sessions: Sessions) -> None:
    load(sessions, data_root)
    path = data_root / "knowledge" / "topics" / "b.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  - id: dossier")], encoding="utf-8")
    load(sessions, data_root)
    assert "dossier" not in {topic.id for topic in read_snapshot(sessions).topics}
    assert (count(sessions, TopicRow), count(sessions, TopicVersionRow)) == (11, 12)


def test_changed_reading_rules_are_a_new_version(data_root: Path, sessions: Sessions, change: Change) -> None:
    first = load(sessions, data_root)
    change("synonyms.yml", "for: [ots]", "for: [ots, o.t.s.]")
    assert load(sessions, data_root).digest != first.digest
    assert "o.t.s." in read_snapshot(sessions).words.synonyms


def test_nothing_loaded_is_said(sessions: Sessions) -> None:
    with pytest.raises(KnowledgeError):
        read_snapshot(sessions)


def test_loads_at_the_same_time_end_in_one_version(data_root: Path, sessions: Sessions) -> None:
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: load(sessions, data_root), range(4)))
    assert [report.changed for report in reports].count(True) == 1
    assert len(read_snapshot(sessions).topics) == 12


def test_the_migration_makes_the_tables_of_the_models(database: Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": False})
        found = compare_metadata(context, Base.metadata)
    assert [difference for difference in found if "knowledge" in repr(difference)] == []

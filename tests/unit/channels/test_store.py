"""The store alone: leases, retention, wiping, and the migration that makes its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import inspect

from bot.channels import EngineClient, EngineUnavailableError, Store, UnknownConversationError, forget, purge
from bot.channels.forgetting import settle
from bot.database import Base, make_engine, session_factory, upgrade

from .fakes import TOKEN, FakeClock, FakeEngine


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    engine = make_engine(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(engine)
    built = Store(session_factory(engine), clock)
    built.create("c1", "directline", "http://x", "/groet")
    yield built
    engine.dispose()


def test_one_process_works_on_a_conversation_and_another_takes_over_when_it_dies(
    store: Store, clock: FakeClock
) -> None:
    assert store.take("c1", "a", 30)
    assert store.take("c1", "a", 30)
    assert not store.take("c1", "b", 30)
    clock.passes(31)
    assert store.take("c1", "b", 30)
    store.give_back("c1", "b")
    assert store.take("c1", "a", 30)


def test_a_turn_is_closed_once(store: Store) -> None:
    work = store.next_turn("c1")
    assert work is not None
    assert store.finish(work, [])
    assert not store.finish(work, [{"type": "message", "from": {}, "text": "dubbel"}])
    assert store.after("c1", 0) == ([], 0)
    assert store.next_turn("c1") is None


def test_a_closed_turn_keeps_no_text(store: Store) -> None:
    store.hear("c1", {"type": "message", "text": "x"}, key=None, turn=("text", "blauwe plek"))
    while (work := store.next_turn("c1")) is not None:
        store.finish(work, [])
    with store._sessions() as session:
        contents = session.connection().exec_driver_sql("SELECT content FROM turns").scalars().all()
    assert set(contents) == {""}


def test_no_person_number_is_used_twice(store: Store) -> None:
    store.hear("c1", {"type": "message", "text": "x"}, key=None, persons=3)
    store.hear("c1", {"type": "message", "text": "x"}, key=None, persons=1)
    assert store.persons("c1") == 3


def test_a_wipe_leaves_a_record_and_nothing_else(store: Store) -> None:
    store.hear("c1", {"type": "message", "text": "x"}, key="k", turn=("text", "x"))
    assert store.wipe("c1")
    assert not store.wipe("c1")
    with store._sessions() as session:
        for table in ("conversations", "activities", "turns", "replies"):
            assert session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
    assert store.is_wiped("c1")
    with pytest.raises(UnknownConversationError):
        store.create("c1", "directline", "http://x", "/groet")
    with pytest.raises(UnknownConversationError):
        store.after("c1", 0)


async def test_forgetting_reaches_the_engine_now_or_later(store: Store) -> None:
    engine = FakeEngine(down=True)
    with pytest.raises(EngineUnavailableError):
        await forget(store, engine.client(), "c1")
    assert store.engine_wipes() == ["c1"]
    engine.down = False
    await purge(store, engine.client(), 3600)
    assert engine.forgotten == ["c1"]
    assert store.engine_wipes() == []


async def test_what_neither_side_has_was_not_forgotten(store: Store) -> None:
    engine = FakeEngine(forgets=0)
    assert not await forget(store, engine.client(), "c2")
    assert await forget(store, engine.client(), "c1")
    assert await forget(store, FakeEngine(forgets=3).client(), "c1")


async def test_an_engine_that_fails_for_one_is_still_asked_for_the_others(store: Store, clock: FakeClock) -> None:
    for name in ("c1", "c2", "c3"):
        clock.passes(1)
        store.create(name, "directline", "http://x", "/groet")
        store.wipe(name)
    engine = FakeEngine(refuses_to_forget=["c2"])
    with pytest.raises(EngineUnavailableError):
        await purge(store, engine.client(), 3600)
    assert engine.forgotten == ["c3", "c2", "c1"]
    assert store.engine_wipes() == ["c2"]


async def test_who_wipes_now_is_forgotten_before_what_waited_already(store: Store, clock: FakeClock) -> None:
    asked: list[str] = []

    def begin_and_wipe(name: str) -> None:
        clock.passes(1)
        store.create(name, "directline", "http://x", "/groet")
        store.wipe(name)

    def forgets(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rsplit("/", 1)[1])
        if len(asked) == 2:
            begin_and_wipe("now")
        return httpx.Response(200, json={"deleted": 1})

    for name in ("c2", "c3", "c4"):
        begin_and_wipe(name)
    await settle(store, EngineClient("http://engine", TOKEN, transport=httpx.MockTransport(forgets)))
    assert asked == ["c4", "c3", "now", "c2"]


def test_a_wiped_text_is_nowhere_on_disk(store: Store, tmp_path: Path) -> None:
    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in sorted(tmp_path.glob("test.db*")))

    store.hear("c1", {"type": "message", "text": "paraplubak"}, key=None, turn=("text", "paraplubak"))
    assert b"paraplubak" in on_disk()
    store.wipe("c1")
    assert b"paraplubak" not in on_disk()


def test_a_text_wiped_while_another_reads_goes_from_disk_later(store: Store, tmp_path: Path) -> None:
    store.hear("c1", {"type": "message", "text": "paraplubak"}, key=None)
    store.empty_log()
    store.hear("c1", {"type": "message", "text": "wasknijper"}, key=None)
    with sqlite3.connect(tmp_path / "test.db", isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM activities").fetchone()
        with store._sessions() as session:
            session.connection().exec_driver_sql("PRAGMA busy_timeout=1")
        store.wipe("c1")
        assert b"wasknijper" in (tmp_path / "test.db-wal").read_bytes()
        reader.execute("ROLLBACK")
    reader.close()
    store.empty_log()
    assert b"wasknijper" not in (tmp_path / "test.db-wal").read_bytes()
    assert b"paraplubak" not in (tmp_path / "test.db").read_bytes()


async def test_only_what_is_past_its_term_is_purged(store: Store, clock: FakeClock) -> None:
    clock.passes(3000)
    store.create("c2", "directline", "http://x", "/groet")
    clock.passes(1000)
    engine = FakeEngine()
    assert await purge(store, engine.client(), 3600) == 1
    assert engine.forgotten == ["c1"]
    store.check("c2")


def test_the_migration_makes_the_tables_of_the_models(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'migrated.db'}"
    upgrade(url)
    engine = make_engine(url)
    found = inspect(engine)
    for table in ("conversations", "activities", "turns", "replies", "wipes"):
        model = Base.metadata.tables[table]
        columns = {c["name"]: c["nullable"] for c in found.get_columns(table)}
        assert columns == {c.name: c.nullable for c in model.columns}
        assert {i["name"] for i in found.get_indexes(table)} >= {i.name for i in model.indexes}
    engine.dispose()

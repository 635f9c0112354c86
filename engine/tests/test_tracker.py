"""A database that fails stops the turn, and what is forgotten is nowhere on disk."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from engine import tracker
from engine.abort import TurnAborted
from engine.tracker import PluisTrackerStore


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PluisTrackerStore:
    monkeypatch.setattr(tracker, "LOCK_SECONDS", 0)
    return PluisTrackerStore(Domain.empty(), host=f"sqlite:///{tmp_path / 'tracker.db'}")


def say(store: PluisTrackerStore, conversation: str, text: str) -> None:
    asyncio.run(store.save(DialogueStateTracker.from_events(conversation, [UserUttered(text)])))


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("tracker.db*")))


def test_a_forgotten_text_is_nowhere_on_disk(store: PluisTrackerStore, tmp_path: Path) -> None:
    say(store, "c2", "wasknijper")
    with sqlite3.connect(tmp_path / "tracker.db") as other:  # while another has the database open, SQLite keeps its log
        other.execute("SELECT count(*) FROM events").fetchone()
        say(store, "c1", "paraplubak")
        assert b"paraplubak" in on_disk(tmp_path)
        assert store.forget("c1") == 1
        assert b"paraplubak" not in on_disk(tmp_path)
        assert b"wasknijper" in on_disk(tmp_path)
    other.close()


def test_while_the_log_is_being_read_nothing_counts_as_forgotten(store: PluisTrackerStore, tmp_path: Path) -> None:
    say(store, "c1", "paraplubak")
    with sqlite3.connect(tmp_path / "tracker.db", isolation_level=None) as reader:
        say(store, "c1", "wasknijper")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(TurnAborted, match="tracker"):
            store.forget("c1")
        reader.execute("ROLLBACK")
        store.forget("c1")
        assert b"wasknijper" not in on_disk(tmp_path)
    reader.close()


def test_a_locked_database_stops_the_turn(store: PluisTrackerStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "tracker.db", isolation_level=None) as lock:
        lock.execute("BEGIN IMMEDIATE")
        with pytest.raises(TurnAborted, match="tracker"):
            say(store, "c1", "hallo")
        lock.execute("ROLLBACK")
    lock.close()


def test_a_database_without_its_table_stops_the_turn(store: PluisTrackerStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "tracker.db") as other:
        other.execute("DROP TABLE events")
    other.close()
    with pytest.raises(TurnAborted, match="tracker"):
        asyncio.run(store.retrieve("c1"))
    with pytest.raises(TurnAborted, match="tracker"):
        store.forget("c1")

"""A part that is out: the user is told at once, her message is kept, and answered once when the part is back.
A restart of everything keeps the conversation, also an hour later."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.live.conversation import question_id
from tests.live.site import Site
from tests.live.talk import Answer, Talk, who

pytestmark = pytest.mark.live

STORY = "Hij bepaalt met wie ze mag praten, dat zag ik op het spreekuur."
SENT = "wijkverpleegkundige (kwartelkoning)"
TOLD_WITHIN = 30.0  # the present attempt may run into a timeout first
BACK_WITHIN = 120.0


@contextmanager
def begun(site: Site) -> Iterator[Talk]:
    """Begin a conversation that has come to its first question; danger is not what these tests are about."""
    with Talk(site) as talk:
        talk.say(STORY)
        if question_id(site.case(talk.id)) == "gevaar.antwoord":
            talk.press("Nee, dit is voorbij")
        assert question_id(site.case(talk.id)) == "kennismaking.beroep"
        yield talk


def answered_once(site: Site, talk: Talk, number: int, answer: Answer) -> None:
    """Assert that the profession she sent was taken once, and that what followed was said once."""
    entries = [entry.question for entry in site.case(talk.id).entries]
    assert entries.count("kennismaking.beroep") == 1
    assert question_id(site.case(talk.id)) == "gevoel.over_wie"
    said = [one.get("text", "") for one in talk.all() if who(one) == "bot" and one["type"] == "message"]
    assert sum(text in said for text in answer.texts) == len(answer.texts)
    assert all(said.count(text) == 1 for text in answer.texts), said
    kept = [one for one in talk.all() if who(one) == "user" and one["id"].endswith(f"{number:07d}")]
    assert [one["text"] for one in kept] == [SENT]


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Hold the tracker's database so that nobody can write."""
    database = sqlite3.connect(site.tracker_db, isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        database.rollback()
        database.close()


@pytest.mark.parametrize("part", ["actions", "engine"])
def test_a_part_that_stops_in_mid_conversation(pluis: Site, part: str) -> None:
    with begun(pluis) as talk:
        pluis.stop(part)
        try:
            number = talk.send(SENT)
            talk.outage_told(TOLD_WITHIN)
            ready = httpx.get(f"{pluis.url}/health/ready", trust_env=False, timeout=10)
            assert ready.status_code == 503
            assert ready.json()["checks"][part] == "unavailable"
        finally:
            pluis.start(part)
        answered_once(pluis, talk, number, talk.answer_to(number, BACK_WITHIN))


def test_a_locked_tracker_database(pluis: Site) -> None:
    with begun(pluis) as talk:
        with locked(pluis):
            number = talk.send(SENT)
            talk.outage_told(TOLD_WITHIN)
        answered_once(pluis, talk, number, talk.answer_to(number, BACK_WITHIN))


def test_the_same_message_sent_twice_is_answered_once(pluis: Site) -> None:
    with begun(pluis) as talk:
        first = talk.send(SENT, key="a" * 32)
        answer = talk.answer_to(first)
        talk.send(SENT, key="a" * 32)
        asked = [one for one in talk.all() if who(one) == "user" and one.get("text") == SENT]
        assert len(asked) == 1
        assert [entry.question for entry in pluis.case(talk.id).entries].count("kennismaking.beroep") == 1
        assert answer.text


def test_a_restart_of_everything_keeps_the_conversation_also_an_hour_later(pluis: Site) -> None:
    with begun(pluis) as talk:
        before = pluis.case(talk.id)
        pluis.stop()
        _an_hour_and_more_passes(pluis, talk.id)
        pluis.start()
        assert pluis.case(talk.id) == before
        answer = talk.answer_to(talk.send(SENT), BACK_WITHIN)
        assert "terug" in answer.text, "na een lange stilte hoort te klinken waar we waren"
        assert question_id(pluis.case(talk.id)) == "gevoel.over_wie"
        assert pluis.case(talk.id).lines == before.lines


def _an_hour_and_more_passes(site: Site, conversation: str) -> None:
    """Move all that is kept of a conversation two hours back: as if the restart came that much later."""
    hours = 2 * 3600
    with sqlite3.connect(site.tracker_db) as tracker:
        tracker.execute(
            "UPDATE events SET timestamp = timestamp - :s, "
            "data = json_set(data, '$.timestamp', json_extract(data, '$.timestamp') - :s) WHERE sender_id = :c",
            {"s": hours, "c": conversation},
        )
        assert tracker.total_changes > 0
    tracker.close()
    with sqlite3.connect(site.settings.var / "pluis.db") as web:
        web.execute("UPDATE conversations SET touched_at = touched_at - ? WHERE id = ?", (hours, conversation))
        assert web.total_changes == 1
    web.close()


def rows_about(site: Site, conversation: str) -> dict[str, int]:
    """Count the rows of a conversation, in both databases."""
    counts: dict[str, Any] = {}
    with sqlite3.connect(site.settings.var / "pluis.db") as web:
        for table in ("activities", "turns", "replies"):
            query = f"SELECT count(*) FROM {table} WHERE conversation_id = ?"
            counts[table] = web.execute(query, (conversation,)).fetchone()[0]
        counts["conversations"] = web.execute(
            "SELECT count(*) FROM conversations WHERE id = ?", (conversation,)
        ).fetchone()[0]
    web.close()
    with sqlite3.connect(site.tracker_db) as tracker:
        counts["events"] = tracker.execute(
            "SELECT count(*) FROM events WHERE sender_id = ?", (conversation,)
        ).fetchone()[0]
    tracker.close()
    return counts

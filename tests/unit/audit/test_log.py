"""The audit log grows an entry at a time, with the deed it is of; what stands in it stays until its term is over."""

from __future__ import annotations

import string
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.audit import Audit, AuditError, Entry, Event, Kind, Outcome, Verdict
from bot.audit.models import AuditCut, AuditHead, AuditRow
from bot.database import Base, make_engine, session_factory

from .conftest import Log

DAY = 86_400


def rows(log: Log) -> list[AuditRow]:
    with log.sessions() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.seq)))


def test_an_entry_holds_the_fields_of_the_norm(log: Log) -> None:
    logs.REQUEST.set("0123456789abcdef")
    log.clock.now = 1_795_900_000.1234
    log.audit.note(
        Entry(
            Event.QUESTION_ANSWERED,
            "a1",
            ("helpdesk", "trainer"),
            Kind.QUESTION,
            "v7",
            "behandelt de vraag",
            Outcome.DONE,
        )
    )
    logs.REQUEST.set("")
    (row,) = rows(log)
    said = {name: value for name, value in row.as_dict().items() if "hash" not in name}
    assert said == {
        "seq": 1, "at": "2026-11-28T21:06:40.123Z", "event": "question_answered", "account": "a1",
        "roles": "helpdesk,trainer", "kind": "question", "object": "v7", "why": "behandelt de vraag",
        "outcome": "done", "request": "0123456789abcdef", "machine": "machine-1",
    }  # fmt: skip
    assert row.prev_hash == "0" * 64
    assert row.hash == row.digest()


def test_each_entry_holds_the_one_before(log: Log) -> None:
    log.add(3)
    first, second, third = rows(log)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert [second.prev_hash, third.prev_hash] == [first.hash, second.hash]
    with log.sessions() as session:
        head = session.get(AuditHead, 1)
    assert head is not None
    assert (head.seq, head.hash) == (3, third.hash)


def test_the_digest_changes_with_every_field() -> None:
    whole = AuditRow(
        seq=1, at="t", event="e", account="a", roles="r", kind="k", object="o", why="w", outcome="d", request="q",
        machine="m", prev_hash="p", hash="h",
    )  # fmt: skip
    digests = {whole.digest()}
    for name in whole.as_dict():
        if name != "hash":
            values = whole.as_dict() | {name: 2 if name == "seq" else "anders"}
            digests.add(AuditRow(**values).digest())
    assert len(digests) == 1 + 12


def test_a_deed_that_fails_leaves_no_record_and_a_record_that_fails_no_deed(log: Log) -> None:
    log.run("CREATE TABLE deeds (id INTEGER)", guarded=True)
    deed = text("INSERT INTO deeds VALUES (1)")

    def do(fails: bool) -> None:
        with log.sessions() as session, session.begin():
            session.execute(deed)
            log.audit.record(session, Entry(Event.CLOSED, "a1"))
            if fails:
                raise RuntimeError

    with pytest.raises(RuntimeError):
        do(True)
    log.run("DELETE FROM audit_head")
    with pytest.raises(AuditError):
        do(False)
    assert rows(log) == []
    with log.sessions() as session:
        assert session.scalar(text("SELECT COUNT(*) FROM deeds")) == 0


def test_all_who_record_at_once_stand_in_one_chain(log: Log) -> None:
    others = [Audit(log.sessions, log.clock, f"machine-{n}") for n in range(8)]

    def record(number: int) -> int:
        return others[number % 8].note(Entry(Event.QUESTION_READ, f"a{number}"))

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(record, range(80)))
    assert sorted(numbers) == list(range(1, 81))
    assert {row.account for row in rows(log)} == {f"a{n}" for n in range(80)}
    assert log.verify() == Verdict(80, 1, 80)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET why = 'anders' WHERE seq = 2",
        "UPDATE audit_entries SET seq = 9 WHERE seq = 3",
        "DELETE FROM audit_entries WHERE seq = 3",
        "DELETE FROM audit_entries",
        "INSERT INTO audit_entries SELECT 7, at, event, account, roles, kind, object, why, outcome, request, machine,"
        " prev_hash, hash FROM audit_entries WHERE seq = 3",
        "UPDATE audit_head SET seq = 2",
        "UPDATE audit_head SET seq = 5",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head VALUES (2, 0, 'x')",
        "INSERT INTO audit_cuts VALUES (2, 'not its digest', 't')",
        "INSERT INTO audit_cuts VALUES (99, 'x', 't')",
    ],
)
def test_the_database_refuses_what_is_no_adding(log: Log, statement: str) -> None:
    log.add(3)
    with pytest.raises(DBAPIError, match="the audit log only grows"):
        log.run(statement, guarded=True)
    assert log.verify() == Verdict(3, 1, 3)


@pytest.mark.parametrize("statement", ["UPDATE audit_cuts SET seq = 3", "DELETE FROM audit_cuts"])
def test_a_trimming_is_not_undone(log: Log, statement: str) -> None:
    log.add(3)
    log.clock.passes(400 * DAY)
    log.add(1)
    assert log.trim() == 3
    with pytest.raises(DBAPIError, match="the audit log only grows"):
        log.run(statement, guarded=True)


def test_each_database_has_its_own_way_round_which_is_closed_too(log: Log) -> None:
    log.add(3)
    postgresql = log.engine.dialect.name == "postgresql"
    around = (
        "TRUNCATE audit_entries"
        if postgresql
        else "INSERT OR REPLACE INTO audit_entries SELECT seq, at, event, 'x', roles, kind, object, why, outcome,"
        " request, machine, prev_hash, hash FROM audit_entries WHERE seq = 3"
    )
    with pytest.raises(DBAPIError, match="the audit log only grows"):
        log.run(around, guarded=True)
    assert log.verify() == Verdict(3, 1, 3)


def test_what_is_past_its_term_is_trimmed_and_says_so(log: Log) -> None:
    log.add(4)
    last = rows(log)[-1]
    log.clock.passes(366 * DAY - 10)
    log.add(2)
    assert log.trim() == 0  # a day at a time
    log.clock.passes(6)
    assert log.trim() == 4
    assert log.trim() == 0
    with log.sessions() as session:
        (cut,) = session.scalars(select(AuditCut)).all()
    assert (cut.seq, cut.hash) == (4, last.hash)
    assert [(row.seq, row.event, row.object) for row in rows(log)] == [
        (5, "question_read", "c1"), (6, "question_read", "c1"), (7, "trimmed", "4"),
    ]  # fmt: skip
    assert log.verify() == Verdict(3, 5, 7)
    log.clock.passes(500 * DAY)
    assert log.trim() == 3
    assert log.verify() == Verdict(1, 8, 8)


def test_an_entry_behind_a_younger_one_stays(log: Log) -> None:
    log.add(1)
    log.clock.jumps(300 * DAY)
    log.add(1)
    log.clock.jumps(-300 * DAY)
    log.add(1)
    log.clock.passes(367 * DAY)
    assert log.trim() == 1
    assert [row.seq for row in rows(log)] == [2, 3, 4]


def test_two_who_trim_at_once_trim_once(log: Log) -> None:
    log.add(50)
    log.clock.passes(400 * DAY)
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(lambda _: log.trim(), range(8))) == [0] * 7 + [50]
    assert log.verify() == Verdict(1, 51, 51)


@given(st.text(string.printable + "é\x00\u2028", min_size=0, max_size=220))
def test_a_reason_is_one_short_line(why: str) -> None:
    try:
        Entry(Event.CLOSED, why=why)
    except ValueError:
        assert len(why) > 200 or not why.isprintable()
    else:
        assert len(why) <= 200
        assert why.isprintable()


def test_where_tables_are_made_without_the_migration_the_log_has_an_end_too() -> None:
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    assert Audit(session_factory(engine)).note(Entry(Event.CLOSED)) == 1
    engine.dispose()

"""Whatever who has the whole database does to the log: the first entry that is wrong is named, with what is wrong."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.audit import Fault, NotAnExportError, Verdict, Wanted, export, verify
from bot.audit.models import NOTHING, AuditRow

from .conftest import Log

COLUMNS = "at, event, account, roles, kind, object, why, outcome, request, machine, prev_hash, hash"


def swap(one: int, other: int) -> list[str]:
    """Return how to swap two entries, but for their numbers."""
    return [
        f"UPDATE audit_entries SET seq = 999 WHERE seq = {one}",
        f"UPDATE audit_entries SET seq = {one} WHERE seq = {other}",
        f"UPDATE audit_entries SET seq = {other} WHERE seq = 999",
    ]


def rewrite(log: Log, change: str) -> None:
    """Change an entry, and make the whole chain and its head fit again."""
    log.run(change)
    with log.sessions() as session, session.begin():
        before = NOTHING
        for row in session.scalars(select(AuditRow).order_by(AuditRow.seq)):
            row.prev_hash = before
            row.hash = before = row.digest()
        session.flush()
    log.run(f"UPDATE audit_head SET hash = '{before}'")


@pytest.mark.parametrize(
    ("deeds", "seq", "fault"),
    [
        (["UPDATE audit_entries SET account = 'a2' WHERE seq = 4"], 4, Fault.CHANGED),
        (["UPDATE audit_entries SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 1"], 1, Fault.CHANGED),
        (["UPDATE audit_entries SET hash = 'x' WHERE seq = 9"], 9, Fault.CHANGED),
        (["DELETE FROM audit_entries WHERE seq = 5"], 5, Fault.MISSING),
        (["DELETE FROM audit_entries WHERE seq IN (3, 7)"], 3, Fault.MISSING),
        (swap(2, 8), 2, Fault.REORDERED),
        (swap(4, 5), 4, Fault.REORDERED),
        (["DELETE FROM audit_entries WHERE seq <= 3"], 1, Fault.CUT),
        (["INSERT INTO audit_cuts SELECT seq, hash, at FROM audit_entries WHERE seq = 3",
          "DELETE FROM audit_entries WHERE seq <= 3"], 3, Fault.CUT),
        (["INSERT INTO audit_cuts SELECT seq, hash, at FROM audit_entries WHERE seq = 3"], 4, Fault.MISSING),
        (["DELETE FROM audit_entries WHERE seq > 7"], 8, Fault.TAIL),
        (["DELETE FROM audit_entries"], 1, Fault.TAIL),
        (["UPDATE audit_head SET seq = 9"], 11, Fault.TAIL),
        (["UPDATE audit_head SET hash = 'x'"], 11, Fault.TAIL),
        (["DELETE FROM audit_head"], 0, Fault.NO_HEAD),
    ],
)  # fmt: skip
def test_tampering_is_found_where_it_begins(log: Log, deeds: list[str], seq: int, fault: Fault) -> None:
    log.add(10)
    assert log.verify() == Verdict(10, 1, 10)
    log.run(*deeds)
    found = log.verify()
    assert (found.seq, found.fault) == (seq, fault)


def test_an_entry_that_was_made_to_fit_alone_follows_on_nothing(log: Log) -> None:
    log.add(5)
    log.run("UPDATE audit_entries SET why = 'anders' WHERE seq = 3")
    with log.sessions() as session:
        row = session.get_one(AuditRow, 3)
        log.run(f"UPDATE audit_entries SET hash = '{row.digest()}' WHERE seq = 3")
    found = log.verify()
    assert (found.seq, found.fault) == (4, Fault.UNLINKED)


def test_a_chain_that_was_rewritten_as_a_whole_shows_against_an_earlier_export(log: Log, tmp_path: Path) -> None:
    log.add(6)
    kept = export(log.sessions, tmp_path / "kept.jsonl", Wanted()).path
    log.add(4)
    assert log.verify(kept) == Verdict(10, 1, 10)
    rewrite(log, "UPDATE audit_entries SET account = 'a2' WHERE seq = 4")
    assert log.verify() == Verdict(10, 1, 10)
    found = log.verify(kept)
    assert (found.seq, found.fault) == (4, Fault.REWRITTEN)


def test_of_a_part_that_was_exported_the_end_of_the_log_is_held_too(log: Log, tmp_path: Path) -> None:
    log.add(3, conversation="c1")
    log.add(3, conversation="c2")
    kept = export(log.sessions, tmp_path / "kept.jsonl", Wanted(conversation="c1")).path
    log.add(1)
    rewrite(log, "UPDATE audit_entries SET account = 'a2' WHERE seq = 5")
    found = log.verify(kept)
    assert (found.seq, found.fault) == (6, Fault.REWRITTEN)


def test_a_tail_that_was_cut_with_its_head_shows_against_an_earlier_export(log: Log, tmp_path: Path) -> None:
    log.add(6)
    kept = export(log.sessions, tmp_path / "kept.jsonl", Wanted()).path
    log.run(
        "DELETE FROM audit_entries WHERE seq > 4",
        "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit_entries WHERE seq = 4)",
    )
    assert log.verify() == Verdict(4, 1, 4)
    found = log.verify(kept)
    assert (found.seq, found.fault) == (5, Fault.REWRITTEN)


def test_an_export_from_before_a_trimming_still_fits(log: Log, tmp_path: Path) -> None:
    log.add(6)
    kept = export(log.sessions, tmp_path / "kept.jsonl", Wanted()).path
    log.clock.passes(400 * 86_400)
    log.add(2)
    assert log.trim() == 6
    assert log.verify(kept) == Verdict(3, 7, 9)


def test_how_far_it_is_is_told(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys.modules["bot.audit.verify"], "TELL_EVERY", 4)
    log.add(10)
    told = list[tuple[int, int]]()
    verify(log.sessions, tell=lambda done, last: told.append((done, last)))
    assert told == [(4, 10), (8, 10)]


@pytest.mark.parametrize("content", ["", "x\n", "[]\n", '{"format": "iets anders"}\n', "\x00\n"])
def test_another_file_is_no_export(log: Log, tmp_path: Path, content: str) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(content, encoding="utf-8")
    with pytest.raises(NotAnExportError):
        log.verify(other)


def test_an_export_is_for_its_owner_and_says_where_the_log_ended(log: Log, tmp_path: Path) -> None:
    log.add(3)
    made = export(log.sessions, tmp_path / "kept.jsonl", Wanted(account="a1", since=date(1970, 1, 12)))
    first, *rest = [json.loads(line) for line in made.path.read_text(encoding="ascii").splitlines()]
    with log.sessions() as session:
        rows = [row.as_dict() for row in session.scalars(select(AuditRow).order_by(AuditRow.seq))]
    assert first == {
        "format": "pluis-audit-1",
        "head": {"seq": 3, "hash": rows[-1]["hash"]},
        "cut": {"seq": 0, "hash": NOTHING},
        "wanted": {"since": "1970-01-12", "until": None, "account": "a1", "conversation": None},
    }
    assert (rest, made.count) == (rows, 3)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert list(tmp_path.glob("*.half*")) == []


def test_an_export_is_of_what_was_asked(log: Log, tmp_path: Path) -> None:
    day = 86_400
    log.clock.now = 100 * day - 2.0
    log.add(1, "c1", "a1")  # the last second of day 99
    log.clock.now = 100 * day - 1.0
    log.add(1, "c2", "a1")  # the first moment of day 100
    log.add(1, "c1", "a2")
    log.clock.now = 101 * day - 1.0
    log.add(1, "c1", "a1")  # day 101
    day_100 = date(1970, 4, 11)

    def numbers(**wanted: str | date) -> list[int]:
        made = export(log.sessions, tmp_path / "part.jsonl", Wanted(**wanted))  # type: ignore[arg-type]
        return [json.loads(line)["seq"] for line in made.path.read_text(encoding="ascii").splitlines()[1:]]

    assert numbers() == [1, 2, 3, 4]
    assert numbers(since=day_100) == [2, 3, 4]
    assert numbers(until=day_100) == [1, 2, 3]
    assert numbers(since=day_100, until=day_100) == [2, 3]
    assert numbers(account="a1") == [1, 2, 4]
    assert numbers(conversation="c1") == [1, 3, 4]
    assert numbers(conversation="c1", account="a1", until=day_100) == [1]

"""`pluis user` and `pluis audit`: what an operator does to accounts is done, told, and recorded."""

from __future__ import annotations

import getpass
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner, Result

from bot import cli
from bot.audit.models import AuditRow
from bot.database import SessionFactory
from bot.staff import Account

from .own import own_database

PASSWORD = "een heel lang wachtwoord"
ADD = ("user", "add", "fatima", "--name", "Fatima J.", "--role", "helpdesk", "--password-stdin")


@pytest.fixture(autouse=True)
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionFactory]:
    """A database of the test's own, which the commands use."""
    with own_database(tmp_path, monkeypatch) as opened:
        yield opened


def pluis(*arguments: str, typed: str = PASSWORD + "\n") -> Result:
    return CliRunner().invoke(cli.app, list(arguments), input=typed)


def well(*arguments: str, typed: str = PASSWORD + "\n") -> str:
    """Assert that a command did what was asked, and return what it said."""
    result = pluis(*arguments, typed=typed)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    assert PASSWORD not in result.output
    return result.stdout


def refused(*arguments: str, code: int = 1, typed: str = PASSWORD + "\n") -> str:
    """Assert that a command was refused in one line, and return that."""
    result = pluis(*arguments, typed=typed)
    assert result.exit_code == code, result.output
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


def logged(sessions: SessionFactory) -> list[tuple[str, str, str]]:
    with sessions() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.seq))
        return [(row.event, row.account, row.why) for row in rows]


def account(sessions: SessionFactory) -> Account:
    with sessions() as session:
        return session.scalars(select(Account)).one()


def test_what_is_done_to_an_account_is_told_and_recorded(sessions: SessionFactory) -> None:
    assert "account fatima gemaakt" in well(*ADD)
    assert "fatima heeft nu: helpdesk,supervisor" in well("user", "roles", "fatima", "supervisor", "helpdesk")
    before = account(sessions).password_hash
    assert "veranderd" in well("user", "password", "fatima", "--password-stdin", typed="een ander wachtwoord\r\n")
    assert account(sessions).password_hash != before
    assert "uitgezet" in well("user", "disable", "fatima")
    assert account(sessions).disabled
    assert well("user", "list").split("\t") == [
        "fatima", account(sessions).id, "helpdesk,supervisor", "Fatima J.", "uitgezet\n",
    ]  # fmt: skip
    assert "weer aanmelden" in well("user", "enable", "fatima")
    assert "verwijderd" in well("user", "remove", "fatima")
    assert well("user", "list") == ""
    by = "opdracht van beheerder"
    assert logged(sessions) == [
        ("account_added", "cli", f"rollen helpdesk; {by}"),
        ("account_changed", "cli", f"rollen helpdesk,supervisor; {by}"),
        ("account_changed", "cli", f"wachtwoord; {by}"),
        ("account_changed", "cli", f"uitgezet; {by}"),
        ("account_changed", "cli", f"aangezet; {by}"),
        ("account_removed", "cli", by),
    ]


def test_what_cannot_be_is_told_with_what_can(sessions: SessionFactory) -> None:
    well(*ADD)
    unknown = refused("user", "add", "jan", "--name", "J", "--role", "hulpdesk", "--password-stdin")
    assert "helpdesk, aandachtsfunctionaris, supervisor" in unknown
    assert "is er al" in refused(*ADD)
    weak = refused("user", "add", "jan", "--name", "J", "--role", "helpdesk", "--password-stdin", typed="kort\n")
    assert "ten minste 12 tekens" in weak
    assert "`pluis user list`" in refused("user", "disable", "jan")
    assert "`pluis user list`" in refused("user", "password", "jan", "--password-stdin")
    assert len(logged(sessions)) == 1


def test_without_a_terminal_the_password_comes_from_the_input() -> None:
    assert "--password-stdin" in refused(*ADD[:-1], code=2)


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("iets heel anders", 1)])
def test_on_a_terminal_it_is_asked_for_twice(
    monkeypatch: pytest.MonkeyPatch, sessions: SessionFactory, second: str, code: int
) -> None:
    answers = [PASSWORD, second]
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: answers.pop(0))
    monkeypatch.setattr("bot.commands.users._has_keyboard", lambda: True)
    result = pluis(*ADD[:-1])
    assert (result.exit_code, answers) == (code, [])
    assert len(logged(sessions)) == 1 - code


def test_a_whole_log_is_said_to_be_whole() -> None:
    assert well("audit", "verify") == "pluis: het auditlogboek is heel, en leeg\n"
    well(*ADD)
    well("user", "disable", "fatima")
    assert well("audit", "verify") == "pluis: het auditlogboek is heel: 2 regels, 1 tot en met 2\n"


def test_a_log_that_was_changed_is_told_with_its_line(sessions: SessionFactory) -> None:
    for number in range(3):
        well("user", "add", f"u{number}", "--name", "U", "--role", "helpdesk", "--password-stdin")
    with sessions() as session, session.begin():
        session.execute(text("DROP TRIGGER audit_entries_update"))
        session.execute(text("UPDATE audit_entries SET account = 'iemand' WHERE seq = 2"))
    assert "regel 2 is veranderd" in refused("audit", "verify")


def test_an_export_is_recorded_and_what_is_rewritten_after_it_shows(tmp_path: Path, sessions: SessionFactory) -> None:
    well(*ADD)
    out = tmp_path / "log.jsonl"
    assert re.search(r"2 regels geschreven naar \S+log\.jsonl", well("audit", "export", "--out", str(out)))
    first, *rest = [json.loads(line) for line in out.read_text(encoding="ascii").splitlines()]
    assert first["head"] == {"seq": 2, "hash": rest[-1]["hash"]}
    assert logged(sessions)[-1] == ("exported", "cli", "alles; opdracht van beheerder")
    assert "heel" in well("audit", "verify", "--against", str(out))
    first["head"]["hash"] = "0" * 64
    out.write_text("\n".join(json.dumps(line) for line in (first, *rest)), encoding="ascii")
    assert "regel 2 is een andere" in refused("audit", "verify", "--against", str(out))


def test_a_part_is_exported_by_day_account_and_conversation(tmp_path: Path, sessions: SessionFactory) -> None:
    well(*ADD)
    out = str(tmp_path / "log.jsonl")
    assert "2 regels" in well("audit", "export", "--account", "cli", "--from", "2020-01-01", "--out", out)
    assert "0 regels" in well("audit", "export", "--to", "2020-01-01", "--out", out)
    assert "1 regels" in well("audit", "export", "--conversation", "c1", "--out", out)  # that it was exported
    assert logged(sessions)[-1][2] == "gesprek c1; opdracht van beheerder"


@pytest.mark.parametrize("arguments", [("--from", "gisteren"), ("--to", "2026-02-30")])
def test_a_day_that_cannot_be_is_wrong_usage(tmp_path: Path, arguments: tuple[str, str]) -> None:
    assert pluis("audit", "export", *arguments, "--out", str(tmp_path / "x")).exit_code == 2


def test_another_file_is_no_earlier_export(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("iets anders", encoding="utf-8")
    assert "geen uitvoer" in refused("audit", "verify", "--against", str(tmp_path / "x"))
    assert "No such file" not in refused("audit", "verify", "--against", str(tmp_path / "weg"), code=3)

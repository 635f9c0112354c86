"""`pluis desk export`: what editors approved comes into files once, is told, and recorded."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner, Result

from bot import cli, teaching
from bot.audit.models import AuditRow
from bot.database import SessionFactory
from bot.teaching import Kind, ProposalRow, State, TeachingError, proposals
from bot.teaching.content import Content
from tests.unit.teaching import LAWS, TOPIC, WORDS, A, sentence, texts, write_data, wrong

from .own import own_database

HELP = (Kind.SENTENCE, sentence("Waar kan ik heen?", "intent:help"))
LAW = (Kind.SENTENCE, sentence("En dan?", "topic:wet_op_lantaarns"))
UNFIT = (Kind.WRONG, wrong("weg", "Beter."))
NOTHING = "pluis: er staat niets klaar: wat is goedgekeurd, is al verwerkt\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of the test's own, which the command changes unless it is told of others."""
    monkeypatch.setenv("PLUIS_DATA", str(root := write_data(tmp_path / "data")))
    return root


@pytest.fixture(autouse=True)
def sessions(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionFactory]:
    """A database of the test's own, which the command uses."""
    with own_database(tmp_path, monkeypatch) as opened:
        yield opened


def approved(sessions: SessionFactory, *contents: tuple[Kind, Content], state: State = State.APPROVED) -> None:
    """Put proposals in the database, each called by its place."""
    with sessions() as session, session.begin():
        for at, (kind, content) in enumerate(contents):
            row = {
                "id": f"p{at}", "key": f"k{at}", "kind": kind.value, "content": dict(content), "state": state.value,
                "author": "a1", "created_at": float(at), "changed_at": float(at),
            }  # fmt: skip
            session.execute(insert(ProposalRow).values(row))


def pluis(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["desk", "export", *map(str, arguments)])


def told(*arguments: object) -> list[str]:
    """Assert that all went well, and return what was said."""
    result = pluis(*arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout.splitlines()


def states(sessions: SessionFactory) -> dict[str, str]:
    with sessions() as session:
        return {row.id: row.state for row in session.scalars(select(ProposalRow).order_by(ProposalRow.id))}


def recorded(sessions: SessionFactory) -> list[tuple[str, str, str, str, str]]:
    with sessions() as session:
        found = session.scalars(select(AuditRow).order_by(AuditRow.seq)).all()
    return [(row.event, row.account, row.kind, row.object, row.why) for row in found]


def exported(*names: str) -> list[tuple[str, str, str, str, str]]:
    return [("exported", "cli", "proposal", name, "opdracht van beheerder") for name in names]


@pytest.mark.parametrize("state", [None, State.OPEN, State.REJECTED, State.EXPORTED])
def test_only_what_was_approved_is_exported(data: Path, sessions: SessionFactory, state: State | None) -> None:
    if state is not None:
        approved(sessions, HELP, state=state)
    before = texts(data)
    assert pluis().stdout == NOTHING
    assert (texts(data), recorded(sessions)) == (before, [])


def test_what_was_approved_comes_into_the_files_once(data: Path, sessions: SessionFactory) -> None:
    approved(sessions, HELP, LAW, (Kind.TOPIC, TOPIC))
    begun, before = time.time(), texts(data)
    assert told() == [
        f"pluis: veranderd: {data / WORDS}",
        f"pluis: veranderd: {data / LAWS}",
        f"pluis: veranderd: {data / A}",
        "pluis: verwerkt: 3 van 3 voorstellen",
    ]
    after = texts(data)
    assert {path for path, text in after.items() if text != before.get(path)} == {WORDS, LAWS, A}
    assert "      - Waar kan ik heen?\n" in after[WORDS]
    assert states(sessions) == dict.fromkeys(("p0", "p1", "p2"), "exported")
    assert recorded(sessions) == exported("p0", "p1", "p2")
    with sessions() as session:
        assert all(row.changed_at >= begun for row in session.scalars(select(ProposalRow)))
    assert pluis().stdout == NOTHING
    assert (texts(data), recorded(sessions)) == (after, exported("p0", "p1", "p2"))


def test_one_that_does_not_fit_holds_up_no_other(data: Path, sessions: SessionFactory) -> None:
    approved(sessions, HELP, UNFIT, LAW)
    result = pluis()
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "pluis: voorstel p1 past niet meer in de bestanden: Het onderwerp ‘weg’ bestaat niet meer. "
        "Kies een ander, of wijs het voorstel af.",
        "pluis: een redacteur kan ze op /desk/voorstellen opnieuw beoordelen",
    ]
    assert result.stdout.splitlines()[-1] == "pluis: verwerkt: 2 van 3 voorstellen"
    assert "En dan?" in texts(data)[LAWS]
    assert states(sessions) == {"p0": "exported", "p1": "approved", "p2": "exported"}
    assert recorded(sessions) == exported("p0", "p2")
    after = texts(data)
    assert pluis().exit_code == 1
    assert (texts(data), recorded(sessions)) == (after, exported("p0", "p2"))


def test_when_none_fits_nothing_is_written(tmp_path: Path, data: Path, sessions: SessionFactory) -> None:
    approved(sessions, UNFIT)
    before = texts(data)
    for arguments in ((), ("--patch", tmp_path / "x.patch")):
        assert pluis(*arguments).exit_code == 1
    assert (texts(data), recorded(sessions), (tmp_path / "x.patch").exists()) == (before, [], False)


def test_a_patch_is_written_in_the_place_of_the_files(tmp_path: Path, data: Path, sessions: SessionFactory) -> None:
    approved(sessions, HELP, (Kind.TOPIC, TOPIC | {"related": "judoles"}))
    before, patch = texts(data), tmp_path / "voorstellen.patch"
    lines = told("--patch", patch)
    assert lines[0] == f"pluis: in de patch: {data / WORDS}"
    assert lines[-1] == "pluis: verwerkt: 2 van 2 voorstellen"
    assert texts(data) == before
    assert states(sessions) == {"p0": "exported", "p1": "exported"}
    assert recorded(sessions) == exported("p0", "p1")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", patch], cwd=tmp_path, check=True)
    assert len(texts(data)) == len(before) + 1
    assert "      - Waar kan ik heen?\n" in texts(data)[WORDS]


def test_other_files_are_changed_when_they_are_named(tmp_path: Path, data: Path, sessions: SessionFactory) -> None:
    approved(sessions, HELP)
    before, other = texts(data), write_data(tmp_path / "other")
    assert told("--data", other)[0] == f"pluis: veranderd: {other / WORDS}"
    assert "Waar kan ik heen?" in texts(other)[WORDS]
    assert texts(data) == before


@pytest.mark.parametrize("name", ["weg", "data/knowledge", "data/nlu"])
def test_another_folder_is_wrong_usage(tmp_path: Path, data: Path, sessions: SessionFactory, name: str) -> None:
    approved(sessions, HELP)
    before = texts(data)
    result = pluis("--data", tmp_path / name)
    assert (result.exit_code, "--data" in result.stderr) == (2, True)
    assert (texts(data), states(sessions), recorded(sessions)) == (before, {"p0": "approved"}, [])


def test_a_patch_that_cannot_be_written_leaves_all_to_do(tmp_path: Path, sessions: SessionFactory) -> None:
    approved(sessions, HELP)
    result = pluis("--patch", tmp_path / "weg" / "x.patch")
    assert (result.exit_code, len(result.stderr.splitlines())) == (3, 1)
    assert (states(sessions), recorded(sessions)) == ({"p0": "approved"}, [])


def test_an_export_that_was_stopped_before_it_noted_what_it_wrote_goes_on(
    data: Path, sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(sessions, HELP, (Kind.TOPIC, TOPIC), (Kind.WRONG, wrong("huisverbod", "Elf dagen.")))

    def stop(*_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as stopped:
        stopped.setattr(proposals, "exported", stop)
        assert isinstance(pluis().exception, ZeroDivisionError)
    after = texts(data)
    assert "Waar kan ik heen?" in after[WORDS]
    assert (set(states(sessions).values()), recorded(sessions)) == ({"approved"}, [])
    assert told()[-1] == "pluis: verwerkt: 3 van 3 voorstellen"
    assert texts(data) == after
    assert (set(states(sessions).values()), recorded(sessions)) == ({"exported"}, exported("p0", "p1", "p2"))


def test_one_that_is_taken_back_while_it_is_written_holds_up_no_other(
    data: Path, sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(sessions, HELP, LAW)
    written = teaching.write_files

    def meanwhile(*given: Any) -> None:
        written(*given)
        with sessions() as session, session.begin():
            proposals.reopen(session, "p0", 0.0)

    monkeypatch.setattr("bot.teaching.write_files", meanwhile)
    result = pluis()
    assert not isinstance(result.exception, TeachingError)
    assert (states(sessions), recorded(sessions)) == ({"p0": "open", "p1": "exported"}, exported("p1"))


def test_what_is_approved_anew_with_other_words_while_it_is_written_stays_to_do(
    data: Path, sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(sessions, HELP)
    written = teaching.write_files

    def meanwhile(*given: Any) -> None:
        written(*given)
        with sessions() as session, session.begin():
            proposals.reopen(session, "p0", 1.0)
            proposals.approve(session, "p0", "x", LAW[1], 2.0)

    with monkeypatch.context() as busy:
        busy.setattr("bot.teaching.write_files", meanwhile)
        assert "intussen veranderd" in "".join(told())
    assert (states(sessions), recorded(sessions)) == ({"p0": "approved"}, [])


def test_without_a_database_the_command_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "pluis.db").unlink()
    result = pluis()
    assert (result.exit_code, "pluis prepare" in result.stderr) == (3, True)

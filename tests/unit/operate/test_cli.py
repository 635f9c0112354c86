"""Whatever goes wrong in a command is told in one line that says what to do, with the exit code of the contract."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner, Result

from bot import cli
from bot.channels import EngineUnavailableError, Store
from bot.database import make_engine, session_factory, upgrade
from bot.knowledge import KnowledgeError, read_gaps
from bot.knowledge.gaps import record_gap
from bot.knowledge.thumbs import record_thumb
from bot.operate import ModelError, NotReadyError
from bot.settings import ROOT, get_settings
from tests.unit.channels.fakes import FakeEngine
from tests.unit.knowledge.conftest import write_data_root


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep everything in a folder of the test's own."""
    monkeypatch.setenv("PLUIS_VAR", str(tmp_path))
    monkeypatch.setenv("PLUIS_ENGINE_TOKEN", "e" * 32)
    monkeypatch.delenv("PLUIS_DATABASE_URL", raising=False)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def pluis(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def told(result: Result, code: int) -> str:
    """Assert that a command failed with one line, and return that."""
    assert result.exit_code == code, result.output
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUIS_PORT", "abc")
    assert "PLUIS_PORT" in told(pluis("check"), 2)


def test_an_origin_that_cannot_be_is_shown_with_what_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUIS_EMBED_ORIGINS", "https://a.nl, https://a.nl/zorg")
    line = told(pluis("check"), 2)
    assert "PLUIS_EMBED_ORIGINS: ‘https://a.nl/zorg’ is geen adres van een website" in line
    assert "https://intranet.voorbeeld.nl" in line


def test_a_setting_that_cannot_be_ends_each_process_in_one_line_without_the_other_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLUIS_EMBED_ORIGINS", "*")
    for module in ("bot.web", "actions.serve"):
        done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert done.stderr.startswith("pluis: PLUIS_EMBED_ORIGINS: ‘*’")


def test_without_a_database_the_search_says_what_to_do() -> None:
    assert "pluis prepare" in told(pluis("search", "wat is de meldcode"), 3)


def test_without_knowledge_the_search_says_what_to_do(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'pluis.db'}")
    assert "pluis prepare" in told(pluis("search", "wat is de meldcode"), 3)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("INSERT", {"text": "geheim"}, Exception("database or disk is full")), "is er schijfruimte"),
        (NotReadyError("poort 8000 is bezet"), "poort 8000 is bezet"),
        (ModelError("het model is beschadigd"), "beschadigd"),
        (KnowledgeError("no knowledge"), "geen kennis"),
        (EngineUnavailableError("ConnectError"), "make run"),
        (OSError(errno.ENOSPC, "No space left on device", "/var/x"), "No space left"),
        (FileNotFoundError(errno.ENOENT, "No such file", "var/secrets/engine_token"), "pluis prepare"),
    ],
)
def test_what_this_machine_lacks_is_exit_3(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr("bot.operate.prepare", fail)
    line = told(pluis("prepare"), 3)
    assert words in line
    assert "geheim" not in line


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.operate.prepare", fail)
    assert isinstance(pluis("prepare").exception, ZeroDivisionError)


def test_wiping_what_is_nowhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'pluis.db'}"
    upgrade(url)
    Store(session_factory(make_engine(url))).create("c1", "directline", "http://x", "/groet")
    monkeypatch.setattr("bot.channels.EngineClient", lambda *_, **__: FakeEngine(forgets=0).client())
    assert "is er niet" in told(pluis("wipe", "c2"), 1)
    assert pluis("wipe", "c1").output == "pluis: gewist\n"
    assert "is er niet" in told(pluis("wipe", "c1"), 1)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Knowledge of the test's own, that is not loaded yet; returns the folder of its files."""
    root = write_data_root(tmp_path / "data")
    monkeypatch.setenv("PLUIS_DATA", str(root))
    get_settings.cache_clear()
    upgrade(get_settings().database)
    return root / "knowledge"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_editor_sees_what_changes_loads_it_and_looks_back(files: Path) -> None:
    first = pluis("knowledge", "load")
    assert (first.exit_code, "nieuw: onderwerp huisverbod" in first.stdout) == (0, True)
    same = pluis("knowledge", "diff")
    assert (same.exit_code, same.stdout) == (0, "pluis: laden verandert niets\n")
    edit(files / "topics" / "a.yml", "tien dagen", "elf dagen")
    would = pluis("knowledge", "diff")
    assert would.exit_code == 1
    assert would.stdout.splitlines()[:2] == ["gewijzigd: onderwerp huisverbod", "  short:"]
    assert "+De burgemeester kan iemand elf dagen uit huis zetten." in would.stdout
    assert "tien dagen" in pluis("knowledge", "show", "huisverbod").stdout
    loaded = pluis("knowledge", "load")
    assert loaded.exit_code == 0
    assert loaded.stdout.startswith(
        "pluis: gewijzigd: onderwerp huisverbod\npluis: 0 nieuw, 1 gewijzigd, 0 weg, 18 gelijk; klaar in "
    )
    again = pluis("knowledge", "load")
    assert (again.exit_code, len(again.stdout.splitlines())) == (0, 1)
    assert "elf dagen" in pluis("knowledge", "show", "huisverbod").stdout
    both = pluis("knowledge", "show", "huisverbod", "--at", date.today().isoformat())
    assert (both.exit_code, both.stdout.count("Zo stond het er van")) == (0, 2)


@pytest.mark.parametrize("command", ["load", "diff"])
def test_a_broken_file_is_told_with_its_place_and_changes_nothing(files: Path, command: str) -> None:
    pluis("knowledge", "load")
    edit(files / "topics" / "a.yml", "tien dagen", "elf dagen")
    edit(files / "topics" / "b.yml", "id: boek-2020", "id: weg-2020")
    assert re.search(r"b\.yml:\d+: bron ‘weg-2020’ staat niet in sources", told(pluis("knowledge", command), 1))
    assert "tien dagen" in pluis("knowledge", "show", "huisverbod").stdout


def test_what_is_not_there_to_show_is_told(files: Path) -> None:
    pluis("knowledge", "load")
    assert "nooit geweest" in told(pluis("knowledge", "show", "nergens"), 1)
    early = pluis("knowledge", "show", "huisverbod", "--at", "2020-01-01")
    assert early.exit_code == 1
    assert "huisverbod was er toen niet; wel:" in early.stderr
    assert re.search(r"van \d{4}-\d\d-\d\d \d\d:\d\d tot nu", early.stderr)
    wrong = pluis("knowledge", "show", "huisverbod", "--at", "gisteren")
    assert (wrong.exit_code, "geen datum" in wrong.stderr) == (2, True)


def test_without_a_database_the_knowledge_says_what_to_do(files: Path) -> None:
    (files.parents[1] / "pluis.db").unlink()
    for command in (["load"], ["diff"], ["gaps"], ["show", "huisverbod"]):
        assert "pluis prepare" in told(pluis("knowledge", *command), 3)


def test_what_is_due_is_listed_with_its_place(files: Path) -> None:
    edit(files / "topics" / "b.yml", "review: 2027-05-01", "review: 2027-03-01")
    line = (files / "topics" / "b.yml").read_text(encoding="utf-8").splitlines().index("    review: 2027-03-01") + 1
    none = pluis("check", "--due", "2027-02-28")
    assert (none.exit_code, none.stdout) == (0, "pluis: op 2027-02-28 hoeft er niets te worden nagekeken\n")
    one = pluis("check", "--due", "2027-03-01")
    assert (one.exit_code, one.stdout.splitlines()) == (
        1,
        [
            f"pluis: 2027-03-01 kinderen {files / 'topics' / 'b.yml'}:{line}",
            "pluis: aantal dat op 2027-03-01 aan nakijken toe is: 1",
        ],
    )
    everything = pluis("check", "--due", "2027-05-01")
    assert (everything.exit_code, len(everything.stdout.splitlines())) == (1, 13)
    assert pluis("check", "2027-03-01").exit_code == pluis("check", "--due", "morgen").exit_code == 2
    edit(files / "topics" / "b.yml", "review: 2027-03-01", "review: straks")
    assert f"b.yml:{line}: review: ‘straks’ is geen datum" in told(pluis("check", "--due"), 1)


def test_what_was_asked_in_vain_is_listed_most_often_first(files: Path) -> None:
    pluis("knowledge", "load")
    empty = pluis("knowledge", "gaps")
    assert (empty.exit_code, empty.stdout) == (0, "pluis: er is niets gevraagd waar geen antwoord op was\n")
    sessions = session_factory(make_engine(get_settings().database))
    for topic, question in (("dossier", "in rood"), ("huisverbod", "hoe\nlaat"), ("huisverbod", "met wie")):
        record_gap(sessions, topic, question)
    assert pluis("knowledge", "gaps").stdout.splitlines() == [
        f"2 × het dichtst bij huisverbod (Het tijdelijk huisverbod), laatst op {date.today()}",
        "    “met wie”",
        "    “hoe laat”",
        f"1 × het dichtst bij dossier (Vastleggen in het dossier), laatst op {date.today()}",
        "    “in rood”",
        "pluis: vragen zonder antwoord: 3",
        "pluis: de vragen zelf blijven 24 uur, of tot het gesprek wordt gewist",
    ]


def test_the_thumbs_of_answers_are_listed_after_what_was_asked_in_vain(files: Path) -> None:
    pluis("knowledge", "load")
    sessions = session_factory(make_engine(get_settings().database))
    for topic, up in (("dossier", True), ("huisverbod", False), ("huisverbod", True), ("weg_ermee", True)):
        record_thumb(sessions, topic, up, date(2026, 11, 26))
    assert pluis("knowledge", "gaps").stdout.splitlines() == [
        "pluis: er is niets gevraagd waar geen antwoord op was",
        "1 × omlaag, 1 × omhoog: huisverbod (Het tijdelijk huisverbod), laatst op 2026-11-26",
        "0 × omlaag, 1 × omhoog: dossier (Vastleggen in het dossier), laatst op 2026-11-26",
        "0 × omlaag, 1 × omhoog: weg_ermee (is er niet meer), laatst op 2026-11-26",
        "pluis: duimen bij antwoorden: 1 omlaag, 3 omhoog",
    ]


def test_a_purge_takes_old_questions_along(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = session_factory(make_engine(get_settings().database))
    record_gap(sessions, "huisverbod", "oud", None, datetime.now(UTC) - timedelta(hours=25))
    record_gap(sessions, "huisverbod", "vers")
    monkeypatch.setattr("bot.channels.EngineClient", lambda *_, **__: FakeEngine().client())
    assert pluis("purge").exit_code == 0
    (gap,) = read_gaps(sessions)
    assert (gap.count, gap.questions) == (2, ("vers",))


def test_what_a_command_makes_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "app", lambda: (tmp_path / "gemaakt").touch())
    before = os.umask(0o022)
    try:
        cli.main()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "gemaakt").stat().st_mode) == 0o600

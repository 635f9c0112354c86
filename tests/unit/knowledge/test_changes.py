"""What a load changes is told per topic and per field, before it is done and after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.knowledge import DataFileError, diff, load
from bot.knowledge.loading import read_snapshot

Change = Callable[[str, str, str], int]
Sessions = sessionmaker[Session]


def test_a_diff_tells_each_field_and_writes_nothing(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root)
    before = read_snapshot(sessions)
    change("topics/a.yml", "iemand tien dagen uit", "iemand elf dagen uit")
    change("topics/a.yml", "review: 2027-05-01", "review: 2027-06-01")
    change("topics/b.yml", "id: dossier", "id: verslag")
    change("synonyms.yml", "for: [ots]", "for: [ots, o.t.s.]")
    change("sources.yml", "publisher: Uitgever", "publisher: Drukker")
    found = diff(sessions, data_root)
    assert str(found) == "1 nieuw, 3 gewijzigd, 1 weg, 15 gelijk"
    told = {(one.what, one.id): (one.how, list(one.lines())) for one in found.found}
    assert told["onderwerp", "verslag"][0] == "nieuw"
    assert told["onderwerp", "dossier"][0] == "weg"
    assert told["onderwerp", "huisverbod"] == (
        "gewijzigd",
        [
            "short:",
            "  @@ -1,2 +1,2 @@",
            "  -De burgemeester kan iemand tien dagen uit huis zetten.",
            "  +De burgemeester kan iemand elf dagen uit huis zetten.",
            "   Verlengen kan tot vier weken.",
            "review: 2027-05-01 → 2027-06-01",
        ],
    )
    assert told["bron", "boek-2020"] == ("gewijzigd", ["publisher: Uitgever → Drukker"])
    assert "  +o.t.s.: ondertoezichtstelling" in told["woorden", "synonyms"][1]
    assert read_snapshot(sessions) == before


def test_a_load_reports_what_the_diff_said(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root)
    change("topics/a.yml", "tien dagen", "elf dagen")
    expected = diff(sessions, data_root)
    assert [one.id for one in expected.found] == ["huisverbod"]
    assert load(sessions, data_root).changes == expected
    assert not diff(sessions, data_root)


def test_order_in_the_files_is_no_change(data_root: Path, sessions: Sessions) -> None:
    first = load(sessions, data_root)
    folder = data_root / "knowledge" / "topics"
    (folder / "a.yml").rename(folder / "z.yml")
    assert not diff(sessions, data_root)
    second = load(sessions, data_root)
    assert (second.changed, second.digest, second.changes.same) == (False, first.digest, 19)


def test_a_field_that_empties_is_told(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root)
    change("topics/a.yml", "    more: Maak het met haar alleen.\n", "")
    (only,) = diff(sessions, data_root).found
    assert list(only.lines()) == ["more: Maak het met haar alleen. → (leeg)"]


def test_a_diff_of_a_broken_file_says_where(data_root: Path, sessions: Sessions, change: Change) -> None:
    load(sessions, data_root)
    line = change("topics/b.yml", "related: []", "related: [nergens]")
    with pytest.raises(DataFileError, match=rf"b\.yml:{line}: .*nergens"):
        diff(sessions, data_root)

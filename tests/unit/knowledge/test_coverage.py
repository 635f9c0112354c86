"""Every section of the sources has topics, and the page that says so is up to date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.knowledge import measure_coverage
from bot.knowledge.catalogue import heading_of
from bot.settings import get_settings

from .conftest import REPOSITORY

Change = Callable[[str, str, str], int]


def test_no_section_is_empty_and_the_page_is_up_to_date() -> None:
    measured = measure_coverage(REPOSITORY / "data")
    assert [f"{chapter.text}: {chapter.name}" for chapter in measured.empty] == []
    page = (REPOSITORY / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert page == measured.as_markdown(), "run `pluis knowledge coverage`"


def test_topics_are_told_by_the_section_that_they_cite(data_root: Path) -> None:
    made = {chapter.name: topics for chapter, topics in measure_coverage(data_root).rows}
    assert made["Bescherming"] == ("huisverbod",)
    assert made["Vormen"] == ("intieme_terreur",)
    assert "risico_weer" in made["Signalen"]


def test_a_place_in_a_public_source_that_is_no_section_counts_too(data_root: Path, change: Change) -> None:
    change("topics/a.yml", "id: pagina, section: Huisverbod", "id: pagina, section: 'artikel 2'")
    [(_, topics)] = [row for row in measure_coverage(data_root).rows if row[0].text == "Publieke feiten"]
    assert {"huisverbod", "veilig_thuis", "dossier"} <= set(topics)


@pytest.mark.parametrize(
    ("section", "heading"),
    [
        ("Vormen", "Vormen"),
        ("Vormen: stalking", "Vormen: stalking"),
        ("Vormen: geweld", "Vormen"),
        ("Vormen (stalking)", "Vormen"),
        ("Vormen en meer", None),
        ("vormen", None),
    ],
)
def test_a_part_of_a_section_may_stand_behind_it(section: str, heading: str | None) -> None:
    assert heading_of(section, ["Vormen", "Vormen: stalking", "Stalking"]) == heading


def test_an_empty_section_is_told_and_the_page_is_written(
    data_root: Path, change: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change("sections.yml", "Kinderen, Vormen", "Kinderen, Slot, Vormen")
    settings = get_settings().model_copy(update={"data": data_root})
    monkeypatch.setattr("bot.cli.get_settings", lambda: settings)
    page = tmp_path / "coverage.md"
    told = CliRunner().invoke(app, ["knowledge", "coverage", "--out", str(page)])
    assert told.exit_code == 1
    assert "geen onderwerp: Een boek, Slot" in told.output
    assert "| Slot | **geen** |" in page.read_text(encoding="utf-8")

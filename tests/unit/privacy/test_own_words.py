"""What Pluis writes itself comes through the door as it stands: a summary that is pasted back loses no words of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.advice import load_tables
from bot.analysis.analyser import Analyser
from bot.case import Case, Tools, load_tools
from bot.encoder import E5Encoder
from bot.settings import ROOT
from tests.unit.case.pastes import WAYS, pasted
from tests.unit.case.sheets import VERSIONS, case_of, said, seen

DATA = ROOT / "data"
Mask = Callable[[str], str]


@pytest.fixture(scope="module")
def tools() -> Tools:
    return load_tools(DATA, Analyser(DATA, E5Encoder(), ROOT / "var" / "cache"), load_tables(DATA))


@pytest.fixture
def case() -> Case:
    """A case that fills every section: facts, answers, thoughts, a decision and a plan."""
    known = {
        "children": "yes",
        "pregnant": "no",
        "child_witness": "yes",
        "physical_violence": "yes",
        "consulted": "yes",
    }
    return case_of(
        said("kennismaking.beroep", "Je beroep", "Onderwijs", profession="onderwijs", client_role="victim"),
        seen("zij had een blauwe plek", when="vorige week"),
        seen("ik denk dat hij alles bepaalt", kind="interpretation", first=2),
        said("weging.bang", "Is zij bang voor hem?", "Nee", {"fear": "no"}),
        said("x", "Wat?", "Ja", known, plan="yes", decision="yes", reason="het kan nu niet"),
    )  # fmt: skip


def own_text(case: Case, tools: Tools, version: str, way: str) -> str:
    """Write a sheet; the marks of the tables are no words, and may look like a number."""
    return re.sub(r"\b[0-9a-f]{12}\b", "abc", pasted(case, tools, version, way))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_summary_comes_through_whole_line_by_line_and_without_lines(
    mask: Mask, tools: Tools, case: Case, version: str, way: str
) -> None:
    text = own_text(case, tools, version, way)
    assert mask(text) == text
    assert [line for line in dict.fromkeys(text.splitlines()) if mask(line) != line] == []
    joined = " ".join(text.split())
    assert mask(joined) == joined


def test_the_head_of_a_summary_comes_through_for_every_profession(mask: Mask, tools: Tools) -> None:
    heads = [
        f"{tools.sheet.head['role'].format(role=work.title)}{end}{tools.sheet.head['about'].format(about=about)}"
        for work in tools.professions
        for about in ("mijn cliënt", "een kind")
        for end in ("\n", "  \n", " ")
    ]
    assert [head for head in heads if mask(head) != head] == []


def test_every_heading_and_column_comes_through(mask: Mask, tools: Tools) -> None:
    sections = tools.sheet.sections.values()
    words = {word for section in sections for word in (section.title, *section.columns)}
    words |= {version.title for version in tools.sheet.versions.values()}
    among = {sentence for word in words for sentence in (word, f"| {word} | {word} |", f"Kijk bij {word} vandaag.")}
    assert sorted(text for text in among if mask(text) != text) == []


def test_an_institution_ends_with_its_line(mask: Mask) -> None:
    assert mask("ik werk bij de thuiszorg\nZorg is er elke dag") == "ik werk bij de thuiszorg\nZorg is er elke dag"
    assert mask("Onderwijs\nZorg over een kind") == "Onderwijs\nZorg over een kind"
    assert mask("zij ligt in het Erasmus MC\nVandaag belde ik") == "zij ligt in het [instelling]\nVandaag belde ik"

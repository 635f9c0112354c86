"""The case sheet as a Word document: the same words, and a layout that everybody can read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from docx.document import Document as Word
from docx.oxml.ns import qn

from bot.case import Case, Entry, Tools, plan_shown
from tests.unit.case.sheets import VERSIONS, case_of, known, said, seen, sheet, word_of, words_in

FIRST = "Wie kan dit lezen? Zet dit niet in een gezinsdossier of portaal waar de ander bij kan."


@pytest.fixture(scope="module")
def case() -> Case:
    """A case that fills every section."""
    told = known(children="yes", strangulation="yes", fear="yes")
    thought = seen("ik denk dat hij haar klein houdt", kind="interpretation", first=9)
    weighed = said("weging.keel", "Is er ooit een keel dichtgeknepen?", "Ja")
    return plan_shown(
        told.add(thought, weighed, said("besluit.keuze", "Wat", "Melden bij Veilig Thuis", decision="report"))
    )


@pytest.fixture(params=VERSIONS)
def word(request: pytest.FixtureRequest, case: Case, tools: Tools) -> Word:
    """Each version, opened."""
    return word_of(case, tools, request.param)


@pytest.mark.parametrize("version", VERSIONS)
def test_it_holds_every_word_of_the_sheet(case: Case, tools: Tools, version: str) -> None:
    made, text = sheet(case, tools, version), words_in(word_of(case, tools, version))
    for section in made.sections:
        cells = [cell for row in section.table.rows for cell in row] if section.table else []
        listed = [row for _, rows in section.groups for row in rows]
        for wanted in (section.title, *section.paragraphs, *section.bullets, *cells, *listed):
            assert wanted in text


def test_the_first_line_is_on_every_page(word: Word) -> None:
    page = word.sections[0]
    assert word.paragraphs[0].text == FIRST
    assert page.different_first_page_header_footer
    assert [paragraph.text for paragraph in page.header.paragraphs] == [FIRST]


def test_pages_are_numbered(word: Word) -> None:
    page = word.sections[0]
    for footer in (page.footer, page.first_page_footer):
        fields = [field.get(qn("w:instr")) for field in footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_headings_go_down_step_by_step(word: Word) -> None:
    styles = [str(paragraph.style.name) for paragraph in word.paragraphs if paragraph.style is not None]
    levels = [int(style.removeprefix("Heading ")) for style in styles if style.startswith("Heading ")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert "List Bullet" in styles


def test_the_header_row_of_a_table_is_one_and_comes_back_on_each_page(word: Word) -> None:
    assert [cell.text for cell in word.tables[0].rows[0].cells] == ["Feit", "Wanneer", "Bron"]
    for table in word.tables:
        first, *others = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in others)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_a_short_table_stays_on_one_page_and_a_long_one_does_not(tools: Tools) -> None:
    for count, whole in ((8, True), (9, False)):
        table = word_of(case_of(seen(*(f"feit {number}" for number in range(count)))), tools, "advies").tables[0]
        kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
        assert kept == ([True] * count + [None] if whole else [True] + [None] * count)


def test_it_is_in_dutch_and_names_no_writer(word: Word) -> None:
    about = word.core_properties
    assert (about.language, about.author) == ("nl-NL", "Pluis")
    assert about.title.startswith("Samenvatting voor ")
    languages = {element.get(qn("w:val")) for element in word.styles.element.iter(qn("w:lang"))}
    assert languages == {"nl-NL"}


def test_it_fits_on_paper_of_here(word: Word) -> None:
    page = word.sections[0]
    assert page.page_width is not None
    assert page.page_height is not None
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)


def test_there_is_no_empty_paragraph_for_looks(word: Word) -> None:
    assert all(paragraph.text.strip() for paragraph in word.paragraphs)


def test_what_is_to_fill_in_has_a_style(word: Word) -> None:
    filled = {run.text for row in word.tables[0].rows for cell in row.cells for run in cell.paragraphs[0].runs
              if run.style is not None and run.style.name == "To fill"}  # fmt: skip
    assert filled == {"nog invullen", "bron nog invullen"}


@pytest.mark.parametrize("typed", ["a\x0bb\x08c\x00", "\ufffe eind", "\u202eomgedraaid", "😀 hij duwde haar"])
def test_any_character_can_be_written(tools: Tools, typed: str) -> None:
    assert "“" in words_in(word_of(case_of(seen(typed), Entry(question="x", silent=True)), tools, "advies"))

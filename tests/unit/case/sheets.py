"""Cases for the case sheet, built from entries, and both versions written out."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date

from docx import Document
from docx.document import Document as Word

from bot.case import Case, Entry, Line, Sheet, Stamp, Tools, docx, make_sheet, markdown

TODAY = date(2025, 3, 4)  # a Tuesday
VERSIONS = ("dossier", "advies")
STAMP = Stamp(TODAY, "0123456789ab")


def sheet(case: Case, tools: Tools, version: str, today: date = TODAY) -> Sheet:
    """Make one version."""
    return make_sheet(case.to_slot(), tools, version, Stamp(today, STAMP.knowledge))


def text_of(case: Case, tools: Tools, version: str, today: date = TODAY) -> str:
    """Write one version as Markdown."""
    return markdown(sheet(case, tools, version, today))


def word_of(case: Case, tools: Tools, version: str) -> Word:
    """Write one version as a document, and open that."""
    return Document(io.BytesIO(docx(sheet(case, tools, version))))


def words_in(document: Word) -> str:
    """All text of a document, tables, headers and footers too."""
    page = document.sections[0]
    rows = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    parts = (page.header, page.footer, page.first_page_header, page.first_page_footer)
    edges = [paragraph.text for part in parts for paragraph in part.paragraphs]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows, *edges])


def part(text: str, title: str) -> str:
    """Return one section of a sheet in Markdown; empty when it is not there."""
    found = [block for block in text.split("\n## ") if block.startswith(f"{title}\n")]
    return found[0] if found else ""


def rows(text: str, title: str) -> list[tuple[str, ...]]:
    """Return the rows of the table in a section, without its header."""
    lines = [line for line in part(text, title).splitlines() if line.startswith("| ")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines[2:]]


def seen(*quotes: str, question: str = "begin", kind: str = "observation", first: int = 1, **parts: str) -> Entry:
    """Make the entry for a piece of story, with one line for each quote."""
    lines = [
        Line.model_validate({"id": f"r{number}", "kind": kind, "quote": quote, "parts": parts})
        for number, quote in enumerate(quotes, first)
    ]
    return Entry(question=question, asked="Wat je vertelde", answer=". ".join(quotes), lines=lines)


def said(question: str, asked: str, answer: str, facts: Mapping[str, str] | None = None, **fields: str) -> Entry:
    """Make the entry for an answer."""
    return Entry(question=question, asked=asked, answer=answer, facts=dict(facts or {}), fields=fields)


def case_of(*entries: Entry) -> Case:
    """Make a case."""
    return Case(entries=list(entries))


def known(**facts: str) -> Case:
    """Make a case of which some facts are known."""
    return case_of(seen("hij duwde haar"), Entry(question="x", facts=facts, silent=True))


def both(case: Case, tools: Tools) -> Iterable[str]:
    """Both versions in both forms, as text."""
    for version in VERSIONS:
        yield text_of(case, tools, version)
        yield words_in(word_of(case, tools, version))

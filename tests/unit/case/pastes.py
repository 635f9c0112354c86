"""Case sheets as people paste them back: as Markdown, copied out of Word, and mangled on the way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from bot.case import Case, Sheet, Tools, docx, markdown
from tests.unit.case.sheets import sheet


def out_of_word(made: Sheet) -> str:
    """Return the text of a document as Word copies it: a line for each paragraph, the cells of a row parted by tabs."""
    document = Document(io.BytesIO(docx(made)))
    lines: list[str] = []
    for block in document.element.body.iterchildren():
        if block.tag.endswith("}p"):
            lines.append(Paragraph(block, document).text)
        elif block.tag.endswith("}tbl"):
            lines += ["\t".join(cell.text for cell in row.cells) for row in Table(block, document).rows]
    return "\n".join(lines)


WAYS: Mapping[str, Callable[[Sheet], str]] = {"markdown": markdown, "word": out_of_word}
MANGLED: Mapping[str, Callable[[str], str]] = {
    "zoals het was": str,
    "Windows": lambda text: text.replace("\n", "\r\n"),
    "dubbele regels": lambda text: text.replace("\n", "\n\n"),
    "lege regels weg": lambda text: re.sub(r"\n{2,}", "\n", text),
    "geciteerd": lambda text: "> " + text.replace("\n", "\n> "),
    "regels weg": lambda text: " ".join(text.split()),
    "tabs weg": lambda text: text.replace("\t", " "),
    "andere aanhalingstekens": lambda text: re.sub("[“”]", '"', text).replace("‘", "'").replace("’", "'"),
}


def pasted(case: Case, tools: Tools, version: str, way: str = "markdown") -> str:
    """Write one version of the sheet the way it is pasted."""
    return WAYS[way](sheet(case, tools, version))

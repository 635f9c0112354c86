"""What a case sheet consists of, and what the makers of its sections work with. All of it is plain text:
whoever writes it out as Markdown or as a document escapes every word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.case.record import Case
from bot.case.sheet.facts import OwnWords
from bot.case.sheet.texts import SectionText, SheetTexts
from bot.case.tools import Tools

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Table:
    """Rows under a header row."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs, a table, bullets, and lists under their own headings; a row may hold a line break."""

    title: str
    paragraphs: Sequence[str] = ()
    table: Table | None = None
    bullets: Sequence[str] = ()
    groups: Sequence[tuple[str, Sequence[str]]] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing under the heading."""
        return not (self.paragraphs or self.bullets or self.groups or (self.table and self.table.rows))


@dataclass(frozen=True)
class Sheet:
    """A whole case sheet."""

    first_line: str
    title: str
    intro: Sequence[str]
    sections: Sequence[Section]
    open_words: Sequence[str]  # what stands where something is still to fill in


@dataclass(frozen=True)
class Stamp:
    """What a sheet is dated with: the day it is made, and the version of the knowledge."""

    today: date
    knowledge: str = ""


@dataclass(frozen=True)
class Work:
    """What the makers of the sections work with."""

    case: Case
    tools: Tools
    version: str
    stamp: Stamp
    told: Mapping[str, Any]
    own: OwnWords
    name: str = ""

    @property
    def texts(self) -> SheetTexts:
        """All fixed sentences."""
        return self.tools.sheet

    @property
    def text(self) -> SectionText:
        """The sentences of the section at hand."""
        return self.texts.sections[self.name]

    def row(self, name: str, **values: str) -> str:
        """Return a sentence of the section at hand, with what is still to fill in."""
        return self.text.row(name, fill=self.texts.to_fill, **values)


def plain(text: str) -> str:
    """Take the Markdown out of a text of the data."""
    return _LINK.sub(r"\1", text).replace("*", "")

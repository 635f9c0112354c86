"""Writes a case sheet as Markdown. Every word is escaped: what was typed can be no link, heading, table or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.case.sheet.records import Section, Sheet, Table
from bot.markdown import literal

_PLACEHOLDER = re.compile(r"\\(\[[a-zà-ÿ]+(?: [0-9a-zà-ÿ]+)*)\\\](?![(\[:\\])")  # [persoon 1], as the door writes it
_STARTS_BLOCK = re.compile(r"^(\d+)([.)])|^([-+=])")


def markdown(sheet: Sheet) -> str:
    """Write the sheet as Markdown."""
    blocks = [f"**{escaped(sheet.first_line)}**", f"# {escaped(sheet.title)}", _lines(sheet.intro[:-1])]
    blocks.append(escaped(sheet.intro[-1]))
    for section in sheet.sections:
        blocks += [f"## {escaped(section.title)}", *_blocks(section)]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """Return a text that begins a block, so that Markdown shows it as it stands."""
    safe = within(text)
    return _STARTS_BLOCK.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", safe)


def within(text: str) -> str:
    """Return a text for the middle of a line; the placeholders of the door stay readable in the source."""
    return _PLACEHOLDER.sub(r"\1]", literal(text))


def _blocks(section: Section) -> Iterator[str]:
    yield from map(escaped, section.paragraphs)
    if section.table:
        yield _table(section.table)
    if section.bullets:
        yield _bullets(section.bullets)
    for title, rows in section.groups:
        yield f"### {escaped(title)}"
        yield _bullets(rows)


def _lines(rows: Iterable[str]) -> str:
    return "  \n".join(map(escaped, rows))


def _bullets(rows: Iterable[str]) -> str:
    return "\n".join("- " + "  \n  ".join(map(escaped, row.split("\n"))) for row in rows)


def _table(table: Table) -> str:
    rows = [table.columns, ["---"] * len(table.columns)]
    lines = [_row(rows[0], escape=True), _row(rows[1], escape=False)]
    return "\n".join([*lines, *(_row(row, escape=True) for row in table.rows)])


def _row(cells: Sequence[str], *, escape: bool) -> str:
    return f"| {' | '.join(within(cell) if escape else cell for cell in cells)} |"

"""Puts pasted text in one shape: lines of plain text, the cells of a row parted by tabs, no marks of Markdown left.
What stands in it is only ever compared and shown as text."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 24_000  # six full messages
_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_MARKED = re.compile(r"(?:^|\s)#{1,3} \S|^[ \t]*\|", re.MULTILINE)
_PIPE = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>#~|!&.)+=-])")
_BEFORE_HEADING = re.compile(r"[ \t]+(?=#{1,3} \S)")
_LINE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|[-*+•·▪–][ \t]+|o\t)?")
_RULE = re.compile(r":?-{3,}:?")


def tidy(text: str) -> str:
    """Return pasted text in one shape, whatever it was copied from; never more than `LONGEST` characters of it."""
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text[:LONGEST]))
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char)[0] != "C")
    marked = bool(_MARKED.search(text))
    if marked:
        text = _BEFORE_HEADING.sub("\n", text)
    lines = [row for line in text.split("\n") for row in (_rows(line) if marked else [line])]
    return "\n".join(_plain(line, marked=marked) for line in lines)


def _rows(line: str) -> list[str]:
    """Part the rows of a table, also when they came through on one line: between two rows stands an empty cell."""
    cells = [cell.strip() for cell in _PIPE.split(line)]
    if len(cells) < 3:
        return [line]
    rows: list[list[str]] = [[]]
    for cell in cells:
        if cell and not _RULE.fullmatch(cell):
            rows[-1].append(cell)
        elif rows[-1]:
            rows.append([])
    return ["\t".join(row) for row in rows if row]


def _plain(line: str, *, marked: bool) -> str:
    """Take the marks of a list, a quote or a heading off a line, and in Markdown the escapes too."""
    line = _LINE_MARKS.sub("", line)
    if not marked:
        return line
    bold = re.fullmatch(r"\*\*(.+)\*\*[ \t]*", line)
    return _ESCAPED.sub(r"\1", bold[1] if bold else line)


def one_line(text: str) -> str:
    """Put a piece of text on one line."""
    return " ".join(text.split())


class Scrap:
    """A piece of text from which what is recognised is taken; what is left was written by someone else."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Take every piece that a pattern names."""
        found = [match for match in pattern.finditer(self.text) if match.group().strip()]
        for match in reversed(found):
            self.text = f"{self.text[: match.start()]}\n{self.text[match.end() :]}"
        return found

    def rest(self) -> list[str]:
        """Return the lines that are left and hold a word or a number."""
        lines = (one_line(_LINE_MARKS.sub("", line)) for line in self.text.split("\n"))
        return [line[:LONGEST] for line in lines if any(char.isalnum() for char in line)]

"""Makes patterns of fixed sentences: blind to line breaks, to how quotation marks are typed, and to capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import Formatter

GAP = r"[\s|]+"  # what may stand between the cells of a row
OPEN, CLOSE = '[“”„«"]', '[”“»"]'
MOST, CELL = 4_000, 600  # characters of the user's own words: up to the end of a line, and in a cell without its tabs
_SAME = {"‘": "[‘’']", "’": "[‘’']", "'": "[‘’']", "“": '[“”„"]', "”": '[“”„"]', "-": "[-–]", "–": "[-–]"}
_EDGE = r"(?<!\w)", r"(?!\w)"


def fixed(text: str) -> str:
    """Return the pattern for a sentence of ours, however its blanks and quotation marks came through."""
    words = ("".join(_SAME.get(char) or re.escape(char) for char in word) for word in text.split())
    return r"\s+".join(words)


def whole(text: str) -> str:
    """Return the pattern for a sentence that is no part of a longer word."""
    start = _EDGE[0] if text[:1].isalnum() else ""
    return start + fixed(text) + (_EDGE[1] if text[-1:].isalnum() else "")


def template(text: str, **values: str) -> str:
    """Return the pattern for a sentence with places to fill in; each place has the pattern of its value."""
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        before, after = r"\s*" * literal[:1].isspace(), r"\s*" * literal[-1:].isspace()
        parts.append(f"{before}{fixed(literal)}{after}" if literal.strip() else before)
        if name is not None:
            parts.append(values[name])
    return "".join(parts)


def any_of(texts: Iterable[str]) -> str:
    """Return the pattern for one of a few sentences, the longest first, since one may begin another."""
    return "(?:" + "|".join(fixed(text) for text in sorted(set(texts), key=len, reverse=True)) + ")"


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern the way all of them are used."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)

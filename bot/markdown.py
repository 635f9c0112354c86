"""Keeps what people wrote from being read as markup when Pluis says it again."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKS = re.compile(r"([\\`*_\[\]<>#~|!&])")
_MARKED = re.compile(r"\\(.)|\[((?:\\.|[^\[\]\\])*)\]\([^)]*\)")
_ADDRESS = r"https?://[\w.~:/?#@!$*+,=%&-]*[\w/#=]"
_NUMBER = r"(?<![\w+])(?:\+|\((?=0\d{1,3}\))|0)\d[\d ()-]{5,18}\d(?!\w)|(?<!\w)11[23](?!\w)"
_PRESSED = re.compile(f"(?P<address>{_ADDRESS})|{_NUMBER}", re.ASCII)
_DUTCH = re.compile(r"(?:0|\+31|0031)[1-9]\d{8}|0[89]0[069]\d{4}(?:\d{3})?|11[23]")


def literal(text: str) -> str:
    """Return the text so that Markdown shows it as it was typed."""
    return _MARKS.sub(r"\\\1", text)


def pressable(text: str) -> str:
    """Return the text as it was typed, with its web addresses and Dutch telephone numbers as links."""
    return "".join(f"[{literal(words)}]({target})" if target else literal(words) for words, target in pieces(text))


def typed(text: str) -> str:
    """Return what `pressable` made a text of, as it was typed."""
    return _MARKED.sub(lambda found: found[1] or typed(found[2]), text)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text, each with where it leads: a web address, a Dutch telephone number, or nowhere."""
    end = 0
    for found in _PRESSED.finditer(text):
        number = re.sub(r"[^\d+]", "", found[0])
        if found["address"] or _DUTCH.fullmatch(number):
            yield text[end : found.start()], ""
            yield found[0], found["address"] or f"tel:{number}"
            end = found.end()
    yield text[end:], ""

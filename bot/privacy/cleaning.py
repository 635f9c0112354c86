"""Cleans what a user typed before anything else reads it: no character that breaks a reader further on,
and no text that Rasa would take for a command."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_KEPT = {"\n", "\t"}  # a row that is copied out of a document has tabs between its cells
_BLANKS = {"\u2800": " ", "\u3164": " ", "\uffa0": " ", "\u115f": " ", "\u1160": " "}
_LEADING_SLASH = re.compile(r"\A(\s*)/")
_DROPPED = {"Cc", "Cf", "Cs"}


def clean(text: str) -> str:
    """Return `text` in NFC, without control, zero-width and surrogate characters, and never a command.

    Line ends and tabs stay: they part the rows and the cells of a table.
    """
    text = _LINE_BREAKS.sub("\n", text)
    text = "".join(_BLANKS.get(char, char) for char in text)
    text = "".join(char for char in text if char in _KEPT or unicodedata.category(char) not in _DROPPED)
    return _LEADING_SLASH.sub(r"\1／", unicodedata.normalize("NFC", text))

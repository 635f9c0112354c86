"""What is done to typed text before anything else reads it: invisible characters out,
and a form in which a typed choice can be compared with a button's title."""

from __future__ import annotations

import re
import unicodedata

_KEEP = {"\n", "\t"}
_BREAKS = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = {"\u200d", "\ufe0f"}  # part of emoji; harmless, and gone with the emoji when compared


def clean(text: str) -> str:
    """Return `text` in NFC without NUL, control, zero-width and lone surrogate characters, stripped."""
    text = _BREAKS.sub("\n", text)
    kept = (c for c in text if c in _KEEP or c in _JOINERS or unicodedata.category(c) not in _UNSEEN)
    return unicodedata.normalize("NFC", "".join(kept)).strip().strip("".join(_JOINERS)).strip()


def has_words(text: str) -> bool:
    """Tell whether there is a letter or a digit in `text`."""
    return any(c.isalnum() for c in text)


def comparable(text: str) -> str:
    """Return `text` without case, accents, punctuation and extra blanks."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+|_", " ", bare).split())


def as_plain(text: str) -> str:
    """Return `text` so that no engine takes it for a command: a leading slash becomes a full-width one."""
    return re.sub(r"^(\s*)/", "\\1／", text)

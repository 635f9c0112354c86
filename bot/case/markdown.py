"""Keeps what a user wrote from being read as markup when Pluis quotes it."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_\[\]<>#~|!&])")


def literal(text: str) -> str:
    """Return the text so that Markdown shows it as it was typed."""
    return _MARKS.sub(r"\\\1", text)

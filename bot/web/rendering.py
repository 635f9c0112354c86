"""Turns Markdown of ours into HTML for the pages."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup


@lru_cache
def _markdown() -> MarkdownIt:
    """Reads Markdown; HTML in it stays text, and only addresses that cannot do harm become links."""
    return MarkdownIt("commonmark", {"html": False})


def rendered(text: str) -> Markup:
    """Turn Markdown of ours into HTML."""
    return Markup(_markdown().render(text))

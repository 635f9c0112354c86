"""Texts that somebody has yet to write: what an import puts in their place, and where they still stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from bot.yamlfile import Loaded

UNFINISHED: Final = "(nog schrijven)"  # how such a text begins


def to_write(what: str) -> str:
    """Return the text that stands where `what` has yet to be written."""
    return f"{UNFINISHED} {what}"


def unfinished(loaded: Loaded) -> Iterator[tuple[int, str]]:
    """Yield the line of each text that has yet to be written, and what is to be said of it."""
    for keys in _texts(loaded.data, ()):
        name = next(key for key in reversed(keys) if isinstance(key, str))
        yield loaded.line(*keys), f"{name}: dit is nog niet geschreven; zet er je eigen tekst"


def _texts(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        if value.lstrip().startswith(UNFINISHED):
            yield keys
        return
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, row in rows:
        yield from _texts(row, (*keys, key))

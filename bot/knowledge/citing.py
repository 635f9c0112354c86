"""What other content than the knowledge itself cites: its sources, and the headings of those."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.knowledge.catalogue import load_citable
from bot.yamlfile import read_yaml


def check_citations(root: Path, part: str) -> None:
    """Every file of a part of the content cites a source that the knowledge knows and a section that it has.

    Raises DataFileError for the first that does not.
    """
    citable = load_citable(root)
    for path in sorted((root / part).glob("*.yml")):
        loaded = read_yaml(path)
        for keys, link in _cited(loaded.data):
            if reason := citable.fault(link["id"], link["section"]):
                raise loaded.error(reason, *keys)


def _cited(node: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], dict[str, str]]]:
    """Find every reference to a source: where, and the reference."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key == "sources" and isinstance(child, list):
            yield from (((*at, key, index), row) for index, row in enumerate(child))
        else:
            yield from _cited(child, (*at, key))

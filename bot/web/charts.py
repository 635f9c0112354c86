"""Charts as tables with bars beside the numbers: read by eye and by screen reader alike, without a script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A row of a chart: what it is of, its number, that in words, and the length of its bar, 0 to 100."""

    label: str
    number: float
    told: str
    share: float


@dataclass(frozen=True)
class Chart:
    """One picture with its table."""

    id: str
    title: str
    text: str
    bars: tuple[Bar, ...]


def chart(
    anchor: str, title: str, text: str, rows: Iterable[tuple[str, float, str]], most: float | None = None
) -> Chart:
    """Make a chart of rows: label, number, and that number in words. What is `most`, or the largest, is 100 long."""
    found = list(rows)
    full = most or max((number for _, number, _ in found), default=0.0)
    return Chart(anchor, title, text, tuple(Bar(label, number, told, 100 * number / full if full else 0.0)
                                            for label, number, told in found))  # fmt: skip

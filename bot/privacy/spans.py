"""Marks pieces of a text that may identify somebody, and decides between marks that overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# What is certain by its form goes before what is found by a list or its surroundings.
KINDS = (
    "e-mail",
    "link",
    "rekening",
    "bsn",
    "telefoon",
    "kenteken",
    "postcode",
    "datum",
    "account",
    "adres",
    "instelling",
    "persoon",
    "plaats",
)
# A name and a place compete by length ("Jan van Tilburg" is a name, "Tilburg" a place).
_RANK = {kind: min(rank, KINDS.index("persoon")) for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Span:
    """A piece `[start, end)` of a text, and what kind of personal data it is."""

    start: int
    end: int
    kind: str
    gender: str = ""
    client: bool = False

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a character."""
        return self.start < other.end and other.start < self.end


def resolve(spans: Iterable[Span]) -> list[Span]:
    """Keep spans that do not overlap, the more certain kind first, then the longer; in order of the text."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (_RANK[span.kind], span.start - span.end, span.kind == "persoon")):
        if span.start < span.end and not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)

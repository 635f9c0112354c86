"""What an analysis hands out: small frozen records that carry the quote they rest on,
so that every finding can be shown to the user in her own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["observation", "interpretation", "feeling"]
KINDS: tuple[Kind, ...] = ("observation", "interpretation", "feeling")


@dataclass(frozen=True)
class Statement:
    """One clause of the text; `start` and `end` are character offsets, `parts` only what was found."""

    quote: str
    start: int
    end: int
    kind: Kind
    score: float
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SignalHit:
    """A signal of the Kenniskaart that a clause resembles."""

    id: str
    label: str
    role: str
    quote: str
    score: float


@dataclass(frozen=True)
class FormHit:
    """A form of violence that a clause resembles."""

    id: str
    label: str
    quote: str
    score: float


@dataclass(frozen=True)
class ContextHit:
    """Something in the life of these people that words name: stress, long-term care, a child's behaviour, a dispute."""

    id: str
    quote: str


@dataclass(frozen=True)
class FactHint:
    """A fact that the text points to: a reason to ask, never an answer."""

    fact: str
    quote: str
    score: float


@dataclass(frozen=True)
class Analysis:
    """Everything found in one text, each list in the order of the text or best first."""

    statements: tuple[Statement, ...]
    signals: tuple[SignalHit, ...]
    forms: tuple[FormHit, ...]
    hints: tuple[FactHint, ...]
    contexts: tuple[ContextHit, ...] = ()

    def as_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Return the keys statements, signals and forms of `POST /api/analyse`."""
        return {
            "statements": [
                {"quote": item.quote, "kind": item.kind, "score": round(item.score, 3)} for item in self.statements
            ],
            "signals": [
                {"id": hit.id, "label": hit.label, "role": hit.role, "quote": hit.quote, "score": round(hit.score, 3)}
                for hit in self.signals
            ],
            "forms": [{"id": hit.id, "label": hit.label, "score": round(hit.score, 3)} for hit in self.forms],
        }

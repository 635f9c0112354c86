"""Rules of thumb that stand between the classifier and the dialogue, as data in `config.yml`:
a short command never wins for a long story, and what interrupts a conversation must be sure enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.encoder import clean

Ranking = list[tuple[str, float]]

FALLBACK = "nlu_fallback"


class GateError(ValueError):
    """A gate in `config.yml` is wrong."""


@dataclass(frozen=True)
class Gate:
    """What an intent of this group must meet; `otherwise` is taken when it is not sure enough."""

    intents: frozenset[str]
    max_words: int | None = None
    at_least: float = 0.0
    otherwise: str = FALLBACK

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Gate:
        """Make a gate of a row of `config.yml`; intents `"*"` means all not named in a row before it."""
        unknown = set(row) - {"intents", "max_words", "at_least", "otherwise"}
        if unknown or not row.get("intents"):
            raise GateError(f"a gate has intents, max_words, at_least and otherwise; found {sorted(row)}")
        intents = [row["intents"]] if isinstance(row["intents"], str) else row["intents"]
        return cls(
            frozenset(intents), row.get("max_words"), float(row.get("at_least", 0)), row.get("otherwise", FALLBACK)
        )

    def covers(self, intent: str) -> bool:
        """Say whether the gate is for this intent."""
        return intent in self.intents or "*" in self.intents


def pass_gates(gates: Sequence[Gate], text: str, ranking: Ranking) -> Ranking:
    """Return the ranking with on top what may win for this text; the first gate that covers an intent decides.

    Intents that may not win for so many words leave the ranking. An intent that is not sure enough gives way to its
    `otherwise`, which keeps its own probability; `nlu_fallback` gets what the top was short of certainty.
    """
    words = len(clean(text).split())
    open_gate = Gate(frozenset("*"))
    gate_of = {name: next((gate for gate in gates if gate.covers(name)), open_gate) for name, _ in ranking}
    allowed = [row for row in ranking if (limit := gate_of[row[0]].max_words) is None or words <= limit]
    if not allowed:
        return [(FALLBACK, 1.0)]
    name, confidence = allowed[0]
    gate = gate_of[name]
    if confidence >= gate.at_least:
        return allowed
    known = dict(allowed)
    if gate.otherwise not in known:
        return [(FALLBACK, 1.0 - confidence), *allowed]
    winner = (gate.otherwise, known[gate.otherwise])
    return [winner, *(row for row in allowed if row[0] != gate.otherwise)]

"""Rules of thumb that stand between the classifier and the dialogue, as data in `config.yml`:
a short command wins for a long text only when it is very sure, a short answer never,
and what interrupts a conversation must be sure enough."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from encoder import clean

Ranking = list[tuple[str, float]]

FALLBACK = "nlu_fallback"
_BARE = re.compile(r"[^\w-]+")  # what stands around a word, or in it: m'n, 'k


class GateError(ValueError):
    """A gate in `config.yml` is wrong."""


@dataclass(frozen=True)
class Gate:
    """What an intent of this group must meet; `otherwise` is taken when it is not sure enough. From `unless_sure` on it
    may also win for more than `max_words` words."""

    intents: frozenset[str]
    max_words: int | None = None
    unless_sure: float = 1.1  # never
    one_of: frozenset[str] = frozenset()
    at_least: float = 0.0
    otherwise: str = FALLBACK

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Gate:
        """Make a gate of a row of `config.yml`; intents `"*"` means all not named in a row before it."""
        unknown = set(row) - {"intents", "max_words", "unless_sure", "one_of", "at_least", "otherwise"}
        if unknown or not row.get("intents"):
            raise GateError(f"a gate has no key {sorted(unknown)}, and needs intents; found {sorted(row)}")
        intents = [row["intents"]] if isinstance(row["intents"], str) else row["intents"]
        return cls(
            frozenset(intents),
            row.get("max_words"),
            float(row.get("unless_sure", cls.unless_sure)),
            frozenset(row.get("one_of", ())),
            float(row.get("at_least", 0)),
            row.get("otherwise", FALLBACK),
        )

    def covers(self, intent: str) -> bool:
        """Say whether the gate is for this intent."""
        return intent in self.intents or "*" in self.intents

    def admits(self, words: Sequence[str], confidence: float) -> bool:
        """Say whether an intent of this gate may win for these words at all."""
        short = self.max_words is None or len(words) <= self.max_words or confidence >= self.unless_sure
        return short and (not self.one_of or bool(self.one_of & set(words)))


def pass_gates(gates: Sequence[Gate], text: str, ranking: Ranking) -> Ranking:
    """Return the ranking with on top what may win for this text; the first gate that covers an intent decides.

    Intents that may not win for these words leave the ranking. An intent that is not sure enough gives way to its
    `otherwise`, which keeps its own probability; `nlu_fallback` gets what the top was short of certainty.
    """
    open_gate = Gate(frozenset("*"))
    gate_of = {name: next((gate for gate in gates if gate.covers(name)), open_gate) for name, _ in ranking}
    words = [word for word in (_BARE.sub("", part.casefold()) for part in clean(text).split()) if word]
    allowed = [row for row in ranking if gate_of[row[0]].admits(words, row[1])]
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

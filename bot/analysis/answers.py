"""Reads a typed answer to a yes-or-no question: ja, nee, weet ik niet, or none of these.
'None' makes the bot ask again and keep the words as story; whoever doubts is heard as not knowing.

The opening word decides: a negation further on (“ja, ze is niet veilig”) says nothing about the answer,
and a longer text that does not open with an answer is a story."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from bot.analysis.patterns import NEGATORS
from bot.analysis.phrases import Phrases, Typed
from bot.analysis.resources import load_checked

Answer = Literal["yes", "no", "unknown"]

SHORT = 5  # more words than these are a story, unless they open with an answer
_ANSWERS: tuple[Answer, ...] = ("unknown", "no", "yes")  # in the order in which they are believed


class Answers:
    """The words of `answers.yml`: how an answer opens, and what a short one may hold anywhere."""

    def __init__(self, data_root: Path) -> None:
        rows: Mapping[str, Any] = load_checked(data_root / "analysis", "answers").data
        opening = {f"opening.{name}": [f"^ {text}" for text in texts] for name, texts in rows["opening"].items()}
        short = {f"short.{name}": texts for name, texts in rows["short"].items()}
        self._phrases = Phrases({**opening, **short, "doubts": rows["doubts"], "harm": rows["harm"]}, rows["fillers"])

    def of(self, text: str) -> Answer | None:
        """Return the answer that a text gives, or None when it gives none."""
        typed = Typed.read(text)
        found = self._phrases.found(typed)
        for part in ("opening", "short") if len(typed.words) <= SHORT else ("opening",):
            if f"{part}.none" in found:
                return None
            answer = next((answer for answer in _ANSWERS if f"{part}.{answer}" in found), None)
            if answer == "no" and self._tells_harm(typed):
                return None
            if answer:
                return "unknown" if answer == "no" and "doubts" in found else answer
        return None

    def _tells_harm(self, typed: Typed) -> bool:
        """Whether a 'nee' goes with something harmful that it does not deny: 'nee, hij heeft een mes'."""
        pieces = (piece for piece in typed.pieces if not NEGATORS & set(piece.words))
        return any("harm" in self._phrases.found(piece) for piece in pieces)


@lru_cache(maxsize=1)
def _default() -> Answers:
    return Answers(Path(__file__).resolve().parents[2] / "data")


def answer_of(text: str) -> Answer | None:
    """Return what a typed answer to a yes-or-no question says, by the project's own `answers.yml`."""
    return _default().of(text)

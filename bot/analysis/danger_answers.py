"""Reads the signs in a typed answer to the danger question: now, later, over, safe, denied.
What they mean together is decided where the question is put; here nothing is concluded."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.analysis.patterns import NEGATORS
from bot.analysis.phrases import Phrases, Typed
from bot.analysis.resources import load_checked

BARE_NO, BARE_NOW, HEDGED_NO = "bare_no", "bare_now", "hedged_no"
HARM, TOLD = "harm", "harm_told"


class DangerSigns:
    """The words of `danger_answers.yml`."""

    def __init__(self, data_root: Path) -> None:
        rows = load_checked(data_root / "analysis", "danger_answers").data
        self._phrases = Phrases(rows["signs"], macros=rows["lists"])
        self._bare = {name: frozenset(rows[name]) for name in (BARE_NO, BARE_NOW)}
        self._bare[HEDGED_NO] = self._bare[BARE_NO] | frozenset(rows["hedges"])

    def of(self, text: str) -> frozenset[str]:
        """Return the names of the signs in a text; `bare_no`, `hedged_no` and `bare_now` when it holds nothing else.

        `harm_told` is harm in a piece of it that denies nothing.
        """
        typed = Typed.read(text)
        bare = {name for name, known in self._bare.items() if typed.words and known.issuperset(typed.words)}
        pieces = (piece for piece in typed.pieces if not NEGATORS & set(piece.words))
        told = {TOLD} if any(HARM in self._phrases.found(piece) for piece in pieces) else set[str]()
        return self._phrases.found(typed) | bare | told


@lru_cache(maxsize=1)
def _default() -> DangerSigns:
    return DangerSigns(Path(__file__).resolve().parents[2] / "data")


def danger_signs(text: str) -> frozenset[str]:
    """Return the signs in a typed answer to the danger question, by the project's own `danger_answers.yml`."""
    return _default().of(text)

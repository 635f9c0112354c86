"""Cuts a message into clauses, so that danger is judged where it is said:
one clause's "geen" must not silence the next one's knife."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A full stop after these ends no sentence; single letters ("i.v.m.", "J.") never do.
_ABBREVIATION = re.compile(
    r"mw|mevr|dhr|mr|drs?|prof|clt?|pt|pat|evt|bijv|bv|bijz|ca|nl|resp|incl|excl|tel|nr|vs|zgn|ivm|mnd|jr|wk|blz"
    r"|(?:\w\.)*\w"
)
_SENTENCE_END = re.compile(r"(?:(?<![.!?…])[.!?…]+(?=[\s\"'”’)]|$)|\n+|;)")
_JOINT = re.compile(
    r"\s*(?:,\s*(?=(?:en|maar|want|dus|terwijl|waarna|toch|nu|toen|daarna|ook)\b)"
    r"|\s(?=(?:maar|want|en toen|en nu|waarna)\s)|\s[-–—]\s)",
    re.IGNORECASE,
)
_MIN_WORDS = 3  # a piece with fewer words is no clause of its own: it stays with its neighbour
_LONG = 14  # only in a sentence longer than this does a bare comma or "en" divide too
_UNIT = 20  # the models read whole sentences, because they were taught whole ones; longer than this, clause by clause
_SOFT_JOINT = re.compile(r"\s*,\s+|\s(?=(?:en|omdat|terwijl|nadat|sinds)\s)", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """A piece of a text, and where it stands in it."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Index just past the clause."""
        return self.start + len(self.text)


def split_sentences(text: str) -> list[Clause]:
    """Cut at full stops, question marks, semicolons and new lines; known abbreviations do not end a sentence."""
    cuts = []
    for match in _SENTENCE_END.finditer(text):
        word = text[: match.start()].rsplit(None, 1)[-1:] or [""]
        last = word[0].strip("(\"'").lower()
        is_stop = match.group() == "."
        if is_stop and _ABBREVIATION.fullmatch(last):
            continue
        cuts.append(match.end())
    return _pieces(text, 0, cuts)


def split_clauses(text: str) -> list[Clause]:
    """Cut every sentence further at its conjunctions, long ones also at their commas."""
    found = []
    for sentence in split_sentences(text):
        for piece in _divide(sentence, _JOINT):
            if len(piece.text.split()) > _LONG:
                found += _divide(piece, _SOFT_JOINT)
            else:
                found.append(piece)
    return found


def units(text: str) -> list[str]:
    """Return what is read and judged apart: each sentence, and of a long one each clause."""
    found = []
    for sentence in split_sentences(text):
        is_long = len(sentence.text.split()) > _UNIT
        found += [clause.text for clause in split_clauses(sentence.text)] if is_long else [sentence.text]
    return found


def _divide(clause: Clause, joint: re.Pattern[str]) -> list[Clause]:
    cuts: list[int] = []
    last = 0
    for match in joint.finditer(clause.text):
        if min(_words(clause.text[last : match.start()]), _words(clause.text[match.end() :])) >= _MIN_WORDS:
            cuts.append(match.end())
            last = match.end()
    return _pieces(clause.text, clause.start, cuts)


def _words(text: str) -> int:
    return len(text.split())


def _pieces(text: str, offset: int, cuts: list[int]) -> list[Clause]:
    pieces = []
    for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        raw = text[begin:end]
        stripped = raw.strip(" \t\r\n,;–—")
        if stripped:
            pieces.append(Clause(stripped, offset + begin + raw.index(stripped)))
    return pieces

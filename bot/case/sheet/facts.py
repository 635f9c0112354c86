"""The facts for the case sheet: each in the user's own words, with when it was and from whom it is known.

An answer to “wanneer?” or “van wie?” is no fact of its own, but belongs to the facts that were there when it was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.case.facts import PART_OF
from bot.case.record import UNKNOWN, Case, Entry, Line
from bot.case.sheet.texts import SheetTexts

SOURCE, ELSE, SEEN = "feiten.bron", "feiten.anders", "feiten.gezien"
TIMES = ("when", "how_often")
_LEFT_OUT = re.compile(r"(?:[ .,;]*…[ .,;]*)+")
OF_TIME = frozenset({"repeated", "escalation"})  # what “elke week” points to is no more than a time


@dataclass(frozen=True)
class Fact:
    """One fact: the place of its entry in the journal, the words, when, and `self`, `client`, `other` or nothing."""

    at: int
    text: str
    when: tuple[str, ...] = ()
    source: str = ""


class OwnWords:
    """Shows what the user typed: literally, never a feeling, a line that was taken away, or what must stay secret."""

    def __init__(self, case: Case, texts: SheetTexts) -> None:
        self._never = texts.never
        kept = {line.quote for line in case.lines if line.kind != "feeling"}
        every = [line for entry in case.entries for line in entry.lines]
        present = {line.id for line in case.lines}
        gone = {line.quote for line in every if line.kind == "feeling" or line.id not in present}
        longest_first = sorted((words for words in gone - kept if words.strip()), key=len, reverse=True)
        joined = r"(?:\b(?:en|maar|want|omdat|dus) )?"
        self._gone = [re.compile(rf"{joined}(?<!\w){re.escape(words)}(?!\w)") for words in longest_first]
        self.hidden = 0

    def quoted(self, text: str, *, whole: bool = False) -> str:
        """Return the words between quotes, with “…” for what is left out; empty when nothing of them may be shown.

        A line stands `whole`: it was sorted already.
        """
        for words in () if whole else self._gone:
            text = words.sub(" … ", text)
        text = _LEFT_OUT.sub(" … ", one_line(text)).strip(" …") if not whole else one_line(text)
        if not any(char.isalnum() for char in text):
            return ""
        if self._never.search(text.casefold()):
            self.hidden += 1
            return ""
        return f"“{text}”"


def one_line(text: str) -> str:
    """Put a text on one line, without characters that a document cannot hold or that turn its order round."""
    kept = "".join(char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join(kept.split())


def facts_of(case: Case, texts: SheetTexts, own: OwnWords) -> tuple[list[Fact], list[str]]:
    """Return the facts, and what was said of when and how often that cannot be tied to one of them."""
    facts: list[Fact] = []
    loose: list[str] = []
    present = {line.id for line in case.lines}
    for at, entry in enumerate(case.entries):
        lines = [line for line in entry.lines if line.id in present]
        part = PART_OF.get(entry.question, "")
        if part in TIMES and lines and entry.answer != UNKNOWN:
            words = own.quoted(_of_time(entry, lines))
            if len(facts) == 1 and not facts[0].when and words:
                facts = [replace(facts[0], when=(words,))]
            elif words:
                loose.append(texts.sections["facts"].row(part, words=words))
        telling = [line for line in lines if _is_told(entry, part, line)]
        facts += [fact for line in telling if (fact := _fact(at, entry, line, case, texts, own))]
    return [replace(fact, source=fact.source or _source_after(fact.at, case)) for fact in facts], loose


def _of_time(entry: Entry, lines: list[Line]) -> str:
    """Return the answer about a time; what she thinks beside it stands with her interpretations."""
    seen = [line.quote for line in lines if line.kind == "observation"]
    return entry.answer if len(seen) == len(lines) else ". ".join(seen)


def interpretations_of(case: Case, own: OwnWords) -> list[str]:
    """Return what the user thinks: interpretations, and what else may be going on."""
    else_ids = {line.id for entry in case.entries if entry.question == ELSE for line in entry.lines}
    thought = [line for line in case.lines if line.kind == "interpretation" or line.id in else_ids]
    return list(filter(None, (own.quoted(line.quote, whole=True) for line in thought if line.kind != "feeling")))


def _is_told(entry: Entry, part: str, line: Line) -> bool:
    """Whether a line may be a fact: a bare time or source is none, unless it tells of something that matters."""
    if part in ("", "effect"):
        return entry.question != ELSE
    matter = [words for fact, words in entry.hints.items() if fact not in OF_TIME and words]
    return any(words in line.quote or line.quote in words for words in matter)


def _fact(at: int, entry: Entry, line: Line, case: Case, texts: SheetTexts, own: OwnWords) -> Fact | None:
    """Make the fact of a line; a signal is one only with an observation of its own."""
    if line.kind == "signal":
        if not line.quote or _told_elsewhere(line, case):
            return None
    elif line.kind != "observation":
        return None
    words = own.quoted(line.quote, whole=line.kind == "observation")
    if not words:
        return None
    if entry.question.startswith(SEEN):
        words = texts.sections["facts"].row("asked", label=line.parts.get("label", ""), words=words)
    said = line.parts.get("when", "") if PART_OF.get(entry.question) != "when" else ""
    when = own.quoted(said, whole=True)
    return Fact(at, words, (when,) if when else (), line.parts.get("source", ""))


def _told_elsewhere(signal: Line, case: Case) -> bool:
    """Whether the words of a signal are those of another line: then they stand with that one, or were taken away."""
    others = (line for entry in case.entries for line in entry.lines if line.kind != "signal")
    return any(line.quote and (line.quote in signal.quote or signal.quote in line.quote) for line in others)


def _source_after(at: int, case: Case) -> str:
    """Return the first answer to “van wie weet je dit?” after a fact: of what was told later it says nothing."""
    answers: Iterable[Entry] = (entry for entry in case.entries[at + 1 :] if entry.question == SOURCE)
    return next((source for entry in answers if (source := _source_in(entry, case))), "")


def _source_in(entry: Entry, case: Case) -> str:
    """Return what an answer says of the source; who it was by name is never shown."""
    if "source" in entry.fields:
        return entry.fields["source"]
    present = {line.id for line in case.lines}
    return next((line.parts.get("source", "") for line in entry.lines if line.id in present), "")

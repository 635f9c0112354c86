"""Takes what the user told into the case: lines for the fact list, hints at facts, signals that may fit."""

from __future__ import annotations

import re

from bot.analysis import Analysis
from bot.case.choosing import NEGATIONS
from bot.case.record import Case, Entry, Line
from bot.case.tools import Tools, folded

SIGNAL = "signal:"
ADDED = "aanvulling"
_TAKEN_BACK = re.compile(r"\b(?:niet|nooit) (?:gezegd|beweerd|geschreven|waar)\b|\bklopt niet\b")
PLAIN = 0.9  # the score that the analysis gives to words that match a pattern; likeness to an example stays below it


def told(case: Case, question: str, text: str, tools: Tools, *, asked: str = "Wat je vertelde") -> Entry:
    """Make the entry for a piece of story; nothing in it is taken for granted but that it was said."""
    return with_story(Entry(question=question, asked=asked, answer=text), case, text, tools)


def with_story(entry: Entry, case: Case, text: str, tools: Tools) -> Entry:
    """Return the entry with what its words tell beside the answer itself: lines and hints."""
    analysis = tools.analyser.analyse(text)
    ids = case.new_line_ids(len(analysis.statements))
    lines = [
        Line(id=line_id, kind=statement.kind, quote=statement.quote, parts=dict(statement.parts))
        for line_id, statement in zip(ids, analysis.statements, strict=True)
    ]
    return entry.model_copy(update={"lines": lines, "hints": _hints(analysis)})


def quoted(case: Case, text: str, tools: Tools) -> Case:
    """Add words of the client that the user passed on: what “ik” says in them is said by the client, no own feeling."""
    entry = told(case, ADDED, text, tools)
    said = [
        line.model_copy(update={"kind": "observation", "parts": {**line.parts, "source": "client"}})
        for line in entry.lines
    ]
    return case.add(entry.model_copy(update={"lines": said}))


def _hints(analysis: Analysis) -> dict[str, str]:
    signals = {SIGNAL + hit.id: hit.quote for hit in analysis.signals}
    return signals | {hint.fact: hint.quote for hint in analysis.hints}


def has_story(case: Case) -> bool:
    """Whether anything was told yet that can be worked with."""
    return bool(case.lines_of("observation", "interpretation"))


def shorten(quote: str, limit: int = 140) -> str:
    """Shorten a quote at a word, so that a question stays readable."""
    flat = " ".join(quote.split()).rstrip(" .,;")
    return flat if len(flat) <= limit else flat[:limit].rsplit(" ", 1)[0] + " …"


def plain_words(text: str, tools: Tools) -> set[str]:
    """The facts that the words name outright, not those that they only resemble.

    What stands beside a denial, in a question, or in words that take it back is not outright: that is asked about.
    """
    if _TAKEN_BACK.search(text.casefold()):
        return set()
    asked = [sentence for sentence in re.findall(r"[^.!?]*[.!?]?", text) if sentence.endswith("?")]
    return {
        hint.fact
        for hint in tools.analyser.analyse(text).hints
        if hint.score >= PLAIN
        and not NEGATIONS & set(folded(hint.quote).split())
        and not any(hint.quote in sentence for sentence in asked)
    }

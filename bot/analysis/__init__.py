"""Reads what a professional wrote: which clauses are facts, readings or feelings, and what they point to.
It recognises and quotes; it never decides.

`Analyser` is imported from `bot.analysis.analyser`: what it stands on takes seconds to load."""

from bot.analysis.answers import Answer, Answers, answer_of
from bot.analysis.danger_answers import danger_signs
from bot.analysis.pronouns import PronounFinder, Pronouns, pronouns
from bot.analysis.records import Analysis, ContextHit, FactHint, FormHit, Kind, SignalHit, Statement

__all__ = [
    "Analysis",
    "Answer",
    "Answers",
    "ContextHit",
    "FactHint",
    "FormHit",
    "Kind",
    "PronounFinder",
    "Pronouns",
    "SignalHit",
    "Statement",
    "answer_of",
    "danger_signs",
    "pronouns",
]

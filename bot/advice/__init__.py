"""Weighs a case by the decision tables in `data/advice/`: pure, it knows no clock and reads no file after loading.
It tells which rows hold, with their sources; the professional decides."""

from bot.advice.advice import Advice
from bot.advice.conditions import ConditionError
from bot.advice.decision import Decision
from bot.advice.explain import explain
from bot.advice.explanation import Explanation, Names
from bot.advice.loading import load_tables
from bot.advice.markdown import as_markdown
from bot.advice.records import OUTCOMES, SETUPS, Choice, Fact, FixedText, Question, SourceRef
from bot.advice.request import (
    CLIENT_ROLES,
    FACTS,
    GROUPS,
    PROFESSIONS,
    AdviceInputError,
    AdviceRequest,
    parse_request,
)
from bot.advice.tables import Tables
from bot.advice.wording import PLACEHOLDERS, fill

__all__ = [
    "CLIENT_ROLES",
    "FACTS",
    "GROUPS",
    "OUTCOMES",
    "PLACEHOLDERS",
    "PROFESSIONS",
    "SETUPS",
    "Advice",
    "AdviceInputError",
    "AdviceRequest",
    "Choice",
    "ConditionError",
    "Decision",
    "Explanation",
    "Fact",
    "FixedText",
    "Names",
    "Question",
    "SourceRef",
    "Tables",
    "as_markdown",
    "explain",
    "fill",
    "load_tables",
    "parse_request",
]

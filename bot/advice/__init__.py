"""Weighs a case by the decision tables in `data/advice/`: pure, it knows no clock and reads no file after loading.
It tells which rows hold, with their sources; the professional decides."""

from bot.advice.advice import Advice
from bot.advice.checklists import items_for, lines_for
from bot.advice.checks import check_placeholders
from bot.advice.conditions import Condition, ConditionError, View, Vocabulary
from bot.advice.decision import Decision
from bot.advice.explain import explain
from bot.advice.explanation import Explanation, Names
from bot.advice.loading import load_tables
from bot.advice.markdown import as_markdown
from bot.advice.records import (
    OUTCOMES,
    PLAN_PARTS,
    SETUPS,
    Checklist,
    ChecklistItem,
    Choice,
    Fact,
    FixedText,
    Question,
    SourceRef,
)
from bot.advice.request import (
    CLIENT_ROLES,
    FACTS,
    GROUPS,
    PROFESSIONS,
    AdviceInputError,
    AdviceRequest,
    parse_request,
)
from bot.advice.sound import first_hidden
from bot.advice.tables import Tables
from bot.advice.wording import PLACEHOLDERS, fill

__all__ = [
    "CLIENT_ROLES",
    "FACTS",
    "GROUPS",
    "OUTCOMES",
    "PLACEHOLDERS",
    "PLAN_PARTS",
    "PROFESSIONS",
    "SETUPS",
    "Advice",
    "AdviceInputError",
    "AdviceRequest",
    "Checklist",
    "ChecklistItem",
    "Choice",
    "Condition",
    "ConditionError",
    "Decision",
    "Explanation",
    "Fact",
    "FixedText",
    "Names",
    "Question",
    "SourceRef",
    "Tables",
    "View",
    "Vocabulary",
    "as_markdown",
    "check_placeholders",
    "explain",
    "fill",
    "first_hidden",
    "items_for",
    "lines_for",
    "load_tables",
    "parse_request",
]

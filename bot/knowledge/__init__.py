"""The knowledge base: what editors wrote about partner violence, with sources, and the search in it.
Others use only the names that stand here."""

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.catalogue import (
    Citable,
    check,
    load_citable,
    load_forms,
    load_kinds,
    load_organisations,
    load_signals,
    load_sources,
)
from bot.knowledge.changes import Change, Changes
from bot.knowledge.citing import check_citations
from bot.knowledge.coverage import Coverage, measure_coverage
from bot.knowledge.gaps import Gap, forget_questions, read_gaps
from bot.knowledge.history import Standing, read_standings
from bot.knowledge.loading import diff, load, read_digest
from bot.knowledge.records import (
    Answer,
    Citation,
    Document,
    Form,
    Hit,
    KnowledgeError,
    LoadReport,
    Organisation,
    Reference,
    Signal,
    Source,
    Topic,
)
from bot.knowledge.thumbs import Thumbs, read_thumbs
from bot.knowledge.totals import Totals, forget_totals, read_totals
from bot.yamlfile import DataFileError

__all__ = [
    "Answer",
    "Change",
    "Changes",
    "Citable",
    "Citation",
    "Coverage",
    "DataFileError",
    "Document",
    "Form",
    "Gap",
    "Hit",
    "KnowledgeBase",
    "KnowledgeError",
    "LoadReport",
    "Organisation",
    "Reference",
    "Signal",
    "Source",
    "Standing",
    "Thumbs",
    "Topic",
    "Totals",
    "check",
    "check_citations",
    "diff",
    "forget_questions",
    "forget_totals",
    "load",
    "load_citable",
    "load_forms",
    "load_kinds",
    "load_organisations",
    "load_signals",
    "load_sources",
    "measure_coverage",
    "read_digest",
    "read_gaps",
    "read_standings",
    "read_thumbs",
    "read_totals",
]

"""The knowledge base: what editors wrote about partner violence, with sources, and the search in it.
Others use only the names that stand here."""

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.catalogue import check, load_forms, load_organisations, load_signals, load_sources
from bot.knowledge.loading import load, read_digest
from bot.knowledge.records import (
    Answer,
    Citation,
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
from bot.yamlfile import DataFileError

__all__ = [
    "Answer",
    "Citation",
    "DataFileError",
    "Form",
    "Hit",
    "KnowledgeBase",
    "KnowledgeError",
    "LoadReport",
    "Organisation",
    "Reference",
    "Signal",
    "Source",
    "Topic",
    "check",
    "load",
    "load_forms",
    "load_organisations",
    "load_signals",
    "load_sources",
    "read_digest",
]

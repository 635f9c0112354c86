"""What the knowledge consists of, as frozen records: read from files, kept in the database, handed to others.
They hold text and sources only; nothing here searches, reads or stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.knowledge.changes import Changes

Role = Literal["victim", "perpetrator"]
AnswerKind = Literal["one", "choice", "none"]


class KnowledgeError(Exception):
    """Something of the knowledge cannot be had."""


@dataclass(frozen=True)
class Source:
    """A text or public page that claims rest on."""

    id: str
    title: str
    publisher: str
    year: int | None
    url: str | None
    checked: date
    note: str | None = None


@dataclass(frozen=True)
class Chapter:
    """A section of what the knowledge is made from: the text that it stands in, its heading, what it is cited as."""

    text: str
    name: str
    sources: frozenset[str]


@dataclass(frozen=True)
class Reference:
    """A place in a source: its id and the section."""

    id: str
    section: str


@dataclass(frozen=True)
class Citation:
    """A reference with what a reader needs to find the source."""

    id: str
    title: str
    section: str
    year: int | None
    url: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as the contract of the API has it."""
        return {"id": self.id, "title": self.title, "section": self.section, "year": self.year, "url": self.url}


@dataclass(frozen=True)
class Document:
    """A source and the places in it that a topic rests on."""

    title: str
    year: int | None
    url: str | None
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """One subject: a short answer, more for who wants it, and ways in which people ask for it.

    `kind` is the file that it comes from: `topics`, or another kind that is told as a topic.
    """

    id: str
    kind: str
    title: str
    short: str
    more: str | None
    doubt: str | None
    sources: tuple[Citation, ...]
    related: tuple[str, ...]
    audience: tuple[str, ...]
    review: date
    questions: tuple[str, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """Each source that is cited once, with its sections in the order of the citations."""
        sections: dict[str, dict[str, None]] = {}
        for cited in self.sources:
            sections.setdefault(cited.id, {})[cited.section] = None
        first = {cited.id: cited for cited in reversed(self.sources)}
        return tuple(Document(first[id].title, first[id].year, first[id].url, tuple(sections[id])) for id in sections)


@dataclass(frozen=True)
class Signal:
    """A known signal, with how professionals write it and the question that confirms it."""

    id: str
    role: Role
    label: str
    ask: str
    phrasings: tuple[str, ...]
    source: Reference


@dataclass(frozen=True)
class Form:
    """A form of violence."""

    id: str
    label: str
    description: str
    phrasings: tuple[str, ...]
    sources: tuple[Reference, ...]


@dataclass(frozen=True)
class Organisation:
    """Where people can turn to."""

    id: str
    name: str
    phone: str | None
    url: str | None
    hours: str | None
    text: str
    sources: tuple[Reference, ...]
    checked: date


@dataclass(frozen=True)
class WordRules:
    """How a question is read: written forms to the usual term, words without content, words that point back,
    how a question that leans begins, and what questions look like that belong elsewhere."""

    synonyms: Mapping[str, str]
    stopwords: frozenset[str]
    pointers: frozenset[str]
    openings: frozenset[str] = frozenset()
    elsewhere: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it, always in the same order."""
        return {
            "synonyms": dict(sorted(self.synonyms.items())),
            "stopwords": sorted(self.stopwords),
            "pointers": sorted(self.pointers),
            "openings": sorted(self.openings),
            "elsewhere": list(self.elsewhere),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> WordRules:
        """Make it from what `as_dict` returned."""
        stopwords, pointers = frozenset(data["stopwords"]), frozenset(data["pointers"])
        openings, elsewhere = frozenset(data.get("openings", ())), tuple(data.get("elsewhere", ()))
        return cls(dict(data["synonyms"]), stopwords, pointers, openings, elsewhere)


@dataclass(frozen=True)
class Hit:
    """A topic that fits a question; `score` runs from 0 to 1 and says how well."""

    topic: Topic
    score: float

    def as_dict(self) -> dict[str, Any]:
        """Return one result of GET /api/knowledge/search."""
        return {
            "topic": self.topic.id,
            "kind": self.topic.kind,
            "title": self.topic.title,
            "answer": self.topic.short,
            "more": self.topic.more,
            "doubt": self.topic.doubt,
            "score": round(self.score, 3),
            "sources": [citation.as_dict() for citation in self.topic.sources],
        }


@dataclass(frozen=True)
class Answer:
    """What to do with a question: give the one topic, let choose among a few, or say that there is none."""

    kind: AnswerKind
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class LoadReport:
    """What a load did; `changed` is False when the database already held exactly this."""

    changed: bool
    digest: str
    changes: Changes

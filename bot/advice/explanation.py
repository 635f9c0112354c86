"""The tables laid out for people, as plain records: what Markdown and the page are both made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Source(Protocol):
    """What a reader needs to find a source."""

    @property
    def title(self) -> str:
        """Return who made it and what it is called."""

    @property
    def year(self) -> int | None:
        """Return the year, when it is known."""

    @property
    def url(self) -> str | None:
        """Return where it can be read, when that is known."""


@dataclass(frozen=True)
class Names:
    """What others call the outcomes, the decisions and the professions, by id."""

    outcome: Mapping[str, str]
    report: Mapping[str, str]
    help: Mapping[str, str]
    profession: Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """One sentence, and when it is said if not always."""

    text: str
    only_if: str = ""


@dataclass(frozen=True)
class Detail:
    """Something of a rule under a heading of its own."""

    label: str
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class Cited:
    """A place in a source, so that it can be looked up."""

    title: str
    section: str
    year: int | None
    url: str | None


@dataclass(frozen=True)
class Answered:
    """Who answers for a rule, until when, and whether that was signed."""

    role: str
    due: str
    signed: bool
    text: str


@dataclass(frozen=True)
class Rule:
    """One row of a table."""

    anchor: str
    id: str
    title: str
    details: tuple[Detail, ...]
    sources: tuple[Cited, ...] = ()
    review: Answered | None = None


@dataclass(frozen=True)
class Section:
    """One table."""

    anchor: str
    title: str
    text: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Signature:
    """How many rows one role answers for, and how many of them it signed."""

    role: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """All tables, laid out."""

    title: str
    intro: tuple[str, ...]
    reading: tuple[str, ...]
    version: str
    signed: bool
    notice: str
    must_sign: str
    signatures: tuple[Signature, ...]
    sections: tuple[Section, ...]
    labels: Mapping[str, str]

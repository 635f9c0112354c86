"""The rows of the tables in `data/advice/`, as plain records: what editors wrote, checked and read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.advice.conditions import Condition, View

OUTCOMES = ("call_112", "acute_contact", "honour_expert", "report", "ask_advice_now", "consult", "observe")
SETUPS = (
    "no_talk_now", "victim_only", "child_first", "perpetrator_only", "victim_first", "apart", "apart_first",
    "with_specialist", "together_possible",
)  # fmt: skip
# From most to least; the expert comes first, because with honour nothing is decided without one.
REPORTS = ("with_expert", "after_112", "necessary", "discuss_now", "ask_first", "not_now")
HELPS = ("with_veilig_thuis", "organise_and_follow", "unknown")
STATUSES = ("done", "now", "todo")


@dataclass(frozen=True)
class SourceRef:
    """Points at a section of a source in `data/knowledge/sources.yml`."""

    id: str
    section: str

    def as_dict(self) -> dict[str, str]:
        """Return the form of the contract."""
        return {"id": self.id, "section": self.section}


@dataclass(frozen=True)
class Line:
    """One sentence or paragraph, said when its condition holds."""

    text: str
    when: Condition


@dataclass(frozen=True)
class Fact:
    """A fact of a case: its group, the value that keeps people safest, its short Dutch name, and its sentence."""

    name: str
    group: str
    safest: str
    label: str
    statement: str


@dataclass(frozen=True)
class Review:
    """Who answers for a row, until when it may be used unread, and whether it was signed."""

    role: str
    due: str
    signed: bool


@dataclass(frozen=True)
class Vouched:
    """What a row rests on, and who answers for it."""

    sources: tuple[SourceRef, ...]
    review: Review


@dataclass(frozen=True)
class Meaning:
    """A word of the tables: its Dutch name, what it means, and the condition that it stands for."""

    word: str
    label: str
    meaning: str
    when: Condition


@dataclass(frozen=True)
class LevelRule:
    """A row of the level table: when it holds, what follows, and why."""

    id: str
    label: str
    nr: int
    when: Condition
    otherwise: bool
    outcome: str
    stricter: tuple[tuple[Condition, str], ...]
    report: str
    help: str
    text: tuple[Line, ...]
    steps: tuple[Line, ...]
    organisation: tuple[str, ...]
    sources: tuple[SourceRef, ...]
    review: Review

    def outcome_for(self, view: View) -> str:
        """Return the outcome of this row for one case; some professions owe more."""
        return next((outcome for when, outcome in self.stricter if when.holds(view)), self.outcome)


@dataclass(frozen=True)
class Caution:
    """Something to mind beside the level, whatever the level is."""

    id: str
    label: str
    nr: int
    when: Condition
    text: tuple[Line, ...]
    sources: tuple[SourceRef, ...]
    review: Review


@dataclass(frozen=True)
class SetupRule:
    """A row of the setup table."""

    id: str
    label: str
    nr: int
    when: Condition
    setup: str
    text: str
    sources: tuple[SourceRef, ...]
    review: Review


@dataclass(frozen=True)
class Plan:
    """How to talk in one setup: lists of lines by part, the first opening that fits, and a stop sentence."""

    setup: str
    label: str
    parts: Mapping[str, tuple[Line, ...]]
    opening: tuple[Line, ...]
    stop: tuple[Line, ...]
    sources: tuple[SourceRef, ...]
    review: Review


@dataclass(frozen=True)
class MeldcodeStep:
    """A step of the meldcode: when it is done or due, and what is said then."""

    step: int
    label: str
    done: Condition
    now: Condition
    texts: Mapping[str, tuple[Line, ...]]
    sources: tuple[SourceRef, ...]
    review: Review


@dataclass(frozen=True)
class Noted:
    """A text with a condition: extra checks, duties, reasons to offer a person, decisions across all rows."""

    id: str
    label: str
    when: Condition
    text: str
    sources: tuple[SourceRef, ...]
    review: Review


@dataclass(frozen=True)
class Choice:
    """An answer to a question, with the facts that it settles and what is said after it."""

    title: str
    facts: Mapping[str, str]
    reply: str = ""


@dataclass(frozen=True)
class Question:
    """A question of the weighing. With `multiple` more than one choice may be ticked; their facts add up."""

    id: str
    facts: tuple[str, ...]
    text: str
    why: str
    choices: tuple[Choice, ...]
    asked_when: Condition
    part: str
    urgent: bool
    multiple: bool


@dataclass(frozen=True)
class FixedText:
    """A text that is always said in the same words, with the answers to choose from, if any."""

    id: str
    text: str
    choices: tuple[Choice, ...]
    sources: tuple[SourceRef, ...]


class _Reviewed(Protocol):
    """A row for which someone answers."""

    @property
    def review(self) -> Review: ...


@dataclass(frozen=True)
class TableData:
    """All tables, read and checked."""

    version: str
    facts: Mapping[str, Fact]
    levels: tuple[LevelRule, ...]
    level_fallback: LevelRule
    report_with_expert: Noted
    help_unless: Noted
    person: tuple[Noted, ...]
    cautions: tuple[Caution, ...]
    setups: tuple[SetupRule, ...]
    setup_fallback: SetupRule
    plans: Mapping[str, Plan]
    every_plan: Vouched
    meldcode: tuple[MeldcodeStep, ...]
    checks: tuple[Noted, ...]
    duties: tuple[Noted, ...]
    questions: tuple[Question, ...]
    limits: Mapping[str, Mapping[str, int]]
    texts: Mapping[str, FixedText]
    words: Mapping[str, str]
    glossary: tuple[Meaning, ...]
    explanation: Mapping[str, Any]
    organisation: Mapping[str, str]
    organisation_labels: Mapping[str, str]

    @property
    def reviews(self) -> tuple[Review, ...]:
        """Return who answers for each row, for every row of every table."""
        rows: tuple[_Reviewed, ...] = (
            *self.levels, *self.cautions, *self.setups, *self.plans.values(), *self.meldcode, *self.checks,
            *self.duties, *self.person, self.level_fallback, self.setup_fallback, self.report_with_expert,
            self.help_unless, self.every_plan,
        )  # fmt: skip
        return tuple(row.review for row in rows)

    @property
    def signed(self) -> bool:
        """Tell whether every row was signed by those who answer for it."""
        return all(review.signed for review in self.reviews)

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
# The parts of a plan, in the order in which they are told, with how many lines of each at most: short wins.
PLAN_PARTS: Mapping[str, int] = {
    "who": 3, "joins": 3, "interpreter": 3, "not_with": 3, "order": 3, "time": 3, "place": 3, "invite": 3,
    "children": 3, "own_safety": 3, "opening": 1, "questions": 7, "methods": 2, "avoid": 4, "stop": 1, "unsafe": 3,
    "close": 3, "record": 3,
}  # fmt: skip


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
    """How to talk in one setup, or what all setups share: lines by part, and the heads under which they are told."""

    setup: str
    label: str
    heads: Mapping[str, str]
    parts: Mapping[str, tuple[Line, ...]]
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
class Pattern:
    """A form of violence or a family profile that a story may fit; it decides nothing and is never a label.

    `told` names what in someone's own words points there: forms, signals and contexts that the analysis recognises.
    """

    id: str
    kind: str
    label: str
    covers: tuple[str, ...]
    when: Condition
    told: tuple[str, ...]
    reasons: tuple[Line, ...]
    against: tuple[Line, ...]
    so: tuple[Line, ...]
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
    """A question of the weighing. With `multiple` more than one choice may be ticked; their facts add up.

    What is answered to one that `may_change` can be otherwise after a talk.
    """

    id: str
    facts: tuple[str, ...]
    text: str
    why: str
    choices: tuple[Choice, ...]
    asked_when: Condition
    part: str
    urgent: bool
    multiple: bool
    may_change: bool = False


@dataclass(frozen=True)
class ChecklistItem:
    """One item of a list that is walked: what is asked, why, what is not certain, and with whom it is arranged
    (the first line that holds)."""

    id: str
    label: str
    text: tuple[Line, ...]
    why: str
    doubt: str
    with_whom: tuple[Line, ...]
    when: Condition
    sources: tuple[SourceRef, ...]


@dataclass(frozen=True)
class Checklist:
    """A list with the words by which it is recognised, the names of its answers, and what is said around it."""

    id: str
    label: str
    words: tuple[str, ...]
    answers: Mapping[str, str]
    intro: tuple[Line, ...]
    close: tuple[Line, ...]
    items: tuple[ChecklistItem, ...]
    review: Review

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """Return the sources of all items, each once."""
        return tuple(dict.fromkeys(source for item in self.items for source in item.sources))


@dataclass(frozen=True)
class FixedText:
    """A text that is always said in the same words, with the answers to choose from, if any, and those that are no
    choice but can be typed."""

    id: str
    text: str
    choices: tuple[Choice, ...]
    typed: tuple[Choice, ...]
    sources: tuple[SourceRef, ...]

    @property
    def answers(self) -> tuple[Choice, ...]:
        """Return every answer: the choices, and after them what can only be typed."""
        return (*self.choices, *self.typed)


class Row(Protocol):
    """A row of any table, whatever else it holds."""

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """Return where it comes from."""

    @property
    def review(self) -> Review:
        """Return who answers for it."""


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
    every_plan: Plan
    methods: tuple[Noted, ...]
    meldcode: tuple[MeldcodeStep, ...]
    checks: tuple[Noted, ...]
    duties: tuple[Noted, ...]
    patterns: tuple[Pattern, ...]
    pattern_says: Mapping[str, str]
    questions: tuple[Question, ...]
    limits: Mapping[str, Mapping[str, int]]
    checklists: tuple[Checklist, ...]
    texts: Mapping[str, FixedText]
    words: Mapping[str, str]  # what each placeholder is filled with, unless someone chose another word
    impersonal: Mapping[str, str]  # those of the organisation, as when nothing is known of it
    glossary: tuple[Meaning, ...]
    explanation: Mapping[str, Any]

    def plan_lines(self, setup: str, part: str) -> tuple[Line, ...]:
        """Return what can be said of a part in one setup, the first things first: its own, then what all share."""
        return (*self.plans[setup].parts.get(part, ()), *self.every_plan.parts.get(part, ()))

    def plan_heads(self, setup: str) -> Mapping[str, str]:
        """Return under which head each part of a plan is told; parts may share one."""
        return {**self.every_plan.heads, **self.plans[setup].heads}

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return every row of every table."""
        return (
            *self.levels, *self.cautions, *self.setups, *self.plans.values(), *self.meldcode, *self.checks,
            *self.duties, *self.patterns, *self.person, self.level_fallback, self.setup_fallback,
            self.report_with_expert, self.help_unless, self.every_plan, *self.methods, *self.checklists,
        )  # fmt: skip

    @property
    def reviews(self) -> tuple[Review, ...]:
        """Return who answers for each row."""
        return tuple(row.review for row in self.rows)

    @property
    def signed(self) -> bool:
        """Tell whether every row was signed by those who answer for it."""
        return all(review.signed for review in self.reviews)

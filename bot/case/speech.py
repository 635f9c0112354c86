"""What Pluis says and asks, apart from how it is sent: replies by name, choices, lists to tick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.case.record import Case
from bot.case.tools import Tools


@dataclass(frozen=True)
class Choice:
    """One quick reply: its title, and the value (with the intent that carries it) that it stands for."""

    title: str
    value: str = ""
    intent: str = "keuze"


@dataclass(frozen=True)
class Row:
    """One line of what is shown, and what can be done with it where it can be pressed; there is always another way."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Say:
    """One message: a reply by name with its values, or a text of the data as it stands."""

    response: str = ""
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    custom: Mapping[str, Any] | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question of a phase: what is said, how it can be answered, and why it is asked.

    An `open` one is answered by telling: any words are its answer; with `asks`, also those that ask something.
    With `tick` several choices may be chosen.
    """

    id: str
    say: Say
    label: str
    open: bool = False
    tick: bool = False
    asks: bool = False
    why: str = ""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The answers offered."""
        return self.say.choices

    @property
    def pressable(self) -> frozenset[str]:
        """The values that can come back: of the answers, and of what can be done with a row."""
        rows = (choice for row in self.say.rows for choice in row.choices)
        return frozenset(choice.value for choice in (*self.choices, *rows) if choice.intent == "keuze")


@dataclass(frozen=True)
class Given:
    """What the user answered: text, or the value of a choice, with the intent it was understood as."""

    text: str = ""
    choice: str | None = None
    intent: str = ""


DONT_KNOW = Given(text="weet ik niet", intent="weet_niet")


@dataclass(frozen=True)
class Reaction:
    """What an answer did: the case after it, and what is said before the next question.

    One that was not understood leaves the case as it was.
    """

    case: Case
    says: tuple[Say, ...] = ()
    understood: bool = True


class Phase(Protocol):
    """One phase of the conversation: it knows its next question, and what an answer to it means.

    Every question takes “weet ik niet” (`DONT_KNOW`) for an answer, after which it is not asked again.
    """

    name: str

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Return the question to ask now; None when the phase is done."""

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take an answer to `question` into the case."""

"""What the studio hands out: plain values, apart from the tables they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from bot.practice import Dialogue, Move, Remark
from bot.studio.errors import UnknownVersionError

MOST: Final = 10**9  # versions of a dialogue
SHIPPED: Final = 0  # the number of what comes with Pluis; what trainers save counts from 1


class State(StrEnum):
    """Whether trainees can choose a dialogue, and whose it is."""

    SHIPPED = "shipped"
    DRAFT = "draft"
    PUBLISHED = "published"


_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, order=True)
class Ref:
    """A version of a dialogue. Raises UnknownVersionError for what can be none, before a database is asked for it."""

    dialogue: str
    number: int

    def __post_init__(self) -> None:
        if not self.dialogue.isprintable() or not 0 <= self.number <= MOST:
            raise UnknownVersionError

    def __str__(self) -> str:
        return f"{self.dialogue}/{self.number}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read a version as it is written. Raises UnknownVersionError."""
        dialogue, _, number = text.partition("/")
        if not dialogue or not _NUMBER.fullmatch(number):
            raise UnknownVersionError
        return cls(dialogue, int(number))


@dataclass(frozen=True)
class Listed:
    """A dialogue in the list; `published` is the version that trainees choose, `latest` the newest."""

    id: str
    title: str
    state: State
    latest: int
    published: int | None


@dataclass(frozen=True)
class Version:
    """A version without its text: who saved it (an account), when (seconds since the epoch) and with what note."""

    ref: Ref
    author: str
    at: float
    note: str
    in_play: bool


@dataclass(frozen=True)
class Line:
    """A line of the difference between two texts: `kind` is `-` (only in the old), `+` (only in the new) or a space;
    with its number in each text that has it."""

    kind: str
    text: str
    old: int | None
    new: int | None


@dataclass(frozen=True)
class Playable:
    """What trainees can choose, and what is in play but cannot be played, with why."""

    dialogues: Mapping[Ref, Dialogue]
    left_out: Mapping[Ref, tuple[Remark, ...]] = field(default_factory=dict)

    def find(self, dialogue: str) -> Dialogue | None:
        """Return the version of a dialogue that trainees play now; None when they play none."""
        return next((found for ref, found in self.dialogues.items() if ref.dialogue == dialogue), None)

    def shipped(self) -> list[Dialogue]:
        """Return those that come with Pluis, in the order of their ids."""
        return [found for ref, found in self.dialogues.items() if ref.number == SHIPPED]

    def own(self) -> list[Dialogue]:
        """Return those of trainers, by title."""
        own = (found for ref, found in self.dialogues.items() if ref.number != SHIPPED)
        return sorted(own, key=lambda one: (one.title.casefold(), one.id))


@dataclass(frozen=True)
class Group:
    """A version in the hands of a group, open up to and including `until`; `author` is the account of its trainer."""

    id: str
    name: str
    code: str
    ref: Ref
    author: str
    until: date

    def is_open(self, today: date) -> bool:
        """Tell whether trainees can practise with the code today."""
        return today <= self.until


@dataclass(frozen=True)
class Try:
    """A finished play that was shared: `trainee` tells those of one group apart and no more; `goals` are points, and
    how many there were to get."""

    trainee: str
    number: int
    moves: tuple[Move, ...]
    ending: str
    goals: Mapping[str, tuple[int, int]]
    day: date

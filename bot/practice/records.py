"""A practice dialogue as it is read from its file: scenes in which a client speaks and a trainee answers.
Words that trainers use stay Dutch; `docs/begrippen.md` says what they mean."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

LEAST: Final = 0
MOST: Final = 10  # of every value of the state
_COMPARE: Final[Mapping[str, Callable[[int, int], bool]]] = {">=": operator.ge, "<=": operator.le, "=": operator.eq}


@dataclass(frozen=True)
class When:
    """Comparisons of values of the state, as (name, how, number); all must hold, and none always does."""

    all: tuple[tuple[str, str, int], ...] = ()

    def holds(self, values: Mapping[str, int]) -> bool:
        """Tell whether this holds for these values."""
        return all(_COMPARE[how](values[name], number) for name, how, number in self.all)

    def names(self) -> frozenset[str]:
        """Return the values that this looks at."""
        return frozenset(name for name, _, _ in self.all)


@dataclass(frozen=True)
class Line:
    """What is said or thought while `when` holds."""

    text: str
    when: When = When()


@dataclass(frozen=True)
class Client:
    """Who sits across: how she talks, what she hides and what she fears."""

    who: str
    talks: str
    hides: str
    fears: str


@dataclass(frozen=True)
class Source:
    """Where something stands: the id of a source of the knowledge, and a heading in it."""

    id: str
    section: str


@dataclass(frozen=True)
class Goal:
    """What a trainee is to learn, and where that stands."""

    id: str
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Option:
    """Something that the trainee may do: how it can sound, what it does, and where it leads."""

    id: str
    examples: tuple[str, ...]
    tags: tuple[str, ...]
    feedback: str
    to: str
    when: When = When()
    once: bool = False
    better: str = ""
    effect: Mapping[str, int] = field(default_factory=dict)
    goals: Mapping[str, int] = field(default_factory=dict)

    @property
    def worth(self) -> int:
        """Return how well this is done: its points for all goals together."""
        return sum(self.goals.values())


@dataclass(frozen=True)
class Scene:
    """A moment: what the client says and thinks, and what the trainee may do then."""

    id: str
    says: Sequence[Line]
    thinks: Sequence[Line]
    options: tuple[Option, ...]
    hint: str = ""


@dataclass(frozen=True)
class Ending:
    """How it ends: `kind` is goed, open or stop."""

    id: str
    kind: str
    says: Sequence[Line]
    thinks: Sequence[Line]
    about: str


@dataclass(frozen=True)
class Technique:
    """What a trainee can do in a line, such as asking openly, and how that lands where the script does not tell: `says`
    is what the other does then, `effect` what it changes; `better` is there for what works against."""

    id: str
    name: str
    feedback: str
    says: str
    better: str = ""
    effect: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Dialogue:
    """A whole script; `places` are its scenes and endings by id, in the order of the file. `techniques` are all that
    can be heard in a line, what weighs most first, with what this client does then."""

    id: str
    title: str
    about: str
    you: str
    minutes: int
    situation: str
    client: Client
    goals: tuple[Goal, ...]
    state: Mapping[str, int]
    begin: str
    places: Mapping[str, Scene | Ending]
    techniques: Mapping[str, Technique] = field(default_factory=dict)

    @property
    def scenes(self) -> list[Scene]:
        """Return the scenes without the endings."""
        return [place for place in self.places.values() if isinstance(place, Scene)]

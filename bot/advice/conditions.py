"""The small language in which the tables say when a row holds: a fact with a value, a word that
stands for other conditions, and `any`, `all` and `not` around them. It knows nothing of advice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

VALUES = ("yes", "no", "unknown")
_ACCEPTED: dict[str, tuple[str, ...]] = {
    **{value: (value,) for value in VALUES},
    "not_yes": ("no", "unknown"),
    "not_no": ("yes", "unknown"),
}


class ConditionError(Exception):
    """A condition cannot be read or cannot be evaluated; `path` leads to the place in the file."""

    def __init__(self, reason: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.path = reason, path


@dataclass(frozen=True)
class View:
    """All that a condition may look at: facts and fields, each by name with its value."""

    values: Mapping[str, str]

    def with_values(self, **more: str) -> View:
        """Return a view that also knows these, such as the outcome once that is decided."""
        return View({**self.values, **more})


class Condition(Protocol):
    """Something that holds or does not hold for a case."""

    def holds(self, view: View) -> bool:
        """Tell whether this holds. Raises ConditionError when that cannot be told."""

    def names(self) -> frozenset[str]:
        """Return the facts and fields that this reads."""


@dataclass(frozen=True)
class Always:
    """Holds for every case: a line or row without conditions."""

    def holds(self, view: View) -> bool:
        """Hold."""
        return True

    def names(self) -> frozenset[str]:
        """Read nothing."""
        return frozenset()


@dataclass(frozen=True)
class Is:
    """The value of one fact or field is among those accepted."""

    name: str
    accepted: tuple[str, ...]
    known: tuple[str, ...] = ()

    def holds(self, view: View) -> bool:
        """Compare. Raises ConditionError on a missing value, or one that nobody knows."""
        value = view.values.get(self.name)
        if value is None or (self.known and value not in self.known):
            raise ConditionError(f"{self.name} heeft geen bruikbare waarde")
        return value in self.accepted

    def names(self) -> frozenset[str]:
        """Read one name."""
        return frozenset({self.name})


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, view: View) -> bool:
        """Try the parts in order."""
        return any(part.holds(view) for part in self.parts)

    def names(self) -> frozenset[str]:
        """Read what the parts read."""
        return frozenset().union(*(part.names() for part in self.parts))


@dataclass(frozen=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, view: View) -> bool:
        """Try the parts in order."""
        return all(part.holds(view) for part in self.parts)

    def names(self) -> frozenset[str]:
        """Read what the parts read."""
        return frozenset().union(*(part.names() for part in self.parts))


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Condition

    def holds(self, view: View) -> bool:
        """Turn the part round."""
        return not self.part.holds(view)

    def names(self) -> frozenset[str]:
        """Read what the part reads."""
        return self.part.names()


@dataclass(frozen=True)
class Word:
    """A word of the tables, which stands for the condition behind it; kept, so that a row can be told in words."""

    word: str
    stands_for: Condition

    def holds(self, view: View) -> bool:
        """Hold when the condition does."""
        return self.stands_for.holds(view)

    def names(self) -> frozenset[str]:
        """Read what the condition reads."""
        return self.stands_for.names()


@dataclass(frozen=True)
class Vocabulary:
    """The names that conditions may use: facts, fields with their values, and words."""

    facts: Collection[str]
    fields: Mapping[str, Collection[str]]
    words: Mapping[str, Condition] = field(default_factory=dict)

    def read(self, raw: Any, path: tuple[str | int, ...] = ()) -> Condition:
        """Read one condition as it stands in a table. Raises ConditionError with the place of the fault."""
        if raw == "always":
            return Always()
        if isinstance(raw, str):
            if raw not in self.words:
                raise ConditionError(f"onbekend woord: {raw}", path)
            return Word(raw, self.words[raw])
        if not isinstance(raw, Mapping) or len(raw) != 1:
            raise ConditionError("een voorwaarde heeft één naam en één waarde", path)
        [(name, value)] = raw.items()
        return self._named(str(name), value, (*path, str(name)))

    def _named(self, name: str, value: Any, path: tuple[str | int, ...]) -> Condition:
        if name in ("any", "all"):
            if not isinstance(value, list) or not value:
                raise ConditionError(f"{name} verwacht een lijst", path)
            parts = tuple(self.read(part, (*path, index)) for index, part in enumerate(value))
            return AnyOf(parts) if name == "any" else AllOf(parts)
        if name == "not":
            return Not(self.read(value, path))
        if name in self.fields:
            wanted = value if isinstance(value, list) else [value]
            if strange := [item for item in wanted if item not in self.fields[name]]:
                raise ConditionError(f"onbekende waarde van {name}: {', '.join(map(str, strange))}", path)
            return Is(name, tuple(wanted), tuple(self.fields[name]))
        if name not in self.facts:
            raise ConditionError(f"onbekend feit: {name}", path)
        if value not in _ACCEPTED:
            raise ConditionError(f"{name} kan yes, no, unknown, not_yes of not_no zijn, niet {value}", path)
        return Is(name, _ACCEPTED[value], VALUES)

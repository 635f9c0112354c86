"""Says what differs between the knowledge as it is kept and as the files have it, per thing and per field,
so that an editor sees what a load does before and after doing it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

What = Literal["onderwerp", "bron", "woorden"]
State = Mapping[tuple[What, str], Mapping[str, Any]]

ONE_LINE = 60
_SENTENCE = re.compile(r"(?<=[.!?]) +")
_IN_FILE = {"audience": "for"}


@dataclass(frozen=True)
class Change:
    """One topic, source or list of words that is new (no `before`), gone (no `after`) or changed."""

    what: What
    id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def how(self) -> Literal["nieuw", "weg", "gewijzigd"]:
        """Say in Dutch what happened to it."""
        return "nieuw" if self.before is None else "weg" if self.after is None else "gewijzigd"

    def lines(self) -> Iterator[str]:
        """Yield per field that differs what it was and what it becomes; a text as a unified diff of its sentences."""
        before, after = self.before or {}, self.after or {}
        for field in dict.fromkeys((*before, *after)):
            old, new = _told(before.get(field)), _told(after.get(field))
            if old == new:
                continue
            name = _IN_FILE.get(field, field)
            if all(len(told) <= 1 and len("".join(told)) <= ONE_LINE for told in (old, new)):
                yield f"{name}: {''.join(old) or '(leeg)'} → {''.join(new) or '(leeg)'}"
                continue
            yield f"{name}:"
            _, _, *rest = difflib.unified_diff(old, new, n=1, lineterm="")
            yield from (f"  {line}" for line in rest)


@dataclass(frozen=True)
class Changes:
    """What differs, by kind of thing and id, and how many things are the same."""

    found: tuple[Change, ...]
    same: int

    def __bool__(self) -> bool:
        return bool(self.found)

    def __str__(self) -> str:
        count = {how: sum(change.how == how for change in self.found) for how in ("nieuw", "gewijzigd", "weg")}
        return ", ".join(f"{number} {how}" for how, number in (*count.items(), ("gelijk", self.same)))


def compare(before: State, after: State) -> Changes:
    """Say what is new, changed and gone in `after`."""
    keys = sorted({*before, *after})
    found = (Change(*key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))
    changes = tuple(found)
    return Changes(changes, len(keys) - len(changes))


def _told(value: Any) -> list[str]:
    """Write a field as lines: a text by sentence, a list by item."""
    if isinstance(value, Mapping):
        return [f"{name}: {one}" for name, one in value.items()]
    if isinstance(value, list):
        return [", ".join(str(part) for part in _parts(item) if part is not None) for item in value]
    return [part for line in str(value or "").splitlines() for part in _SENTENCE.split(line)]


def _parts(item: Any) -> Iterator[Any]:
    yield from item.values() if isinstance(item, Mapping) else (item,)

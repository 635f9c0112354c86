"""Remembers, within one conversation and in memory only, which name has which placeholder."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field

from bot.privacy.words import fold

CLIENT = "[cliënt]"
_NAME_PART = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass
class Person:
    """One person of a conversation: the parts of the name met so far."""

    placeholder: str
    parts: tuple[str, ...]
    gender: str = ""


@dataclass
class Roles:
    """The people of one conversation. Numbers only go up, so that none is used twice."""

    infixes: Set[str] = frozenset()
    next_number: int = 1
    first: int = 0  # the first number of this memory: those below it were given by an earlier one
    people: list[Person] = field(default_factory=list)

    def names(self) -> frozenset[str]:
        """Return the folded parts of all names known, long enough to recognise by themselves."""
        return frozenset(part for person in self.people for part in person.parts if len(part) > 2)

    def placeholder(self, name: str, gender: str = "", client: bool = False) -> str:
        """Return the placeholder of a name, making one for a person who is new."""
        parts = name_parts(name, self.infixes)
        person = self._find(parts, gender)
        if person is None:
            person = Person(self._new(client), parts, gender)
            self.people.append(person)
        person.parts = max(person.parts, parts, key=len)
        person.gender = person.gender or gender
        if client and person.placeholder != CLIENT and not self._has_client():
            person.placeholder = CLIENT
        return person.placeholder

    def link(self, name: str, number: int) -> None:
        """Tell that a name belongs to a number that an earlier memory gave, as the user may after a restart; what the
        name was called since is not used again. The client stays the client, and a number stays with its holder."""
        placeholder = f"[persoon {number}]"
        if number >= self.first or any(person.placeholder == placeholder for person in self.people):
            return
        parts = name_parts(name, self.infixes)
        known = self._find(parts, "")
        if known is None:
            self.people.append(Person(placeholder, parts))
        elif known.placeholder != CLIENT:
            known.placeholder = placeholder

    def start_at(self, number: int) -> None:
        """Go on at `number` at least."""
        self.first = self.first or number
        self.next_number = max(self.next_number, number)

    def _has_client(self) -> bool:
        return any(person.placeholder == CLIENT for person in self.people)

    def _new(self, client: bool) -> str:
        if client and not self._has_client():
            return CLIENT
        self.next_number += 1
        return f"[persoon {self.next_number - 1}]"

    def _find(self, parts: tuple[str, ...], gender: str) -> Person | None:
        """Return the one person who can be meant; two people taken for one is worse than one for two."""
        fits = [person for person in self.people if _same(person, parts, gender)]
        exact = [person for person in fits if person.parts == parts]
        return exact[0] if len(exact) == 1 else fits[0] if len(fits) == 1 else None


def _same(person: Person, parts: tuple[str, ...], gender: str) -> bool:
    """ "Fatima" is "Fatima El Amrani"; "meneer El Amrani" is not, nor is just "El Amrani"."""
    if gender and person.gender not in {"", gender}:
        return False
    if person.parts == parts:
        return True
    shorter, longer = sorted((set(person.parts), set(parts)), key=len)
    if not shorter <= longer:
        return False
    return person.parts[0] == parts[0] or (gender != "" and gender == person.gender)


def name_parts(name: str, infixes: Set[str]) -> tuple[str, ...]:
    """Return the folded parts of a name that tell people apart: no infixes."""
    found = tuple(fold(part) for part in _NAME_PART.findall(name))
    return tuple(part for part in found if part not in infixes) or found or (fold(name),)

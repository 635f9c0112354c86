"""Finds who is spoken of in a text, clause by clause: the people, how they are named, and who is the subject.
Meant for two people and their words; it says 'unknown' rather than guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

Gender = Literal["she", "he"]
GENDERS: tuple[Gender, ...] = ("she", "he")

_POSSESSIVE: dict[str, Gender] = {"haar": "she", "d'r": "she", "zijn": "he", "z'n": "he"}
_OWN = frozenset({"mijn", "m'n"})
_WRITER = frozenset({"ik", "we", "wij", "k", "'k"})
_RELATIVE = "die"
_TOKEN = re.compile(r"\[[^\]]*\]|['’]?\w+(?:['’-]\w+)*\.?(?=\W|$)|[.,!?;:\n]")
_MARKS = frozenset(".,!?;:\n")
_FULL_STOPS = frozenset(".!?\n")


@dataclass(frozen=True)
class Mention:
    """Someone spoken of: `owner` is whose ('haar man'), `own` a part of the body ('zijn arm'), `third` someone else."""

    at: int
    word: str
    gender: Gender | None
    object: bool = False
    own: bool = False
    owner: Gender | None = None
    third: bool = False


@dataclass(frozen=True)
class Clause:
    """The words of one clause, the people in it, and its subject, which may stand in the clause before.

    `leads_to` is the word or mark that opens the next one.
    """

    words: tuple[str, ...]
    people: tuple[Mention, ...]
    subject: Mention | None
    leads_to: str

    @property
    def others(self) -> tuple[Mention, ...]:
        """Everyone but the subject."""
        return tuple(person for person in self.people if person is not self.subject)

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of `words` stands in it."""
        return not words.isdisjoint(self.words)


@dataclass
class _Cut:
    words: list[str] = field(default_factory=list)
    opener: str = ""


class PeopleFinder:
    """Reads the words of `persons.yml`."""

    def __init__(self, persons: Mapping[str, Any]) -> None:
        self._nouns: dict[str, Gender | None] = dict.fromkeys(persons["they"])
        self._nouns |= dict.fromkeys((*persons["third"], *persons["clients"]))
        self._nouns |= {word: gender for gender in GENDERS for word in persons[gender]}
        self._subjects = {word: gender for gender in GENDERS for word in persons[f"subject_{gender}"]}
        self._objects = {word: gender for gender in GENDERS for word in persons[f"object_{gender}"]}
        partners = {*persons["partners_he"], *persons["partners_she"]}
        self._partners = frozenset(partners)
        self._third = frozenset((*persons["third"], *persons["family"]))
        self._body = frozenset(persons["body"])
        verbs = [word for name in ("harm", "harmed", "passive", "active") for word in persons[name]]
        self._after_object = frozenset((*persons["after_object"], *persons["fear"], *verbs))
        self._plural, self._opens = frozenset(persons["plural"]), frozenset(persons["opens"])
        self._dotted = frozenset(word for word in self._nouns if word.endswith("."))

    def clauses(self, text: str) -> list[Clause]:
        """Split a text into clauses with their people; a clause without a subject has that of the one before."""
        found: list[Clause] = []
        for cut, follows in pairwise([*self._cuts(text), _Cut()]):
            people = tuple(self._mentions(cut.words))
            before = found[-1] if found and cut.opener not in _FULL_STOPS else None
            found.append(Clause(tuple(cut.words), people, _subject(cut, people, before), follows.opener))
        return found

    def _cuts(self, text: str) -> list[_Cut]:
        cuts = [_Cut(opener=".")]
        for word, follows in pairwise([*self._tokens(text), ""]):
            relative = word == _RELATIVE and follows not in self._nouns
            if word in self._subjects and self._has_subject(cuts[-1].words):
                cuts.append(_Cut([word], opener=","))  # 'zij krabt hem hij duwt haar': not everyone types a mark
            elif word not in _MARKS and word not in self._opens and not relative:
                cuts[-1].words.append(word)
            elif cuts[-1].words:
                cuts.append(_Cut(opener=word))
            elif word in _FULL_STOPS or cuts[-1].opener not in _FULL_STOPS:
                cuts[-1].opener = word
        return [cut for cut in cuts if cut.words]

    def _tokens(self, text: str) -> Iterator[str]:
        for word in _TOKEN.findall(text.lower().replace("’", "'")):
            if word.endswith(".") and word != "." and word not in self._dotted:
                yield from (word.removesuffix("."), ".")
            else:
                yield word

    def _has_subject(self, words: Sequence[str]) -> bool:
        return any(word in self._subjects or word in self._nouns for word in words)

    def _mentions(self, words: Sequence[str]) -> list[Mention]:
        found = []
        for at, word in enumerate(words):
            follows = words[at + 1] if at + 1 < len(words) else ""
            mention = self._pronoun(at, word, follows, words) or self._noun(at, word, words)
            if mention:
                found.append(mention)
        return found

    def _pronoun(self, at: int, word: str, follows: str, words: Sequence[str]) -> Mention | None:
        if word in self._subjects:
            several = word != "hij" and (follows in self._plural or (at > 0 and words[at - 1] in self._plural))
            return None if several else Mention(at, word, self._subjects[word])
        if word in _POSSESSIVE and follows in self._body:
            return Mention(at, word, _POSSESSIVE[word], object=True, own=True)
        if word in self._objects and (word not in _POSSESSIVE or not follows or follows in self._after_object):
            return Mention(at, word, self._objects[word], object=True)
        return None

    def _noun(self, at: int, word: str, words: Sequence[str]) -> Mention | None:
        if word not in self._nouns and not word.startswith(("[persoon", "[cliënt")):
            return None
        near = [*words[max(0, at - 2) : at]]
        owner = next((_POSSESSIVE[one] for one in reversed(near) if one in _POSSESSIVE), None)
        own_of_writer = bool(_OWN.intersection(near)) and word in self._partners
        of_another = owner is not None and word not in self._partners
        third = word in self._third or own_of_writer or of_another
        return Mention(at, word, self._nouns.get(word), owner=owner, third=third)


def _subject(cut: _Cut, people: Sequence[Mention], before: Clause | None) -> Mention | None:
    """Return who does it: whom a relative clause is about, else the first who is named as such, else the one before."""
    if cut.opener == _RELATIVE and before and before.people:
        return before.people[-1]
    named = next((person for person in people if not person.object), None)
    if named or _WRITER.intersection(cut.words):
        writer = next((at for at, word in enumerate(cut.words) if word in _WRITER), len(cut.words))
        return named if named and named.at < writer else None
    return before.subject if before else None

"""Finds the user's own words for the person about whom she worries and for the other, so that Pluis asks with 'zij'
and 'hij' as she wrote. Taking one for the other warns the wrong person: what is not clear has no word here,
and the texts then say 'degene om wie je je zorgen maakt' and 'de ander'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.analysis.people import Clause, Gender, Mention, PeopleFinder
from bot.analysis.resources import load_checked


@dataclass(frozen=True)
class Pronouns:
    """Subject, object and possessive of the person of worry (zij, haar, haar_bez) and of the other (hij, hem, zijn).

    None where the text does not make clear who it is.
    """

    zij: str | None = None
    haar: str | None = None
    haar_bez: str | None = None
    hij: str | None = None
    hem: str | None = None
    zijn: str | None = None


_WORDS_OF: dict[Gender, tuple[str, str, str]] = {"she": ("zij", "haar", "haar"), "he": ("hij", "hem", "zijn")}
_NONE = (None, None, None)
_OPPOSITE: dict[Gender, Gender] = {"she": "he", "he": "she"}
_DENIALS = frozenset({"niet", "nooit", "geen", "nie", "niks", "niets", "nergens"})
_EACH_OTHER = frozenset({"elkaar", "mekaar"})
_WRITER = frozenset({"ik", "we", "wij"})


@dataclass
class _Votes:
    """What the clauses say: who is harmed and who does it, who is hurt, and, weaker, whose partner is spoken of.

    `alike` holds the gender of two partners of one gender.
    """

    harmed: set[Gender] = field(default_factory=set)
    other: set[Gender] = field(default_factory=set)
    hurt: set[Gender] = field(default_factory=set)
    related: set[Gender] = field(default_factory=set)
    partner: set[Gender] = field(default_factory=set)
    alike: set[Gender] = field(default_factory=set)
    same: bool = False

    def harm(self, doer: Gender | None, harmed: Gender | None) -> None:
        self.harmed |= {harmed} if harmed else set()
        self.other |= {doer} if doer else set()
        self.same |= doer is not None and doer == harmed

    def pain(self, hurt: Gender | None, feared: Gender | None = None) -> None:
        self.hurt |= {hurt} if hurt else set()
        self.other |= {feared} if feared else set()
        self.same |= feared is not None and feared == hurt


class PronounFinder:
    """Reads the words of `persons.yml` in a text."""

    def __init__(self, persons: Mapping[str, Any]) -> None:
        self._people = PeopleFinder(persons)
        self._lists = {name: frozenset(words) for name, words in persons.items()}
        he, she = self._lists["partners_he"], self._lists["partners_she"]
        self._partners, self._either = he | she, he & she
        self._violence = self._lists["harm"] | self._lists["harmed"]

    def of(self, text: str) -> Pronouns:
        """Return the words for both, as far as it is clear who is who."""
        clauses = self._people.clauses(text)
        votes = _Votes()
        for clause in clauses:
            if clause.has(self._violence):
                self._by_harm(clause, votes)
            else:
                self._by_hurt(clause, votes)
            self._by_trait(clause, votes)
            self._by_relation(clause, votes)
        worry, other = _settled(votes, [person for clause in clauses for person in clause.people])
        return Pronouns(*(_WORDS_OF[worry] if worry else _NONE), *(_WORDS_OF[other] if other else _NONE))

    def _by_harm(self, clause: Clause, votes: _Votes) -> None:
        """Hear who does harm to whom: 'hij slaat zijn vrouw', 'zij wordt door hem bedreigd'."""
        if clause.has(_EACH_OTHER | self._lists["defends"]):
            return
        doer = self._by_whom(clause) if self._is_passive(clause) else clause.subject
        harmed = clause.subject if self._is_passive(clause) else _touched(clause)
        if harmed and harmed is not doer and not harmed.third and not _of_the_rival(doer, harmed):
            votes.harm(_gender(doer, harmed), _gender(harmed, doer))

    def _is_passive(self, clause: Clause) -> bool:
        """Whether the harm is done to the subject: 'is geslagen', 'geslagen door'."""
        if not clause.has(self._lists["harmed"]) or clause.has(self._lists["active"]):
            return False
        return "door" in clause.words or clause.has(self._lists["passive"])

    @staticmethod
    def _by_whom(clause: Clause) -> Mention | None:
        door = clause.words.index("door") if "door" in clause.words else len(clause.words)
        return next((person for person in clause.people if person.at > door), None)

    def _by_trait(self, clause: Clause, votes: _Votes) -> None:
        """Hear of whom it comes when nobody else is named: 'hij is agressief'."""
        if clause.subject and self._stands_in(clause, "harmful") and not self._is_passive(clause):
            votes.harm(_gender(clause.subject, None), None)

    def _by_hurt(self, clause: Clause, votes: _Votes) -> None:
        """Hear who is injured or afraid, and of whom."""
        if self._stands_in(clause, "injury"):
            owns = next((person for person in clause.people if person.own), None)
            votes.pain(_gender(owns or next(iter(clause.people), clause.subject), None))
        elif clause.has(self._lists["dares"]) and clause.has(_DENIALS) and clause.subject:
            votes.pain(_gender(clause.subject, None))
        elif self._stands_in(clause, "fear"):
            self._by_fear(clause, votes)

    def _by_fear(self, clause: Clause, votes: _Votes) -> None:
        """Hear who is afraid of whom; 'bang dat ze weggaat' and 'bang haar te verliezen' say something else."""
        if clause.has(self._lists["makes"]):
            afraid = next(iter(clause.others), None)
            votes.pain(_gender(afraid, None), _gender(clause.subject, None) if afraid else None)
            return
        at = max(index for index, word in enumerate(clause.words) if word in self._lists["fear"])
        if clause.leads_to == "dat" or clause.words[at + 1 : at + 2] not in {(), ("voor",), ("is",), ("was",)}:
            return
        feared = next((one for one in clause.people if one.at > at), None)
        afraid = None if clause.has(_WRITER) or clause.subject is feared else clause.subject
        votes.pain(_gender(afraid, feared), _gender(feared, afraid))

    def _stands_in(self, clause: Clause, name: str) -> bool:
        """Whether a word of the list stands in the clause and is not denied."""
        at = [index for index, word in enumerate(clause.words) if word in self._lists[name]]
        return any(not _DENIALS.intersection(clause.words[max(0, index - 2) : index]) for index in at)

    def _by_relation(self, clause: Clause, votes: _Votes) -> None:
        """Hear whose partner or family does something ('haar man staat erbij'), and who is called the client.

        Of 'hij laat zijn vrouw nooit alleen' and 'zijn vrouw mag niets' it is not clear: there 'zijn' is no victim.
        """
        for person in clause.people:
            if person.owner and person.word in self._lists["family"]:
                votes.related.add(person.owner)
            elif person.owner and person.word in self._partners:
                acts = person is clause.subject and not clause.has(self._lists["cowed"])
                votes.related |= {person.owner} if acts else set()
                votes.partner |= {person.gender} if person.gender and person.word not in self._either else set()
                votes.alike |= {person.owner} if person.gender == person.owner else set()
            if person.word in self._lists["clients_she"]:
                votes.related.add("she")
        client = next((person for person in clause.people if person.word in self._lists["clients"]), None)
        if client and clause.words[client.at + 1 : client.at + 3] == ("is", "een"):
            votes.related |= {person.gender for person in clause.people if person.gender and not person.owner}


def _settled(votes: _Votes, people: Sequence[Mention]) -> tuple[Gender | None, Gender | None]:
    """Weigh what was heard; where it contradicts itself nothing is clear."""
    seen = {person.gender for person in people if person.gender and not person.third}
    worried, doer = votes.harmed | votes.hurt, _only(votes.other)
    if len(worried) > 1 or (worried & votes.other and not votes.same):
        return None, None
    if not votes.harmed and votes.hurt and votes.related and not votes.hurt & votes.related:
        return None, None  # 'haar man had krassen op zijn arm': he may be the one, or she may have fought back
    worry = _only(worried)
    if worry is None and votes.other:
        worry = _OPPOSITE[doer] if doer and _OPPOSITE[doer] in seen else None
        return (worry, doer) if worry or not votes.other & votes.alike else (None, None)
    worry = worry or _only(votes.related)
    return worry, _beside(worry, votes, people, seen) if worry else None


def _beside(worry: Gender, votes: _Votes, people: Sequence[Mention], seen: AbstractSet[Gender]) -> Gender | None:
    """Return the other: who does harm, else the partner, else the one other who is spoken of."""
    opposite = _OPPOSITE[worry]
    if votes.same or worry in votes.alike:
        return None  # two women or two men: 'zij' would be either
    if opposite in votes.other | votes.partner:
        return opposite
    return opposite if opposite in seen and not any(person.third for person in people) else None


def _touched(clause: Clause) -> Mention | None:
    """Return whom the subject does something to; 'zij slaat haar hand voor haar mond' is nobody."""
    subject = clause.subject
    own = subject.gender if subject else None
    return next((one for one in clause.others if not (one.own and one.gender == own)), None)


def _of_the_rival(doer: Mention | None, harmed: Mention) -> bool:
    """Whether 'hij bedreigde haar vriend' is meant: not one of the two."""
    return bool(doer and harmed.owner and doer.gender == harmed.gender and harmed.owner != doer.gender)


def _gender(person: Mention | None, beside: Mention | None) -> Gender | None:
    """Return someone's gender; of 'cliënt' beside 'zijn vrouw' it is that of 'zijn'. Of a third it says nothing."""
    if person is None or person.third:
        return None
    return person.gender or (beside.owner if beside else None)


def _only(genders: set[Gender]) -> Gender | None:
    return next(iter(genders)) if len(genders) == 1 else None


@lru_cache(maxsize=1)
def _default() -> PronounFinder:
    return PronounFinder(load_checked(Path(__file__).resolve().parents[2] / "data" / "analysis", "persons").data)


def pronouns(text: str) -> Pronouns:
    """Return the user's own words for both people, by the project's own `persons.yml`."""
    return _default().of(text)

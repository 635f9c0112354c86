"""Says a condition of the tables in Dutch, for people who must be able to check it: with the names of `facts.yml`,
the words of `words.yml`, and *en*, *of* and *niet* in bold. Of Markdown only links and bold are used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.advice.conditions import AllOf, Always, AnyOf, Condition, Is, Not, Word

_NUMBER = re.compile(r": \[[^\]]*\]\(tel:[^)]*\)$")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Vocabulary:
    """What facts, words, fields and their values are called."""

    facts: Mapping[str, str]
    words: Mapping[str, str]
    fields: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, str]
    always: str
    never: str

    def say(self, condition: Condition) -> str:
        """Return a condition as a piece of a sentence."""
        match condition:
            case Is(name, accepted):
                return self._named(name, accepted)
            case Word(word, _):
                return f"‘[{self.words[word]}](#{word_anchor(word)})’"
            case AnyOf(parts):
                return " **of** ".join(self._inside(part) for part in parts)
            case AllOf(parts):
                return " **en** ".join(self._inside(part) for part in parts)
            case Not(Always()):
                return self.never
            case Not(Is(name, accepted)) if name in self.fields:
                return self._named(name, accepted, " **niet**")
            case Not(part):
                return f"**niet** {self._inside(part)}"
        return self.always

    def names(self, condition: Condition) -> list[str]:
        """Return what a condition reads, by its Dutch names, in the order of the facts."""
        read = condition.names()
        return [label for name, label in {**self.facts, **self.fields}.items() if name in read]

    def _inside(self, condition: Condition) -> str:
        """Put brackets around what would read wrong without."""
        said = self.say(condition)
        return f"({said})" if isinstance(condition, AnyOf | AllOf) and len(condition.parts) > 1 else said

    def _named(self, name: str, accepted: tuple[str, ...], negation: str = "") -> str:
        if name in self.facts:
            answers = _either([self.answers[value] for value in accepted])
            return f"‘{self.facts[name]}’" if accepted == ("yes",) else f"‘{self.facts[name]}’ is {answers}"
        values = [_LINK.sub(r"\1", _NUMBER.sub("", self.values[name][value])) for value in accepted]
        return f"{self.fields[name]} is{negation} {_either([f'‘{value}’' for value in values])}"


def word_anchor(word: str) -> str:
    """Return where on the page a word is explained."""
    return f"woord-{word}"


def parts_of(condition: Condition) -> tuple[str, tuple[Condition, ...]]:
    """Split a row's condition for a list: which of the labels stands above it, and what is in it."""
    match condition:
        case AnyOf(parts) if len(parts) > 1:
            return "any", parts
        case AllOf(parts) if len(parts) > 1:
            return "all", parts
        case Always():
            return "always", ()
    return "", (condition,)


def _either(words: list[str]) -> str:
    """Join words as a choice: a, b of c."""
    return " of ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

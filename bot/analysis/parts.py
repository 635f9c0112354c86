"""Finds who does what to whom, when, where, how often, known from whom and with which effect in one clause.
Modest on purpose: enough to see what is missing, so that only that is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spacy.tokens import Span, Token

from bot.analysis.features import labels_in
from bot.analysis.labels import PART, SAID


class PartsFinder:
    """Reads the parts of an observation from patterns and lists of person words."""

    def __init__(self, persons: Mapping[str, Any], finite: Sequence[str]) -> None:
        names = ("she", "he", "they", "subject_she", "subject_he", "object_she", "object_he")
        self._people = frozenset(word for name in names for word in persons[name])
        self._objects = frozenset((*persons["object_she"], *persons["object_he"]))
        self._possessives = frozenset(persons["possessives"])
        self._body_words = frozenset(persons["body"])
        self._after_object = frozenset(persons["after_object"])
        self._finite = frozenset(finite)

    def parts(self, clause: Span) -> dict[str, str]:
        """Return the parts that stand in the clause; `source` is self, client or other, the rest are quotes."""
        found: dict[str, str] = {}
        source = self._source(clause)
        people = self._mentions(clause)
        if source in {"client", "other"} and len(people) > 1:
            people = people[1:]  # the first one tells it; the next one does it
        if people:
            found["who"] = people[0].text
        if self._has_action(clause):
            found["what"] = clause.text
        whom = people[1].text if len(people) > 1 else self._body(clause)
        if people and whom:
            found["whom"] = whom
        for name, spans in labels_in(clause, PART).items():
            found[name] = max(spans, key=lambda span: (len(span), -span.start)).text
        if source:
            found["source"] = source
        return found

    def _body(self, clause: Span) -> str | None:
        """Return 'haar keel' and the like: who is touched often stands there only."""
        for index in range(len(clause) - 1):
            if clause[index].lower_ in self._objects and clause[index + 1].lower_ in self._body_words:
                return clause[index : index + 2].text
        return None

    def _source(self, clause: Span) -> str | None:
        said = _spoken(labels_in(clause, SAID))
        if "other" in said and "client" in said:
            first = {name: min(span.start for span in said[name]) for name in ("other", "client")}
            return min(first, key=lambda name: first[name])
        return next((name for name in ("other", "client", "self") if name in said), None)

    def _has_action(self, clause: Span) -> bool:
        return any(token.lower_ in self._finite or token.lemma_.endswith("en") for token in clause) and len(clause) > 1

    def _mentions(self, clause: Span) -> list[Span]:
        """Return mentions of people in order: a person word with its possessive, or a pronoun."""
        found: list[Span] = []
        for index, token in enumerate(clause):
            if not self._is_person(token):
                continue
            if token.lower_ in self._objects and index + 1 < len(clause) and self._is_possessive(clause, index):
                continue
            start = index
            while start > 0 and clause[start - 1].lower_ in self._possessives and index - start < 2:
                start -= 1
            found.append(clause[start : index + 1])
        return found

    def _is_person(self, token: Token) -> bool:
        return token.lower_ in self._people or token.lower_.startswith(("[persoon", "[cliënt"))

    def _is_possessive(self, clause: Span, index: int) -> bool:
        """'haar arm' is a possessive when a word that is no verb, particle or end follows."""
        follows = clause[index + 1]
        plain = follows.is_alpha and follows.lower_ not in self._finite
        return plain and follows.lower_ not in self._after_object and not follows.lower_.startswith("ge")


def _spoken(said: Mapping[str, list[Span]]) -> dict[str, list[Span]]:
    """Leave out who said nothing: 'mevrouw zegt niets' is not told by her; 'ze zegt niets te weten' is."""
    silent = [span for span in said.get("silent", ()) if not _goes_on(span)]
    spoken = {
        name: [span for span in spans if name == "self" or not _touch(span, silent)]
        for name, spans in said.items()
        if name != "silent"
    }
    return {name: spans for name, spans in spoken.items() if spans}


def _goes_on(span: Span) -> bool:
    """Whether 'te …' or 'dat …' follows: then something was said after all."""
    follows = span.doc[span.end].lower_ if span.end < len(span.doc) else ""
    return follows in {"te", "dat"}


def _touch(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)

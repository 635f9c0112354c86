"""What can be proposed, as data: the fields of each kind, which its forms show and its texts are read with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Content = Mapping[str, str]  # by the name of a field; a field of lines holds one value a line

_TAKEN_OUT: Final = re.compile(r"\[[a-zé][^\]\n]{0,30}\]")  # what the privacy door puts in the place of someone


class TeachingError(Exception):
    """A proposal cannot be as it is; the message says in Dutch why, and what to do."""


class AlreadyThereError(TeachingError):
    """What is proposed stands in the files as it is."""


class Kind(StrEnum):
    """What is proposed."""

    TOPIC = "topic"  # a new topic of the knowledge
    SENTENCE = "sentence"  # a sentence by which an intent or a topic is known
    WRONG = "wrong"  # the answer of a topic is not right


class Shape(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"  # one value a line
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One field of a proposal. `review` is for who judges: who proposes may leave it to them, and does not see it."""

    name: str
    label: str
    shape: Shape
    required: bool = True
    review: bool = False
    hint: str = ""
    most: int = 500  # characters
    nobodys: bool = False  # goes to every user, so that no person of one conversation may stand in it


FIELDS: Final[Mapping[Kind, tuple[Field, ...]]] = {
    Kind.TOPIC: (
        Field("title", "Titel", Shape.LINE, most=100, nobodys=True),
        Field("short", "Antwoord, in ten hoogste 80 woorden", Shape.TEXT, most=900, nobodys=True),
        Field("questions", "Zo wordt het gevraagd", Shape.LINES, most=2000, nobodys=True,
              hint="Eén vraag per regel. Om goed te keuren zijn er vier nodig."),
        Field("related", "Verwante onderwerpen", Shape.LINES, review=True,
              hint="Ingevuld is wat dichtbij komt. Haal weg wat niet past, en zet bovenaan wat het best past."),
        Field("source", "Bron", Shape.CHOICE, review=True),
        Field("section", "Waar in de bron", Shape.LINE, review=True, most=200),
    ),
    Kind.SENTENCE: (
        Field("text", "Zin", Shape.LINE),
        Field("means", "Wat de vrager daarmee bedoelt", Shape.CHOICE),
    ),
    Kind.WRONG: (
        Field("topic", "Onderwerp", Shape.CHOICE),
        Field("what", "Wat er niet klopt", Shape.TEXT, most=1000),
        Field("better", "Zo is het antwoord beter", Shape.TEXT, required=False, most=900, nobodys=True,
              hint="Mag leeg blijven. Dan blijft het antwoord zoals het is, en komt het op de lijst om na te kijken."),
    ),
}  # fmt: skip


_ABOUT: Final = {Kind.TOPIC: "title", Kind.SENTENCE: "text", Kind.WRONG: "topic"}


def fill(kind: Kind, given: Mapping[str, str], *, review: bool = False) -> dict[str, str]:
    """Read what was filled in for a kind. Raises TeachingError that names the field; `review` asks for all fields."""
    found: dict[str, str] = {}
    for field in FIELDS[kind]:
        value = _tidy(field, given.get(field.name, ""))
        if not value and field.required and (review or not field.review):
            raise TeachingError(f"Vul ‘{field.label}’ nog in.")
        if len(value) > field.most:
            raise TeachingError(
                f"‘{field.label}’ is te lang: {len(value)} tekens, en er passen er {field.most} in. Maak het korter."
            )
        nobodys = field.nobodys or given.get("means", "").startswith("topic:")
        if review and nobodys and (person := _TAKEN_OUT.search(value)):
            raise TeachingError(f"{field.label}: haal {person[0]} eruit, want dit lezen ook anderen.")
        found[field.name] = value
    return found


def title_of(kind: Kind, content: Content) -> str:
    """Return in one line what a proposal is about."""
    return " ".join(content[_ABOUT[kind]].split())


def lines(value: str) -> list[str]:
    """Return the values of a field of lines."""
    return value.splitlines()


def _tidy(field: Field, value: str) -> str:
    if field.shape is Shape.LINES:
        return "\n".join(dict.fromkeys(line for part in value.splitlines() if (line := " ".join(part.split()))))
    if field.shape is Shape.TEXT:
        return "\n".join(line.rstrip() for line in value.strip().splitlines())
    return " ".join(value.split())

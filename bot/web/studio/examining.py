"""What the editor shows of a draft beside its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge import Citable
from bot.practice import Ending, Examined, Option, Remark, Scene, Way, best_and_worst, examine
from bot.yamlfile import DataFileError


@dataclass(frozen=True)
class Exit:
    """Where an answer leads, and how it sounds."""

    option: str
    to: str
    text: str


@dataclass(frozen=True)
class Spot:
    """A place on the map: its line in the text, what it is (scene, or how it ends), what is said, where it leads."""

    id: str
    line: int
    kind: str
    says: str
    exits: tuple[Exit, ...]


@dataclass(frozen=True)
class Map:
    """How the places hang together; the best and the worst way are places in order, with their points."""

    begin: str
    state: dict[str, int]
    spots: tuple[Spot, ...]
    best: Way | None = None
    worst: Way | None = None


@dataclass(frozen=True)
class Examination:
    """What is to be said of a draft; without a map where it cannot be read."""

    remarks: tuple[Remark, ...]
    map: Map | None = None


def examined(text: str, data: Path, name: str, citable: Callable[[], Citable]) -> Examination:
    """Look at a draft of the dialogue `name`."""
    try:
        found = examine(text, data, name, citable().fault)
    except DataFileError as error:
        return Examination((Remark(error.line, error.reason, True),))
    return Examination(found.remarks, _map(found))


def _map(found: Examined) -> Map:
    dialogue = found.dialogue
    spots = tuple(_spot(place, found.lines[name]) for name, place in dialogue.places.items())
    best, worst = best_and_worst(dialogue) or (None, None)
    return Map(dialogue.begin, dict(dialogue.state), spots, best, worst)


def _spot(place: Scene | Ending, line: int) -> Spot:
    kind, options = (place.kind, ()) if isinstance(place, Ending) else ("scene", place.options)
    return Spot(place.id, line, kind, place.says[-1].text, tuple(map(_exit, options)))


def _exit(option: Option) -> Exit:
    return Exit(option.id, option.to, option.examples[0])

"""Plays a dialogue. All that happened is the list of moves: whatever is shown follows from the script and from that,
so that one step back is one move less, and a restart is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from bot.practice.records import LEAST, MOST, Dialogue, Ending, Line, Option, Scene

MOMENTS = 3  # that are looked at again


class ScriptChangedError(Exception):
    """The moves do not fit in the script, which was changed meanwhile."""


@dataclass(frozen=True)
class Move:
    """What the trainee did in a scene: an option, in her own words where she typed them."""

    option: str
    words: str = ""


@dataclass(frozen=True)
class Position:
    """Where a dialogue stands: the place, the values, and the points for each goal."""

    place: Scene | Ending
    values: Mapping[str, int]
    points: Mapping[str, int]
    taken: frozenset[tuple[str, str]]  # scene and option, of options that are there once


@dataclass(frozen=True)
class Turn:
    """What the trainee sees now: how her last move landed, and what the client says then."""

    feedback: str
    thought: str  # what the client thought of what the trainee reacted to
    says: str
    options: tuple[Option, ...]
    ending: Ending | None = None


@dataclass(frozen=True)
class Reached:
    """What came of a goal: points, and how many the moments that she met had to give."""

    goal: str
    points: int
    of: int


@dataclass(frozen=True)
class Moment:
    """A moment to look at again: what was said, what the client thought, and how it could be said better."""

    says: str
    words: str
    thought: str
    feedback: str
    better: str


@dataclass(frozen=True)
class Result:
    """How a dialogue went."""

    ending: Ending | None
    goals: tuple[Reached, ...]
    moments: tuple[Moment, ...]


def position(dialogue: Dialogue, moves: Sequence[Move] = ()) -> Position:
    """Return where the dialogue stands after these moves. Raises ScriptChangedError."""
    here = Position(
        dialogue.places[dialogue.begin], dict(dialogue.state), {goal.id: 0 for goal in dialogue.goals}, frozenset()
    )
    for move in moves:
        here = _after(dialogue, here, _option(here, move))
    return here


def open_options(here: Position) -> tuple[Option, ...]:
    """Return what the trainee may do now, in an order that tells nothing: writers put the best first. Nothing at an
    ending."""
    if isinstance(here.place, Ending):
        return ()
    place = here.place
    fits = [
        option for option in place.options
        if option.when.holds(here.values) and (place.id, option.id) not in here.taken
    ]  # fmt: skip
    return tuple(sorted(fits, key=lambda option: crc32(f"{place.id} {option.id}".encode())))


def turn(dialogue: Dialogue, moves: Sequence[Move] = ()) -> Turn:
    """Return what is shown after these moves. Raises ScriptChangedError."""
    here = position(dialogue, moves)
    says, ending = said(here.place.says, here.values), here.place if isinstance(here.place, Ending) else None
    if not moves:
        return Turn("", "", says, open_options(here), ending)
    before = position(dialogue, moves[:-1])
    thought = said(before.place.thinks, before.values)
    return Turn(_option(before, moves[-1]).feedback, thought, says, open_options(here), ending)


def result(dialogue: Dialogue, moves: Sequence[Move]) -> Result:
    """Return how it went: each goal, and the moments that could go better, the weakest first. Raises
    ScriptChangedError."""
    here = position(dialogue)
    could: dict[str, int] = dict.fromkeys(here.points, 0)
    moments: list[tuple[int, Moment]] = []
    for move in moves:
        option, options = _option(here, move), open_options(here)
        for name in could:
            could[name] += max(0, *(each.goals.get(name, 0) for each in options))
        best = max(options, key=lambda each: each.worth)
        if option.worth < best.worth:
            moments.append((option.worth - best.worth, _moment(here, move, option, best)))
        here = _after(dialogue, here, option)
    reached = tuple(Reached(name, max(0, here.points[name]), most) for name, most in could.items())
    weakest = sorted(moments, key=lambda each: each[0])[:MOMENTS]
    ending = here.place if isinstance(here.place, Ending) else None
    return Result(ending, reached, tuple(moment for _, moment in weakest))


def said(lines: Sequence[Line], values: Mapping[str, int]) -> str:
    """Return the first line that holds; the last always does."""
    return next(line.text for line in lines if line.when.holds(values))


def _moment(here: Position, move: Move, option: Option, best: Option) -> Moment:
    return Moment(
        said(here.place.says, here.values), move.words or option.examples[0], said(here.place.thinks, here.values),
        option.feedback, option.better or best.examples[0],
    )  # fmt: skip


def _option(here: Position, move: Move) -> Option:
    found = next((option for option in open_options(here) if option.id == move.option), None)
    if found is None:
        raise ScriptChangedError(move.option)
    return found


def _after(dialogue: Dialogue, here: Position, option: Option) -> Position:
    values = {
        name: min(MOST, max(LEAST, value + option.effect.get(name, 0))) for name, value in here.values.items()
    }  # fmt: skip
    points = {name: value + option.goals.get(name, 0) for name, value in here.points.items()}
    taken = here.taken | ({(here.place.id, option.id)} if option.once else set())
    return Position(dialogue.places[option.to], values, points, taken)

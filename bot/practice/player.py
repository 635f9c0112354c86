"""Plays a dialogue. All that happened is the list of moves: whatever is shown follows from the script and from that,
so that one step back is one move less, and a restart is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from zlib import crc32

from bot.practice.records import LEAST, MOST, Dialogue, Ending, Line, Option, Scene, Technique

MOMENTS = 3  # that are looked at again
BOUNDS: Final = ((0.9, "vrij zeker"), (0.0, "waarschijnlijk"))  # of how sure it is that an answer is meant, in words


class ScriptChangedError(Exception):
    """The moves do not fit in the script, which was changed meanwhile."""


@dataclass(frozen=True)
class Move:
    """What the trainee did in a scene: an option, in her own words where she typed them, with how sure it is that she
    meant it (0 to 1). Without an option her words fit none, and what she did are the techniques in them."""

    option: str
    words: str = ""
    techniques: tuple[str, ...] = ()
    certainty: float = 1.0


@dataclass(frozen=True)
class Position:
    """Where a dialogue stands: the place, the values, and the points for each goal."""

    place: Scene | Ending
    values: Mapping[str, int]
    points: Mapping[str, int]
    taken: frozenset[tuple[str, str]]  # scene and option, of options that are there once


@dataclass(frozen=True)
class Turn:
    """What the trainee sees now: how her last move landed, and what the client says then; `understood` is how an option
    sounds that she meant in words of her own, and `sure` tells in words how sure that is."""

    feedback: str
    thought: str  # what the client thought of what the trainee reacted to
    says: str
    options: tuple[Option, ...]  # that are open, or which she may have meant
    ending: Ending | None = None
    hint: str = ""
    words: str = ""  # what was said or chosen last
    understood: str = ""
    sure: str = ""
    changed: bool = False  # the script was, so that what was done last is left out


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
    """How a dialogue went; `techniques` is how often each was heard in what she typed."""

    ending: Ending | None
    goals: tuple[Reached, ...]
    moments: tuple[Moment, ...]
    techniques: Mapping[str, int]


def position(dialogue: Dialogue, moves: Sequence[Move] = ()) -> Position:
    """Return where the dialogue stands after these moves. Raises ScriptChangedError."""
    *_, here = positions(dialogue, moves)
    return here


def positions(dialogue: Dialogue, moves: Sequence[Move]) -> Iterator[Position]:
    """Yield where the dialogue stands before each of the moves, and after the last. Raises ScriptChangedError."""
    here = Position(
        dialogue.places[dialogue.begin], dict(dialogue.state), {goal.id: 0 for goal in dialogue.goals}, frozenset()
    )
    yield here
    for move in moves:
        here = _after(dialogue, here, move)
        yield here


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


def after(dialogue: Dialogue, here: Position, option: Option) -> Position:
    """Return where the dialogue stands after an option that is open."""
    points = {name: value + option.goals.get(name, 0) for name, value in here.points.items()}
    taken = here.taken | ({(here.place.id, option.id)} if option.once else set())
    return Position(dialogue.places[option.to], _changed(here.values, option.effect), points, taken)


def turn(dialogue: Dialogue, moves: Sequence[Move] = ()) -> Turn:
    """Return what is shown after these moves. Raises ScriptChangedError."""
    here = position(dialogue, moves)
    now = Turn("", "", said(here.place.says, here.values), open_options(here))
    now = replace(now, ending=here.place) if isinstance(here.place, Ending) else replace(now, hint=here.place.hint)
    if not moves:
        return now
    last = moves[-1]
    if not last.option:
        landed = _technique(dialogue, last)
        return replace(now, feedback=landed.feedback, says=landed.says, words=last.words)
    before = position(dialogue, moves[:-1])
    option = _option(before, last)
    now = replace(now, feedback=option.feedback, thought=said(before.place.thinks, before.values))
    if not last.words:
        return replace(now, words=option.examples[0])
    return replace(now, words=last.words, understood=option.examples[0], sure=told_sure(last.certainty))


def told_sure(certainty: float) -> str:
    """Return in words how sure it is that an answer is meant (0 to 1)."""
    return next(name for least, name in BOUNDS if certainty >= least)


def result(dialogue: Dialogue, moves: Sequence[Move]) -> Result:
    """Return how it went: each goal, and the moments that could go better, the weakest first. Raises
    ScriptChangedError."""
    here = position(dialogue)
    could: dict[str, int] = dict.fromkeys(here.points, 0)
    moments: list[tuple[int, Moment]] = []
    for move in moves:
        options = open_options(here)
        best = max(options, key=lambda each: each.worth, default=None)
        if best is None:
            raise ScriptChangedError(move.option)
        if move.option:
            for name in could:
                could[name] += max(0, *(each.goals.get(name, 0) for each in options))
        worth, moment = _looked_at(dialogue, here, move, best)
        if worth < best.worth:
            moments.append((worth - best.worth, moment))
        here = _after(dialogue, here, move)
    reached = tuple(Reached(name, max(0, here.points[name]), most) for name, most in could.items())
    weakest = sorted(moments, key=lambda each: each[0])[:MOMENTS]
    ending = here.place if isinstance(here.place, Ending) else None
    heard = Counter(name for move in moves for name in move.techniques)
    return Result(ending, reached, tuple(moment for _, moment in weakest), heard)


def said(lines: Sequence[Line], values: Mapping[str, int]) -> str:
    """Return the first line that holds; the last always does."""
    return next(line.text for line in lines if line.when.holds(values))


def _looked_at(dialogue: Dialogue, here: Position, move: Move, best: Option) -> tuple[int, Moment]:
    """Return what a move is worth, and how it looks in hindsight. Words that fit no option are worth what the best
    one is, unless they work against."""
    says, thought = said(here.place.says, here.values), said(here.place.thinks, here.values)
    if move.option:
        option = _option(here, move)
        words = move.words or option.examples[0]
        return option.worth, Moment(says, words, thought, option.feedback, option.better or best.examples[0])
    landed = _technique(dialogue, move)
    worth = best.worth - 1 if landed.better else best.worth
    return worth, Moment(says, move.words, thought, f"{landed.feedback} {landed.better}".strip(), best.examples[0])


def _option(here: Position, move: Move) -> Option:
    found = next((option for option in open_options(here) if option.id == move.option), None)
    if found is None:
        raise ScriptChangedError(move.option)
    return found


def _technique(dialogue: Dialogue, move: Move) -> Technique:
    """Return what weighs most in words that fit no option."""
    found = next((dialogue.techniques[name] for name in move.techniques if name in dialogue.techniques), None)
    if found is None:
        raise ScriptChangedError(move.words)
    return found


def _after(dialogue: Dialogue, here: Position, move: Move) -> Position:
    if isinstance(here.place, Ending):
        raise ScriptChangedError(move.option)
    if not move.option:
        return replace(here, values=_changed(here.values, _technique(dialogue, move).effect))
    return after(dialogue, here, _option(here, move))


def _changed(values: Mapping[str, int], effect: Mapping[str, int]) -> Mapping[str, int]:
    return {name: min(MOST, max(LEAST, value + effect.get(name, 0))) for name, value in values.items()}

"""Chooses walks through a dialogue, each from its beginning to an ending, so that together they do everything that can
be done. Nothing in it is chance: the same dialogue gives the same walks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from heapq import heappop, heappush
from itertools import count
from typing import Final, TypeAlias

from bot.practice.player import Position, after, open_options, position
from bot.practice.records import Dialogue, Ending, Option, Scene

Choice: TypeAlias = tuple[str, str]  # a scene, and what is done in it
Step: TypeAlias = tuple[Choice, Position]  # and where that leads
LIMIT: Final = 20_000  # positions that one search looks at; what is further away counts as not to be reached


def choices(dialogue: Dialogue) -> list[Choice]:
    """Return all that a dialogue has to choose from, in the order of its file."""
    return [(scene.id, option.id) for scene in dialogue.scenes for option in scene.options]


def chosen(dialogue: Dialogue, choice: Choice) -> Option:
    """Return the option of a choice."""
    scene, name = choice
    place = dialogue.places[scene]
    return next(option for option in (place.options if isinstance(place, Scene) else ()) if option.id == name)


def walks(dialogue: Dialogue) -> list[tuple[Choice, ...]]:
    """Return walks that together make every choice that can be made on a way to an ending; each makes as many new ones
    as it comes by, so that there are few."""
    back = _back(dialogue)
    ends = _distances(back, (name for name, place in dialogue.places.items() if isinstance(place, Ending)))
    left = {choice for choice in choices(dialogue) if chosen(dialogue, choice).to in ends}
    start, found = position(dialogue), list[tuple[Choice, ...]]()
    while steps := _collect(dialogue, start, back, left):
        onward, gone = None, list[Choice]()
        while steps and (onward := _way(dialogue, steps[-1][1], ends, _ended)) is None:
            gone.append(steps.pop()[0])  # what the values are after this lets nobody come to an ending
        if gone:  # the first of them did it; the others may do elsewhere
            left.difference_update(gone[-1:] if gone[-1] in left else gone)
        walk = tuple(choice for choice, _ in (*steps, *(onward or ())))
        if not left.isdisjoint(walk):
            found.append(walk)
            left.difference_update(walk)
    return found


def _collect(dialogue: Dialogue, here: Position, back: Mapping[str, Sequence[str]], left: Set[Choice]) -> list[Step]:
    """Return the steps of a walk to the nearest choice that is left, and on to the next, while there is one."""
    wanted, steps = set(left), list[Step]()
    while wanted:
        option = _first(dialogue, here, wanted)
        if option is None:
            near = _distances(back, dict.fromkeys(scene for scene, _ in wanted))
            way = _way(dialogue, here, near, lambda there: _first(dialogue, there, wanted) is not None)
            if way is None:
                break
            steps, here = steps + way, way[-1][1]
            continue
        choice = (here.place.id, option.id)
        here = after(dialogue, here, option)
        steps.append((choice, here))
        wanted.discard(choice)
    return steps


def _first(dialogue: Dialogue, here: Position, wanted: Set[Choice]) -> Option | None:
    """Return an open option that is wanted: one that ends the walk only when there is no other."""
    there = [option for option in open_options(here) if (here.place.id, option.id) in wanted]
    return min(there, key=lambda option: isinstance(dialogue.places[option.to], Ending), default=None)


def _ended(here: Position) -> bool:
    return isinstance(here.place, Ending)


def _way(
    dialogue: Dialogue, here: Position, near: Mapping[str, int], there: Callable[[Position], bool]
) -> list[Step] | None:
    """Return a short way to a position that will do; `near` is how far each place is from one at the least."""
    if here.place.id not in near:
        return None
    number, seen = count(), {_key(here)}
    waiting: list[tuple[int, int, int, Position, _Way]] = [(near[here.place.id], 0, next(number), here, None)]
    while waiting and len(seen) <= LIMIT:
        _, depth, _, now, way = heappop(waiting)
        if there(now):
            return _steps(way)
        for option in open_options(now):
            if option.to in near and (key := _key(then := after(dialogue, now, option))) not in seen:
                seen.add(key)
                longer = (way, ((now.place.id, option.id), then))
                heappush(waiting, (1 - depth + near[option.to], depth - 1, next(number), then, longer))
    return None


_Way: TypeAlias = "tuple[_Way, Step] | None"  # a way is the way before it, and a step


def _steps(way: _Way) -> list[Step]:
    steps: list[Step] = []
    while way:
        way, step = way
        steps.append(step)
    return steps[::-1]


def _key(here: Position) -> tuple[str, tuple[int, ...], frozenset[Choice]]:
    return here.place.id, tuple(here.values.values()), here.taken


def _back(dialogue: Dialogue) -> Mapping[str, Sequence[str]]:
    """Return from where each place is reached, whatever the values are."""
    back: dict[str, list[str]] = {name: [] for name in dialogue.places}
    for name, place in dialogue.places.items():
        for option in place.options if isinstance(place, Scene) else ():
            back[option.to].append(name)
    return back


def _distances(back: Mapping[str, Sequence[str]], goals: Iterable[str]) -> dict[str, int]:
    """Return how many steps each place is away from the nearest of `goals` at the least; not those that never come."""
    found = dict.fromkeys(goals, 0)
    waiting = list(found)
    for name in waiting:  # which grows
        for before in back[name]:
            if before not in found:
                found[before] = found[name] + 1
                waiting.append(before)
    return found

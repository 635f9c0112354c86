"""Chooses walks through a dialogue, each from its beginning to an ending, so that together they do everything that can
be done. The same dialogue gives the same walks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Final, TypeAlias

from bot.practice.player import after, open_options, position
from bot.practice.records import Dialogue, Ending, Option, Scene

Choice: TypeAlias = tuple[str, str]  # a scene, and what is done in it
ROUNDS: Final = 4  # a walk in which there are so many times more choices than in the dialogue goes round for ever
NO_NEWS: Final = 100_000  # choices since something was new, after which nothing new is looked for


def choices(dialogue: Dialogue) -> list[Choice]:
    """Return all that a dialogue has to choose from, in the order of its file."""
    return [(scene.id, option.id) for scene in dialogue.scenes for option in scene.options]


def option_of(dialogue: Dialogue, choice: Choice) -> Option:
    """Return the option of a choice. Raises KeyError when there is none."""
    place = dialogue.places[choice[0]]
    return {option.id: option for option in (place.options if isinstance(place, Scene) else ())}[choice[1]]


def walks(dialogue: Dialogue) -> list[tuple[Choice, ...]]:
    """Return walks that together make every choice that was found on a way to an ending, and few of them."""
    tried, left = list(_tried(dialogue)), set[Choice]()
    left.update(*tried)
    found: list[tuple[Choice, ...]] = []
    while left:
        best = max(tried, key=lambda walk: len(left.intersection(walk)))
        found.append(best)
        left.difference_update(best)
    return found


def _tried(dialogue: Dialogue) -> Iterator[tuple[Choice, ...]]:
    """Yield walks that each make a choice for the first time. In every scene what was done least often comes first, so
    that each walk goes where those before it did not."""
    times, met, since, all_choices = Counter[Choice](), set[Choice](), 0, len(choices(dialogue))
    chance = Random(1)  # a little of it, the same each time: walks that go round in step would miss something for ever
    while since < NO_NEWS and len(met) < all_choices:
        walk, ended = _walk(dialogue, times, ROUNDS * all_choices, chance)
        times.update(set(walk))  # once: going round and round tells nothing more
        since += len(walk) or NO_NEWS  # a dialogue that begins with its ending has nothing to choose
        if ended and not met.issuperset(walk):
            met.update(walk)
            since = 0
            yield walk


def _walk(dialogue: Dialogue, times: Counter[Choice], longest: int, chance: Random) -> tuple[tuple[Choice, ...], bool]:
    """Walk to an ending, and tell whether one was reached."""
    here, walk, now = position(dialogue), list[Choice](), times.copy()
    while not isinstance(here.place, Ending) and len(walk) < longest:
        scene = here.place.id
        option = min(open_options(here), key=lambda one: now[scene, one.id] + chance.random() * 2)
        now[scene, option.id] += 1
        walk.append((scene, option.id))
        here = after(dialogue, here, option)
    return tuple(walk), isinstance(here.place, Ending)

"""What is wrong with a dialogue that can be read: places nobody reaches, ways without an end, goals and values that do
nothing. It looks at the script as a graph, so that it stays quick however many scenes there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.practice.reading import read_dialogue
from bot.practice.records import Dialogue, Ending, Option, Scene
from bot.yamlfile import Loaded

FEWEST = 2  # endings


@dataclass(frozen=True)
class Remark:
    """Something that a trainer has to mend (`grave`), or to think about; with its line."""

    line: int
    text: str
    grave: bool


@dataclass(frozen=True)
class Way:
    """A way from the beginning to an ending, by places, and what it brings in points."""

    places: tuple[str, ...]
    points: int


def check_dialogue(path: Path, data: Path) -> list[Remark]:
    """Return what is to be said of a dialogue, in the order of its lines. Raises DataFileError where it cannot be
    read."""
    dialogue, loaded = read_dialogue(path, data)
    return sorted({*_ways(dialogue, loaded), *_goals(dialogue, loaded), *_state(dialogue, loaded),
                   *_options(dialogue, loaded)}, key=lambda remark: (remark.line, remark.text))  # fmt: skip


def best_and_worst(dialogue: Dialogue) -> tuple[Way, Way] | None:
    """Return the way with the most points and the one with the fewest, each walked without coming anywhere twice;
    None when no ending is reached."""
    order = _order(dialogue)
    found = tuple(_way(dialogue, order, better) for better in (lambda a, b: a > b, lambda a, b: a < b))
    best, worst = found
    return (best, worst) if best and worst else None


# -- ways --------------------------------------------------------------------------------------------------------------


def _ways(dialogue: Dialogue, loaded: Loaded) -> Iterator[Remark]:
    at = {name: number for number, name in enumerate(dialogue.places)}
    endings = [place for place in dialogue.places.values() if isinstance(place, Ending)]
    if len(endings) < FEWEST:
        yield Remark(loaded.line("scenes"), f"er is {len(endings)} einde; maak er ten minste {FEWEST}", True)
    reached = _reached({dialogue.begin}, lambda name: _onward(dialogue.places[name]))
    for name in dialogue.places:
        if name not in reached:
            yield Remark(
                loaded.line("scenes", at[name]), f"{name}: hier komt niemand; laat een antwoord erheen leiden", True
            )
    back: dict[str, set[str]] = {name: set() for name in dialogue.places}
    for name, place in dialogue.places.items():
        for to in _onward(place):
            back[to].add(name)
    ends = _reached({ending.id for ending in endings}, lambda name: back[name])
    for name in reached - ends:
        text = f"{name}: van hier komt niemand bij een einde; geef een antwoord dat er wel heen leidt"
        yield Remark(loaded.line("scenes", at[name]), text, True)


def _onward(place: Scene | Ending) -> set[str]:
    return {option.to for option in place.options} if isinstance(place, Scene) else set()


def _reached(begin: Iterable[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    found, waiting = set(begin), list(begin)
    while waiting:
        new = set(onward(waiting.pop())) - found
        found |= new
        waiting += new
    return found


def _order(dialogue: Dialogue) -> list[str]:
    """Return the places so that each comes after those it leads to, but for a way back."""
    done: dict[str, None] = {}
    seen, waiting = {dialogue.begin}, [(dialogue.begin, iter(sorted(_onward(dialogue.places[dialogue.begin]))))]
    while waiting:
        name, more = waiting[-1]
        following = next((to for to in more if to not in seen), None)
        if following is None:
            done[name] = None
            waiting.pop()
        else:
            seen.add(following)
            waiting.append((following, iter(sorted(_onward(dialogue.places[following])))))
    return list(done)


def _way(dialogue: Dialogue, order: list[str], better: Callable[[int, int], bool]) -> Way | None:
    found: dict[str, Way] = {}
    for name in order:
        place = dialogue.places[name]
        if isinstance(place, Ending):
            found[name] = Way((name,), 0)
            continue
        for option in place.options:
            onward = found.get(option.to)
            if onward is None or option.to == name:  # a way back, or one without an end
                continue
            points = onward.points + option.worth
            if name not in found or better(points, found[name].points):
                found[name] = Way((name, *onward.places), points)
    return found.get(dialogue.begin)


# -- goals, values and options -----------------------------------------------------------------------------------------


def _goals(dialogue: Dialogue, loaded: Loaded) -> Iterator[Remark]:
    scored = {name for option in _all(dialogue) for name, points in option.goals.items() if points > 0}
    for at, goal in enumerate(dialogue.goals):
        if goal.id not in scored:
            yield Remark(loaded.line("goals", at), f"{goal.id}: geen antwoord geeft hier punten voor", True)


def _state(dialogue: Dialogue, loaded: Loaded) -> Iterator[Remark]:
    read = {name for when in _whens(dialogue) for name in when}
    changed = {name for option in _all(dialogue) for name in option.effect}
    for name in dialogue.state:
        if name not in read:
            yield Remark(loaded.line("state", name), f"{name}: niets hangt hiervan af; gebruik het in een when", False)
        elif name not in changed:
            yield Remark(loaded.line("state", name), f"{name}: geen antwoord verandert dit", False)


def _options(dialogue: Dialogue, loaded: Loaded) -> Iterator[Remark]:
    for at, place in enumerate(dialogue.places.values()):
        if not isinstance(place, Scene):
            continue
        if len(place.options) == 1:
            yield Remark(loaded.line("scenes", at), f"{place.id}: er valt niets te kiezen", False)
        most = max(option.worth for option in place.options)
        for number, option in enumerate(place.options):
            line = loaded.line("scenes", at, "options", number)
            if option.worth < most and not option.better:
                yield Remark(line, f"{place.id}, {option.id}: een betere zin (better) ontbreekt", False)
        if always := _always_best(place):
            number = place.options.index(always)
            text = f"{place.id}, {always.id}: dit is altijd het beste, op elk punt; zo valt er niets te leren"
            yield Remark(loaded.line("scenes", at, "options", number), text, False)


def _always_best(scene: Scene) -> Option | None:
    """Return the option that is better than every other for the goals, and no worse for any value."""
    for option in scene.options:
        others = [other for other in scene.options if other is not option]
        if others and not option.when.all and all(_beats(option, other) for other in others):
            return option
    return None


def _beats(one: Option, other: Option) -> bool:
    harm: Mapping[str, int] = {"spanning": -1}  # less of it is better
    names = {*one.effect, *other.effect}
    helps = all(harm.get(name, 1) * (one.effect.get(name, 0) - other.effect.get(name, 0)) >= 0 for name in names)
    return (
        helps
        and all(one.goals.get(name, 0) >= other.goals.get(name, 0) for name in {*one.goals, *other.goals})
        and (one.worth > other.worth)
    )


def _all(dialogue: Dialogue) -> Iterator[Option]:
    return (option for scene in dialogue.scenes for option in scene.options)


def _whens(dialogue: Dialogue) -> Iterator[frozenset[str]]:
    for place in dialogue.places.values():
        yield from (line.when.names() for line in (*place.says, *place.thinks))
        if isinstance(place, Scene):
            yield from (option.when.names() for option in place.options)

"""What is wrong with a dialogue that can be read: places nobody reaches, ways without an end, goals and values that do
nothing, what never comes. It looks at the script as a graph, so that it stays quick however many scenes there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.practice.reading import dialogue_of
from bot.practice.records import LEAST, Dialogue, Ending, Line, Option, Scene, When
from bot.practice.unfinished import unfinished
from bot.practice.values import Spans, covers, impossible, reach, together
from bot.practice.wording import find_wording
from bot.yamlfile import Loaded, parse_yaml, read_yaml

FEWEST = 2  # endings
CitationFault: TypeAlias = Callable[[str, str], str | None]  # of a source and a section: what is wrong with it


@dataclass(frozen=True)
class Remark:
    """Something that a trainer has to mend (`grave`), or to think about; with its line."""

    line: int
    text: str
    grave: bool


@dataclass(frozen=True)
class Examined:
    """What was found in a text: the dialogue, what is to be said of it, and the line of each place."""

    dialogue: Dialogue
    remarks: tuple[Remark, ...]
    lines: Mapping[str, int]


@dataclass(frozen=True)
class Way:
    """A way from the beginning to an ending, by places, and what it brings in points."""

    places: tuple[str, ...]
    points: int


def check_dialogue(path: Path, data: Path, fault: CitationFault | None = None) -> list[Remark]:
    """Return what is to be said of a dialogue, in the order of its lines; of its sources only with a `fault` to ask.
    Raises DataFileError where it cannot be read."""
    loaded = read_yaml(path)
    return _check(dialogue_of(loaded, data), loaded, fault)


def check_text(text: str, data: Path, name: str, fault: CitationFault | None = None) -> list[Remark]:
    """Do as check_dialogue of what is not saved yet: the text of what will be the dialogue `name`."""
    return [*examine(text, data, name, fault).remarks]


def examine(text: str, data: Path, name: str, fault: CitationFault | None = None) -> Examined:
    """Do as check_text, and return with it the dialogue and where its places stand. Raises DataFileError."""
    loaded = parse_yaml(text, Path(f"{name}.yml"))
    dialogue = dialogue_of(loaded, data)
    lines = {place: loaded.line("scenes", at) for at, place in enumerate(dialogue.places)}
    return Examined(dialogue, tuple(_check(dialogue, loaded, fault)), lines)


def best_and_worst(dialogue: Dialogue) -> tuple[Way, Way] | None:
    """Return the way with the most points and the one with the fewest, each walked without coming anywhere twice;
    None when no ending is reached."""
    order = _order(dialogue)
    found = tuple(_way(dialogue, order, better) for better in (lambda a, b: a > b, lambda a, b: a < b))
    best, worst = found
    return (best, worst) if best and worst else None


def _check(dialogue: Dialogue, loaded: Loaded, fault: CitationFault | None) -> list[Remark]:
    spans = reach(dialogue)
    found = {
        *_ways(dialogue, loaded), *_goals(dialogue, loaded), *_state(dialogue, loaded),
        *_options(dialogue, loaded, spans), *_never(dialogue, loaded, spans), *_wording(loaded),
        *(Remark(line, text, True) for line, text in unfinished(loaded)),
    }  # fmt: skip
    if fault:
        found |= {*_sources(dialogue, loaded, fault)}
    return sorted(found, key=lambda remark: (remark.line, remark.text))


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


def _sources(dialogue: Dialogue, loaded: Loaded, fault: CitationFault) -> Iterator[Remark]:
    for at, goal in enumerate(dialogue.goals):
        for number, source in enumerate(goal.sources):
            if reason := fault(source.id, source.section):
                yield Remark(loaded.line("goals", at, "sources", number), reason, True)


def _options(dialogue: Dialogue, loaded: Loaded, spans: Spans) -> Iterator[Remark]:
    for at, place in enumerate(dialogue.places.values()):
        if not isinstance(place, Scene):
            continue
        if len(place.options) == 1:
            yield Remark(loaded.line("scenes", at), f"{place.id}: er valt niets te kiezen", False)
        if not place.hint:
            yield Remark(loaded.line("scenes", at), f"{place.id}: er is geen tip; geef er een (hint)", False)
        for number, option in enumerate(place.options):
            others = [
                other for other in place.options
                if other is not option and together(option.when, other.when, spans)
            ]  # fmt: skip
            here = f"{place.id}, {option.id}"
            line = loaded.line("scenes", at, "options", number)
            if not option.better and any(other.worth > option.worth for other in others):
                yield Remark(line, f"{here}: een betere zin (better) ontbreekt", False)
            if others and not option.when.all and all(_beats(option, other) for other in others):
                yield Remark(line, f"{here}: dit is altijd het beste, op elk punt; zo valt er niets te leren", False)


def _beats(one: Option, other: Option) -> bool:
    harm: Mapping[str, int] = {"spanning": -1}  # less of it is better
    names = {*one.effect, *other.effect}
    helps = all(harm.get(name, 1) * (one.effect.get(name, 0) - other.effect.get(name, 0)) >= 0 for name in names)
    return (
        helps
        and all(one.goals.get(name, 0) >= other.goals.get(name, 0) for name in {*one.goals, *other.goals})
        and (one.worth > other.worth)
    )


# -- what never comes, and texts ---------------------------------------------------------------------------------------


def _never(dialogue: Dialogue, loaded: Loaded, spans: Spans) -> Iterator[Remark]:
    for at, place in enumerate(dialogue.places.values()):
        for part, lines in (("says", place.says), ("thinks", place.thinks)):
            for number in range(len(lines)):
                if reason := _unsaid(lines, number, spans):
                    yield Remark(loaded.line("scenes", at, part, number), f"{place.id}: {reason}", False)
        for number, option in enumerate(place.options if isinstance(place, Scene) else ()):
            if reason := _unmet(option.when, spans):
                line = loaded.line("scenes", at, "options", number)
                yield Remark(line, f"{place.id}, {option.id}: dit antwoord komt nooit: {reason}", False)


def _unsaid(lines: Sequence[Line], number: int, spans: Spans) -> str | None:
    when = lines[number].when
    if reason := _unmet(when, spans):
        return f"deze zin komt nooit: {reason}"
    if when.all and any(covers(line.when, when, spans) for line in lines[:number]):
        return "deze zin komt nooit, want een zin erboven past dan al; zet haar hoger"
    return None


def _unmet(when: When, spans: Spans) -> str | None:
    name = impossible(when, spans)
    if name is None:
        return None
    least, most = spans[name]
    stays = f"is altijd {most}" if least == most else f"wordt nooit {'minder' if least > LEAST else 'meer'} dan "
    stays += "" if least == most else str(least if least > LEAST else most)
    return f"{name} {stays}; verander de when, of laat een antwoord {name} veranderen"


def _wording(loaded: Loaded) -> Iterator[Remark]:
    for keys, text in find_wording(loaded.data):
        yield Remark(loaded.line(*keys), text, False)


def _all(dialogue: Dialogue) -> Iterator[Option]:
    return (option for scene in dialogue.scenes for option in scene.options)


def _whens(dialogue: Dialogue) -> Iterator[frozenset[str]]:
    for place in dialogue.places.values():
        yield from (line.when.names() for line in (*place.says, *place.thinks))
        if isinstance(place, Scene):
            yield from (option.when.names() for option in place.options)

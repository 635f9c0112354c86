"""Tells in Markdown how a play went: each goal with its source, what was heard in the lines, and the moments to look at
again. The chat says it in parts; put together it is the file that a trainee keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.markdown import literal
from bot.practice.player import Moment, Move, Reached, Result, result
from bot.practice.records import Dialogue, Goal

ENDINGS: Final = {
    "goed": "Goed afgerond",
    "open": "Niet af, maar de deur staat open",
    "stop": "Gestopt, omdat het niet veilig was",
}
# Before the name of who speaks: “Man: Daar is onze zuster.”
_SPEAKER = re.compile(r"(?<=[.?!…)”’]) (?=[A-Z][a-zë]+(?: [A-Z][a-zë]+)?: )")
_NOT_MET = "Dat kwam nog niet aan bod."


def spoken(text: str) -> list[str]:
    """Return what is said and seen in a scene, line by line: each who speaks on a line of its own."""
    return [line.strip() for line in _SPEAKER.sub("\n", text).splitlines() if line.strip()]


def quoted(text: str) -> str:
    """Return what is said and seen in a scene as a quotation in Markdown."""
    return "\n>\n".join(f"> {literal(line)}" for line in spoken(text))


def report(dialogue: Dialogue, moves: Sequence[Move], sources: Mapping[str, str]) -> tuple[str, ...]:
    """Return how a play went, in parts; `sources` are titles by id. Raises ScriptChangedError."""
    found = result(dialogue, moves)
    parts = [f"**{ENDINGS[found.ending.kind]}**\n\n{found.ending.about}"] if found.ending else []
    parts.append("**Wat je oefende**\n\n" + _goals(dialogue, found.goals, sources))
    if heard := _techniques(dialogue, found):
        parts.append(f"**Technieken in wat je typte**\n\nIn één zin kunnen er meer zitten.\n\n{heard}")
    parts += [_moment(number, moment) for number, moment in enumerate(found.moments, start=1)]
    return tuple(parts)


def report_file(dialogue: Dialogue, moves: Sequence[Move], sources: Mapping[str, str]) -> str:
    """Return the whole as one Markdown file. Raises ScriptChangedError."""
    head = f"# Oefengesprek: {dialogue.title}\n\nJij was: {dialogue.you}. De mensen in dit gesprek zijn verzonnen."
    return "\n\n".join((head, *report(dialogue, moves, sources))) + "\n"


def _goals(dialogue: Dialogue, reached: Sequence[Reached], sources: Mapping[str, str]) -> str:
    points = {one.goal: one for one in reached}
    return "\n".join(_goal(goal, points[goal.id], sources) for goal in dialogue.goals)


def _goal(goal: Goal, reached: Reached, sources: Mapping[str, str]) -> str:
    if not reached.of:
        return f"- {goal.text} {_NOT_MET}"
    cited = "; ".join(f"{sources.get(source.id, source.id)}, “{source.section}”" for source in goal.sources)
    return f"- {goal.text} **{reached.points} van de {reached.of} punten.** *Bron: {cited}.*"


def _techniques(dialogue: Dialogue, found: Result) -> str:
    rows = ((technique.name, found.techniques.get(name, 0)) for name, technique in dialogue.techniques.items())
    return "\n".join(f"- {name}: {times} keer" for name, times in rows if times)


def _moment(number: int, moment: Moment) -> str:
    return "\n\n".join(
        (
            f"**Kijk hier nog eens naar ({number})**",
            quoted(moment.says),
            f"Jij: “{literal(' '.join(moment.words.split()))}”",  # in one line, where no list or heading begins
            f"*Gedachte:* {moment.thought}",
            moment.feedback,
            f"Beter: “{moment.better}”",
        )
    )

"""Plays a practice dialogue in the terminal: shows what the client says, and takes lines, numbers and a few words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import fill
from typing import Final

from bot.practice import Dialogue, Do, Listens, Session, Step, Turn, report, spoken, stepped

WIDTH = 88
STOP = "stop"
STEPS: Final[Mapping[str, Do]] = {"terug": "back", "tip": "hint", "opnieuw": "again"}
_MARKED = re.compile(r"\\(.)|\*")  # what Markdown shows as it is, and its marks


def play_dialogue(dialogue: Dialogue, listener: Listens, sources: Mapping[str, str]) -> None:
    """Play until an ending, or until who plays stops, and tell how it went; `sources` are titles by id."""
    _say(dialogue.title.upper(), f"Je bent: {dialogue.you}.", dialogue.situation)
    _say(f"Typ wat je zou zeggen, of een nummer. Ook kan: {', '.join(STEPS)} of {STOP}.")
    session, step = Session(dialogue.id), Step("show")
    while True:
        session, now = stepped(dialogue, session, step, listener)
        if step.do == "hint":
            _say(now.hint or "Hier is geen tip. Wat zou jij zeggen?")
        _show(now, asked=session.asked is not None)
        if now.ending is not None or (said := _ask()) == STOP:
            break
        step = _step(said, now, asked=session.asked is not None)
    for part in report(dialogue, session.moves, sources):
        _say(*_MARKED.sub(lambda found: found[1] or "", part).split("\n"))


def _step(said: str, now: Turn, *, asked: bool) -> Step:
    """Return what was typed as a step; of a number that is not there it is told which are."""
    if not said.isdecimal():
        return Step(STEPS.get(said.lower(), "say"), said)
    steps = [Step("choose", option=option.id) for option in now.options] + [Step("none")] * asked
    if 1 <= int(said) <= len(steps):
        return steps[int(said) - 1]
    _say(f"Kies een nummer van 1 tot en met {len(steps)}, of typ wat je zou zeggen.")
    return Step("show")


def _show(now: Turn, *, asked: bool) -> None:
    examples = [option.examples[0] for option in now.options]
    if asked:
        _say("Ik weet niet zeker wat je hiermee wilt. Lijkt het op een van deze zinnen?")
        _list([*examples, "Geen van deze"])
        return
    if now.understood:
        _say(f"Zo begreep ik je ({now.sure}): {now.understood}")
    if now.feedback:
        _say(f"Hoe dit landde: {now.feedback}", *([f"Gedachte: {now.thought}"] if now.thought else []))
    _say(*spoken(now.says))
    _list(examples)


def _list(rows: list[str]) -> None:
    for number, row in enumerate(rows, start=1):
        print(fill(row, WIDTH, initial_indent=f"  {number}. ", subsequent_indent="     "))


def _ask() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return STOP


def _say(*paragraphs: str) -> None:
    told = (fill(" ".join(text.split()), WIDTH) for text in paragraphs if text.strip())
    print("\n" + "\n".join(told))

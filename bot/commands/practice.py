"""`pluis practice`: check a practice dialogue, and play one in the terminal."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.console import exit_codes, fail, tell
from bot.settings import get_settings

if TYPE_CHECKING:
    from bot.practice import Dialogue, Move, Result, Turn

practice = typer.Typer(no_args_is_help=True, help="Oefengesprekken.")

WIDTH = 88
BACK, HINT, AGAIN, STOP = "terug", "tip", "opnieuw", "stop"
ENDINGS = {
    "goed": "Goed afgerond",
    "open": "Niet af, maar de deur staat open",
    "stop": "Gestopt, omdat het niet veilig was",
}

File = Annotated[Path, typer.Argument(help="Het bestand van het oefengesprek.")]


@practice.command("check")
def check(file: File) -> None:
    """Say with line and remedy what is wrong with a dialogue; exit 1 when it cannot be played as it is."""
    from bot.practice import best_and_worst, check_dialogue, load_dialogue

    with exit_codes():
        data = get_settings().data
        remarks = check_dialogue(file, data)
        for remark in remarks:
            print(f"{file}:{remark.line}: {'' if remark.grave else 'let op: '}{remark.text}")
        if any(remark.grave for remark in remarks):
            fail(f"{file.name} kan zo niet worden gespeeld", 1)
        dialogue = load_dialogue(file, data)
        tell(f"{file.name} kan worden gespeeld: {len(dialogue.scenes)} scènes, "
             f"{len(dialogue.places) - len(dialogue.scenes)} eindes")  # fmt: skip
        for name, way in zip(("beste", "slechtste"), best_and_worst(dialogue) or (), strict=False):
            tell(f"{name} weg, punten: {way.points}. {' → '.join(way.places)}")


@practice.command("play")
def play(file: File) -> None:
    """Play a dialogue: choose an answer by its number, or type terug, tip, opnieuw or stop."""
    from bot.practice import load_dialogue, result, turn

    with exit_codes():
        dialogue = load_dialogue(file, get_settings().data)
        _say(dialogue.title.upper(), f"Je bent: {dialogue.you}.", dialogue.situation)
        _say(f"Kies een nummer, of typ {BACK}, {HINT}, {AGAIN} of {STOP}.")
        moves: list[Move] = []
        while True:
            now = turn(dialogue, moves)
            _show(now)
            if now.ending is not None:
                break
            said = _ask()
            if said == STOP:
                break
            moves = _moved(dialogue, moves, now, said)
        _tell_result(dialogue, result(dialogue, moves))


def _moved(dialogue: Dialogue, moves: list[Move], now: Turn, said: str) -> list[Move]:
    """Return the moves after what was typed."""
    from bot.practice import Move, Scene, position

    if said == AGAIN:
        return []
    if said == BACK:
        return moves[:-1]
    if said == HINT:
        place = position(dialogue, moves).place
        _say(place.hint if isinstance(place, Scene) and place.hint else "Hier is geen tip. Wat zou jij zeggen?")
        return moves
    if said.isdigit() and 1 <= int(said) <= len(now.options):
        return [*moves, Move(now.options[int(said) - 1].id)]
    _say(f"Kies een nummer van 1 tot en met {len(now.options)}, of typ {BACK}, {HINT}, {AGAIN} of {STOP}.")
    return moves


def _show(now: Turn) -> None:
    if now.feedback:
        _say(f"Hoe dit landde: {now.feedback}", f"Wat er werd gedacht: {now.thought}")
    _say(f"“{now.says}”" if now.ending is None else now.says)
    for number, option in enumerate(now.options, start=1):
        print(fill(option.examples[0], WIDTH, initial_indent=f"  {number}. ", subsequent_indent="     "))


def _tell_result(dialogue: Dialogue, found: Result) -> None:
    if found.ending is not None:
        _say(f"{ENDINGS[found.ending.kind]}. {found.ending.about}")
    texts = {goal.id: goal for goal in dialogue.goals}
    for reached in found.goals:
        goal = texts[reached.goal]
        if not reached.of:
            _say(f"{goal.text} Dat kwam nog niet aan bod.")
            continue
        sources = "; ".join(f"{source.id}, {source.section}" for source in goal.sources)
        _say(f"{goal.text} {reached.points} van {reached.of} punten. Bron: {sources}.")
    for moment in found.moments:
        _say(f"Kijk hier nog eens naar. Er werd gezegd: “{moment.says}” Jij: “{moment.words}”",
             f"Gedachte: {moment.thought}", f"{moment.feedback} Beter: “{moment.better}”")  # fmt: skip


def _ask() -> str:
    try:
        return input("> ").strip().lower()
    except EOFError:
        return STOP


def _say(*paragraphs: str) -> None:
    print("\n" + "\n".join(fill(" ".join(text.split()), WIDTH) for text in paragraphs))

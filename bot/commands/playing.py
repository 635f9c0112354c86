"""Plays a practice dialogue in the terminal: shows what the client says, and takes lines, numbers and a few words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import fill

from bot.practice import (
    Dialogue,
    Listener,
    Session,
    Turn,
    chosen,
    hint,
    none_meant,
    report,
    shown,
    spoken,
    stepped_back,
    told_sure,
    typed,
)

WIDTH = 88
BACK, HINT, AGAIN, STOP = "terug", "tip", "opnieuw", "stop"
_MARKED = re.compile(r"\\(.)|\*")  # what Markdown shows as it is, and its marks


def play_dialogue(dialogue: Dialogue, listener: Listener, sources: Mapping[str, str]) -> None:
    """Play until an ending, or until who plays stops, and tell how it went; `sources` are titles by id."""
    _say(dialogue.title.upper(), f"Je bent: {dialogue.you}.", dialogue.situation)
    _say(f"Typ wat je zou zeggen, of een nummer. Ook kan: {BACK}, {HINT}, {AGAIN} of {STOP}.")
    session = Session(dialogue.id)
    while True:
        session, now = shown(dialogue, session)
        _show(session, now)
        if now.ending is not None or (said := _ask()) == STOP:
            break
        session = _after(dialogue, session, now, said, listener)
    for part in report(dialogue, session.moves, sources):
        _say(*_MARKED.sub(lambda found: found[1] or "", part).split("\n"))


def _after(dialogue: Dialogue, session: Session, now: Turn, said: str, listener: Listener) -> Session:
    """Return the play after what was typed."""
    plain = said.lower()
    if plain == AGAIN:
        return Session(dialogue.id)
    if plain == BACK:
        return stepped_back(session)
    if plain == HINT:
        _say(hint(dialogue, session) or "Hier is geen tip. Wat zou jij zeggen?")
        return session
    names = [*session.offered] if session.asked else [option.id for option in now.options]
    if plain.isdecimal():
        if 1 <= int(plain) <= len(names):
            return chosen(dialogue, session, names[int(plain) - 1])
        if session.asked and int(plain) == len(names) + 1:
            return none_meant(session)
        _say(f"Kies een nummer van 1 tot en met {len(names)}, of typ wat je zou zeggen.")
        return session
    return typed(dialogue, session, said, listener) if plain else session


def _show(session: Session, now: Turn) -> None:
    examples = {option.id: option.examples[0] for option in now.options}
    if session.asked:
        _say("Ik weet niet zeker wat je hiermee wilt. Lijkt het op een van deze zinnen?")
        _list([*(examples[name] for name in session.offered), "Geen van deze"])
        return
    if now.understood:
        _say(f"Zo begreep ik je ({told_sure(session.moves[-1].certainty)}): {now.understood}")
    if now.feedback:
        _say(f"Hoe dit landde: {now.feedback}", *([f"Gedachte: {now.thought}"] if now.thought else []))
    _say(*spoken(now.says))
    _list(list(examples.values()))


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

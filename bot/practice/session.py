"""One play of a dialogue: what was done so far, and words of which it is not sure what they mean. Whoever plays keeps
it (a slot of the conversation, the page itself), so that nothing is stored here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Protocol, TypeAlias

from pydantic import TypeAdapter, ValidationError

from bot.practice.hearing import Heard
from bot.practice.player import Move, ScriptChangedError, Turn, open_options, position, said, turn
from bot.practice.records import Dialogue, Option

LONGEST: Final = 500  # moves
MISSED: Final = 2  # lines in a row that fit no option, after which the options are shown
# What can be done: say a line, choose an option, tell that none of those offered is meant, go back or begin again; to
# see the options or a hint changes nothing.
Do: TypeAlias = Literal["show", "options", "hint", "say", "choose", "none", "back", "again"]


class Listens(Protocol):
    """Understands a line that follows on what the client said, where some options are open."""

    def hear(self, options: Sequence[Option], words: str, after: str = "") -> Heard:
        """Return what was understood."""

    def warm(self) -> None:
        """Begin to load what it understands with, so that nobody waits for that at the first line; returns at once."""


@dataclass(frozen=True)
class Session:
    """A play: the dialogue by its id, the moves, and words with what they may mean while she is asked that."""

    dialogue: str
    moves: tuple[Move, ...] = ()
    asked: Move | None = None
    offered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """What is done in a play, with the words of a line or the id of an option."""

    do: Do
    words: str = ""
    option: str = ""


_KEPT: Final = TypeAdapter(Session)


def kept(session: Session) -> dict[str, Any]:
    """Return a play as plain values, to be kept by who plays."""
    found: dict[str, Any] = _KEPT.dump_python(session, mode="json")
    return found


def restored(row: Mapping[str, Any] | None) -> Session | None:
    """Return a play that was kept; None when it cannot be read, or goes beyond all bounds."""
    try:
        session = _KEPT.validate_python(row) if row else None
    except ValidationError:
        return None
    if session is None or len(session.moves) > LONGEST:
        return None
    moves = (*session.moves, session.asked) if session.asked else session.moves
    return session if all(0 <= move.certainty <= 1 for move in moves) else None


def stepped(dialogue: Dialogue, session: Session, step: Step, listener: Listens) -> tuple[Session, Turn]:
    """Take a step, and return the play after it with what is shown then. A step that the script has no place for any
    more is left out."""
    try:
        after = _after(dialogue, session, step, listener)
    except ScriptChangedError:
        session, now = shown(dialogue, session)
        return session, replace(now, changed=True)
    return shown(dialogue, after)


def shown(dialogue: Dialogue, session: Session) -> tuple[Session, Turn]:
    """Return a play with what is shown now; of one whose script was changed meanwhile, the moves that still fit."""
    fits = session
    while (now := _turn(dialogue, fits)) is None:
        fits = Session(fits.dialogue, fits.moves[:-1])
    if fits.asked:
        options = {option.id: option for option in now.options}
        now = replace(now, options=tuple(options[name] for name in fits.offered if name in options))
    return fits, replace(now, changed=fits is not session)


def shows_options(session: Session, step: Step) -> bool:
    """Tell whether the options are to be shown: she asked for them, or her own words did not find one."""
    last = session.moves[-MISSED:]
    return step.do == "options" or (len(last) == MISSED and not any(move.option for move in last))


def _after(dialogue: Dialogue, session: Session, step: Step, listener: Listens) -> Session:
    """Return the play after a step. Raises ScriptChangedError."""
    match step.do:
        case "say" if step.words:
            return _said(dialogue, session, step.words, listener)
        case "choose":
            move = replace(session.asked, option=step.option, certainty=1.0) if session.asked else Move(step.option)
            return _moved(dialogue, session, move)
        case "none" if session.asked:
            return Session(session.dialogue, (*session.moves, replace(session.asked, option="")))
        case "back":  # from the question what she means, or else from the last move
            return Session(session.dialogue, session.moves if session.asked else session.moves[:-1])
        case "again":
            return Session(session.dialogue)
    return session


def _turn(dialogue: Dialogue, session: Session) -> Turn | None:
    try:
        return turn(dialogue, session.moves)
    except ScriptChangedError:
        return None


def _said(dialogue: Dialogue, session: Session, words: str, listener: Listens) -> Session:
    """Take a line in her own words: an option where it is sure that she means it, the question which one she means
    where it may be, or else what she does in it. Raises ScriptChangedError."""
    here = position(dialogue, session.moves)
    heard = listener.hear(open_options(here), words, said(here.place.says, here.values))
    move = Move(heard.option, words, heard.techniques, round(heard.certainty, 2))
    if heard.offered:
        return replace(session, asked=move, offered=heard.offered)
    return _moved(dialogue, session, move)


def _moved(dialogue: Dialogue, session: Session, move: Move) -> Session:
    moves = (*session.moves, move)
    position(dialogue, moves)
    return Session(session.dialogue, moves)

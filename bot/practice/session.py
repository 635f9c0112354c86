"""One play of a dialogue: what was done so far, and words of which it is not sure what they mean. Whoever plays keeps
it (a slot of the conversation, the page itself), so that nothing is stored here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from pydantic import TypeAdapter, ValidationError

from bot.practice.hearing import Heard
from bot.practice.player import Move, ScriptChangedError, Turn, open_options, position, said, turn
from bot.practice.records import Dialogue, Option, Scene

LONGEST: Final = 500  # moves
MISSED: Final = 2  # lines in a row that fit no option, after which the options are shown


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


def typed(dialogue: Dialogue, session: Session, words: str, listener: Listens) -> Session:
    """Take a line in her own words: an option where it is sure that she means it, the question which one she means
    where it may be, or else what she does in it. Raises ScriptChangedError."""
    here = position(dialogue, session.moves)
    heard = listener.hear(open_options(here), words, said(here.place.says, here.values))
    move = Move(heard.option, words, heard.techniques, round(heard.certainty, 2))
    if heard.offered:
        return replace(session, asked=move, offered=heard.offered)
    return _moved(dialogue, session, move)


def chosen(dialogue: Dialogue, session: Session, option: str) -> Session:
    """Take an option that was chosen; words that were asked about then stay hers. Raises ScriptChangedError."""
    move = replace(session.asked, option=option, certainty=1.0) if session.asked else Move(option)
    return _moved(dialogue, session, move)


def none_meant(session: Session) -> Session:
    """Take it that the words that were asked about mean none of the options."""
    if session.asked is None:
        return session
    return Session(session.dialogue, (*session.moves, replace(session.asked, option="")))


def stepped_back(session: Session) -> Session:
    """Take the last step back: the question what she means, or else the last move."""
    moves = session.moves if session.asked else session.moves[:-1]
    return Session(session.dialogue, moves)


def hint(dialogue: Dialogue, session: Session) -> str:
    """Return the hint of the scene, empty when there is none. Raises ScriptChangedError."""
    place = position(dialogue, session.moves).place
    return place.hint if isinstance(place, Scene) else ""


def shows_options(session: Session) -> bool:
    """Tell whether the options are to be shown because her own words did not find one."""
    last = session.moves[-MISSED:]
    return len(last) == MISSED and not any(move.option for move in last)


def shown(dialogue: Dialogue, session: Session) -> tuple[Session, Turn]:
    """Return what is shown now; of a play whose script was changed meanwhile, the moves that still fit."""
    while True:
        try:
            return session, turn(dialogue, session.moves)
        except ScriptChangedError:
            session = Session(session.dialogue, session.moves[:-1])


def _moved(dialogue: Dialogue, session: Session, move: Move) -> Session:
    moves = (*session.moves, move)
    position(dialogue, moves)
    return Session(session.dialogue, moves)

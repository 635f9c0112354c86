"""Tries: what a trainee shares of a finished play with who gave it to her group. No word that was typed is kept, and
nothing that says who she is."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.counting import changed
from bot.database import SessionFactory
from bot.practice import LONGEST, Dialogue, Ending, Move, positions, result
from bot.studio.errors import BadTokenError, NotOpenError, TooLongError, TooManyError, UnfinishedError
from bot.studio.groups import Groups
from bot.studio.models import GroupRow, TryRow
from bot.studio.records import Group, Try
from bot.studio.store import Store

MOST: Final = 20  # tries of one trainee in one group
_BYTES: Final = 16
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    """Return what only a trainee's browser keeps: by one token her tries are hers, by one key a play is shared once."""
    return secrets.token_urlsafe(_BYTES)


class Tries:
    """What was shared, over the groups and the dialogues."""

    def __init__(self, sessions: SessionFactory, store: Store, groups: Groups) -> None:
        self._sessions, self._store, self._groups = sessions, store, groups

    def share(self, code: str, moves: Sequence[Move], token: str, key: str) -> int:
        """Keep a finished play without its words, and return which try of this trainee it is, from 1.

        `token` is the trainee's in this group, `key` that of the play: sent twice, it is one try. Raises NotOpenError,
        UnknownVersionError, UnplayableError, ScriptChangedError for moves that do not fit, UnfinishedError,
        TooLongError, TooManyError, BadTokenError.
        """
        if not (_TOKEN.fullmatch(token) and _TOKEN.fullmatch(key)):
            raise BadTokenError
        if len(moves) > LONGEST:
            raise TooLongError(LONGEST)
        group = self._groups.opened(code)
        row = self._row(group, self._store.dialogue(group.ref), moves)
        row.trainee = _digest(group.id, token)
        row.key = _digest(group.id, token, key)
        with self._sessions() as session, session.begin():
            self._hold(session, group)
            known = session.scalar(select(TryRow.number).where(TryRow.key == row.key))
            if known is not None:
                return known
            hers = select(func.count()).where(TryRow.group_id == group.id, TryRow.trainee == row.trainee)
            row.number = (session.scalar(hers) or 0) + 1
            if row.number > MOST:
                raise TooManyError(MOST)
            session.add(row)
            return row.number

    def of(self, group: str) -> list[Try]:
        """Return the tries of a group, by trainee and number."""
        query = select(TryRow).where(TryRow.group_id == group).order_by(TryRow.trainee, TryRow.number)
        with self._sessions() as session:
            return [_try(row) for row in session.scalars(query)]

    def counts(self) -> Mapping[str, int]:
        """Return how many tries were shared in each group, by its id; one without any is not there."""
        query = select(TryRow.group_id, func.count()).group_by(TryRow.group_id)
        with self._sessions() as session:
            return {group: times for group, times in session.execute(query)}

    def _hold(self, session: Session, group: Group) -> None:
        """Make all who share in a group wait for each other, and for who closes it. Raises NotOpenError."""
        held = update(GroupRow).where(GroupRow.id == group.id, GroupRow.until >= self._groups.today())
        held = held.values(until=GroupRow.until).execution_options(synchronize_session=False)
        if not changed(session.execute(held)):
            raise NotOpenError

    def _row(self, group: Group, dialogue: Dialogue, moves: Sequence[Move]) -> TryRow:
        bare = [_bare(dialogue, move) for move in moves]
        *before, last = positions(dialogue, bare)
        if not isinstance(last.place, Ending):
            raise UnfinishedError
        return TryRow(
            group_id=group.id,
            moves=[{"scene": here.place.id, **_kept(move)} for here, move in zip(before, bare, strict=True)],
            ending=last.place.id,
            goals={reached.goal: [reached.points, reached.of] for reached in result(dialogue, bare).goals},
            day=self._groups.today(),
        )


def _bare(dialogue: Dialogue, move: Move) -> Move:
    """Return a move without words: of a free line only the techniques that there are, for a name could be anything."""
    if move.option:
        return Move(move.option)
    return Move("", techniques=tuple(dict.fromkeys(name for name in move.techniques if name in dialogue.techniques)))


def _kept(move: Move) -> Mapping[str, Any]:
    return {"option": move.option} if move.option else {"techniques": list(move.techniques)}


def _try(row: TryRow) -> Try:
    moves = tuple(Move(move.get("option", ""), techniques=tuple(move.get("techniques", ()))) for move in row.moves)
    goals = {name: (points, of) for name, (points, of) in row.goals.items()}
    return Try(row.trainee, row.number, moves, row.ending, goals, row.day)


def _digest(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()

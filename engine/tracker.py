"""The tracker store: Rasa's SQL store, which stops the turn when the database fails,
forgets a conversation row by row, and remembers which turns it has answered."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.exc import SQLAlchemyError

from engine.abort import TurnAborted

LOCK_SECONDS = 2  # a locked SQLite file blocks the event loop for this long at most


class PluisTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store in a file (or schema) of its own."""

    def __init__(self, domain: Any = None, dialect: str = "sqlite", **kwargs: Any) -> None:
        super().__init__(domain=domain, dialect=dialect, **kwargs)
        if self._is_sqlite:
            sa.event.listen(self.engine, "connect", _configure_sqlite)

    @contextlib.contextmanager
    def session_scope(self) -> Generator[Any, None, None]:
        """Open a session; a database that fails stops the turn."""
        try:
            with super().session_scope() as session:
                yield session
        except SQLAlchemyError as error:
            raise TurnAborted("tracker") from error

    def forget(self, conversation: str) -> int:
        """Delete every event of a conversation, also from SQLite's write-ahead log; returns how many there were.

        Raises TurnAborted when the log could not be emptied: then it has to be asked again.
        """
        with self.session_scope() as session:
            deleted = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == conversation).delete()
            session.commit()
            if self._is_sqlite and session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar():
                raise TurnAborted("tracker")
            return int(deleted)

    @property
    def _is_sqlite(self) -> bool:
        return bool(self.engine.dialect.name == "sqlite")


def _configure_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", f"busy_timeout={LOCK_SECONDS * 1000}", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

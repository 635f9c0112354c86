"""One database for what `web` keeps and for the knowledge: SQLite by default, PostgreSQL when configured.
The engine's tracker has a file (or schema) of its own, which Alembic leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

SessionFactory = Callable[[], Session]


class Base(DeclarativeBase):
    """The declarative base of every table of ours."""


def make_engine(url: str) -> Engine:
    """Open a database; SQLite gets WAL, foreign keys and a patient lock."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Make the session factory for an engine."""
    return sessionmaker(engine, expire_on_commit=False)


def empty_log(sessions: SessionFactory) -> None:
    """Empty SQLite's write-ahead log, in which what was deleted would stand until it is written over.

    While another process reads or writes it stays as it is, and has to be emptied later.
    """
    with sessions() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest migration."""
    from alembic import command  # slow: only for who upgrades
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")

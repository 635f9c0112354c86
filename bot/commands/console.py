"""How a command speaks and ends. Exit codes: 0 well, 1 the input is wrong, 2 wrong usage, 3 a service is away."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from bot.settings import Settings, SettingsError
from bot.yamlfile import DataFileError

if TYPE_CHECKING:
    from bot.database import SessionFactory


def tell(line: str) -> None:
    """Say how far a long step is."""
    print(f"pluis: {line}", flush=True)


@contextmanager
def exit_codes() -> Iterator[None]:
    """The outer edge of a command: what can go wrong becomes one clear line and the right exit code."""
    try:
        yield
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:
        told = explain(error)
        if told is None:
            raise
        fail(*told)


def explain(error: Exception) -> tuple[str, int] | None:
    """Return the line and the exit code for what can go wrong; None for a fault of ours."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    from bot.audit import NotAnExportError
    from bot.channels import EngineError
    from bot.knowledge import KnowledgeError
    from bot.operate import ModelError, NotReadyError, TeamsPackageError
    from bot.staff import StaffError
    from bot.web.problems import Problem
    from bot.web.webchat import FetchError

    match error:
        case DataFileError() | TeamsPackageError() | StaffError() | NotAnExportError():
            return str(error), 1
        case Problem():
            return f"{error.kind.title} {error.detail}".strip(), 1
        case SettingsError():
            return str(error), 2
        case ModelError() | NotReadyError() | FetchError():
            return str(error), 3
        case EngineError():
            return f"de motor is niet bereikbaar ({error}); start hem met `make run`.", 3
        case KnowledgeError():
            return "er staat geen kennis in de database; draai eerst `pluis prepare`.", 3
        case SQLAlchemyError():
            reason = error.orig if isinstance(error, DBAPIError) else type(error).__name__
            return f"de database doet het niet ({reason}); is er schijfruimte, en draaide `pluis prepare` al?", 3
        case FileNotFoundError():
            return f"{error.filename} is er niet; draai eerst `pluis prepare`.", 3
        case OSError():
            return f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), 3
    return None


def fail(told: str, code: int) -> NoReturn:
    """End the command with what went wrong and its exit code."""
    for line in told.splitlines():
        print(f"pluis: {line}", file=sys.stderr)
    raise typer.Exit(code)


def sessions(settings: Settings) -> SessionFactory:
    """Open the database."""
    from bot.database import make_engine, session_factory

    return session_factory(make_engine(settings.database))

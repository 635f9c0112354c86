"""The `pluis` command. Exit codes: 0 well, 1 the input is wrong, 2 wrong usage, 3 a service is not reachable."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.settings import Settings, get_settings
from bot.yamlfile import DataFileError, read_yaml

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Pluis: van een gevoel naar feiten.")


advice = typer.Typer(no_args_is_help=True, help="De regels achter het advies.")
app.add_typer(advice, name="advice")


class Form(StrEnum):
    """What the tables are written as."""

    MARKDOWN = "markdown"
    HTML = "html"


def tell(line: str) -> None:
    """Say how far a long step is."""
    print(f"pluis: {line}", flush=True)


@contextmanager
def _exit_codes() -> Iterator[None]:
    """The outer edge of a command: what can go wrong becomes one clear line and the right exit code."""
    try:
        yield
    except Exception as error:
        told = _explain(error)
        if told is None:
            raise
        _fail(*told)


def _explain(error: Exception) -> tuple[str, int] | None:
    """Return the line and the exit code for what can go wrong; None for a fault of ours, and for an exit."""
    from pydantic import ValidationError
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    from bot.advice import AdviceInputError
    from bot.channels import EngineError
    from bot.knowledge import KnowledgeError
    from bot.operate import ModelError, NotReadyError
    from bot.web.problems import Problem
    from bot.web.webchat import FetchError

    match error:
        case DataFileError() | AdviceInputError():
            return str(error), 1
        case Problem():
            return f"{error.kind.title} {error.detail}".strip(), 1
        case ValidationError():
            names = ", ".join(sorted({f"PLUIS_{part}".upper() for fault in error.errors() for part in fault["loc"]}))
            return f"dit kan niet als waarde: {names}; kijk in .env.example wat er mag.", 2
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


def _fail(line: str, code: int) -> None:
    print(f"pluis: {line}", file=sys.stderr)
    raise typer.Exit(code)


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


@app.command()
def prepare() -> None:
    """Make ready: keys, chat page, caches, database, knowledge, model."""
    from bot.operate import prepare as prepare_all

    with _exit_codes():
        prepare_all(get_settings(), tell)


@app.command()
def run() -> None:
    """Make ready, start engine, actions and web, and print the address."""
    from bot.operate import prepare as prepare_all
    from bot.operate import run_all
    from bot.operate.processes import check_ports

    with _exit_codes():
        settings = get_settings()
        check_ports(settings)
        prepare_all(settings, tell)
        raise typer.Exit(run_all(settings, tell))


@app.command()
def train() -> None:
    """Train a model for the present data."""
    from bot.operate import train as train_model

    with _exit_codes():
        tell(f"model: {train_model(get_settings(), tell)}")


@app.command()
def check() -> None:
    """Check every file under data/; exit 1 with file, line and reason."""
    from bot.checks import check_data

    with _exit_codes():
        for line in check_data(get_settings().data):
            tell(line)


@app.command()
def advise(file: Annotated[Path, typer.Argument(help="YAML met profession, client_role, minor en case.")]) -> None:
    """Print the JSON of POST /api/advice for a case in a file."""
    from bot.advice import load_tables, parse_request

    with _exit_codes():
        tables = load_tables(get_settings().data)
        _print(tables.advise(parse_request(read_yaml(file).data)).as_dict())


@advice.command()
def table(
    form: Annotated[
        Form | None, typer.Option("--format", help="markdown of html; anders markdown, of met --out beide.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Map waarin uitleg.md en uitleg.html komen.")] = None,
) -> None:
    """Print every rule behind the advice, in order, with its source; with --out, write Markdown and HTML files."""
    from bot.advice import as_markdown
    from bot.web.explanation import as_html, explain_tables
    from bot.web.pages import templates

    def written(chosen: Form) -> str:
        return as_markdown(explanation) if chosen is Form.MARKDOWN else as_html(explanation, templates())

    with _exit_codes():
        explanation = explain_tables(get_settings().data)
        if out is None:
            print(written(form or Form.MARKDOWN), end="")
            return
        out.mkdir(parents=True, exist_ok=True)
        for chosen in [form] if form else list(Form):
            path = out / ("uitleg.md" if chosen is Form.MARKDOWN else "uitleg.html")
            path.write_text(written(chosen), encoding="utf-8")
            tell(str(path))


@app.command()
def search(question: str, limit: int = 3) -> None:
    """Print the JSON of GET /api/knowledge/search."""
    with _exit_codes():
        hits = _knowledge(get_settings()).search(question, limit=limit)
        _print({"query": question, "results": [hit.as_dict() for hit in hits]})


@app.command()
def analyse(text: str) -> None:
    """Print the JSON of POST /api/analyse; the engine must run, for the danger verdict is its."""
    from bot.web.api import analyse_text
    from bot.web.wiring import build_parts

    with _exit_codes():
        _print(asyncio.run(analyse_text(build_parts(get_settings()), text)))


@app.command()
def wipe(conversation: str) -> None:
    """Forget one conversation everywhere."""
    from bot.channels import forget

    with _exit_codes():
        if not asyncio.run(_with_engine(lambda store, engine: forget(store, engine, conversation))):
            _fail("dit gesprek is er niet; is het al gewist?", 1)
        tell("gewist")


@app.command()
def purge() -> None:
    """Forget every conversation that is past its term."""
    from bot.channels import purge as purge_all

    with _exit_codes():
        seconds = get_settings().conversation_hours * 3600
        count = asyncio.run(_with_engine(lambda store, engine: purge_all(store, engine, seconds)))
        tell(f"{count} gesprekken gewist")


async def _with_engine(work: Any) -> Any:
    from bot.channels import EngineClient, Store
    from bot.database import make_engine, session_factory

    settings = get_settings()
    store = Store(session_factory(make_engine(settings.database)))
    engine = EngineClient(settings.engine_url, settings.key("engine_token"), actions_url=settings.actions_url)
    try:
        return await work(store, engine)
    finally:
        await engine.close()


def _knowledge(settings: Settings) -> Any:
    from bot.database import make_engine, session_factory
    from bot.encoder import E5Encoder
    from bot.knowledge import KnowledgeBase

    sessions = session_factory(make_engine(settings.database))
    return KnowledgeBase(sessions, E5Encoder(), data_root=settings.data, cache_dir=settings.var / "cache")


def main() -> None:
    """Run the command; what it makes is for its owner alone."""
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()

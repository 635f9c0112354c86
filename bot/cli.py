"""The `pluis` command. Exit codes: 0 well, 1 the input is wrong, 2 wrong usage, 3 a service is not reachable."""

from __future__ import annotations

import asyncio
import json
import os
import time
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands import audit, desk, exit_codes, fail, practice, sessions, tell, user
from bot.settings import ROOT, Settings, get_settings
from bot.yamlfile import read_yaml

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Pluis: van een gevoel naar feiten.")


advice = typer.Typer(no_args_is_help=True, help="De regels achter het advies.")
app.add_typer(advice, name="advice")

knowledge = typer.Typer(no_args_is_help=True, help="De kennisbank.")
app.add_typer(knowledge, name="knowledge")
app.add_typer(user, name="user")
app.add_typer(audit, name="audit")
app.add_typer(desk, name="desk")
app.add_typer(practice, name="practice")


class Form(StrEnum):
    """What the tables are written as."""

    MARKDOWN = "markdown"
    HTML = "html"


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


@app.command()
def prepare() -> None:
    """Make ready: keys, chat page, caches, database, knowledge, model."""
    from bot.operate import prepare as prepare_all

    with exit_codes():
        prepare_all(get_settings(), tell)


@app.command()
def run() -> None:
    """Make ready, start engine, actions and web, and print the address."""
    from bot.operate import prepare as prepare_all
    from bot.operate import run_all
    from bot.operate.processes import check_ports

    with exit_codes():
        settings = get_settings()
        check_ports(settings)
        prepare_all(settings, tell)
        raise typer.Exit(run_all(settings, tell))


@app.command()
def train() -> None:
    """Train a model for the present data."""
    from bot.operate import train as train_model

    with exit_codes():
        tell(f"model: {train_model(get_settings(), tell)}")


@app.command("teams-package")
def teams_package() -> None:
    """Build the app package for Microsoft Teams, var/teams/pluis-teams.zip; exit 1 when a setting is missing."""
    from bot.operate import build_package

    with exit_codes():
        tell(f"pakket voor Teams: {build_package(get_settings())}")


@app.command()
def check(
    due: Annotated[bool, typer.Option("--due", help="Noem in plaats daarvan wat aan nakijken toe is.")] = False,
    day: Annotated[date | None, typer.Argument(parser=date.fromisoformat, help="Bij --due: op welke dag.")] = None,
) -> None:
    """Check every file under data/, organisation.yml and the house style; exit 1 with file, line and reason.

    With --due: list the topics whose review date has come, with file and line; exit 1 when there are any.
    """
    from bot.checks import check_data, find_due
    from bot.web.house import load_house

    with exit_codes():
        settings = get_settings()
        if day and not due:
            raise typer.BadParameter("een dag hoort bij --due")
        if due:
            day = day or date.today()
            found = find_due(settings.data, day)
            for topic in found:
                tell(str(topic))
            count = f"aantal dat op {day} aan nakijken toe is: {len(found)}"
            tell(count if found else f"op {day} hoeft er niets te worden nagekeken")
            raise typer.Exit(1 if found else 0)
        for line in check_data(settings.data, settings.organisation):
            tell(line)
        load_house(settings.house_style)


@app.command()
def advise(file: Annotated[Path, typer.Argument(help="YAML met profession, client_role, minor en case.")]) -> None:
    """Print the JSON of POST /api/advice for a case in a file."""
    from bot.advice import AdviceInputError, load_tables, parse_request

    with exit_codes():
        settings = get_settings()
        tables, loaded = load_tables(settings.data, settings.organisation), read_yaml(file)
        try:
            request = parse_request(loaded.data)
        except AdviceInputError as error:
            fail("\n".join(str(loaded.error(str(fault), *fault.place)) for fault in error.faults), 1)
        _print(tables.advise(request).as_dict())


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
    from bot.web.house import load_house
    from bot.web.pages import templates

    def written(chosen: Form) -> str:
        if chosen is Form.MARKDOWN:
            return as_markdown(explanation)
        return as_html(explanation, templates(), load_house(get_settings().house_style))

    with exit_codes():
        explanation = explain_tables(get_settings().data)
        if out is None:
            print(written(form or Form.MARKDOWN), end="")
            return
        out.mkdir(parents=True, exist_ok=True)
        for chosen in [form] if form else list(Form):
            path = out / ("uitleg.md" if chosen is Form.MARKDOWN else "uitleg.html")
            path.write_text(written(chosen), encoding="utf-8")
            tell(str(path))


@knowledge.command()
def coverage(
    out: Annotated[Path, typer.Option(help="Waar de pagina komt.")] = ROOT / "docs" / "coverage.md",
) -> None:
    """Write which topics are made from each section of the sources; exit 1 when a section has none."""
    from bot.knowledge import measure_coverage

    with exit_codes():
        measured = measure_coverage(get_settings().data)
        out.write_text(measured.as_markdown(), encoding="utf-8")
        tell(str(out))
        if measured.empty:
            fail("\n".join(f"geen onderwerp: {chapter.text}, {chapter.name}" for chapter in measured.empty), 1)


@knowledge.command("load")
def load_files() -> None:
    """Bring the database to what the files say, and say what changed; a broken file changes nothing."""
    from bot.knowledge import load

    with exit_codes():
        settings, started = get_settings(), time.monotonic()
        report = load(sessions(settings), settings.data)
        for change in report.changes.found:
            tell(f"{change.how}: {change.what} {change.id}")
        tell(f"{report.changes}; klaar in {time.monotonic() - started:.1f} s")


@knowledge.command("diff")
def show_diff() -> None:
    """Say what a load would change, per field, and change nothing; exit 1 when it would change something."""
    from bot.knowledge import diff

    with exit_codes():
        settings = get_settings()
        changes = diff(sessions(settings), settings.data)
        for change in changes.found:
            print(f"{change.how}: {change.what} {change.id}")
            for line in change.lines() if change.how == "gewijzigd" else ():
                print(f"  {line}")
        tell(str(changes) if changes else "laden verandert niets")
        raise typer.Exit(1 if changes else 0)


@knowledge.command()
def vectors() -> None:
    """Compute the vectors of the content that is loaded and put them beside it, for a quick first start anywhere."""
    from bot.encoder import E5Encoder
    from bot.knowledge import KnowledgeBase

    with exit_codes():
        settings = get_settings()
        tell("betekenissen berekenen; bij veel nieuwe tekst duurt dit minuten")
        encoder = E5Encoder()
        base = KnowledgeBase(sessions(settings), encoder, data_root=settings.data, cache_dir=settings.var / "cache")
        tell(f"{base.ship_vectors()} betekenissen staan in data/knowledge/vectors.npz")


@knowledge.command()
def show(
    topic: Annotated[str, typer.Argument(help="De id van een onderwerp.")],
    at: Annotated[str | None, typer.Option(help="Zoals het er toen stond: jjjj-mm-dd, of met uu:mm erbij.")] = None,
) -> None:
    """Print a topic as it stands, or as it stood at a moment; of a day, all that stood on it."""
    from bot.knowledge import read_standings

    with exit_codes():
        start, end = _span(at)
        all_of_it = read_standings(sessions(get_settings()), topic)
        stood = [standing for standing in all_of_it if standing.stood(start, end)]
        if not all_of_it:
            fail(f"een onderwerp {topic} is er nooit geweest", 1)
        if not stood:
            periods = "\n".join(standing.period for standing in all_of_it)
            fail(f"{topic} was er {'toen' if at else 'nu'} niet; wel:\n{periods}", 1)
        print("\n\n".join(standing.as_text() for standing in stood))


@knowledge.command()
def gaps() -> None:
    """List the questions that got no answer by the topic that came nearest, most often first, with the newest.

    After them the thumbs that answers got, with most thumbs down first.
    """
    from bot.knowledge import read_gaps, read_thumbs

    def named(topic: str, title: str | None) -> str:
        return f"{topic} ({title or 'is er niet meer'})"

    with exit_codes():
        settings = get_settings()
        found, thumbs = read_gaps(sessions(settings)), read_thumbs(sessions(settings))
        for gap in found:
            print(f"{gap.count} × het dichtst bij {named(gap.topic, gap.title)}, laatst op {gap.last}")
            for question in gap.questions:
                print(f"    “{' '.join(question.split())}”")
        if found:
            tell(f"vragen zonder antwoord: {sum(gap.count for gap in found)}")
            tell(f"de vragen zelf blijven {settings.conversation_hours} uur, of tot het gesprek wordt gewist")
        else:
            tell("er is niets gevraagd waar geen antwoord op was")
        for each in thumbs:
            print(f"{each.down} × omlaag, {each.up} × omhoog: {named(each.topic, each.title)}, laatst op {each.last}")
        if thumbs:
            down, up = sum(each.down for each in thumbs), sum(each.up for each in thumbs)
            tell(f"duimen bij antwoorden: {down} omlaag, {up} omhoog")


def _span(at: str | None) -> tuple[datetime, datetime]:
    """Return the first and the last moment that is meant: now, a moment, or a whole day, on this machine's clock."""
    try:
        start = datetime.fromisoformat(at).astimezone() if at else datetime.now().astimezone()
    except ValueError as error:
        raise typer.BadParameter(f"‘{at}’ is geen datum (jjjj-mm-dd)", param_hint="--at") from error
    whole_day = at is not None and len(at) == len("jjjj-mm-dd")
    return start, start + timedelta(days=1, microseconds=-1) if whole_day else start


@app.command()
def search(question: str, limit: int = 3) -> None:
    """Print the JSON of GET /api/knowledge/search."""
    with exit_codes():
        hits = _knowledge(get_settings()).search(question, limit=limit)
        _print({"query": question, "results": [hit.as_dict() for hit in hits]})


@app.command()
def analyse(text: str) -> None:
    """Print the JSON of POST /api/analyse; the engine must run, for the danger verdict is its."""
    from bot.web.api import analyse_text
    from bot.web.wiring import build_parts

    with exit_codes():
        _print(asyncio.run(analyse_text(build_parts(get_settings()), text)))


@app.command()
def wipe(conversation: str) -> None:
    """Forget one conversation everywhere."""
    from bot.channels import forget

    with exit_codes():
        if not asyncio.run(_with_engine(lambda store, engine: forget(store, engine, conversation))):
            fail("dit gesprek is er niet; is het al gewist?", 1)
        tell("gewist")


@app.command()
def purge() -> None:
    """Forget every conversation, question and count that is past its term."""
    from bot.channels import Clock
    from bot.channels import purge as purge_all
    from bot.channels.teams import Chats
    from bot.retention import forget_old

    with exit_codes():
        settings = get_settings()
        seconds = settings.conversation_hours * 3600
        forget_old(sessions(settings), seconds, settings)
        Chats(sessions(settings), Clock()).tidy(seconds)
        count = asyncio.run(_with_engine(lambda store, engine: purge_all(store, engine, seconds)))
        tell(f"{count} gesprekken gewist")


async def _with_engine(work: Any) -> Any:
    from bot.channels import EngineClient, Store

    settings = get_settings()
    store = Store(sessions(settings))
    engine = EngineClient(settings.engine_url, settings.key("engine_token"), actions_url=settings.actions_url)
    try:
        return await work(store, engine)
    finally:
        await engine.close()


def _knowledge(settings: Settings) -> Any:
    from bot.encoder import E5Encoder
    from bot.knowledge import KnowledgeBase

    return KnowledgeBase(sessions(settings), E5Encoder(), data_root=settings.data, cache_dir=settings.var / "cache")


def main() -> None:
    """Run the command; what it makes is for its owner alone."""
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()

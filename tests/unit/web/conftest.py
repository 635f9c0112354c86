"""An application with everything real but the engine, the door and the heavy parts of the domain."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.advice import Explanation, load_tables
from bot.case import load_replies, load_starts
from bot.channels import Clock, Patience
from bot.channels.teams import Pace
from bot.database import Base, make_engine, session_factory
from bot.knowledge import Citable, Topic, load_citable, load_kinds, load_sources
from bot.knowledge.catalogue import load_topics
from bot.practice import Heard, Option
from bot.settings import ROOT, Settings, get_settings
from bot.web import BadInputError, Parts, create_app
from bot.web.explanation import explain_tables
from bot.web.house import load_house
from bot.web.playing import Practice
from tests.unit.channels.fakes import FakeDoor, FakeEngine

QUICK = Patience(first_wait=0.02, longest_wait=0.05, told_after=0.4, typing_every=0.1, sweep_every=0.05)


def make_settings(root: Path, **changes: Any) -> Settings:
    """Make settings that touch nothing outside `root`."""
    values: dict[str, Any] = {"var": root, "secret": "s" * 32, "engine_token": "e" * 32} | changes
    return Settings(_env_file=None, **values)


@lru_cache
def explained() -> Explanation:
    """Lay out the project's own tables, once."""
    return explain_tables(ROOT / "data")


@lru_cache
def content() -> tuple[Topic, ...]:
    """Read the project's own topics, once."""
    return load_topics(ROOT / "data")


@lru_cache
def citable() -> Citable:
    """Read what the project's own content may cite, once."""
    return load_citable(ROOT / "data")


class PlainListener:
    """Is sure of what stands in the script, doubts where a word of it is said after “misschien”, and hears no more."""

    def hear(self, options: Sequence[Option], words: str, after: str = "") -> Heard:
        """Understand a line."""
        names = tuple(option.id for option in sorted(options, key=lambda option: words not in option.examples))
        said = any(words in option.examples for option in options)
        return Heard(names, 0.95 if said else 0.5 if words.startswith("misschien") else 0.1, ("anders",))

    def warm(self) -> None:
        """Need nothing."""


@lru_cache
def practice() -> Practice:
    """Return what dialogues are played with, read once."""
    data = ROOT / "data"
    sources = {source.id: source.title for source in load_sources(data)}
    return Practice(PlainListener(), sources, load_replies(data / "replies", load_tables(data).words))


def make_parts(
    settings: Settings,
    engine: FakeEngine,
    door: FakeDoor | None = None,
    unanswered: list[tuple[str, bool]] | None = None,
    clock: Clock | None = None,
) -> Parts:
    """Make parts with a database of their own and plain functions for the rest; what finds nothing is added."""
    unanswered = [] if unanswered is None else unanswered
    database = make_engine(settings.database)
    Base.metadata.create_all(database)

    def advise(body: Any) -> dict[str, Any]:
        if "case" not in body:
            raise BadInputError("case ontbreekt")
        return {"outcome": "observe"}

    return Parts(
        sessions=session_factory(database),
        engine=engine.client(),
        door=door or FakeDoor(),
        search=lambda query, limit: [{"topic": "meldcode", "title": query}][:limit] if "meldcode" in query else [],
        topics=content,
        kinds={kind.key: kind.label for kind in load_kinds(ROOT / "data")},
        unanswered=lambda question, keep: unanswered.append((question, keep)),
        analyse=lambda text: {"statements": [{"quote": text}], "signals": [], "forms": []},
        advise=advise,
        summary_markdown=lambda case, version: f"# Samenvatting {version}\n\n{case['story']}\n",
        summary_docx=lambda case, version: b"PK" + f"{version} {case['story']}".encode(),
        explanation=explained(),
        house=load_house(settings.house_style),
        starts=load_starts(ROOT / "data" / "replies"),
        practice=practice,
        citable=citable,
        clock=clock or Clock(),
    )


@dataclass
class Site:
    """A running application, the engine behind it, and a client on this machine."""

    app: FastAPI
    engine: FakeEngine
    http: httpx.AsyncClient
    settings: Settings
    door: FakeDoor
    unanswered: list[tuple[str, bool]]


@asynccontextmanager
async def running(
    root: Path,
    engine: FakeEngine,
    patience: Patience = QUICK,
    client: str = "127.0.0.1",
    clock: Clock | None = None,
    pace: Pace | None = None,
    **changes: Any,
) -> AsyncIterator[Site]:
    """Run the application for as long as the block lasts."""
    settings, door, unanswered = make_settings(root, **changes), FakeDoor(), list[tuple[str, bool]]()
    app = create_app(settings, make_parts(settings, engine, door, unanswered, clock), patience, pace)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield Site(app, engine, http, settings, door, unanswered)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Run an application with an engine that works."""
    async with running(tmp_path, FakeEngine()) as built:
        yield built


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the content, which the commands use."""
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    monkeypatch.setenv("PLUIS_DATA", str(data))
    monkeypatch.setenv("PLUIS_VAR", str(tmp_path / "var"))
    get_settings.cache_clear()
    yield data
    get_settings.cache_clear()

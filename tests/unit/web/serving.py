"""The application where it really listens: uvicorn as `serve` runs it, in a thread, on a free port of this machine."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from bot.channels import Clock, Patience
from bot.settings import Settings
from bot.web import create_app
from bot.web.app import listen, server_options
from bot.web.services import Services
from tests.unit.channels.fakes import FakeDoor, FakeEngine

from .conftest import QUICK, make_parts, make_settings


@dataclass
class Live:
    """A site that really listens."""

    url: str
    engine: FakeEngine
    app: FastAPI

    @property
    def services(self) -> Services:
        """The application's own things."""
        services: Services = self.app.state.services
        return services


@contextmanager
def listening(app: ASGIApp, options: dict[str, Any]) -> Iterator[int]:
    """Serve an application for as long as the block lasts, and give the port."""
    server = uvicorn.Server(config := uvicorn.Config(app, **options | {"port": 0, "timeout_graceful_shutdown": 1}))
    with listen(config) as door:
        thread = threading.Thread(target=server.run, args=([door],), daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "de server begon niet"
            time.sleep(0.01)
        try:
            yield door.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)


@contextmanager
def serving(
    root: Path,
    patience: Patience = QUICK,
    clock: Clock | None = None,
    settings: Settings | None = None,
    parts: Mapping[str, Any] | None = None,
    **options: Any,
) -> Iterator[Live]:
    """Serve a site with a fake engine behind it; `parts` are other parts than it would have, `options` uvicorn's."""
    engine, settings = FakeEngine(), settings or make_settings(root)
    made = dataclasses.replace(make_parts(settings, engine, FakeDoor(), clock=clock), **(parts or {}))
    app = create_app(settings, made, patience)
    with listening(app, server_options(settings) | options) as port:
        yield Live(f"http://127.0.0.1:{port}", engine, app)

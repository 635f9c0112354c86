"""The real page in a real Chromium, against the real application with a fake engine behind it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from bot.web import create_app
from bot.web.webchat import fetch
from tests.unit.channels.fakes import FakeDoor, FakeEngine
from tests.unit.web.conftest import QUICK, make_parts, make_settings

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
SIZES = {"desk": (1280, 860), "phone": (390, 844), "narrow": (320, 640)}


@dataclass
class Live:
    """A site that really listens."""

    url: str
    engine: FakeEngine
    app: FastAPI


@pytest.fixture(scope="session")
def client_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with Microsoft's client: the project's own when it was set up, else fetched once."""
    kept = ROOT / "var" / "webchat"
    if (kept / "webchat.js").exists():
        return kept
    fetched = tmp_path_factory.mktemp("client") / "webchat"
    fetch(fetched)
    return fetched


@pytest.fixture
def live(tmp_path: Path, client_files: Path) -> Iterator[Live]:
    """Serve a site on a free port."""
    engine = FakeEngine()
    (tmp_path / "webchat").symlink_to(client_files)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = make_settings(tmp_path, port=port)
    app = create_app(settings, make_parts(settings, engine, FakeDoor()), QUICK)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, http="h11", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            httpx.get(f"{url}/health/live")
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield Live(url, engine, app)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("geen Chromium op deze machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, live: Live) -> Iterator[Page]:
    """Open a page; any error in its console, also of the security policy, fails the test."""
    context = chromium.new_context(locale="nl-NL", base_url=live.url)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def sideways(page: Page) -> Any:
    """How far the page can be scrolled to the side."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

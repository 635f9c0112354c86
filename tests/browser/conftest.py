"""The real page in a real Chromium, against the real application with a fake engine behind it."""

from __future__ import annotations

import logging
import re
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.unit.web.conftest import make_settings
from tests.unit.web.serving import Live as Live
from tests.unit.web.serving import serving as serving_bare

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
SIZES = {"desk": (1280, 860), "phone": (390, 844), "narrow": (320, 640)}


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(root: Path, client_files: Path, parts: Mapping[str, Any] | None = None, **changes: Any) -> Iterator[Live]:
    """Serve a site with Microsoft's client on a free port for as long as the block lasts."""
    (root / "webchat").symlink_to(client_files)
    with serving_bare(root, settings=make_settings(root, **changes), parts=parts) as site:
        yield site


@pytest.fixture
def live(tmp_path: Path, client_files: Path) -> Iterator[Live]:
    """Serve a site on a free port."""
    with serving(tmp_path, client_files) as site:
        yield site


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


@contextmanager
def opening(chromium: Browser, live: Live, expected: re.Pattern[str]) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a browser of its own; an error in a console that is not expected fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def one(**options: Any) -> Page:
        contexts.append(context := chromium.new_context(locale="nl-NL", base_url=live.url, **options))
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield one
    for context in contexts:
        context.close()
    assert [error for error in errors if not expected.search(error)] == []


@pytest.fixture(autouse=True, scope="session")
def _what_failed() -> Iterator[None]:
    """Let the log of a test that fails say which error a request ended in, and where."""

    def tell(record: logging.LogRecord) -> bool:
        if record.msg == "request failed":
            record.msg = f"request failed: {getattr(record, 'error', '')} {getattr(record, 'trace', '')}"
        return True

    logger = logging.getLogger("pluis.web")
    logger.addFilter(tell)
    yield
    logger.removeFilter(tell)


def sideways(page: Page) -> Any:
    """How far the page can be scrolled to the side."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

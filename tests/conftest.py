"""What all tests share: the three real processes, started once per run (and worker) for those who ask for them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.live.postgres import Server
    from tests.live.site import Site

settings.register_profile("pluis", deadline=None)  # what must be quick is tested as such; a busy machine is no fault
settings.load_profile("pluis")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests with the processes together."""
    items.sort(key=lambda item: "pluis" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def pluis() -> Iterator[Site]:
    """Engine, actions and web, ready to talk with; at the end nothing that was said stands in their logs."""
    from tests.live.logs import check_logs
    from tests.live.site import Site

    with tempfile.TemporaryDirectory(prefix="pluis-test-") as var:
        site = Site(Path(var))
        try:
            site.prepare()
            site.start()
            yield site
            check_logs(site)
        finally:
            site.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server, where the programs are there; continuous integration has to have them."""
    from tests.live.postgres import binaries, serve

    programs = binaries()
    if programs is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("geen PostgreSQL op deze machine")
    with serve(programs) as server:
        yield server


@pytest.fixture(scope="session")
def client_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with Microsoft's client: the project's own when it was set up, else fetched once."""
    from bot.settings import ROOT
    from bot.web.webchat import fetch

    kept = ROOT / "var" / "webchat"
    if (kept / "webchat.js").exists():
        return kept
    fetched = tmp_path_factory.mktemp("client") / "webchat"
    fetch(fetched)
    return fetched


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show the end of the processes' logs under a failed test that used them."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    site = getattr(item, "funcargs", {}).get("pluis")
    if report.when == "call" and report.failed and site is not None:
        report.sections.append(("logs van de drie processen", site.last_lines()))

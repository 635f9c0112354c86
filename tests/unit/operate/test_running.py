"""The three processes together: ready, never ready, stopped, or with a model that cannot be loaded. Here they are
commands of one line, with the same way of starting, waiting and stopping."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.operate import NotReadyError, run_all
from bot.operate.prepare import make_secrets

from .test_starting import make_settings

WEB = """
import http.server, json, os
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        checks = {name: "ok" for name in ("database", "engine", "actions", "model")} | json.loads(os.environ["OUT"])
        self.send_response(200 if set(checks.values()) == {"ok"} else 503)
        self.end_headers()
        self.wfile.write(json.dumps({"checks": checks}).encode())
http.server.HTTPServer(("127.0.0.1", int(os.environ["PLUIS_PORT"])), Answer).serve_forever()
"""
SLEEP = "exec sleep 60"


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Give the signals back that the manager takes."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


class Running:
    """A folder with a Procfile, and what was told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told = folder, list[str]()
        self.settings = make_settings(folder)
        make_secrets(folder)
        (folder / "web.py").write_text(WEB, encoding="utf-8")

    def run(self, within: float = 30, **commands: str) -> int:
        """Run until it ends; a line that is told ends it as Ctrl-C does."""
        procfile = self.folder / "Procfile"
        procfile.write_text("".join(f"{name}: {command}\n" for name, command in commands.items()), encoding="utf-8")
        return run_all(self.settings, self.tell, procfile=procfile, within=within)

    def tell(self, line: str) -> None:
        self.told.append(line)
        os.kill(os.getpid(), signal.SIGINT)

    def web(self, out: str = "{}") -> str:
        """The command of a web server of which these parts are out."""
        return f"OUT={shlex.quote(out)} exec {shlex.quote(sys.executable)} {shlex.quote(str(self.folder / 'web.py'))}"


@pytest.fixture
def running(tmp_path: Path) -> Running:
    return Running(tmp_path)


def test_the_address_is_told_when_all_is_ready_and_ctrl_c_ends_it(running: Running) -> None:
    assert running.run(web=running.web(), engine=SLEEP) == 130
    assert running.told == [f"Pluis is klaar: http://127.0.0.1:{running.settings.port}/  (stoppen: Ctrl-C)"]


def test_a_proxy_of_the_shell_is_not_asked_for_this_machine(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert running.run(web=running.web(), engine=SLEEP) == 130


def test_a_part_that_stops_stops_all_and_is_told(running: Running) -> None:
    with pytest.raises(NotReadyError, match="een van de drie delen stopte"):
        running.run(web=SLEEP, engine="exec false", actions=SLEEP)
    assert running.told == []


def test_a_site_that_never_gets_ready_is_ended_and_told(running: Running) -> None:
    with pytest.raises(NotReadyError, match="na 1 s nog niet klaar: geen antwoord van de webserver"):
        running.run(within=1, web=SLEEP, engine=SLEEP)


def test_the_part_that_does_not_answer_is_named(running: Running) -> None:
    with pytest.raises(NotReadyError, match="geen antwoord van de motor en het model"):
        running.run(within=2, web=running.web('{"engine": "unavailable", "model": "unavailable"}'), engine=SLEEP)


def test_a_model_that_cannot_be_loaded_is_told_at_once(running: Running) -> None:
    with pytest.raises(NotReadyError, match=r"kan het model .*pluis-\w+\.tar\.gz niet laden; gooi het bestand weg"):
        running.run(web=running.web('{"model": "unavailable"}'), engine=SLEEP)

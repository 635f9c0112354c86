"""Starts engine, actions and web together, waits until they are ready, and stops them together."""

from __future__ import annotations

import shlex
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from honcho.environ import parse_procfile
from honcho.manager import SIGNALS, Manager

from bot.operate.model import environment, model_path
from bot.settings import ROOT, Settings

READY_WITHIN = 120.0
LOOK_EVERY = 0.3
INTERRUPTED = {SIGNALS[signal.SIGINT]["rc"], SIGNALS[signal.SIGTERM]["rc"]}
PARTS = {"database": "de database", "engine": "de motor", "model": "het model", "actions": "de actieserver"}


class NotReadyError(Exception):
    """The processes cannot start or do not get ready; the message says in one line what to do."""


def run_all(
    settings: Settings, tell: Callable[[str], None], *, procfile: Path = ROOT / "Procfile", within: float = READY_WITHIN
) -> int:
    """Run until Ctrl-C, and return its exit code.

    Raises NotReadyError when one of the processes stops by itself, or when they do not get ready.
    """
    check_ports(settings)
    manager = Manager()
    shared = process_environment(settings)
    for name, command in parse_procfile(procfile.read_text(encoding="utf-8")).processes.items():
        manager.add_process(name, command, env=shared, cwd=str(ROOT))
    trouble: list[NotReadyError] = []

    def announce() -> None:
        try:
            if wait_until_ready(settings, within=within, alive=lambda: manager.returncode is None):
                tell(f"Pluis is klaar: http://127.0.0.1:{settings.port}/  (stoppen: Ctrl-C)")
        except NotReadyError as error:
            trouble.append(error)
            manager.terminate()

    threading.Thread(target=announce, daemon=True).start()
    manager.loop()
    if trouble:
        raise trouble[0]
    if manager.returncode in INTERRUPTED:
        return int(manager.returncode)
    raise NotReadyError(
        "een van de drie delen stopte; kijk hierboven welk (het eerste ‘stopped’) en waarom, en start dan opnieuw."
    )


def check_ports(settings: Settings) -> None:
    """Raise NotReadyError for a port that is in use."""
    ports = {"PLUIS_PORT": settings.port, "PLUIS_ENGINE_PORT": settings.engine_port}
    for name, port in (ports | {"PLUIS_ACTIONS_PORT": settings.actions_port}).items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise NotReadyError(
                    f"poort {port} is bezet; stop wat daar draait, of zet {name} op een ander."
                ) from error


def process_environment(settings: Settings) -> dict[str, str]:
    """Return the environment that the three processes share."""
    return environment(settings) | {
        "PLUIS_PYTHON": shlex.quote(sys.executable),
        "PLUIS_ENGINE_PYTHON": shlex.quote(str(ROOT / ".venv-engine" / "bin" / "python")),
        "PLUIS_PORT": str(settings.port),
        "PLUIS_ENGINE_HOST": settings.engine_host,
        "PLUIS_ENGINE_PORT": str(settings.engine_port),
        "PLUIS_ACTIONS_PORT": str(settings.actions_port),
        "PLUIS_ACTIONS_URL": settings.actions_url,
        "PLUIS_MODEL": str(model_path(settings).absolute()),
        "PLUIS_ENGINE_TOKEN": settings.key("engine_token"),
        "PLUIS_TRACKER_URL": settings.tracker,
        "PLUIS_LOG_LEVEL": settings.log_level.upper(),
        "PLUIS_ORGANISATION": str(settings.organisation.absolute()),
    }


def wait_until_ready(
    settings: Settings, *, within: float = READY_WITHIN, alive: Callable[[], bool] = lambda: True
) -> bool:
    """Wait for `GET /health/ready`; False when the processes stopped meanwhile.

    Raises NotReadyError when it takes too long, or never will be.
    """
    deadline = time.monotonic() + within
    while alive():
        well, out = _look(settings)
        if well:
            return True
        if out == {"model"}:  # the engine listens only after it tried to load
            path = model_path(settings)
            raise NotReadyError(f"de motor kan het model {path} niet laden; gooi het bestand weg en start opnieuw.")
        if time.monotonic() > deadline:
            missing = " en ".join(words for part, words in PARTS.items() if part in out) or "de webserver"
            raise NotReadyError(
                f"Pluis is na {within:.0f} s nog niet klaar: geen antwoord van {missing}; "
                "kijk hierboven wat dat deel meldt en start dan opnieuw."
            )
        time.sleep(LOOK_EVERY)
    return False


def _look(settings: Settings) -> tuple[bool, set[str]]:
    """Ask `web` once whether all is ready, and if not, which parts are out; none are known while it is silent."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{settings.port}/health/ready", timeout=5, trust_env=False)
        checks = answer.json()["checks"]
    except (httpx.HTTPError, ValueError, LookupError, TypeError):
        return False, set()
    return answer.status_code == 200, {part for part, state in checks.items() if state != "ok"}

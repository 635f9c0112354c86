"""Engine, actions and web as they run in real life, on free ports and with a `var` of their own.
Starts and stops only processes that it started itself, and keeps what each of them logs."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from honcho.environ import parse_procfile
from pydantic import SecretStr

from bot.case import Case
from bot.database import upgrade
from bot.operate import model_path, train
from bot.operate.prepare import build_privacy_cache, load_knowledge, make_secrets
from bot.operate.processes import process_environment
from bot.settings import ROOT, Settings, get_settings

PARTS = ("engine", "actions", "web")
TEMPORARY = "tmp"  # in `var`: what the processes leave there is looked at too
READY_WITHIN = 240.0  # a busy machine loads the engine in a minute
STOP_WITHIN = 15.0


class NotRunningError(Exception):
    """The three processes did not get ready; the message holds the end of their logs."""


def wait_for(holds: Callable[[], Any], within: float, what: str) -> Any:
    """Wait until `holds` gives something true and return it. Raises TimeoutError that says what was waited for."""
    deadline = time.monotonic() + within
    while not (found := holds()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"binnen {within:.0f} s niet: {what}")
        time.sleep(0.05)
    return found


class Site:
    """The three real processes."""

    def __init__(self, var: Path) -> None:
        own = get_settings()
        ports = _free_ports(3)
        self.settings = Settings(
            _env_file=None,
            var=var,
            organisation=var / "organisation.yml",
            database_url=SecretStr(""),
            tracker_url=SecretStr(""),
            model=model_path(own),
            port=ports[0],
            engine_port=ports[1],
            actions_port=ports[2],
            teams_trial=True,
            desk_hours="ma-zo 0:00-24:00",
        )
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.logs = var / "logs"
        self.tracker_db = var / "tracker.db"
        self.said: list[str] = []
        self._own = own
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self) -> None:
        """Make keys, database, knowledge and model ready; the caches are the project's own, so that this is quick."""
        self.logs.mkdir(parents=True)
        (self.settings.var / TEMPORARY).mkdir()
        for name in ("cache", "webchat"):
            (self._own.var / name).mkdir(parents=True, exist_ok=True)
            (self.settings.var / name).symlink_to(self._own.var / name)
        make_secrets(self.settings.var)
        upgrade(self.settings.database)
        load_knowledge(self.settings)
        if not (self._own.var / "cache" / "deduce" / "cache" / "lookup_structs.version").exists():
            build_privacy_cache(self._own, lambda _line: None)
        if not model_path(self.settings).exists():
            train(self._own, print)

    def start(self, *parts: str) -> None:
        """Start parts (all of them when none is named) and wait until the whole is ready."""
        commands = parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).processes
        for part in parts or PARTS:
            with (self.logs / f"{part}.log").open("ab") as log:
                self._running[part] = subprocess.Popen(
                    ["/bin/sh", "-c", commands[part]],
                    cwd=ROOT,
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        self.until_ready()

    def stop(self, *parts: str) -> None:
        """Stop parts (all that run when none is named)."""
        chosen = [self._running.pop(part) for part in (parts or tuple(self._running)) if part in self._running]
        for process in chosen:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in chosen:
            try:
                process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def until_ready(self) -> None:
        """Wait for `GET /health/ready`. Raises NotRunningError, with the logs, when a part stops or takes too long."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            stopped = [part for part, process in self._running.items() if process.poll() is not None]
            if stopped:
                raise NotRunningError(f"gestopt: {', '.join(stopped)}\n{self.last_lines()}")
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).status_code == 200:
                    return
            time.sleep(0.2)
        raise NotRunningError(f"niet klaar na {READY_WITHIN:.0f} s\n{self.last_lines()}")

    def pid(self, part: str) -> int:
        """Return the process id of a part that runs."""
        return self._running[part].pid

    def last_lines(self, count: int = 12) -> str:
        """Return the end of every log."""
        blocks = []
        for part in PARTS:
            log = self.logs / f"{part}.log"
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
            blocks.append("\n".join([f"--- {part}", *lines[-count:]]))
        return "\n".join(blocks)

    def slots(self, conversation: str) -> dict[str, Any]:
        """Return the slots of a conversation, straight from the engine; empty when it knows none."""
        answer = self.engine("GET", f"conversations/{conversation}")
        if answer.status_code == 404:
            return {}
        answer.raise_for_status()
        slots: dict[str, Any] = answer.json()["slots"]
        return slots

    def case(self, conversation: str) -> Case:
        """Return the case of a conversation."""
        return Case.from_slot(self.slots(conversation).get("casus"))

    def engine(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask the engine something over its own channel, with the token."""
        headers = {"Authorization": f"Bearer {self.settings.key('engine_token')}"}
        address = f"{self.settings.engine_url}/webhooks/pluis/{path}"
        return httpx.request(method, address, headers=headers, timeout=60, trust_env=False, **options)

    def _environment(self) -> Mapping[str, str]:
        """Return what the processes get: nothing of this shell's own settings but the model that it names."""
        made = process_environment(self.settings)
        ours = {name: value for name, value in made.items() if not name.startswith("PLUIS_")}
        wanted = (
            *("PYTHON", "ENGINE_PYTHON", "PORT", "ENGINE_HOST", "ENGINE_PORT", "ACTIONS_PORT", "ACTIONS_URL"),
            *("ENGINE_TOKEN", "MODEL", "TRACKER_URL", "LOG_LEVEL", "ORGANISATION", "VAR"),
        )
        ours |= {f"PLUIS_{name}": made[f"PLUIS_{name}"] for name in wanted}
        ours |= {"PLUIS_TEAMS_TRIAL": "true", "PLUIS_DATABASE_URL": self.settings.database}
        ours |= {"PLUIS_DESK_HOURS": self.settings.desk_hours}
        return ours | {"TMPDIR": str(self.settings.var / TEMPORARY)}


def _free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()

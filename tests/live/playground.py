"""Microsoft 365 Agents Playground, unmodified: Microsoft's own client for an app in Teams, in a Node of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from bot.web.webchat import locked
from tests.live.fetched import fetched
from tests.live.site import wait_for

LOCK = Path(__file__).parent / "playground.lock"


class Playground:
    """One playground that speaks with one Pluis; `url` is where a browser opens it."""

    def __init__(self, node: str, pluis: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._home = tempfile.TemporaryDirectory(prefix="playground-")
        command = [
            node,
            str(fetched(LOCK, "playground") / locked(LOCK)[0].name / "cli.js"),
            "-e",
            f"{pluis}/api/messages",
            "-c",
            "msteams",
        ]
        self._process = subprocess.Popen(
            [*command, "--port", str(port), "--disable-telemetry"],
            cwd=self._home.name,
            env=os.environ | {"HOME": self._home.name, "BROWSER": "none"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        wait_for(self._answers, 60, "de Playground")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)  # the group that was started here, with what it started
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._home.cleanup()

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError("de Playground stopte meteen")
        with suppress(httpx.HTTPError):
            return httpx.get(self.url, timeout=2, trust_env=False).status_code == 200
        return False

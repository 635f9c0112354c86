"""A PostgreSQL server of the test run's own, on a socket in a folder of its own; gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

SUPERUSER = "pluis"

Command = Sequence[str | Path]


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, or None when they are not on this machine."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "postgres").exists()), None)


class Server:
    """A server that runs; every test gets a database of its own in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"t{uuid.uuid4().hex}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://{SUPERUSER}@/{name}?host={self._folder}"

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self._folder), user=SUPERUSER, dbname="postgres", autocommit=True)


@contextmanager
def serve(programs: Path) -> Iterator[Server]:
    """Run a server for as long as the block lasts; root cannot run one, and does so as another user."""
    as_user: dict[str, Any] = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pluis-pg-") as name:
        folder = Path(name)
        if as_user:
            shutil.chown(folder, **as_user)
        data = folder / "data"
        _run([programs / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync"], as_user)
        command: Command = [
            programs / "postgres",
            "-D",
            data,
            "-k",
            folder,
            "-c",
            "listen_addresses=",
            "-c",
            "fsync=off",
        ]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **as_user)
        try:
            yield _ready(Server(folder), process)
        finally:
            process.send_signal(signal.SIGINT)  # at once, whoever is still connected
            process.wait(30)


def _ready(server: Server, process: subprocess.Popen[Any]) -> Server:
    end = time.monotonic() + 30
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            assert process.poll() is None, "PostgreSQL stopte meteen"
            assert time.monotonic() < end, "PostgreSQL start niet"
            time.sleep(0.05)
        else:
            return server


def _run(command: Command, as_user: dict[str, Any]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)

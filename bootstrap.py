"""Gets a machine ready that has Python 3.11 or newer and nothing else: uv, Python 3.10, both environments.

Only the standard library, since nothing is installed yet. Every step can be cut short and begun again: an environment
counts as installed when the hash of its lock stands in it, which is written last.
Exit codes: 0 well, 3 something that this machine lacks, with one line that says what to do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
NEEDED_GB = 5
STAMP = "installed-from"


class NotPossibleError(Exception):
    """This machine lacks something; the message says in one line what, and what to do."""


def main(arguments: list[str]) -> int:
    """Prepare the environments, then hand over to `pluis` with the arguments that are left."""
    started = time.monotonic()
    develop = "--dev" in arguments
    try:
        if sys.version_info < (3, 11):
            raise NotPossibleError(f"Pluis heeft Python 3.11 of nieuwer nodig; dit is {sys.version.split()[0]}.")
        engine, root = ROOT / ".venv-engine", ROOT / ".venv"
        wanted = {engine: _locks(ROOT / "engine", develop), root: _locks(ROOT, develop)}
        if not all(_installed(place, locks) for place, locks in wanted.items()):
            _check_disk()
            uv = find_uv()
            if not _installed(engine, wanted[engine]):
                _say(f"Python-omgeving van de motor ({engine.name}, ongeveer 2 GB; dit duurt het langst)")
                _install(uv, engine, find_python310(uv), wanted[engine][0])
            if not _installed(root, wanted[root]):
                _say(f"Python-omgeving van Pluis ({root.name})")
                _install(uv, root, Path(sys.executable), wanted[root][0], project=True)
            _say(f"omgevingen klaar in {time.monotonic() - started:.0f} s")
    except NotPossibleError as error:
        print(f"pluis: {error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    rest = [argument for argument in arguments if argument != "--dev"]
    if not rest:
        return 0
    python = str(root / "bin" / "python")
    command = [python, "-m", "bot.cli", *rest] if rest[0] != "--" else [python, *rest[1:]]
    os.chdir(ROOT)
    os.execv(python, command)


def _locks(folder: Path, develop: bool) -> list[Path]:
    """Return the locks that will do, the one to install first: what developers have serves for running too."""
    dev = folder / "requirements-dev.lock"
    return [dev] if develop else [folder / "requirements.lock", dev]


def find_uv() -> str:
    """Return uv: the one on PATH, else one in a venv of our own, from a hash-pinned file."""
    found = shutil.which("uv")
    if found:
        return found
    place, lock = TOOLS / "uv", ROOT / "uv-requirements.lock"
    uv = place / "bin" / "uv"
    if not _installed(place, [lock]):
        _say("uv, dat de pakketten installeert (.tools/uv)")
        made = _run([sys.executable, "-m", "venv", "--clear", str(place)], quiet=True)
        if made != 0:
            raise NotPossibleError("kan geen venv maken; op Debian en Ubuntu: apt install python3-venv.")
        pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if _run([*pip, "--require-hashes", "-r", str(lock)]) != 0:
            raise NotPossibleError("uv is niet te installeren; is er verbinding met de pakketbron van deze machine?")
        _stamp(place, lock)
    return str(uv)


def find_python310(uv: str) -> Path:
    """Find Python 3.10 for the engine: as set, on PATH, of pyenv, of uv; else uv fetches it, within 20 seconds."""
    told = os.environ.get("PLUIS_PYTHON310") or _from_env_file("PLUIS_PYTHON310")
    if told:
        if _is_310(Path(told)):
            return Path(told)
        raise NotPossibleError(f"PLUIS_PYTHON310 wijst niet naar Python 3.10: {told}.")
    on_path = shutil.which("python3.10")
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob("3.10*/bin/python"), reverse=True)
    for python in ([Path(on_path)] if on_path else []) + pyenv:
        if _is_310(python):
            return python
    for fetch in (False, True):
        if fetch:
            _say("Python 3.10 is er niet; uv probeert het te halen (20 s)")
            _run([uv, "python", "install", "3.10"], quiet=True, timeout=20)
        found = subprocess.run([uv, "python", "find", "3.10"], capture_output=True, text=True, check=False)
        if found.returncode == 0 and _is_310(Path(found.stdout.strip())):
            return Path(found.stdout.strip())
    raise NotPossibleError(
        "geen Python 3.10 gevonden (nodig voor de motor). Installeer het, bijvoorbeeld met `pyenv install 3.10`, "
        "of zet PLUIS_PYTHON310 op het pad ervan."
    )


def _from_env_file(name: str) -> str:
    """Return a setting of `.env`, where all others stand too; empty when it has none."""
    path = ROOT / ".env"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = (line.partition("=") for line in lines)
    found = [value.strip().strip("'\"") for key, _, value in pairs if key.strip() == name]
    return found[-1] if found else ""


def _install(uv: str, place: Path, python: Path, lock: Path, *, project: bool = False) -> None:
    """Make an environment hold exactly what its lock says."""
    commands = [
        [uv, "venv", "--quiet", "--clear", "--python", str(python), str(place)],
        [uv, "pip", "sync", "--compile-bytecode", "--require-hashes", "--python", str(place), str(lock)],
    ]
    if project:
        own = ["--no-deps", "--no-build-isolation", "--quiet", "--python", str(place), "-e", str(ROOT)]
        commands.append([uv, "pip", "install", *own])
    for command in commands:
        if _run(command) != 0:
            raise NotPossibleError(
                f"installeren in {place.name} lukte niet (zie hierboven); is er verbinding en genoeg schijfruimte? "
                "Start daarna opnieuw: er blijft niets half staan."
            )
    _stamp(place, lock)


def _installed(place: Path, locks: list[Path]) -> bool:
    stamp = place / STAMP
    return stamp.exists() and stamp.read_text(encoding="ascii") in {_hash(lock) for lock in locks}


def _stamp(place: Path, lock: Path) -> None:
    (place / STAMP).write_text(_hash(lock), encoding="ascii")


def _hash(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + str(ROOT).encode()).hexdigest()


def _is_310(python: Path) -> bool:
    try:
        check = [str(python), "-c", "import sys; sys.exit(sys.version_info[:2] != (3, 10))"]
        return subprocess.run(check, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _check_disk() -> None:
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        raise NotPossibleError(f"te weinig schijfruimte in {ROOT}: {free:.1f} GB vrij, {NEEDED_GB} GB nodig.")


def _run(command: list[str], *, quiet: bool = False, timeout: float | None = None) -> int:
    output = subprocess.DEVNULL if quiet else None
    environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    try:
        return subprocess.run(
            command, stdout=output, stderr=output, timeout=timeout, env=environment, check=False
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return 1


def _say(text: str) -> None:
    print(f"pluis: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The model of the dialogue engine: which one fits the present data, and training it when there is none.

A fingerprint over data, configuration, engine code and lock is the model's name, so that a model never
answers for data that it was not trained on.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.settings import ROOT, Settings

INPUTS = ("config.yml", "domain.yml", "data/nlu", "data/rules", "data/stories", "data/analysis/danger.yml")
KEEP = 2


class ModelError(Exception):
    """There is no usable model; the message says in one line what to do."""


def fingerprint(root: Path = ROOT) -> str:
    """Return 16 hexadecimal digits over everything that a model is made of."""
    return digest(root, _inputs(root))


def digest(root: Path, paths: Iterable[Path]) -> str:
    """Return 16 hexadecimal digits over the names and contents of files under `root`."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def model_path(settings: Settings) -> Path:
    """Return where the model for the present data is, or will be; the one that is set goes before."""
    if settings.model is not None:
        return settings.model
    return settings.var / "models" / f"pluis-{fingerprint()}.tar.gz"


def check(path: Path) -> None:
    """Raise ModelError when a model file is damaged."""
    try:
        with tarfile.open(path) as archive:
            names = archive.getnames()
    except (OSError, tarfile.TarError, EOFError) as error:
        raise ModelError(f"het model {path} is beschadigd; gooi het bestand weg en start opnieuw.") from error
    if not any(name.endswith("metadata.json") for name in names):
        raise ModelError(f"het model {path} is niet van Rasa; gooi het bestand weg en start opnieuw.")


def train(settings: Settings, tell: Callable[[str], None]) -> Path:
    """Train a model for the present data; it gets its name when it is whole. Raises ModelError.

    `tell` is given a line of progress now and then.
    """
    target = model_path(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    log = settings.var / "train.log"
    part = f"part-{os.getpid()}"
    command = [
        *(str(ROOT / ".venv-engine" / "bin" / "python"), "-m", "rasa", "train", "--domain", "domain.yml"),
        *("--data", "data/nlu", "data/rules", "data/stories", "--config", "config.yml"),
        *("--out", str(target.parent), "--fixed-model-name", part),
    ]
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=environment(settings)
        )
        try:
            while process.poll() is None:
                time.sleep(1)
                if int(time.monotonic() - started) % 10 == 0:
                    tell(f"model trainen, {time.monotonic() - started:.0f} s, bezig met {_component(log)}")
        finally:
            if process.poll() is None:
                process.kill()
    made = target.parent / f"{part}.tar.gz"
    if process.returncode != 0 or not made.exists():
        made.unlink(missing_ok=True)
        raise ModelError(f"het trainen is mislukt; kijk in {log}, herstel de fout en start opnieuw.")
    made.replace(target)
    for old in sorted(target.parent.glob("pluis-*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-KEEP]:
        old.unlink()
    return target


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the engine's processes."""
    from_shell = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return from_shell | {
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "PLUIS_VAR": str(settings.var.absolute()),
    }


def _inputs(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        yield from sorted(path.rglob("*.yml")) if path.is_dir() else [path]
    for code in (root / "encoder", root / "engine"):
        yield from sorted(
            path for path in code.rglob("*") if path.suffix in (".py", ".yml", ".npz") and "tests" not in path.parts
        )
    yield root / "engine" / "requirements.lock"


def _component(log: Path) -> str:
    """Return the component that is being trained, as the log tells it."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    names = [line.rsplit("'", 2)[1] for line in lines if "Starting to train component" in line]
    return names[-1] if names else "voorbereiden"

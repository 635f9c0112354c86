"""`make test`: the engine's tests in its own environment, then all others; arguments choose among the others.

A run in which no test ran has failed, whatever its exit code.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "OMP_NUM_THREADS": "1"}
# The engine's libraries warn at every import; pytest's own settings are for the other environment.
ENGINE = ["-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider", "-q", "engine/tests"]
# Each on all cores; apart, because a browser holds an event loop of its own, and the three processes (a set for every
# worker) want the machine to themselves.
PARTS = (
    ["tests/unit", "tests/actions", "-n", "auto", "--dist", "loadfile"],
    ["tests/browser", "-n", "auto", "--dist", "worksteal"],
    ["tests/stories", "tests/conversations", "tests/integration", "-n", "auto", "--dist", "worksteal"],
)


def main(arguments: list[str]) -> int:
    """Run all parts, or what the arguments choose; the exit code is that of the first part that fails."""
    root, engine = ([str(ROOT / name / "bin" / "python")] for name in (".venv", ".venv-engine"))
    runs = [[*engine, "-W", "ignore", "-m", "pytest", *ENGINE], *([*root, "-m", "pytest", *part] for part in PARTS)]
    if arguments:
        runs = [[*root, "-m", "pytest", *arguments]]
    environment = os.environ | QUIET | {"PYTHONPATH": str(ROOT)}
    codes = [subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode for command in runs]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make check`: lint, types, import rules, data, Rasa's own validation, known vulnerabilities, locks.

Runs all, then says what failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
RASA = [str(ROOT / ".venv-engine" / "bin" / "python"), "-m", "rasa"]
DATA = ["--data", "data/nlu", "data/rules", "data/stories"]
CHECKS: dict[str, list[str]] = {
    "stijl": [str(BIN / "ruff"), "check", "."],
    "opmaak": [str(BIN / "ruff"), "format", "--check", "."],
    "typen": [str(BIN / "mypy")],
    "wie wie mag importeren": [str(BIN / "lint-imports")],
    "inhoud": [str(BIN / "python"), "-m", "bot.cli", "check"],
    "domein en verhalen": [*RASA, "data", "validate", "--domain", "domain.yml", *DATA, "--fail-on-warnings"],
    "kwetsbaarheden": [str(BIN / "python"), "tools/audit.py"],
    "pakketlijsten": [str(BIN / "python"), "tools/lock.py", "--check"],
}
UNKNOWN = "niet nagevraagd:"  # what a check could not find out is shown also when all else is well
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONPATH": str(ROOT)}


def main() -> int:
    """Run every check; 0 when all are well."""
    failed = []
    for name, command in CHECKS.items():
        started = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | QUIET, capture_output=True, text=True, errors="replace", check=False
        )
        fine = done.returncode == 0
        print(f"{'goed' if fine else 'FOUT'}  {name} ({time.monotonic() - started:.0f} s)", flush=True)
        for line in done.stdout.splitlines():
            if fine and line.startswith(UNKNOWN):
                print(f"      {line}", flush=True)
        if not fine:
            failed.append(name)
            print((done.stdout + done.stderr)[-6000:], flush=True)
    if failed:
        print(f"make check: niet goed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""`make lock`: makes the hash-pinned lock files from the pyproject files; `--check` fails when one would change.

The locks carry no addresses, so that an organisation can install from its own mirror. Nothing is upgraded unless asked:
`--upgrade` takes the newest versions that fit.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bootstrap import find_python310, find_uv  # noqa: E402

COMMON = ["--universal", "--generate-hashes", "--no-header", "--quiet"]


def main(arguments: list[str]) -> int:
    """Make or check the locks; 1 when a check finds a difference, 3 when the package source is out of reach."""
    uv = find_uv()
    old = str(find_python310(uv))
    locks = {
        "requirements.lock": ["pyproject.toml", "--python-version", "3.11"],
        "requirements-dev.lock": ["pyproject.toml", "--extra", "dev", "--python-version", "3.11"],
        "engine/requirements.lock": ["engine/pyproject.toml", "--python", old],
        "engine/requirements-dev.lock": ["engine/pyproject.toml", "--extra", "dev", "--python", old],
    }
    changed = []
    with tempfile.TemporaryDirectory() as folder:
        for lock, what in locks.items():
            made = Path(folder) / lock.replace("/", "-")
            if (ROOT / lock).exists():
                shutil.copy(ROOT / lock, made)  # what is locked stays, unless --upgrade
            command = [uv, "pip", "compile", *COMMON, *what, "-o", str(made)]
            command += ["--upgrade"] if "--upgrade" in arguments else []
            if lock.endswith("-dev.lock"):  # what is tested is what is installed
                command += ["-c", str(Path(folder) / lock.replace("/", "-").replace("-dev", ""))]
            if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
                print(f"{lock} is niet te maken; is de pakketbron bereikbaar?", file=sys.stderr)
                return 3
            if not (ROOT / lock).exists() or _pins(made) != _pins(ROOT / lock):
                changed.append(lock)
                if "--check" not in arguments:
                    shutil.copy(made, ROOT / lock)
    print("veranderd: " + ", ".join(changed) if changed else "de pakketlijsten kloppen")
    return 1 if changed and "--check" in arguments else 0


def _pins(lock: Path) -> list[str]:
    """The pinned packages and hashes, without the comments that tell where they came from."""
    lines = (line.split("#")[0].strip() for line in lock.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

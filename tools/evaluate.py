"""`make eval`: measures how well Pluis understands, prints the tables, and writes reports/, docs/nlu.md,
docs/knowledge.md and docs/privacy/door.md."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "OMP_NUM_THREADS": "1"}


def main(arguments: list[str]) -> int:
    """Measure intents and danger in the engine's environment, the privacy door, the search in the knowledge,
    how clauses and signals are recognised, the triage, and what is typed in practice dialogues."""
    root, engine = (str(ROOT / name / "bin" / "python") for name in (".venv", ".venv-engine"))
    commands = [
        [root, "-m", "tools.privacy_report"],
        [root, "-m", "tools.knowledge_report"],
        [root, "-m", "tools.analysis_report"],
        [root, "-m", "tools.triage_report"],
        [root, "-m", "tools.practice_report"],
        [engine, "-W", "ignore", "-m", "engine.evaluate", *arguments],
    ]
    environment = os.environ | QUIET | {"PYTHONPATH": str(ROOT)}
    return max(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode for command in commands)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What a report of figures says of where it comes from."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime

from bot.settings import ROOT


def stamp() -> dict[str, str]:
    """Return the date, the commit and the machine."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit.stdout.strip(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
    }

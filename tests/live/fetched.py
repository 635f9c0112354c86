"""Packages of npm that the tests use as they are, fetched once for all workers."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from bot.settings import ROOT
from bot.web.webchat import fetch, version


def fetched(lock: Path, name: str) -> Path:
    """Return the folder with what a lock names, under a name of its own in the cache."""
    kept = ROOT / "var" / "cache" / f"{name}-{version(lock)}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder, suppress(OSError):  # another worker was first
            fetch(made := Path(folder) / name, lock)
            made.rename(kept)
    return kept

"""What `docs/privacy/stores.md` says is kept, to hold against what is."""

from __future__ import annotations

import re

from bot.settings import ROOT

RASA = {"events"}  # the tables of the engine's own database
KEPT = {  # files of `var`
    "pluis.db", "tracker.db", "cache", "models", "secrets", "webchat", "train.log", "sbom.cdx.json", "logs",
}  # fmt: skip


def listed() -> set[str]:
    """Return the names in the first column of the tables."""
    text = (ROOT / "docs" / "privacy" / "stores.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))

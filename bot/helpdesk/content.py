"""What editors write for the desk: what questions are closed with, what can be taught, and answers that stand ready."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.yamlfile import read_yaml, validate


@dataclass(frozen=True)
class Answer:
    """An answer that stands ready; staff change it as they need."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Content:
    """Categories and intents by id with their titles, and answers, all in the order of the file."""

    categories: Mapping[str, str]
    answers: Sequence[Answer]
    intents: Mapping[str, str] = field(default_factory=dict)

    def search(self, words: str) -> list[Answer]:
        """Return the answers in which all of these words stand, or begin a word; all when there are none."""
        wanted = _folded(words).split()
        return [one for one in self.answers if all(_stands_in(word, f"{one.title} {one.text}") for word in wanted)]


def load_content(data: Path) -> Content:
    """Read the file under `data`. Raises DataFileError."""
    folder = data / "helpdesk"
    loaded = read_yaml(folder / "desk.yml")
    validate(loaded, json.loads((folder / "schema" / "desk.json").read_text(encoding="utf-8")))
    for key in ("categories", "intents", "answers"):
        ids = [row["id"] for row in loaded.data[key]]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                raise loaded.error(f"{name} staat er twee keer", key, at, "id")
    return Content(
        {row["id"]: row["title"] for row in loaded.data["categories"]},
        tuple(Answer(**row) for row in loaded.data["answers"]),
        {row["id"]: row["title"] for row in loaded.data["intents"]},
    )


def _stands_in(word: str, text: str) -> bool:
    return any(other.startswith(word) for other in _folded(text).split())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join(kept.split())

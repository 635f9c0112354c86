"""Words that point at danger, and words that say it is not about this case, as `data/analysis/danger.yml` lists them.
The lexicon never misses a phrase that was thought of; the trained judge finds those that were not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from engine.features import normalised

DISCLOSURE = "disclosure"  # a trigger that is not acute by itself


class DangerFileError(Exception):
    """`danger.yml` cannot be used; says where and why."""


@dataclass(frozen=True)
class Sentence:
    """One labelled sentence; no kinds: no danger, and `why` it could be mistaken for it."""

    text: str
    kinds: tuple[str, ...]
    why: str = ""
    development: bool = False  # chooses the threshold; the lexicon was written without it

    @property
    def acute(self) -> bool:
        """Say whether the bot must ask about it."""
        return any(kind != DISCLOSURE for kind in self.kinds)


@dataclass(frozen=True)
class _Entry:
    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None

    def hits(self, text: str) -> bool:
        return bool(self.pattern.search(text)) and not (self.unless and self.unless.search(text))


class Lexicon:
    """Patterns by kind, and frames (denied, asked in general, another case …) that take their force away."""

    def __init__(self, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.rows = rows
        self._kinds = [_entry(row["kind"], row) for row in rows["lexicon"]]
        self._frames = [_entry(row["why"], row) for row in rows["frames"]]
        self.kinds = tuple(dict.fromkeys(row["kind"] for row in rows["lexicon"]))

    def kinds_in(self, text: str) -> tuple[str, ...]:
        """Return the kinds whose patterns stand in a clause, in the order of the file."""
        plain = normalised(text)
        return tuple(dict.fromkeys(entry.name for entry in self._kinds if entry.hits(plain)))

    def frame_of(self, text: str) -> str | None:
        """Return why a clause is not about danger in this case, or None."""
        plain = normalised(text)
        return next((entry.name for entry in self._frames if entry.hits(plain)), None)


def read_danger(path: Path) -> tuple[Lexicon, list[Sentence]]:
    """Read lexicon and sentences. Raises DangerFileError when the file breaks its schema or says a thing twice."""
    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise DangerFileError(f"{path}: {error}") from error
    schema = json.loads((path.parent / "schema" / "danger.json").read_text(encoding="utf-8"))
    for problem in Draft202012Validator(schema).iter_errors(data):
        raise DangerFileError(f"{path}: {'/'.join(map(str, problem.absolute_path))}: {problem.message}")
    sentences = [
        Sentence(text, tuple(row.get("kinds", ())), row.get("why", ""), row.get("development", False))
        for row in [*data["danger"], *data["no_danger"]]
        for text in row["sentences"]
    ]
    seen: set[str] = set()
    for sentence in sentences:
        key = normalised(sentence.text)
        if key in seen:
            raise DangerFileError(f"{path}: stands there twice: {sentence.text}")
        seen.add(key)
    return Lexicon({"lexicon": data["lexicon"], "frames": data["frames"]}), sentences


def _entry(name: str, row: Mapping[str, Any]) -> _Entry:
    unless = row.get("unless")
    return _Entry(name, _compile(row["patterns"]), _compile([unless]) if unless else None)


def _compile(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))

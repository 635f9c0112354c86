"""What a trainer types: what can be kept of it, its title, and how two texts differ. Pure."""

from __future__ import annotations

import json
import re
from difflib import unified_diff
from itertools import takewhile
from pathlib import Path
from typing import Final

from bot.studio.errors import BadTextError
from bot.studio.records import Line
from bot.yamlfile import DataFileError, parse_yaml

LARGEST: Final = 500_000  # bytes of a dialogue
SHORTEST_TITLE: Final = 3
LONGEST_TITLE: Final = 80  # as the schema of dialogues has it
_TITLE: Final = re.compile(r"^title:.*$", re.MULTILINE)
_HUNK: Final = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def whole(text: str) -> str:
    """Return the text of a dialogue as it is kept, wrong or not. Raises BadTextError."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise BadTextError("In de tekst staat een half teken. Haal het weg, en bewaar opnieuw.") from error
    if "\0" in text:
        raise BadTextError("In de tekst staat een leeg teken (NUL). Haal het weg, en bewaar opnieuw.")
    if size > LARGEST:
        raise BadTextError(
            f"De tekst is te groot: {size // 1000} kB, en er past {LARGEST // 1000} kB in. Maak er twee."
        )
    return text


def one_line(text: str, what: str, shortest: int, longest: int) -> str:
    """Return what stands on one line, without space around it. Raises BadTextError, which calls it `what`."""
    found = " ".join(text.split())
    if not found.isprintable():
        raise BadTextError(f"In {what} staat een teken dat er niet kan staan. Typ opnieuw wat er hoort.")
    if not shortest <= len(found) <= longest:
        fewest = f"{shortest} tot " if shortest else "hooguit "
        raise BadTextError(f"Geef {what} {fewest}{longest} tekens; nu zijn het er {len(found)}.")
    return found


def title_of(text: str) -> str | None:
    """Return the title of a dialogue; None when it cannot be read, or would not do."""
    try:
        row = parse_yaml(text, Path("gesprek.yml")).data
    except DataFileError:
        return None
    title = " ".join(row["title"].split()) if isinstance(row, dict) and isinstance(row.get("title"), str) else ""
    return title if SHORTEST_TITLE <= len(title) <= LONGEST_TITLE and title.isprintable() else None


def titled(text: str, title: str) -> str:
    """Return the text with another title; as it is where its title is not one line, or cannot be read."""
    made = _TITLE.sub(lambda _: f"title: {json.dumps(title, ensure_ascii=False)}", text, count=1)
    return made if title_of(made) == title else text


def notes_above(text: str) -> list[str]:
    """Return the comment above a dialogue, by line; not the one that is for editors."""
    lines = takewhile(lambda line: line.startswith("#"), text.splitlines())
    found = (line.lstrip("# ").rstrip() for line in lines if not line.startswith("# yaml-language-server:"))
    return [line for line in found if line]


def difference(old: str, new: str) -> list[list[Line]]:
    """Return the places where two texts differ, each with three lines around it."""
    found: list[list[Line]] = []
    lines = unified_diff(old.splitlines(), new.splitlines(), lineterm="")
    next(lines, None), next(lines, None)  # names of files
    for row in lines:
        if hunk := _HUNK.match(row):
            at = {"old": _first(hunk[1], hunk[2]), "new": _first(hunk[3], hunk[4])}
            found.append([])
            continue
        found[-1].append(
            Line(row[0], row[1:], at["old"] if row[0] != "+" else None, at["new"] if row[0] != "-" else None)
        )
        at["old"] += row[0] != "+"
        at["new"] += row[0] != "-"
    return found


def _first(begin: str, length: str | None) -> int:
    """Return the number of the first line of a hunk: of an empty one difflib tells the line before it."""
    return int(begin) + (length == "0")

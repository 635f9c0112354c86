"""What a trainee does in a line, such as asking openly or judging: the techniques as they stand in
`data/practice/techniques`, and the lines from which they are learnt."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.practice.records import Technique
from bot.yamlfile import Loaded, read_yaml, validate

FOLDER: Final = Path("practice") / "techniques"
SEVERAL: Final = "meer_vragen"  # heard by a rule: it is a matter of counting
OTHER: Final = "anders"  # where nothing else is heard
VECTORS: Final = "vectors.npz"  # of the lines, beside them, so that a first start need not compute them

# More questions than one: a second mark, but for what somebody else is quoted to say, or a second question that goes on
# in the same sentence. “Of” with a verb is no second one: that leaves a choice.
_QUOTED = re.compile(r"[“„\"][^“”„\"]*[”\"]")
_MARK = re.compile(r"\?[?!\s]*")
_WHO = r"(?:ik|u|je|jij|ge|gij|hij|ze|zij|we|wij|jullie|er|dat|dit|het|de|uw|jouw)\b(?! ook\b)"
_WHAT = r"(?:wat|hoe(?: (?:vaak|lang|laat|oud|erg|ver))?|waar|wanneer|wie|waarom|waardoor|welke?|hoeveel)"
_VERB = r"(?:heb|hebt|heeft|is|was|zijn|kan|kunt|kun|ben|bent|wil|wilt|gaat|slaat|mag|voelt)"
_MORE = re.compile(
    rf"\b(?:en {_WHAT} (?:\w+ )?{_WHO}|of {_WHAT} (?!{_WHO})\w+ {_WHO}|en {_VERB} {_WHO})", re.IGNORECASE
)


def load_techniques(data: Path) -> dict[str, Technique]:
    """Read the techniques by id, what weighs most first. Raises DataFileError."""
    loaded = _load(data, "techniques")
    rows = loaded.data["techniques"]
    names = [row["id"] for row in rows]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise loaded.error(f"{name} staat er twee keer; kies een andere naam", "techniques", at, "id")
    for name in (SEVERAL, OTHER):
        if name not in names:
            raise loaded.error(f"{name} ontbreekt; zet het erbij, want daar wordt naar geluisterd", "techniques")
    return {row["id"]: Technique(**row) for row in rows}


@dataclass(frozen=True)
class LabelledLine:
    """A line to learn from: the techniques in it, and what it followed, where that is known."""

    text: str
    tags: frozenset[str]
    after: str = ""


def load_lines(data: Path, known: Collection[str]) -> list[LabelledLine]:
    """Read the lines to learn from, with none but known techniques. Raises DataFileError."""
    loaded = _load(data, "lines")
    learnt, seen = [name for name in known if name not in (SEVERAL, OTHER)], set[str]()
    for at, row in enumerate(loaded.data["lines"]):
        for name in row["tags"]:
            if name not in learnt:
                raise loaded.error(
                    f"er is geen techniek {name} om te leren; kies uit: {', '.join(learnt)}", "lines", at
                )
        key = " ".join(row["text"].lower().split())
        if key in seen:
            raise loaded.error(f"dit staat er twee keer; haal er een weg: {row['text']}", "lines", at)
        seen.add(key)
    return [LabelledLine(row["text"], frozenset(row["tags"]), row.get("after", "")) for row in loaded.data["lines"]]


def _load(data: Path, name: str) -> Loaded:
    loaded = read_yaml(data / FOLDER / f"{name}.yml")
    validate(loaded, json.loads((data / FOLDER / "schema" / f"{name}.json").read_text(encoding="utf-8")))
    return loaded


def asks_several(text: str) -> bool:
    """Tell whether more than one question is asked at once."""
    own = _QUOTED.sub("", text).strip(" ,.") or text
    return len(_MARK.findall(own)) > 1 or bool(_MORE.search(own, 0, own.rfind("?") + 1))

"""Reads practice dialogues from `data/practice`, and says with file and line what cannot be played."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.practice.records import Client, Dialogue, Ending, Goal, Line, Option, Scene, Source, Technique, When
from bot.practice.techniques import load_techniques
from bot.yamlfile import Loaded, parse_yaml, read_yaml, validate

SCHEMA = Path("practice") / "schema" / "dialogue.json"


def load_dialogues(data: Path) -> dict[str, Dialogue]:
    """Read all dialogues under the data root, by id, in the order of their names. Raises DataFileError."""
    return {path.stem: load_dialogue(path, data) for path in sorted((data / "practice").glob("*.yml"))}


def load_dialogue(path: Path, data: Path) -> Dialogue:
    """Read one dialogue; its id is the name of its file. Raises DataFileError for the first fault."""
    return dialogue_of(read_yaml(path), data)


def load_text(text: str, data: Path, name: str) -> Dialogue:
    """Do as load_dialogue of what is in no file: the text of the dialogue `name`. Raises DataFileError."""
    return dialogue_of(parse_yaml(text, Path(f"{name}.yml")), data)


def dialogue_of(loaded: Loaded, data: Path) -> Dialogue:
    """Return the dialogue of what was read. Raises DataFileError."""
    validate(loaded, _schema(data / SCHEMA))
    _check_names(loaded)
    row = loaded.data
    techniques = _techniques(loaded, data)
    return Dialogue(
        id=loaded.path.stem, title=row["title"], about=row["about"], you=row["you"], minutes=row["minutes"],
        situation=row["situation"], client=Client(**row["client"]), goals=tuple(map(_goal, row["goals"])),
        state=row["state"], begin=row["begin"], places={place["id"]: _place(place) for place in row["scenes"]},
        techniques=techniques,
    )  # fmt: skip


def _techniques(loaded: Loaded, data: Path) -> dict[str, Technique]:
    """Return what can be heard in a line, with what this client does then."""
    general, own = _general(data), loaded.data.get("reactions", {})
    for name in own:
        if name not in general:
            raise loaded.error(_unknown("techniek", name, general), "reactions", name)
    return {name: replace(found, says=own.get(name, found.says)) for name, found in general.items()}


@lru_cache
def _general(data: Path) -> Mapping[str, Technique]:
    return load_techniques(data)


@lru_cache
def _schema(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _goal(row: Mapping[str, Any]) -> Goal:
    return Goal(row["id"], row["text"], tuple(Source(**source) for source in row["sources"]))


def _place(row: Mapping[str, Any]) -> Scene | Ending:
    says, thinks = _lines(row["says"]), _lines(row["thinks"])
    if "ending" in row:
        return Ending(row["id"], row["ending"], says, thinks, row["about"])
    return Scene(row["id"], says, thinks, tuple(map(_option, row["options"])), row.get("hint", ""))


def _option(row: Mapping[str, Any]) -> Option:
    kept = {name: value for name, value in row.items() if name not in ("examples", "tags", "when")}
    return Option(examples=tuple(row["examples"]), tags=tuple(row["tags"]), when=_when(row.get("when")), **kept)


def _lines(value: str | list[Mapping[str, Any]]) -> tuple[Line, ...]:
    if isinstance(value, str):
        return (Line(value),)
    return tuple(Line(row["text"], _when(row.get("when"))) for row in value)


def _when(row: Mapping[str, str] | None) -> When:
    parts = ((name, *compared.split()) for name, compared in (row or {}).items())
    return When(tuple((name, how, int(number)) for name, how, number in parts))


# -- names that lead nowhere -------------------------------------------------------------------------------------------


def _check_names(loaded: Loaded) -> None:
    """Raise DataFileError for a name that stands twice, or leads to nothing."""
    row = loaded.data
    goals = _once(loaded, row["goals"], "goals")
    places = _once(loaded, row["scenes"], "scenes")
    if row["begin"] not in places:
        raise loaded.error(_unknown("scène", row["begin"], places), "begin")
    for at, place in enumerate(row["scenes"]):
        for part in ("says", "thinks"):
            _check_lines(loaded, place[part], "scenes", at, part)
        options = place.get("options", [])
        _once(loaded, options, "scenes", at, "options")
        for number, option in enumerate(options):
            here = ("scenes", at, "options", number)
            if option["to"] not in places:
                raise loaded.error(_unknown("scène", option["to"], places), *here, "to")
            for part, known in (("effect", row["state"]), ("when", row["state"]), ("goals", goals)):
                _check_known(loaded, option.get(part, {}), known, *here, part)
        if options and all("when" in option or option.get("once") for option in options):
            raise loaded.error("er moet één antwoord zijn dat altijd kan: zonder when en zonder once", "scenes", at)


def _check_lines(loaded: Loaded, value: Any, *here: str | int) -> None:
    if isinstance(value, str):
        return
    for at, line in enumerate(value):
        _check_known(loaded, line.get("when", {}), loaded.data["state"], *here, at, "when")
        last = at == len(value) - 1
        if last and "when" in line:
            raise loaded.error("de laatste zin geldt altijd: haal when weg, of zet er een zin zonder onder", *here, at)
        if not last and "when" not in line:
            raise loaded.error("deze zin geldt altijd, dus wat eronder staat komt nooit: zet haar onderaan", *here, at)


def _check_known(loaded: Loaded, given: Mapping[str, Any], known: Any, *here: str | int) -> None:
    for name in given:
        if name not in known:
            raise loaded.error(_unknown("leerdoel" if here[-1] == "goals" else "waarde", name, known), *here, name)


def _once(loaded: Loaded, rows: list[Mapping[str, Any]], *here: str | int) -> Mapping[str, None]:
    """Return the names in the order of the file."""
    names: dict[str, None] = {}
    for at, row in enumerate(rows):
        if row["id"] in names:
            raise loaded.error(f"{row['id']} staat er twee keer; geef een van de twee een andere naam", *here, at, "id")
        names[row["id"]] = None
    return names


def _unknown(kind: str, name: str, known: Any) -> str:
    shown = ", ".join(list(known)[:12])
    return f"er is geen {kind} {name}; er zijn: {shown}{', …' if len(list(known)) > 12 else ''}"

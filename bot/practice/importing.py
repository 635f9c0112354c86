"""Makes a dialogue of a story from Twine: passages become scenes and endings, links become options. What a story does
not have is there as a text that has yet to be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from bot.practice.twee import Link, Passage, Story, clean
from bot.practice.unfinished import UNFINISHED, to_write
from bot.yamlfile import DataFileError

KINDS: Final = ("goed", "open", "stop")  # of endings, as a tag of a passage
_LONGEST: Final = {"title": 80, "says": 1000, "example": 300, "options": 12, "id": 40}  # as the schema has them
_THINKS: Final = to_write("wat er dan wordt gedacht")


def imported(story: Story) -> dict[str, Any]:
    """Return the dialogue of a story as a file holds it. Raises DataFileError where it does not fit in one."""
    if len(story.passages) == 1:
        only = story.passages[story.start]
        raise DataFileError(story.path, only.line, "er is maar één passage; maak er een waar het gesprek eindigt")
    ids = dict(zip(story.passages, _ids(story.passages, "scene"), strict=True))
    _fits(story.path, story.title_line, "de titel", story.title, "title")
    return {
        "title": story.title if len(story.title) > 2 else to_write("de titel"),
        "about": to_write("waar het over gaat, voor wie een gesprek kiest"),
        "you": to_write("wie de deelnemer is"),
        "minutes": 15,
        "situation": to_write("wat de deelnemer vooraf weet; pas ook minutes en state aan"),
        "client": {
            "who": to_write("wie tegenover de deelnemer zit, zonder naam"),
            "talks": to_write("hoe die persoon praat"),
            "hides": to_write("wat die persoon verbergt"),
            "fears": to_write("waar die persoon bang voor is"),
        },
        "goals": [
            {
                "id": "leerdoel",
                "text": to_write("wat de deelnemer leert, als zin met je"),
                "sources": [{"id": to_write("de bron"), "section": to_write("de plaats daarin")}],
            }
        ],
        "state": {"vertrouwen": 3, "spanning": 5, "openheid": 1},
        "begin": ids[story.start],
        "scenes": [_place(story.path, passage, ids) for passage in story.passages.values()],
    }


def import_head(story: Story) -> str:
    """Return what stands above the dialogue of a story: where it is from, and what was left out, with its line."""
    name = clean(story.path.name)
    about = f"Uit Twine ({name}). Nog niet af: vervang elke tekst die begint met “{UNFINISHED}”."
    notes = (f"{name}, regel {line}: {clean(text)}" for line, text in story.notes)
    return "\n".join((about, *notes))


def slug(title: str, other: str, number: int = 1) -> str:
    """Return an id for a title; `other` is for what has no letters, `number` tells those of the same title apart."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    base = base if base[:1].isalpha() else f"{other}_{base}".rstrip("_")
    if len(base) > _LONGEST["id"]:
        base = base[: _LONGEST["id"] + 1].rpartition("_")[0] or base[: _LONGEST["id"]]
    return base if number == 1 else f"{base[: _LONGEST['id'] - 5].rstrip('_')}_{number}"


def _place(path: Path, passage: Passage, ids: Mapping[str, str]) -> dict[str, Any]:
    _fits(path, passage.line, f"de tekst van {passage.name}", passage.text, "says")
    says = passage.text or to_write("wat er wordt gezegd")
    if not passage.links:
        kind = next((tag.lower() for tag in passage.tags if tag.lower() in KINDS), "open")
        about = to_write("wat dit einde betekent; kijk ook of het goed, open of stop is")
        return {"id": ids[passage.name], "ending": kind, "says": says, "thinks": _THINKS, "about": about}
    if len(passage.links) > _LONGEST["options"]:
        reason = f"{passage.name} heeft meer dan {_LONGEST['options']} links; verdeel ze over twee passages"
        raise DataFileError(path, passage.line, reason)
    names = _ids((link.text for link in passage.links), "antwoord")
    options = [_option(path, link, name, ids) for link, name in zip(passage.links, names, strict=True)]
    return {"id": ids[passage.name], "says": says, "thinks": _THINKS, "options": options}


def _option(path: Path, link: Link, name: str, ids: Mapping[str, str]) -> dict[str, Any]:
    _fits(path, link.line, "de tekst van deze link", link.text, "example")
    return {
        "id": name,
        "examples": [link.text if len(link.text) > 1 else to_write("wat de deelnemer zegt")],
        "tags": ["open_vraag"],
        "feedback": to_write("hoe dit landde en waarom; kies ook de tags, effect en goals"),
        "to": ids[link.target],
    }


def _fits(path: Path, line: int, what: str, text: str, kind: str) -> None:
    if len(text) > _LONGEST[kind]:
        raise DataFileError(path, line, f"{what} is langer dan {_LONGEST[kind]} tekens; maak die korter")


def _ids(titles: Iterable[str], other: str) -> list[str]:
    """Return an id for each title, all different; `other` is for what has no letters."""
    made: dict[str, None] = {}
    tried: dict[str, int] = {}
    for title in titles:
        name = base = slug(title, other)
        while name in made:
            tried[base] = tried.get(base, 1) + 1
            name = slug(title, other, tried[base])
        made[name] = None
    return list(made)

"""What a trainer brings in a file: a dialogue in YAML, or a story from Twine. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.practice import UNFINISHED, clean, dialogue_yaml, import_head, imported, parse_twee
from bot.studio.errors import BadTextError
from bot.studio.texts import title_of, whole
from bot.yamlfile import DataFileError, decoded, parse_yaml

YAML: Final = (".yml", ".yaml")
TWINE: Final = (".twee", ".tw")
_LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class Brought:
    """The text of a dialogue that was in a file, and its title; empty where it has none that would do."""

    title: str
    text: str


def brought(name: str, content: bytes) -> Brought:
    """Read a file, by how its name ends. YAML stays as it is, also where it cannot be played. Raises BadTextError, with
    the line."""
    path = Path(clean(name)[-_LONGEST_NAME:])
    kind = path.suffix.lower()
    if kind not in YAML + TWINE:
        raise BadTextError("Kies een bestand dat eindigt op .yml, of op .twee als het uit Twine komt.")
    if content.startswith(b"PK"):  # a zip, as Word makes
        raise BadTextError("Dit is een Word-bestand of een zip. Begin met het voorbeeld, en plak je tekst daarin.")
    try:
        text = _text(decoded(content, path), path)
        if kind in TWINE:
            story = parse_twee(text, path)
            text = dialogue_yaml(imported(story), import_head(story))
        elif not isinstance(parse_yaml(whole(text), path).data, dict):
            raise DataFileError(path, 1, "hier staat geen oefengesprek; dat begint met velden als title en about")
    except DataFileError as error:
        raise BadTextError(
            f"In {path.name} klopt regel {error.line} niet: {error.reason}. Verander dat, en kies het bestand opnieuw."
        ) from error
    title = title_of(text) or ""
    return Brought("" if title.startswith(UNFINISHED) else title, text)


def _text(text: str, path: Path) -> str:
    """Return a text that could be read on. Raises DataFileError."""
    if not text.strip():
        raise DataFileError(path, 1, "dit bestand is leeg")
    if text.lstrip().startswith("<"):
        line = text[: len(text) - len(text.lstrip())].count("\n") + 1
        raise DataFileError(path, line, "dit is een webpagina (HTML); sla een verhaal in Twine op als Twee")
    return text

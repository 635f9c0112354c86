"""What only the organisation itself knows. Operators write it in one file outside `data/`; which names may stand there,
and by which placeholders a text says it, known or not, is declared in `data/advice/organisation.yml`."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.advice.wording import fill
from bot.markdown import pressable
from bot.yamlfile import Loaded, read_yaml

UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")  # line breaks, and what hides or turns letters


def read_own(path: Path | None, fields: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """Return what operators filled in, by field, ready to stand in a text; nothing when the file is not there.

    Raises DataFileError for a name that is not in `fields`, and for a text that could break the one it comes in.
    """
    if path is None or not path.exists():
        return {}
    loaded = read_yaml(path)
    rows = {} if loaded.data is None else loaded.data
    if not isinstance(rows, dict):
        raise loaded.error("hier horen regels met een naam en een tekst, zoals ‘wie_meldt: de teamleider’")
    for name in rows:
        if name not in fields:
            raise loaded.error(f"onbekende naam: {name}; kies uit: {', '.join(fields)}", name)
    return {name: said for name, value in rows.items() if (said := _said(loaded, name, value, fields[name]))}


def words_for(placeholders: list[dict[str, str]], known: Mapping[str, str]) -> dict[str, str]:
    """Return what each placeholder is filled with; one may use those above it."""
    words: dict[str, str] = {}
    for row in placeholders:
        value = known.get(row["from"], "")
        words[row["id"]] = fill(row["known"] if value else row["unknown"], {**words, "value": value})
    return words


def _said(loaded: Loaded, name: str, value: Any, limits: Mapping[str, int]) -> str:
    """Read one field: a text, or where the limits say so a list of texts; empty when it was not filled in."""
    if value is None:
        return ""
    if "most" not in limits:
        return _text(loaded, value, limits["longest"], name)
    if not isinstance(value, list):
        raise loaded.error(f"{name}: hier hoort een lijst; zet elke tekst op een eigen regel na een streepje", name)
    if len(value) > limits["most"]:
        raise loaded.error(f"{name}: hoogstens {limits['most']}, hier staan er {len(value)}", name, limits["most"])
    texts = (_text(loaded, item, limits["longest"], name, at) for at, item in enumerate(value))
    return "; ".join(text for text in texts if text)


def _text(loaded: Loaded, value: Any, longest: int, *at: str | int) -> str:
    """Read one text: on one line, with nothing in it that a text of ours could take for markup or a placeholder."""
    if not isinstance(value, str):
        reason = 'hier hoort tekst; is het een nummer, of staat er een dubbele punt in, zet er dan " omheen'
        raise loaded.error(f"{at[0]}: {reason}", *at)
    text = value.strip()
    if any(unicodedata.category(letter) in UNSEEN for letter in text):
        raise loaded.error(f"{at[0]}: zet de tekst op één regel, zonder tekens die niet te zien zijn", *at)
    if len(text) > longest:
        raise loaded.error(f"{at[0]} is te lang: {len(text)} tekens, hoogstens {longest}", *at)
    if {"{", "}"} & set(text):
        raise loaded.error(f"{at[0]}: een accolade kan hier niet", *at)
    return pressable(" ".join(text.split()).rstrip(" .;,"))

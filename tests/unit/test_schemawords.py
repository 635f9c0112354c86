"""What a schema refuses is told in Dutch, with what belongs there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.schemawords import WORDS
from bot.settings import ROOT
from bot.yamlfile import DataFileError, read_yaml, validate

BEARERS = {"properties", "$defs", "items", "prefixItems"}  # lead to other schemas, and refuse nothing themselves
TELLS_NOTHING = {"$schema", "$id", "$ref", "$comment", "title", "description", "default", "if", "then", "else", "allOf"}
ROW = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 3, "pattern": "^[a-z]+$"},
        "kind": {"enum": ["fact", "feeling"]},
        "signed": {"const": True},
        "rows": {"type": "array", "maxItems": 1, "uniqueItems": True},
    },
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind: fact\n", "1: het bestand: ‘name’ ontbreekt; vul het in"),
        ("name: abc\nnaam: x\n", "1: het bestand: onbekend: naam; hier mag staan: name, kind, signed, rows"),
        ("kind: fact\nname: 5\n", "2: name: hier hoort tekst, er staat ‘5’"),
        ("name: ab\n", "1: name: te kort: ‘ab’; ten minste 3 tekens"),
        ("name: ABC\n", "1: name: ‘ABC’ heeft niet de vorm die hier hoort (^[a-z]+$)"),
        ("name: abc\nkind: feit\n", "2: kind: ‘feit’ kan hier niet; kies uit: fact, feeling"),
        ("name: abc\nsigned: false\n", "2: signed: hier hoort ‘true’, er staat ‘false’"),
        ("name: abc\nrows: [1, 2]\n", "2: rows: de lijst telt 2 rijen; ten hoogste 1"),
    ],
)
def test_a_fault_names_the_line_and_what_belongs_there(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "rows.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as error:
        validate(read_yaml(file), ROW)
    assert str(error.value) == f"{file}:{told}"


def keywords(schema: Any) -> Iterator[str]:
    """Every keyword that a schema uses; the names under `properties` and `$defs` are names and no keywords."""
    if isinstance(schema, list):
        for part in schema:
            yield from keywords(part)
    if isinstance(schema, dict):
        for keyword, value in schema.items():
            yield keyword
            named = keyword in ("properties", "$defs") and isinstance(value, dict)
            yield from keywords(list(value.values()) if named else value)


def test_every_keyword_of_the_schemas_has_words() -> None:
    used: set[str] = set()
    for path in (ROOT / "data").rglob("schema/*.json"):
        used |= set(keywords(json.loads(path.read_text(encoding="utf-8"))))
    assert used - BEARERS - TELLS_NOTHING - {"propertyNames"} == used & set(WORDS)

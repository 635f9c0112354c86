"""Tells in Dutch what a JSON Schema wants of a value, for the editors of `data/` and of `organisation.yml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from jsonschema.exceptions import ValidationError

SHOWN = 60  # so much of a wrong value is quoted
BLANK = r"\S"  # the pattern of a text that is no more than spaces when it does not fit
KINDS = {
    "string": "tekst", "object": "namen met een waarde", "array": "een lijst", "boolean": "ja of nee (true of false)",
    "integer": "een heel getal", "number": "een getal", "null": "niets",
}  # fmt: skip


def in_dutch(error: ValidationError) -> str:
    """Say what is wrong and what belongs there; a rule that has no words here keeps those of the validator."""
    tell = WORDS.get(str(error.validator))
    return tell(error.validator_value, error) if tell else error.message


def _shown(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)  # as it is written in the file
    return f"‘{text if len(text) <= SHOWN else text[:SHOWN] + '…'}’"


def _listed(values: Any) -> str:
    return ", ".join(map(str, values))


def _count(error: ValidationError) -> int:
    """How long the value is: characters, rows or names."""
    return len(cast("str | list[Any] | dict[str, Any]", error.instance))


def _missing(wanted: Any, error: ValidationError) -> str:
    """Name what this error misses: the validator makes one error for each name, in the order of the schema."""
    name = next(name for name in wanted if error.message.startswith(repr(name)))
    return f"‘{name}’ ontbreekt; vul het in"


def _too_much(_wanted: Any, error: ValidationError) -> str:
    known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    extra = [name for name in cast(Mapping[str, Any], error.instance) if name not in known]
    return f"onbekend: {_listed(extra)}; hier mag staan: {_listed(known)}"


def _kind(wanted: Any, error: ValidationError) -> str:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    return f"hier hoort {' of '.join(KINDS[kind] for kind in kinds)}, er staat {_shown(error.instance)}"


def _pattern(wanted: Any, error: ValidationError) -> str:
    if wanted == BLANK:
        return "hier staat niets; schrijf er iets"
    return f"{_shown(error.instance)} heeft niet de vorm die hier hoort ({wanted})"


WORDS: Mapping[str, Callable[[Any, ValidationError], str]] = {
    "required": _missing,
    "additionalProperties": _too_much,
    "type": _kind,
    "enum": lambda wanted, error: f"{_shown(error.instance)} kan hier niet; kies uit: {_listed(wanted)}",
    "const": lambda wanted, error: f"hier hoort {_shown(wanted)}, er staat {_shown(error.instance)}",
    "pattern": _pattern,
    "format": lambda wanted, error: f"{_shown(error.instance)} is geen geldige {wanted}",
    "minLength": lambda wanted, error: f"te kort: {_shown(error.instance)}; ten minste {wanted} tekens",
    "maxLength": lambda wanted, error: f"te lang: {_count(error)} tekens; ten hoogste {wanted}",
    "minItems": lambda wanted, error: f"de lijst telt {_count(error)} rijen; ten minste {wanted}",
    "maxItems": lambda wanted, error: f"de lijst telt {_count(error)} rijen; ten hoogste {wanted}",
    "minProperties": lambda wanted, error: f"{_count(error)} namen; ten minste {wanted}",
    "maxProperties": lambda wanted, error: f"{_count(error)} namen; ten hoogste {wanted}",
    "minimum": lambda wanted, error: f"{error.instance} is te weinig; ten minste {wanted}",
    "maximum": lambda wanted, error: f"{error.instance} is te veel; ten hoogste {wanted}",
    "uniqueItems": lambda _wanted, error: "in de lijst staat iets twee keer; haal er een weg",
    "anyOf": lambda _wanted, error: f"{_shown(error.instance)} past in geen van de vormen die hier mogen",
    "oneOf": lambda _wanted, error: f"{_shown(error.instance)} past niet in precies één van de vormen die hier mogen",
    "not": lambda _wanted, error: f"{_shown(error.instance)} mag hier niet",
    "contains": lambda _wanted, error: "in de lijst ontbreekt een rij die er moet zijn",
}

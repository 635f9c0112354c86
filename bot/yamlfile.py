"""Reads the YAML files that editors write, and keeps the line of every value,
so that an error can be told as `file:line: reason`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import jsonschema_rs
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from bot.schemawords import in_dutch

DEEPEST = 50  # lists and mappings in one another
REPEATED = 100_000  # values, by all aliases together
TEXT = "tag:yaml.org,2002:str"
FAULTS = {  # what the parser says → what an editor most often did, which may be some lines higher
    "did not find expected key": "deze regel past niet bij die erboven. Begint hij te ver naar links of naar rechts, "
    "of sluit hierboven een aanhalingsteken niet?",
    "did not find expected '-' indicator": "deze regel hoort bij een lijst: zet het streepje recht onder het vorige",
    "did not find expected ',' or": "wat hier met { of [ begint, sluit niet. Ontbreekt er een komma of een "
    "aanhalingsteken, hier of op de regel erboven?",
    "did not find expected node content": "hier hoort iets te staan. Sluit een { of [ niet?",
    "mapping values are not allowed": "hier staat een dubbele punt met een spatie. Hoort die bij een zin? Zet dan de "
    "hele zin tussen aanhalingstekens. Anders begint deze regel te ver naar rechts",
    "could not find expected ':'": "hier of op de regel erboven hoort een naam met een dubbele punt en een spatie, "
    "zoals ‘minutes: 5’",
    "tab": "hier staat een tab; gebruik spaties",
    "cannot start any token": "zo kan een tekst niet beginnen; zet hem tussen aanhalingstekens",
    "unexpected end of stream": "een aanhalingsteken sluit niet; zet het aan het einde van de tekst",
}
PLAIN_TAGS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class DataFileError(Exception):
    """A file under `data/` is wrong; prints as `file:line: reason`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class _Loader(yaml.CSafeLoader):
    """YAML as 1.2 reads it: `yes`, `no` and `1:30` are words."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]


for _kind, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("timestamp", r"\d{4}-\d\d-\d\d", "0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))


_Lines: TypeAlias = "dict[str, _Line] | list[_Line] | None"  # of what stands under a value
_Line: TypeAlias = "int | tuple[int, _Lines]"  # no tuple where nothing stands under it: there are tens of thousands

_Event: TypeAlias = Any  # of PyYAML, whose types leave out what an event holds


@dataclass(frozen=True)
class Loaded:
    """One file: its plain content, and where each value stands."""

    path: Path
    data: Any
    _lines: _Lines

    def line(self, *keys: str | int) -> int:
        """Return the 1-based line of the value under `keys`, or of the nearest parent that has one."""
        lines, line = self._lines, 1
        for key in keys:
            if isinstance(lines, dict) and str(key) in lines:
                found = lines[str(key)]
            elif isinstance(lines, list) and isinstance(key, int) and key < len(lines):
                found = lines[key]
            else:
                break
            line, lines = found if isinstance(found, tuple) else (found, None)
        return line

    def error(self, reason: str, *keys: str | int) -> DataFileError:
        """Make the error for the value under `keys`."""
        return DataFileError(self.path, self.line(*keys), reason)


def read_yaml(path: Path) -> Loaded:
    """Read one YAML file (UTF-8). Raises DataFileError when it is missing, cannot be read or is no YAML."""
    return parse_yaml(read_text(path), path)


def read_text(path: Path, most: int | None = None) -> str:
    """Read a text file (UTF-8), of so many bytes at most. Raises DataFileError when it is missing, cannot be read or is
    larger."""
    try:
        with path.open("rb") as file:
            content = file.read(-1 if most is None else most + 1)
    except FileNotFoundError as error:
        raise DataFileError(path, 1, "dit bestand ontbreekt") from error
    except OSError as error:
        raise DataFileError(path, 1, f"niet te lezen ({error.strerror}); hier hoort een bestand") from error
    if most is not None and len(content) > most:
        raise DataFileError(path, 1, f"groter dan {most // 1_000_000} MB; verdeel het over meer bestanden")
    return decoded(content, path)


def decoded(content: bytes, path: Path) -> str:
    """Return the text of a file, each line with the same end. Raises DataFileError when it is not in UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataFileError(path, line, "geen UTF-8; sla het bestand op als UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_yaml(text: str, path: Path) -> Loaded:
    """Read the text of a YAML file that is, or will be, at `path`. Raises DataFileError when it is no YAML."""
    try:
        return Loaded(path, *_Reading(_Loader(text)).document())
    except _FaultError as fault:
        raise DataFileError(path, fault.line, fault.reason) from fault
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DataFileError(path, line, f"geen geldige YAML: {_in_dutch(str(error.problem))}") from error
    except yaml.YAMLError as error:
        raise DataFileError(path, 1, f"geen geldige YAML: {error}") from error
    except UnicodeEncodeError as error:
        line = text[: error.start].count("\n") + 1
        raise DataFileError(path, line, "hier staat een half teken; haal het weg") from error


def _in_dutch(problem: str) -> str:
    return next((told for part, told in FAULTS.items() if part in problem), problem)


def validate(loaded: Loaded, schema: Mapping[str, Any]) -> None:
    """Check a file against a JSON Schema. Raises DataFileError for the first violation in the file's order."""
    if _fits(loaded.data, schema):
        return
    errors = list(Draft202012Validator(schema).iter_errors(loaded.data))
    if errors:
        first = best_match([min(errors, key=lambda error: loaded.line(*error.absolute_path))])
        where = ".".join(str(part) for part in first.absolute_path) or "het bestand"
        raise loaded.error(f"{where}: {in_dutch(first)}", *first.absolute_path)


def _fits(data: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether a file surely fits. It is a hundred times as quick as what can explain why not."""
    try:
        return jsonschema_rs.Draft202012Validator(dict(schema)).is_valid(data)
    except ValueError:  # a date, which JSON does not have
        return False


# -- from text to content ----------------------------------------------------------------------------------------------


class _FaultError(Exception):
    """Something that YAML allows, or makes, and we do not."""

    def __init__(self, event: _Event, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = event.start_mark.line + 1, reason


class _Reading:
    """Builds content and lines from the events of the parser.

    PyYAML's own composer goes one call deeper in C for every bracket, so that a page of brackets ends the process; it
    follows a bomb of aliases; and it keeps a node and two marks for every value, which takes three times as long.
    """

    def __init__(self, loader: _Loader) -> None:
        self._loader: Any = loader  # untyped in part
        self._next: Callable[[], _Event] = loader.get_event
        self._anchors: dict[str, tuple[Any, _Lines, int]] = {}
        self._count = self._repeated = 0  # values

    def document(self) -> tuple[Any, _Lines]:
        """Return the content of the one document, and its lines."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None, None
        found = self._value(self._next(), 0)
        self._next()
        if not isinstance(more := self._next(), yaml.StreamEndEvent):
            raise _FaultError(more, "hier begint een tweede document; haal --- weg")
        return found

    def _value(self, event: _Event, depth: int) -> tuple[Any, _Lines]:
        before = self._count
        self._count += 1
        found: tuple[Any, _Lines]
        if isinstance(event, yaml.ScalarEvent):
            found = self._scalar(event), None
        elif isinstance(event, yaml.AliasEvent):
            return self._again(event)
        else:
            if depth == DEEPEST:
                raise _FaultError(event, f"meer dan {DEEPEST} lijsten of namen in elkaar; maak het platter")
            if event.tag not in PLAIN_TAGS:
                raise _FaultError(event, f"geen geldige YAML: {event.tag} kan hier niet; haal het weg")
            read = self._names if isinstance(event, yaml.MappingStartEvent) else self._rows
            found = read(depth + 1)
        if event.anchor:
            self._anchors[event.anchor] = (found[0], found[1], self._count - before)
        return found

    def _names(self, depth: int) -> tuple[dict[str, Any], _Lines]:
        """Read a mapping. Its names are text, also where a number or a date stands as a name."""
        values: dict[str, Any] = {}
        lines: dict[str, _Line] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key, _ = self._value(event, depth)
            if isinstance(key, dict | list):
                raise _FaultError(event, "geen geldige YAML: dit kan geen naam zijn; zet het tussen aanhalingstekens")
            name = str(key)
            if name in values:
                raise _FaultError(event, f"{name} staat er twee keer; kies er een")
            values[name], below = self._value(self._next(), depth)
            line = event.start_mark.line + 1
            lines[name] = line if below is None else (line, below)
        return values, lines

    def _rows(self, depth: int) -> tuple[list[Any], _Lines]:
        values: list[Any] = []
        lines: list[_Line] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            value, below = self._value(event, depth)
            values.append(value)
            line = event.start_mark.line + 1
            lines.append(line if below is None else (line, below))
        return values, lines

    def _scalar(self, event: _Event) -> Any:
        tag = event.tag
        if tag is None and event.value[:1] not in self._loader.yaml_implicit_resolvers:
            return event.value  # no number, date, yes or no begins like this
        if tag in (None, "!"):
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag == TEXT:
            return event.value
        try:
            return self._loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark))
        except (ValueError, LookupError, AttributeError) as error:  # a date such as 30 February, or `!!int x`
            raise _FaultError(event, f"een datum of getal kan niet bestaan: {error}") from error

    def _again(self, event: _Event) -> tuple[Any, _Lines]:
        if event.anchor not in self._anchors:
            raise _FaultError(event, f"geen geldige YAML: er is geen &{event.anchor} hierboven")
        value, lines, count = self._anchors[event.anchor]
        self._count += count
        self._repeated += count
        if self._repeated > REPEATED:
            raise _FaultError(event, f"te veel herhaald met *{event.anchor}; schrijf het uit")
        return value, lines

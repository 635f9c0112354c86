"""Reads the YAML files that editors write, and keeps the line of every value,
so that an error can be told as `file:line: reason`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from bot.schemawords import in_dutch


class DataFileError(Exception):
    """A file under `data/` is wrong; prints as `file:line: reason`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class _Loader(yaml.CSafeLoader):
    """YAML as 1.2 reads it: `yes`, `no` and `1:30` are words, and a name stands only once."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for place, (key, _) in enumerate(node.value):
            if isinstance(key, yaml.ScalarNode) and key.value in names[:place]:
                raise _TwiceError(key.value, key.start_mark.line + 1)
        return super().construct_mapping(node, deep)


class _TwiceError(yaml.YAMLError):
    """A name stands twice in one mapping."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(name)
        self.name, self.line = name, line


for _kind, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("timestamp", r"\d{4}-\d\d-\d\d", "0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))


@dataclass(frozen=True)
class Loaded:
    """One file: its plain content, and where each value stands."""

    path: Path
    data: Any
    _tree: yaml.Node | None

    def line(self, *keys: str | int) -> int:
        """Return the 1-based line of the value under `keys`, or of the nearest parent that has one."""
        node, line = self._tree, 1
        for key in keys:
            if isinstance(node, yaml.MappingNode):
                pairs: list[tuple[yaml.Node, yaml.Node]] = [pair for pair in node.value if pair[0].value == str(key)]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
                pairs = [(item, item) for item in node.value[key : key + 1]]
            else:
                break
            if not pairs:
                break
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        return line

    def error(self, reason: str, *keys: str | int) -> DataFileError:
        """Make the error for the value under `keys`."""
        return DataFileError(self.path, self.line(*keys), reason)


def read_yaml(path: Path) -> Loaded:
    """Read one YAML file (UTF-8). Raises DataFileError when it is missing, cannot be read or is no YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataFileError(path, 1, "dit bestand ontbreekt") from error
    except OSError as error:
        raise DataFileError(path, 1, f"niet te lezen ({error.strerror}); hier hoort een bestand") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataFileError(path, line, "geen UTF-8; sla het bestand op als UTF-8") from error
    loader = _Loader(text)
    try:
        tree = loader.get_single_node()
        data = loader.construct_document(tree) if tree else None
    except _TwiceError as error:
        raise DataFileError(path, error.line, f"{error.name} staat er twee keer; kies er een") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DataFileError(path, mark.line + 1 if mark else 1, f"geen geldige YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise DataFileError(path, 1, f"geen geldige YAML: {error}") from error
    except ValueError as error:  # a date such as 30 February
        raise DataFileError(path, 1, f"een datum of getal kan niet bestaan: {error}") from error
    finally:
        loader.dispose()
    return Loaded(path, _plain(data), tree)


def validate(loaded: Loaded, schema: Mapping[str, Any]) -> None:
    """Check a file against a JSON Schema. Raises DataFileError for the first violation in the file's order."""
    errors = list(Draft202012Validator(schema).iter_errors(loaded.data))
    if errors:
        first = best_match([min(errors, key=lambda error: loaded.line(*error.absolute_path))])
        where = ".".join(str(part) for part in first.absolute_path) or "het bestand"
        raise loaded.error(f"{where}: {in_dutch(first)}", *first.absolute_path)


def _plain(node: Any) -> Any:
    """Return the same with names that are text, also where a number or a date stands as a name."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    return [_plain(item) for item in node] if isinstance(node, list) else node

"""Reads the YAML files that editors write, and keeps the line of every value,
so that an error can be told as `file:line: reason`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.schemawords import in_dutch


class DataFileError(Exception):
    """A file under `data/` is wrong; prints as `file:line: reason`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


@dataclass(frozen=True)
class Loaded:
    """One file: its plain content, and where each value stands."""

    path: Path
    data: Any
    _tree: Any

    def line(self, *keys: str | int) -> int:
        """Return the 1-based line of the value under `keys`, or of the nearest parent that has one."""
        node, line = self._tree, 1
        for key in keys:
            try:
                if isinstance(node, CommentedMap):
                    line = node.lc.key(key)[0] + 1
                elif isinstance(node, CommentedSeq) and isinstance(key, int):
                    line = node.lc.item(key)[0] + 1
                node = node[key]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
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
    try:
        tree = YAML(typ="rt", pure=True).load(text)
    except DuplicateKeyError as error:
        name = re.search(r'duplicate key "([^"]*)"', str(error.problem))
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFileError(path, line, f"{name[1] if name else 'een naam'} staat er twee keer; kies er een") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DataFileError(path, mark.line + 1 if mark else 1, f"geen geldige YAML: {error.problem}") from error
    except YAMLError as error:
        raise DataFileError(path, 1, f"geen geldige YAML: {error}") from error
    except ValueError as error:  # a date such as 30 February
        raise DataFileError(path, 1, f"een datum of getal kan niet bestaan: {error}") from error
    return Loaded(path, _plain(tree), tree)


def validate(loaded: Loaded, schema: Mapping[str, Any]) -> None:
    """Check a file against a JSON Schema. Raises DataFileError for the first violation in the file's order."""
    errors = list(Draft202012Validator(schema).iter_errors(loaded.data))
    if errors:
        first = best_match([min(errors, key=lambda error: loaded.line(*error.absolute_path))])
        where = ".".join(str(part) for part in first.absolute_path) or "het bestand"
        raise loaded.error(f"{where}: {in_dutch(first)}", *first.absolute_path)


def _plain(node: Any) -> Any:
    """Turn ruamel's commented tree into plain dicts, lists and scalars."""
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node

"""Writes dialogues and stories as YAML that people read on, and never over what is there."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from bot.yamlfile import DataFileError

_WIDTH: Final = 100  # a line is broken at the first space after it
_LONG: Final = 80  # a text from here on is folded


def dialogue_yaml(row: Mapping[str, Any], head: str) -> str:
    """Return a dialogue in YAML, its scenes apart, under a comment of lines."""
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    about, scenes = f"{comment}{_dumped(_readable(row))}".split("\nscenes:\n", 1)
    apart = scenes.replace("\n  - id: ", "\n\n  - id: ")
    return f"{about}\n\nscenes:\n{apart}"


def stories_yaml(stories: Sequence[Mapping[str, Any]], head: str) -> str:
    """Return stories of Rasa in YAML, under a comment of lines; what a user says stands in it as a block."""
    said = [
        {**story, "steps": [step | {"user": LiteralScalarString(f"{step['user']}\n")} if "user" in step else step
                            for step in story["steps"]]} for story in stories
    ]  # fmt: skip
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return f'version: "3.1"\n\n{comment}{_dumped({"stories": said})}'


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises DataFileError."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise DataFileError(path, 1, "dit bestand is er al; kies met --to een andere naam") from error
    except OSError as error:
        raise DataFileError(
            path, 1, f"niet te schrijven ({error.strerror}); kies met --to een andere plaats"
        ) from error


def _dumped(tree: Any) -> str:
    made, written = YAML(), io.StringIO()
    made.width = _WIDTH
    made.representer.ignore_aliases = lambda _: True
    made.indent(mapping=2, sequence=4, offset=2)
    made.dump(tree, written)
    return written.getvalue()


def _readable(value: Any, name: str = "") -> Any:
    """Return the same, with tags on one line, and folded what is long or would need quotes for its colon."""
    if isinstance(value, str):
        return FoldedScalarString(value) if name != "examples" and (len(value) > _LONG or ": " in value) else value
    if isinstance(value, Mapping):
        return {key: _readable(row, key) for key, row in value.items()}
    if isinstance(value, list):
        rows: Any = CommentedSeq(_readable(row, name) for row in value)
        if name == "tags":
            rows.fa.set_flow_style()
        return rows
    return value

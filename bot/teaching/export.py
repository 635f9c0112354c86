"""Puts approved proposals into files: each is tried on a copy first, so that what does not fit holds up no other."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import Final

from bot.knowledge import check as check_knowledge
from bot.teaching.content import FIELDS, AlreadyThereError, Content, Kind, TeachingError
from bot.teaching.files import changes
from bot.teaching.models import ProposalRow

_PLACE: Final = re.compile(r"\b[a-z]+\.\d+\.")
_FILE: Final = re.compile(r"\b(in|uit) (?:\w+/)*\w+\.yml")
_FORM: Final = re.compile(r" \(\^[^ ]*\)")
FOLDERS: Final = ("knowledge", "nlu")  # all that a proposal can change, or that it is checked against


@dataclass(frozen=True)
class Failed:
    """An approved proposal that does not fit in the files any more, and why."""

    id: str
    why: str


@dataclass(frozen=True)
class Export:
    """What an export comes to: the new text of each file, by its place under the data root; and of which proposals."""

    files: Mapping[Path, str]
    done: tuple[str, ...]
    failed: tuple[Failed, ...]


def check(data: Path, kind: Kind, content: Content, day: date) -> None:
    """Try one proposal on a copy of the files. Raises TeachingError with what is wrong."""
    with _copy(data) as copy:
        _put(copy, kind, content, day)


def export(data: Path, proposals: Iterable[ProposalRow], day: date) -> Export:
    """Return what these proposals, in their order, change in the files under the data root `data`; writes nothing."""
    files: dict[Path, str] = {}
    done, failed, better = [], [], set[str]()
    with _copy(data) as copy:
        for row in proposals:
            topic = row.content.get("better") and row.content["topic"]
            try:
                if topic in better:
                    raise TeachingError("Een ander voorstel geeft dit onderwerp al een beter antwoord.")
                files |= _put(copy, Kind(row.kind), row.content, day)
            except AlreadyThereError:  # an export wrote it, and was stopped before it could note that
                done.append(row.id)
            except TeachingError as error:
                failed.append(Failed(row.id, str(error)))
            else:
                done.append(row.id)
                better |= {topic} if topic else set()
    return Export(files, tuple(done), tuple(failed))


def write_files(data: Path, made: Export) -> None:
    """Write the files; each is there whole, as it was or as it becomes."""
    for path, text in made.files.items():
        _replace(data / path, text)


def write_patch(data: Path, made: Export, patch: Path) -> None:
    """Write a patch for `git apply`, for where the files themselves stand elsewhere."""
    parts: list[str] = []
    for path, text in made.files.items():
        before = (data / path).read_text(encoding="utf-8") if (data / path).exists() else ""
        old, new = (f"a/data/{path}" if before else "/dev/null"), f"b/data/{path}"
        lines = unified_diff(before.splitlines(True), text.splitlines(True), old, new)
        parts += (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    _replace(patch, "".join(parts))


def _put(copy: Path, kind: Kind, content: Content, day: date) -> dict[Path, str]:
    """Change a copy; when that makes it wrong, put it back. Raises TeachingError."""
    made = changes(copy, kind, content, day)
    before = {path: (copy / path).read_bytes() if (copy / path).exists() else None for path in made}
    for path, text in made.items():
        (copy / path).write_text(text, encoding="utf-8")
    faults = check_knowledge(copy)
    if not faults:
        return made
    for path, old in before.items():
        (copy / path).unlink() if old is None else (copy / path).write_bytes(old)
    raise TeachingError(" ".join(dict.fromkeys(_told(kind, fault.reason) for fault in faults)))


def _told(kind: Kind, reason: str) -> str:
    """Tell a fault of a file with the labels of the form: an editor at the desk sees no file."""
    told = _PLACE.sub("", reason)
    told = _FORM.sub("", _FILE.sub(r"\1 de lijst", told))
    labels = {field.name: field.label for field in FIELDS[kind]}
    labels.setdefault("short", labels.get("better", "short"))
    name, colon, rest = told.partition(":")
    name = name.partition(".")[0] if colon else name
    told = f"{labels[name]}:{rest}" if colon and name in labels else told
    return f"{told[:1].upper()}{told[1:].rstrip('.')}."


@contextmanager
def _copy(data: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pluis-") as made:
        for name in FOLDERS:
            shutil.copytree(data / name, Path(made) / name, ignore=shutil.ignore_patterns("*.npz"))
        yield Path(made)


def _replace(path: Path, text: str) -> None:
    made = path.with_name(f".{path.name}.{os.getpid()}")
    made.write_text(text, encoding="utf-8")
    made.replace(path)

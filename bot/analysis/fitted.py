"""Keeps what was learnt from our sentences on disk, by everything that it was made of, so that a start is quick.
The file is a pickle: like the rest of the folder it is the operator's own, and it is never handed around."""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

import bot.encoder
import bot.vectors
import encoder as arithmetic
from bot.analysis.recognise import Recogniser
from bot.analysis.statements import KindClassifier
from bot.encoder import Vectors

_log = logging.getLogger(__name__)
_LIBRARIES = ("numpy", "onnxruntime", "scikit-learn", "scipy", "spacy")
T = TypeVar("T")
KEEP = 2  # versions side by side, as when one is replaced by the other


@dataclass(frozen=True)
class Fitted:
    """What is learnt from our sentences: the centre of their vectors, the classifiers, and the vectors of the clues."""

    centre: NDArray[np.float32]
    kinds: KindClassifier
    signals: Recogniser
    forms: Recogniser
    clues: Vectors


def fitted(kind: type[T], data_root: Path, encoder: str, cache: Path | None, fit: Callable[[], T]) -> T:
    """Return what was kept of a kind for this data, code and encoder; else learn, and keep it beside the one before."""
    if cache is None:
        return fit()
    made_of = _made_of(data_root, encoder)
    path = cache / f"{_name(kind)}-{made_of}.pickle"
    if path.exists():
        try:
            with path.open("rb") as file:
                return _checked(kind, pickle.load(file))
        except Exception:  # a broken file can fail in any way; learning again mends it
            _log.warning("what was learnt cannot be read; learning again")
    found = fit()
    if made_of == _made_of(data_root, encoder):  # nobody changed a sentence meanwhile
        try:
            _keep(found, path)
        except OSError:
            _log.warning("what was learnt cannot be written")
    return found


def _name(kind: type) -> str:
    return f"analysis-{kind.__name__.lower()}"


def _checked(kind: type[T], found: object) -> T:
    if not isinstance(found, kind):
        raise TypeError
    return found


def _keep(found: object, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            pickle.dump(found, file, protocol=5)
        except BaseException:
            Path(file.name).unlink()
            raise
    os.replace(file.name, path)  # noqa: PTH105 - atomic on every platform
    kept = sorted(path.parent.glob(f"{_name(type(found))}-*.pickle"), key=lambda other: other.stat().st_mtime)
    for other in kept[:-KEEP]:
        other.unlink(missing_ok=True)


def _made_of(data_root: Path, encoder: str) -> str:
    """Return a digest of the sentences, the code that learns from them, the encoder and the libraries."""
    paths = [
        *sorted(Path(__file__).parent.glob("*.py")),
        *sorted(Path(arithmetic.__file__).parent.glob("*.py")),
        *(Path(str(module.__file__)) for module in (bot.encoder, bot.vectors)),
        *sorted((data_root / "analysis").glob("*.yml")),
        *(data_root / "knowledge" / name for name in ("signals.yml", "forms.yml")),
    ]
    found = hashlib.sha256(" ".join([encoder, sys.version, *map(version, _LIBRARIES)]).encode())
    for path in paths:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]

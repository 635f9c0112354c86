"""Keeps the vectors of our own content on disk, by text and encoder, so that a start is quick.
A file that cannot be read or written costs time, never an answer; what a user writes never goes through here."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.encoder import Encoder, Vectors
from encoder import spelled

_log = logging.getLogger(__name__)

Bytes = NDArray[np.int8]


class VectorCache:
    """Vectors of one encoder in one file `name` under `folder`, read once; without a folder nothing is kept.

    What comes with the content is read from `shipped` first. A vector is kept in steps of 1/127 of its largest part,
    and given so from the first time on: what is found never depends on what was kept.
    """

    def __init__(self, name: str, encoder: Encoder, folder: Path | None, shipped: Path | None = None) -> None:
        self._encoder = encoder
        model = re.sub(r"[^A-Za-z0-9.-]+", "-", encoder.name)
        self._path = folder / f"{name}-{model}-{encoder.dim}.npz" if folder else None
        self._shipped = _read(shipped, encoder)
        self._known = _read(self._path, encoder)
        self._asked: set[str] = set()

    def query(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts as questions or statements, shape (n, dim)."""
        return self.vectors([], texts)[1]

    def vectors(self, passages: Sequence[str], queries: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Return the vectors of both, each of shape (n, dim); computes only what is not known."""
        rows: list[Vectors] = []
        known = self._shipped | self._known
        for kind, embed, texts in (
            ("passage", self._encoder.passage, passages),
            ("query", self._encoder.query, queries),
        ):
            keys = [_key(kind, text) for text in texts]
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if missing:
                computed = dict(zip(missing, _packed(embed(list(missing.values()))), strict=True))
                known |= computed
                self._known |= computed
                self._write()
            self._asked.update(keys)
            rows.append(_unpacked(known, keys, self._encoder.dim))
        return rows[0], rows[1]

    def ship(self, path: Path) -> int:
        """Write what was asked for so far to a file that comes with the content; returns how many vectors that is."""
        known = self._shipped | self._known
        _save(path, self._encoder, {key: known[key] for key in sorted(self._asked)})
        path.chmod(0o644)  # unlike the cache, it is for everyone
        return len(self._asked)

    def _write(self) -> None:
        if self._path is None:
            return
        try:
            _save(self._path, self._encoder, self._known)
        except OSError:
            _log.warning("vector cache cannot be written")


def _packed(vectors: Vectors) -> Iterable[Bytes]:
    """Return each vector in whole steps; the last four bytes are the size of a step."""
    steps = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-6).astype(np.float32) / 127
    whole = np.round(vectors / steps).astype(np.int8)
    return np.concatenate([whole, steps.view(np.int8)], axis=1)


def _unpacked(known: Mapping[str, Bytes], keys: Sequence[str], dim: int) -> Vectors:
    if not keys:
        return np.empty((0, dim), dtype=np.float32)
    packed = np.stack([known[key] for key in keys])
    steps = np.ascontiguousarray(packed[:, dim:]).view(np.float32)
    return np.asarray(packed[:, :dim] * steps, dtype=np.float32)


def _read(path: Path | None, encoder: Encoder) -> dict[str, Bytes]:
    if path is None or not path.exists():
        return {}
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            made_by, keys, vectors = str(arrays["encoder"]), arrays["keys"], arrays["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        _log.warning("a file of vectors cannot be read; computing again")
        return {}
    if made_by != encoder.name or vectors.dtype != np.int8 or vectors.shape != (len(keys), encoder.dim + 4):
        return {}
    return {key.decode("ascii"): vector for key, vector in zip(keys, vectors, strict=True)}


def _save(path: Path, encoder: Encoder, vectors: Mapping[str, Bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = np.array([key.encode("ascii") for key in vectors])
    rows = np.stack(list(vectors.values()))
    # Written beside and moved into place: another process never reads half a file.
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez(file, encoder=np.array(encoder.name), keys=keys, vectors=rows)
    os.replace(file.name, path)  # noqa: PTH105 - atomic on every platform


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}: {spelled(text)}".encode("utf-8", "replace")).hexdigest()[:32]

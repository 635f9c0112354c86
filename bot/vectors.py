"""Keeps the vectors of our own content on disk, by text and encoder, so that a second start is quick.
A cache that cannot be read or written costs time, never an answer; what a user writes never goes through here."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.encoder import Encoder, Vectors

_log = logging.getLogger(__name__)


class VectorCache:
    """Vectors of one encoder in one file `name` under `folder`, read once; without a folder nothing is kept."""

    def __init__(self, name: str, encoder: Encoder, folder: Path | None) -> None:
        self._encoder = encoder
        model = re.sub(r"[^A-Za-z0-9.-]+", "-", encoder.name)
        self._path = folder / f"{name}-{model}-{encoder.dim}.npz" if folder else None
        self._known = self._read()

    def query(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts as questions or statements, shape (n, dim)."""
        return self.vectors([], texts)[1]

    def vectors(self, passages: Sequence[str], queries: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Return the vectors of both, each of shape (n, dim); computes only what is not known."""
        computed: dict[str, Vectors] = {}
        for kind, embed, texts in (
            ("passage", self._encoder.passage, passages),
            ("query", self._encoder.query, queries),
        ):
            missing = {key: text for text in texts if (key := _key(kind, text)) not in self._known}
            computed |= dict(zip(missing, embed(list(missing.values())), strict=True)) if missing else {}
        if computed:
            self._known |= computed
            self._write(self._known)
        return self._rows(self._known, "passage", passages), self._rows(self._known, "query", queries)

    def _rows(self, vectors: Mapping[str, Vectors], kind: str, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self._encoder.dim), dtype=np.float32)
        for index, text in enumerate(texts):
            rows[index] = vectors[_key(kind, text)]
        return rows

    def _read(self) -> dict[str, Vectors]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            with self._path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                keys, vectors = arrays["keys"], arrays["vectors"].astype(np.float32)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            _log.warning("vector cache cannot be read; computing again")
            return {}
        if vectors.shape != (len(keys), self._encoder.dim):
            return {}
        return {str(key): vector for key, vector in zip(keys, vectors, strict=True)}

    def _write(self, vectors: Mapping[str, Vectors]) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Written beside and moved into place: another process never reads half a file.
            with tempfile.NamedTemporaryFile(dir=self._path.parent, suffix=".npz", delete=False) as file:
                np.savez(file, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
            os.replace(file.name, self._path)  # noqa: PTH105 - atomic on every platform
        except OSError:
            _log.warning("vector cache cannot be written")


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}: {text}".encode("utf-8", "replace")).hexdigest()

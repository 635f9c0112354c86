"""The vectors of the engine: one encoder a process, whose upper layers were taught our field (`engine/tuned.npz`);
training keeps what it embeds on disk, because a model is trained oftener than its sentences change."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import encoder
from encoder import Encoder, Vectors, spelled

TUNED = Path(__file__).with_name("tuned.npz")
# What a vector depends on, for Rasa's cache of trained components.
CODE = (*sorted(Path(encoder.__file__).parent.glob("*.py")), TUNED)

_TOGETHER = 256


_lock = threading.Lock()
_made: list[Encoder] = []


def shared_encoder() -> Encoder:
    """Return the one encoder of this process, so that its components share vectors and weights; made once, also when
    several threads want it first."""
    with _lock:
        if not _made:
            _made.append(Encoder(TUNED))
        return _made[0]


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
        missing.sort(key=lambda index: len(texts[index]))  # texts that are read together are of about one length
        for begin in range(0, len(missing), _TOGETHER):
            some = missing[begin : begin + _TOGETHER]
            rows[some] = encoder.query([texts[index] for index in some])
            with database:  # commits: what is done is kept when training is stopped
                values = [(keys[index], rows[index].tobytes()) for index in some]
                database.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", values)
            if tell:
                tell(begin + len(some))
    finally:
        database.close()
    return rows

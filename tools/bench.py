"""`make bench`: how quickly the knowledge answers, alone and with ten asking at once, as it is and grown to 10,000 and
100,000 passages. Writes reports/bench.json and prints the table. The passages it grows by are generated: the ways of
asking there are, with a vector moved a little, in topics as large as the present ones."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from bot.encoder import E5Encoder, Vectors
from bot.knowledge import load
from bot.knowledge.index import Index, Weights
from bot.knowledge.loading import Snapshot
from bot.knowledge.measure import CACHE, ROOT, SHIPPED, Bench, read_questions
from bot.vectors import VectorCache

sys.path.insert(0, str(ROOT))

from tools.stamp import stamp

SIZES = (10_000, 100_000)
WORDS, ALONE, AT_ONCE, EACH = 12, 200, 10, 20
GOALS = {"p95 alone": 40.0, "p95 ten at once": 200.0}


class Grown(VectorCache):
    """Vectors of the passages there are, moved a little for each copy."""

    def __init__(self, known: VectorCache) -> None:
        self._present = known

    def vectors(self, passages: Sequence[str], queries: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Return the vectors of the present texts, each moved in a direction of its own."""
        random = np.random.default_rng(7)
        short, asked = self._present.vectors([*dict.fromkeys(passages)], [*dict.fromkeys(queries)])
        grown = []
        for vectors, texts in ((short, passages), (asked, queries)):
            row = {text: at for at, text in enumerate(dict.fromkeys(texts))}
            moved = vectors[[row[text] for text in texts]]
            moved += random.normal(scale=0.01, size=moved.shape).astype(np.float32)
            grown.append(moved / np.linalg.norm(moved, axis=1, keepdims=True))
        return grown[0], grown[1]


def grown(snapshot: Snapshot, passages: int) -> Snapshot:
    """Return the snapshot with copies of its topics until it has so many passages."""
    topics, count = [], 0
    for copy in itertools.count():
        for topic in snapshot.topics:
            if count >= passages:
                return dataclasses.replace(snapshot, topics=tuple(topics))
            topics.append(dataclasses.replace(topic, id=f"{topic.id}_{copy}"))
            count += len(topic.questions) + 1
    raise AssertionError("unreachable")


def questions(seed: int, count: int) -> list[str]:
    """Return questions of twelve words each that were not asked before: words of questions of people, mixed."""
    asked = read_questions(ROOT / "tests" / "eval" / "dev" / "knowledge_judged.yml")
    words = sorted({word for question in asked for word in question.text.split()})
    random = np.random.default_rng(seed)
    return [" ".join(random.choice(words, size=WORDS)) for _ in range(count)]


def p95(seconds: Sequence[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return round(float(np.quantile(seconds, 0.95)) * 1000, 1)


def ask(index: Index, some: Sequence[str]) -> list[float]:
    """Rank each question; returns how long each took in seconds, with its vector."""
    spent = []
    for question in some:
        begin = time.perf_counter()
        index.rank(question)
        spent.append(time.perf_counter() - begin)
    return spent


def ask_at_once(index: Index, seed: int) -> list[float]:
    """Let ten ask at the same time, each one question after the other."""
    spent: list[float] = []
    parts = [questions(seed + part, EACH) for part in range(AT_ONCE)]
    threads = [threading.Thread(target=lambda part=part: spent.extend(ask(index, part))) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spent


def measured(index: Index, encoder: E5Encoder, passages: int, built: float) -> dict[str, float]:
    """Return the figures of one index; its questions are its own, so that no vector is known already."""
    ask(index, questions(passages + 1, 20))
    embedding = []
    for question in questions(passages + 2, ALONE):
        begin = time.perf_counter()
        encoder.query([question])
        embedding.append(time.perf_counter() - begin)
    alone = ask(index, questions(passages + 3, ALONE))
    return {
        "passages": passages,
        "topics": len(index.topics),
        "build, s": round(built, 1),
        "median of embedding alone": round(float(np.median(embedding)) * 1000, 1),
        "median alone": round(float(np.median(alone)) * 1000, 1),
        "p95 alone": p95(alone),
        "p95 ten at once": p95(ask_at_once(index, passages + 100)),
    }


def main() -> int:
    """Measure and write down."""
    encoder, rows, loads = E5Encoder(), [], {}
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        bench = Bench(Path(folder))
        loads["loading all content, s"] = round(time.perf_counter() - begin, 1)
        begin = time.perf_counter()
        load(bench.sessions, ROOT / "data")
        loads["loading when nothing changed, s"] = round(time.perf_counter() - begin, 1)
        begin = time.perf_counter()
        bench.index(encoder)
        loads["index of all content, s"] = round(time.perf_counter() - begin, 1)
        snapshot = bench.snapshot
    cache = VectorCache("knowledge", encoder, CACHE, SHIPPED)
    here = sum(len(topic.questions) + 1 for topic in snapshot.topics)
    for size in (here, *SIZES):
        begin = time.perf_counter()
        some = snapshot if size == here else grown(snapshot, size)
        index = Index(some, encoder, cache if size == here else Grown(cache), Weights())
        rows.append(measured(index, encoder, size, time.perf_counter() - begin))
        print(rows[-1], flush=True)
    report = {
        **stamp(),
        "goals, ms": GOALS,
        **loads,
        "search, ms": rows,
    }
    (ROOT / "reports").mkdir(exist_ok=True)
    (ROOT / "reports" / "bench.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

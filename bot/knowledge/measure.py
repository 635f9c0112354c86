"""Measures the search on questions of which someone said which topics answer them.

`python -m bot.knowledge.measure QUESTIONS` prints the figures; with `--fit` those of the weights that fit the pairs of
question and topic best, with `--limits` what each least score would cost: for whoever changes encoder or content.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot.database import make_engine, session_factory, upgrade
from bot.encoder import E5Encoder, Encoder
from bot.knowledge.base import VECTORS, KnowledgeBase, Limits
from bot.knowledge.index import Floats, Index, Weights
from bot.knowledge.loading import load, read_snapshot
from bot.vectors import VectorCache
from bot.yamlfile import read_yaml

IN_FIELD, INSIDE, OUTSIDE = ("answer", "leaning"), "inside_unanswered", "outside"
METHODS: Mapping[str, Weights] = {
    "words and meaning": Weights(),
    "words alone": Weights(middle=0.0, nearest=0.0, short=0.0),
    "meaning alone": Weights(words=0.0),
}
HELD_BACK = 1e-4  # ridge on the weights
GOALS = {
    "right topic first": "≥ 0.90",
    "in the first three": "≥ 0.97",
    "answered with nothing": "≤ 0.04",
    "outside without answer": "≥ 0.90",
}
ROOT = Path(__file__).resolve().parents[2]
CACHE, SHIPPED = ROOT / "var" / "cache", ROOT / "data" / "knowledge" / VECTORS


@dataclass(frozen=True)
class Question:
    """A question, the topics that answer it (none for what has no answer), and what was spoken of before."""

    text: str
    kind: str
    style: str
    topics: tuple[str, ...]
    previous: str | None


@dataclass(frozen=True)
class Outcome:
    """What the search made of one question: the topics it found, best first, and how long it took in seconds."""

    question: Question
    found: tuple[str, ...]
    single: bool
    seconds: float

    def right_within(self, places: int) -> bool:
        """Whether a right topic is among the first so many."""
        return bool(set(self.found[:places]) & set(self.question.topics))


def read_questions(path: Path) -> list[Question]:
    """Read judged questions. Raises DataFileError when the file cannot be read."""
    return [
        Question(
            text=row["q"] if "q" in row else row["say"],
            kind=row.get("kind", "answer" if row["topics"] else OUTSIDE),
            style=row.get("style", ""),
            topics=tuple(row.get("topics", ())),
            previous=row.get("previous"),
        )
        for row in read_yaml(path).data["questions"]
    ]


def asked(knowledge: KnowledgeBase, questions: Sequence[Question]) -> list[Outcome]:
    """Search for every question, and ask whether the chat would give the first as the answer."""
    outcomes = []
    for question in questions:
        begin = time.perf_counter()
        found = knowledge.search(question.text, previous_topic=question.previous)
        seconds = time.perf_counter() - begin
        single = knowledge.answer(question.text, question.previous).kind == "one"
        outcomes.append(Outcome(question, tuple(hit.topic.id for hit in found), single, seconds))
    return outcomes


def share(outcomes: Sequence[Outcome], good: Sequence[bool]) -> float:
    """Return the share that is good; 0 when there is nothing."""
    return sum(good) / len(outcomes) if outcomes else 0.0


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the figures of the goals, and what else tells how it feels to ask."""
    field = [row for row in outcomes if row.question.kind in IN_FIELD]
    inside = [row for row in outcomes if row.question.kind == INSIDE]
    outside = [row for row in outcomes if row.question.kind == OUTSIDE]
    single = [row for row in field if row.single]
    times = sorted(row.seconds * 1000 for row in outcomes)
    return {
        "questions": len(outcomes),
        "right topic first": share(field, [row.right_within(1) for row in field]),
        "in the first three": share(field, [row.right_within(3) for row in field]),
        "answered with nothing": share(field, [not row.found for row in field]),
        "single answers": share(field, [row.single for row in field]),
        "single and wrong": share(single, [not row.right_within(1) for row in single]),
        "outside without answer": share(outside, [not row.found for row in outside]),
        "outside with a single answer": share(outside, [row.single for row in outside]),
        "inside, unanswered, without answer": share(inside, [not row.found for row in inside]),
        "ms, median": statistics.median(times),
        "ms, p95": times[int(0.95 * (len(times) - 1))],
    }


def ranked(index: Index, questions: Sequence[Question]) -> dict[str, tuple[float, float]]:
    """Compare ways of ranking, without limits: right first, and in the first three, on questions that stand alone."""
    alone = _standing_alone(questions)
    witnesses = [index.witnesses(index.question(question.text))[0] for question in alone]
    ids = list(index.topics)
    scored = {}
    for name, weights in METHODS.items():
        places = []
        for question, rows in zip(alone, witnesses, strict=True):
            best = np.argsort(-(rows @ weights.topic()), kind="stable")[:3]
            places.append([ids[row] in question.topics for row in best])
        first = sum(row[0] for row in places) / len(places)
        scored[name] = (first, sum(any(row) for row in places) / len(places))
    return scored


def fitted(index: Index, questions: Sequence[Question]) -> Weights:
    """Fit which topic is asked for on questions with an answer, and whether any is on those and what is outside."""
    alone = _standing_alone(questions)
    witnesses = np.stack([index.witnesses(index.question(question.text))[0] for question in alone])
    right = np.stack([np.isin(list(index.topics), question.topics) for question in alone])
    topic = minimize(_loss, np.ones(witnesses.shape[2]), (witnesses, right), jac=True, method="L-BFGS-B").x
    both = [question for question in questions if question.previous is None and question.kind in (IN_FIELD[0], OUTSIDE)]
    read = [index.witnesses(index.question(question.text)) for question in both]
    features = np.array([((rows @ topic).max(), strangeness) for rows, strangeness in read])
    model = LogisticRegression(C=100.0, max_iter=1000).fit(features, [bool(question.topics) for question in both])
    [[here, elsewhere]], [offset] = model.coef_, model.intercept_
    return Weights(*(round(float(value), 2) for value in (*topic, here, -elsewhere, offset)))


def _loss(weights: Floats, witnesses: Floats, right: NDArray[np.bool_]) -> tuple[float, Floats]:
    """Return the mean surprise at a right topic under a softmax over all topics, a little held back, and its slope."""
    raw = witnesses @ weights
    shares = np.exp(raw - raw.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    chance = np.maximum((shares * right).sum(axis=1, keepdims=True), 1e-12)
    slope = -np.einsum("qt,qtw->w", shares * right / chance - shares, witnesses) / len(right)
    return float(-np.log(chance).mean() + HELD_BACK * weights @ weights), slope + 2 * HELD_BACK * weights


def _standing_alone(questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if question.kind == IN_FIELD[0] and question.previous is None]


def best_scores(index: Index, questions: Sequence[Question]) -> dict[str, list[float]]:
    """Return per kind of question how sure the search is that it can be answered, 0 to 1."""
    scores: dict[str, list[float]] = {kind: [] for kind in (IN_FIELD[0], INSIDE, OUTSIDE)}
    for question in questions:
        if question.previous is None and question.kind in scores:
            scores[question.kind].append(sum(hit.score for hit in index.rank(question.text)))
    return scores


def _limits_table(index: Index, questions: Sequence[Question]) -> None:
    scores = best_scores(index, questions)
    print("\nleast | in the field, found nothing | outside, found something | inside, found something")
    for least in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        under = {kind: sum(score < least for score in some) / max(len(some), 1) for kind, some in scores.items()}
        shown = (under[IN_FIELD[0]], 1 - under[OUTSIDE], 1 - under[INSIDE])
        print(f"{least:5} | " + " | ".join(f"{one:.3f}" for one in shown))


class Bench:
    """All content of this folder, loaded into a database of its own, to ask and to index with any encoder."""

    def __init__(self, folder: Path) -> None:
        """Load into `folder`, which may be thrown away after."""
        url = f"sqlite:///{folder}/pluis.db"
        upgrade(url)
        self.sessions = session_factory(make_engine(url))
        load(self.sessions, ROOT / "data")
        self.snapshot = read_snapshot(self.sessions)

    def index(self, encoder: Encoder, weights: Weights | None = None) -> Index:
        """Return an index by any encoder."""
        return Index(self.snapshot, encoder, VectorCache("knowledge", encoder, CACHE, SHIPPED), weights or Weights())

    def knowledge(self, encoder: Encoder, weights: Weights | None = None) -> KnowledgeBase:
        """Return the knowledge as the chat asks it."""
        return KnowledgeBase(self.sessions, encoder, data_root=ROOT / "data", cache_dir=CACHE, weights=weights)


def main(arguments: list[str]) -> int:
    """Print the figures for a file of questions; `--misses` names what went wrong."""
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    questions = [question for path in paths for question in read_questions(path)]
    encoder = E5Encoder()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        index = bench.index(encoder)
        if "--fit" in arguments:
            index = bench.index(encoder, fitted(index, questions))
        print(f"{len(index.topics)} topics; {index.weights}; {Limits()}")
        outcomes = asked(bench.knowledge(encoder, index.weights), questions)
    for name, value in figures(outcomes).items():
        goal = f"   (goal {GOALS[name]})" if name in GOALS else ""
        print(f"{name:36} {value:.3f}{goal}" if isinstance(value, float) else f"{name:36} {value}")
    for name, (first, three) in ranked(index, questions).items():
        print(f"ranking by {name:18} first {first:.3f}, first three {three:.3f}")
    if "--limits" in arguments:
        _limits_table(index, questions)
    if "--misses" in arguments:
        _misses(outcomes)
    return 0


def _misses(outcomes: Sequence[Outcome]) -> None:
    for row in outcomes:
        if row.question.kind in IN_FIELD and not row.right_within(1):
            print(f"{row.question.text!r}: {row.found[:3]} and not {row.question.topics}")
        elif row.question.kind == OUTSIDE and row.found:
            print(f"{row.question.text!r}: {row.found[:3]} and not nothing")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

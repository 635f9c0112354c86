"""Gives every message its E5 vector as a dense feature, for our classifier and for Rasa's own as baselines.
Training reads the vectors from disk where it can; a conversation uses the encoder's memory."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from encoder import Vectors, clean
from engine import clauses, features, vectors
from engine.clauses import units
from engine.vectors import shared_encoder, stored_vectors

logger = logging.getLogger(__name__)


def message_vector(text: str) -> Vectors:
    """Return the vector of a message, shape (dim,): the mean of what is judged apart in it, by length.

    So a message is read once for intent and danger together; intents are understood as well as from the whole
    (docs/nlu.md).
    """
    parts = units(clean(text)) or [text]
    mean = np.average(shared_encoder().query(parts), axis=0, weights=[len(part) + 1 for part in parts])
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class E5Featurizer(DenseFeaturizer, GraphComponent):
    """One vector per message (not centred: that is the classifier's job), repeated for its tokens."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa's baselines want a row per token, so the tokens must be there."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`cache`: the folder that keeps the vectors of training sentences."""
        return {**DenseFeaturizer.get_default_config(), "cache": "var/cache/engine"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Read the sentences again when the encoder was taught anew."""
        return features.fingerprint(*vectors.CODE, Path(clauses.__file__))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> E5Featurizer:
        """Make the component; the weights are loaded at the first message."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check: the only key has a default."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to messages of a conversation."""
        self._add(messages, np.stack([message_vector(message.get(TEXT) or "") for message in messages]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to the training sentences."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        texts = [message.get(TEXT) for message in messages]

        def tell(count: int) -> None:
            logger.info("%d sentences embedded", count)

        self._add(messages, stored_vectors(shared_encoder(), texts, Path(self._config["cache"]), tell))
        return training_data

    def _add(self, messages: list[Message], rows: Vectors) -> None:
        for message, vector in zip(messages, rows, strict=True):
            tokens = message.get(TOKENS_NAMES[TEXT])
            if not tokens or not clean(message.get(TEXT) or ""):
                continue
            row = vector[None, :]
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
            rows = np.repeat(row, len(tokens), axis=0)
            message.add_features(Features(rows, FEATURE_TYPE_SEQUENCE, TEXT, self._identifier))

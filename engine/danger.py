"""The danger verdict of every message, as a component of the pipeline: trained and versioned with the model.
It comes last, because it may take the intent's place: danger is asked about whatever else was said."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from encoder import Vectors, clean
from engine import clauses, features, judge, lexicon, vectors
from engine.vectors import shared_encoder, stored_vectors

logger = logging.getLogger(__name__)

ACUTE_INTENT = "acuut_gevaar"


def training_sentences(training_data: TrainingData, config: dict[str, Any]) -> list[lexicon.Sentence]:
    """Return the training sentences of intents that are danger, or calm, by what they mean."""
    danger, calm = config["danger_intents"], config["calm_intents"]
    return [
        lexicon.Sentence(message.get(TEXT), ("violence_now",) if message.get(INTENT) in danger else ())
        for message in training_data.intent_examples
        if message.get(TEXT) and message.get(INTENT) in (*danger, *calm)
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerDetector(GraphComponent):
    """Sets `danger`, and the intent to acuut_gevaar when the bot must ask."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`danger_intents`, `calm_intents`: what Rasa's training sentences of these intents teach the judge;
        `sure_of_calm`: how sure the classifier must be of a calm intent, of how many words at most, and from which
        score it is asked even then: a longer text can begin calmly and hold danger;
        `keeps_intent`: intents whose own reply starts with 112, and how sure they must be to stand;
        `otherwise`: the intent of what only the classifier takes for danger: there is one judge of it.
        """
        return {
            "sentences": "data/analysis/danger.yml",
            "cache": "var/cache/engine",
            "recall": 0.985,
            "ceiling": 0.5,
            "c": 10.0,
            "meaning": 0.2,
            "danger_intents": [ACUTE_INTENT],
            "calm_intents": [],
            "sure_of_calm": {"at_least": 0.9, "least": 0.5, "max_words": 22},
            "keeps_intent": {"intents": [], "at_least": 0.5},
            "otherwise": "vertellen",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again when the sentences, the lexicon or the code of the judge change."""
        sentences = Path({**cls.get_default_config(), **config}["sentences"])
        code = [Path(module.__file__) for module in (clauses, features, judge, lexicon)]
        return features.fingerprint(sentences, *vectors.CODE, *code)

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._judge: judge.Judge | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerDetector:
        """Make an untrained detector."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerDetector:
        """Read a trained detector; a model without one is an error, never a bot without a safety net."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._judge = judge.Judge.restore(features.load(folder / "danger.skops"))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Train the judge on the labelled sentences, and on those of intents that are danger or calm by nature."""
        words, sentences = lexicon.read_danger(Path(self._config["sentences"]))
        others = training_sentences(training_data, self._config)

        def embed(texts: Any) -> Vectors:
            return stored_vectors(shared_encoder(), texts, Path(self._config["cache"]))

        self._judge, measured = judge.learn(words, sentences, others, embed, self._config)
        logger.info("danger: %d and %d sentences, %s", len(sentences), len(others), measured)
        with self._storage.write_to(self._resource) as folder:
            features.save(folder / "danger.skops", self._judge.state)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message, and let the intent follow the verdict."""
        if self._judge is None:
            raise RuntimeError("the danger detector was not trained")
        for message in messages:
            text = clean(message.get(TEXT) or "")
            intent = message.get("intent") or {}
            verdict = self._judge.judge(text, shared_encoder().query, self._least(text, intent))
            message.set("danger", verdict.as_dict(), add_to_output=True)
            if verdict.acute and not self._keeps(intent):
                message.set("intent", {"name": ACUTE_INTENT, "confidence": 1.0}, add_to_output=True)
            elif intent.get("name") == ACUTE_INTENT and not verdict.acute:
                message.set("intent", {**intent, "name": self._config["otherwise"]}, add_to_output=True)
        return messages

    def _least(self, text: str, intent: dict[str, Any]) -> float:
        """Return the least score at which to ask, beside the threshold: two judges that disagree must be surer."""
        calm, sure = self._config["calm_intents"], self._config["sure_of_calm"]
        is_calm = intent.get("name") in calm and intent.get("confidence", 0.0) >= sure["at_least"]
        return float(sure["least"]) if is_calm and len(text.split()) <= sure["max_words"] else 0.0

    def _keeps(self, intent: dict[str, Any]) -> bool:
        keeps = self._config["keeps_intent"]
        return intent.get("name") in keeps["intents"] and intent.get("confidence", 0) >= keeps["at_least"]

"""What the engine's tests share: one judge, trained once as config.yml says, on the real sentences;
their vectors are kept on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from encoder import Encoder, Vectors
from engine import judge, lexicon
from engine.classifier import IntentClassifier
from engine.danger import DangerDetector, training_sentences
from engine.e5 import E5Featurizer
from engine.vectors import shared_encoder, stored_vectors

ROOT = Path(__file__).parents[2]
DANGER = ROOT / "data/analysis/danger.yml"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return shared_encoder()


@pytest.fixture(scope="session")
def config() -> dict[str, Any]:
    pipeline = YAML(typ="safe", pure=True).load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    row = next(row for row in pipeline if row["name"] == "engine.danger.DangerDetector")
    return {**DangerDetector.get_default_config(), **row}


@pytest.fixture(scope="session")
def learned(encoder: Encoder, config: dict[str, Any]) -> tuple[judge.Judge, judge.Measured]:
    words, sentences = lexicon.read_danger(DANGER)

    def embed(texts: Sequence[str]) -> Vectors:
        return stored_vectors(encoder, texts, ROOT / "var/cache/engine")

    others = training_sentences(load_data(str(ROOT / "data/nlu")), config)
    return judge.learn(words, sentences, others, embed, config)


SENTENCES = {  # three intents, for a classifier that is quick to train
    "groet": "hallo|goedemorgen|hoi daar|dag allemaal|goedenavond|hee hallo pluis|goeiedag|hoi",
    "terug": "terug|ga een stap terug|vorige vraag|even terug graag|doe maar terug|stap terug|terug aub|naar de vorige",
    "vertellen": "hij schreeuwt vaak tegen haar|ze had een blauwe plek|hij houdt haar geld bij|"
    "ze kijkt altijd naar hem|hij zit er steeds bij|ze durft niks te zeggen|"
    "ze schrikt van zijn stem|hij belt haar de hele dag",
}


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    storage, context = LocalModelStorage(folder), ExecutionContext(GraphSchema({}), model_id="test")
    tokenizer = WhitespaceTokenizer.create(WhitespaceTokenizer.get_default_config(), storage, Resource("t"), context)
    config = {**E5Featurizer.get_default_config(), "cache": str(folder / "cache")}
    featurizer = E5Featurizer.create(config, storage, Resource("e"), context)
    data = TrainingData(
        [Message.build(text, intent) for intent, texts in SENTENCES.items() for text in texts.split("|")]
    )
    tokenizer.process_training_data(data)
    featurizer.process_training_data(data)
    gates = [{"intents": ["terug"], "max_words": 4}]
    config = {**IntentClassifier.get_default_config(), "gates": gates}
    IntentClassifier.create(config, storage, Resource("c"), context).train(data)
    classifier = IntentClassifier.load(config, storage, Resource("c"), context)

    def parse(text):
        messages = [Message.build(text)]
        for step in (tokenizer, featurizer, classifier):
            messages = step.process(messages)
        return messages[0]

    return parse

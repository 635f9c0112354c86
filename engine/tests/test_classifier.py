import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.classifier import IntentClassifier, fit
from engine.e5 import E5Featurizer

SENTENCES = {
    "groet": "hallo|goedemorgen|hoi daar|dag allemaal|goedenavond|hee hallo pluis|goeiedag|hoi",
    "terug": "terug|ga een stap terug|vorige vraag|even terug graag|doe maar terug|stap terug|terug aub|naar de vorige",
    "vertellen": "hij schreeuwt vaak tegen haar|ze had een blauwe plek|hij houdt haar geld bij|"
    "ze kijkt altijd naar hem|hij zit er steeds bij|ze durft niks te zeggen|"
    "ze schrikt van zijn stem|hij belt haar de hele dag",
}


@pytest.fixture(scope="module")
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


@pytest.mark.parametrize(
    ("text", "intent"), [("hallo pluis", "groet"), ("stapje terug", "terug"), ("hij schreeuwt tegen haar", "vertellen")]
)
def test_new_sentences_find_their_intent(workshop, text, intent):
    message = workshop(text)
    assert message.get("intent")["name"] == intent
    ranking = message.get("intent_ranking")
    assert ranking[0]["name"] == intent
    assert sum(row["confidence"] for row in ranking) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("text", ["vorige vraag", "Ga een stap terug!", "TERUG", "  stap   terug "])
def test_a_command_said_as_in_the_training_data_is_certain(workshop, text):
    message = workshop(text)
    assert message.get("intent") == {"name": "terug", "confidence": 1.0}
    assert sum(row["confidence"] for row in message.get("intent_ranking")) == 1


def test_only_commands_are(workshop):
    assert workshop("hallo").get("intent")["confidence"] < 1


def test_a_long_text_is_no_command(workshop):
    message = workshop("terug terug terug terug terug terug")
    assert "terug" not in {row["name"] for row in message.get("intent_ranking")}


@pytest.mark.parametrize("text", ["", "\u200b", "\x00", "😀", "…"])
def test_nothing_to_read_is_fallback(workshop, text):
    assert workshop(text).get("intent") == {"name": "nlu_fallback", "confidence": 1.0}


def test_an_intent_with_many_sentences_comes_oftener_but_not_as_often_as_it_has_sentences() -> None:
    labels = ["vertellen"] * 144 + ["stop"] * 9 + ["terug"] * 9
    model = fit(np.ones((len(labels), 1)), labels, 10.0)
    said = dict(zip(model.classes_, model.decision_function(np.ones((1, 1)))[0], strict=True))
    assert 2.5 < said["vertellen"] - said["stop"] < 4.5  # 2.1 when all intents weigh alike, 4.9 when all sentences do

import numpy as np
import pytest

from engine.classifier import fit


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

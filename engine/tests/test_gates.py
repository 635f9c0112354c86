import pytest
from ruamel.yaml import YAML

from engine.gates import FALLBACK, Gate, GateError, pass_gates
from engine.tests.conftest import ROOT

GATES = [
    Gate(frozenset({"terug"}), max_words=3, at_least=0.4),
    Gate(frozenset({"acuut_gevaar"}), at_least=0.3, otherwise="vertellen"),
    Gate(frozenset({"vertellen"})),
    Gate(frozenset("*"), at_least=0.3),
]


def top(text, ranking):
    return pass_gates(GATES, text, ranking)[0]


def test_a_command_never_wins_for_a_story():
    ranking = [("terug", 0.9), ("vertellen", 0.1)]
    assert top("even terug graag", ranking) == ("terug", 0.9)
    assert top("hij kwam vrijdag terug en sloeg", ranking) == ("vertellen", 0.1)


def test_a_long_answer_can_win_when_it_is_sure_enough():
    gates = [Gate.read({"intents": ["bedanken"], "max_words": 3, "unless_sure": 0.8})]
    text = "dank je wel voor alles"
    assert pass_gates(gates, text, [("bedanken", 0.8), ("vertellen", 0.2)])[0] == ("bedanken", 0.8)
    assert pass_gates(gates, text, [("bedanken", 0.79), ("vertellen", 0.2)])[0] == ("vertellen", 0.2)


def test_words_are_counted_without_what_no_reader_sees():
    assert top("\u200b \u200b \u200b \u200b terug", [("terug", 0.9), ("vertellen", 0.1)])[0] == "terug"


@pytest.mark.parametrize(
    ("text", "wins"),
    [
        ("Ze is bang dat haar broers erachter komen", "vertellen"),
        ("Een meisje van tien moet bij vader vertellen wat moeder doet", "vertellen"),
        ("IK word geslagen", "slachtoffer_schrijft"),
        ("m’n man slaat me", "slachtoffer_schrijft"),
        ("hij slaat 'mij'.", "slachtoffer_schrijft"),
    ],
)
def test_who_writes_about_herself_says_so(text, wins):
    gate = Gate.read({"intents": ["slachtoffer_schrijft"], "one_of": ["ik", "mij", "me", "mn"], "at_least": 0.45})
    ranking = [("slachtoffer_schrijft", 0.9), ("vertellen", 0.1)]
    assert pass_gates([gate, *GATES], text, ranking)[0][0] == wins


def test_what_is_not_sure_enough_gives_way():
    assert top("hij", [("acuut_gevaar", 0.29), ("vertellen", 0.2)]) == ("vertellen", 0.2)
    assert top("hij", [("acuut_gevaar", 0.31), ("vertellen", 0.2)]) == ("acuut_gevaar", 0.31)
    assert top("hij", [("groet", 0.25), ("vertellen", 0.2)]) == (FALLBACK, 0.75)
    assert top("hij", [("acuut_gevaar", 0.2)])[0] == FALLBACK


def test_nothing_allowed_is_fallback():
    assert pass_gates(GATES, "een twee drie vier", [("terug", 1.0)]) == [(FALLBACK, 1.0)]


def test_a_wrong_gate_is_refused():
    with pytest.raises(GateError):
        Gate.read({"intents": ["terug"], "maxwords": 3})


def test_every_intent_of_the_configuration_has_training_sentences():
    yaml = YAML(typ="safe", pure=True)
    pipeline = yaml.load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    by_name = {row["name"]: row for row in pipeline}
    danger = by_name["engine.danger.DangerDetector"]
    named = {intent for row in by_name["engine.classifier.IntentClassifier"]["gates"] for intent in row["intents"]}
    named |= {*danger["danger_intents"], *danger["calm_intents"], *danger["keeps_intent"]["intents"]}
    known = {
        row.get("intent")
        for path in (ROOT / "data/nlu").glob("*.yml")
        for row in yaml.load(path.read_text(encoding="utf-8"))["nlu"]
    }
    assert named - {"*"} <= known

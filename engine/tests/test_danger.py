import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from engine import lexicon
from engine.danger import DangerDetector
from engine.judge import Judge
from engine.lexicon import DangerFileError, Sentence
from engine.tests.conftest import DANGER

KEEPS = {"intents": ["slachtoffer_schrijft"], "at_least": 0.5}


@pytest.fixture(scope="session")
def words():
    return lexicon.read_danger(DANGER)[0]


@pytest.fixture
def detector(learned, config):
    detector = DangerDetector({**config, "keeps_intent": KEEPS}, None, Resource("danger"))
    detector._judge = learned[0]
    return detector


def parse(detector, text, intent="vertellen", confidence=0.9):
    message = Message({"text": text, "intent": {"name": intent, "confidence": confidence}})
    detector.process([message])
    return message.get("danger"), message.get("intent")["name"]


def test_the_sentences_are_many_and_half_of_them_danger():
    _, sentences = lexicon.read_danger(DANGER)
    dangerous = sum(s.acute for s in sentences)
    assert len(sentences) >= 420
    assert 0.4 <= dangerous / len(sentences) <= 0.6
    assert {kind for s in sentences for kind in s.kinds} == set(lexicon.read_danger(DANGER)[0].kinds)


def test_a_sentence_said_twice_is_refused(tmp_path):
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema/danger.json").write_text(DANGER.with_name("schema").joinpath("danger.json").read_text())
    rows = "lexicon: [{kind: weapon, patterns: [mes]}]\nframes: []\n"
    rows += "danger: [{kinds: [weapon], sentences: [hij heeft een mes]}]\n"
    rows += "no_danger: [{why: other, sentences: [Hij heeft  een MES]}]\n"
    (tmp_path / "danger.yml").write_text(rows)
    with pytest.raises(DangerFileError, match="twice"):
        lexicon.read_danger(tmp_path / "danger.yml")


def test_a_disclosure_is_a_trigger_and_not_acute():
    assert not Sentence("x", ("disclosure",)).acute
    assert Sentence("x", ("disclosure", "weapon")).acute


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hij heeft een mes", "weapon"),
        ("haar vriend heeft haar keel dichtgeknepen", "strangulation"),
        ("hij gaat haar vermoorden", "threat_to_kill"),
        ("ze is opgesloten in de kelder", "locked_in"),
        ("ze durft niet naar huis", "fled"),
        ("hij dreigt met zelfmoord", "suicide"),
    ],
)
def test_the_lexicon_names_what_it_was_made_for(words, text, kind):
    assert kind in words.kinds_in(text)
    assert words.frame_of(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("wat is wurging", "general_question"),
        ("er is geen wapen in huis", "denied"),
        ("een stomp in mijn maag", "metaphor"),
        ("in een andere zaak had hij een mes", "other_case"),
        ("hoeveel vrouwen worden er per jaar vermoord", "figures"),
        ("morgen een training over wurging", "training"),
    ],
)
def test_a_frame_takes_the_force_away(words, text, why):
    assert words.frame_of(text) == why


def test_development_recall_is_what_was_asked(learned, config):
    _, measured = learned
    assert measured.recall >= config["recall"] >= 0.97
    assert measured.false_alarms <= 0.32


ACUTE = [
    (
        "Patiënte vertelde net uit zichzelf dat haar vriend gisteravond haar keel heeft dichtgeknepen. "
        "Ze durft niet naar huis.",
        "strangulation",
    ),
    (
        "Ze is bang dat haar broers erachter komen dat ze een vriend heeft; "
        "haar oom heeft gezegd dat ze dan niet veilig is.",
        "threat_to_kill",
    ),
    ("er is geen wapen in huis, maar hij zegt dat hij haar gaat vermoorden", "threat_to_kill"),
]


@pytest.mark.parametrize(("text", "kind"), ACUTE)
def test_danger_takes_the_intents_place_and_quotes(detector, text, kind):
    danger, intent = parse(detector, text)
    assert danger["acute"]
    assert intent == "acuut_gevaar"
    assert danger["triggers"][0]["kind"] == kind
    assert all(trigger["quote"] in text for trigger in danger["triggers"])


CALM = [
    "Een leerling van acht zegt dat papa mama weer geslagen heeft, net als vorige maand.",
    "ik zit nu met allebei aan tafel en hij doet heel raar",
    "weet niet, gewoon een raar gevoel bij dat stel",
    "wat is wurging?",
    "er is geen wapen in huis",
    "Haar man is er altijd bij en geeft antwoord voor haar.",
    "terug",
    "",
    "\u200b",
]


@pytest.mark.parametrize("text", CALM)
def test_what_is_no_danger_leaves_the_intent(detector, text):
    danger, intent = parse(detector, text)
    assert not danger["acute"]
    assert intent == "vertellen"


def test_a_disclosure_is_told(detector):
    danger, _ = parse(detector, CALM[0])
    assert [trigger["kind"] for trigger in danger["triggers"]] == ["disclosure"]


def test_who_writes_about_herself_keeps_her_own_text(detector):
    text = "mijn man heeft mijn keel dichtgeknepen"
    danger, intent = parse(detector, text, "slachtoffer_schrijft", 0.9)
    assert danger["acute"]
    assert intent == "slachtoffer_schrijft"
    assert parse(detector, text, "slachtoffer_schrijft", 0.4)[1] == "acuut_gevaar"


def test_where_the_classifier_is_sure_of_something_calm_the_judge_must_be_surer(detector):
    text, danger = "moet nu weg", "hij staat nu met een mes voor haar deur"
    score = parse(detector, text)[0]["score"]
    assert detector._judge.threshold <= score < 0.5
    assert parse(detector, text, "vertellen", 0.95)[0]["acute"]
    assert parse(detector, text, "kennisvraag", 0.85)[0]["acute"]
    assert not parse(detector, text, "kennisvraag", 0.95)[0]["acute"]
    assert parse(detector, danger, "kennisvraag", 0.99)[0]["acute"]


def test_there_is_one_judge_of_danger(detector):
    danger, intent = parse(detector, "weet niet, gewoon een raar gevoel bij dat stel", "acuut_gevaar", 0.8)
    assert not danger["acute"]
    assert intent == "vertellen"


def test_what_was_stored_judges_the_same(learned, encoder, tmp_path):
    from engine import features

    features.save(tmp_path / "danger.skops", learned[0].state)
    again = Judge.restore(features.load(tmp_path / "danger.skops"))
    for text, _ in ACUTE:
        assert again.judge(text, encoder.query) == learned[0].judge(text, encoder.query)


def test_an_untrained_detector_refuses_to_judge():
    with pytest.raises(RuntimeError):
        parse(DangerDetector(DangerDetector.get_default_config(), None, Resource("danger")), "hij heeft een mes")


def test_the_fingerprint_follows_the_sentences(tmp_path):
    path = tmp_path / "danger.yml"
    path.write_text("a")
    first = DangerDetector.fingerprint_addon({"sentences": str(path)})
    path.write_text("b")
    assert DangerDetector.fingerprint_addon({"sentences": str(path)}) != first

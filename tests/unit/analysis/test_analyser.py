from __future__ import annotations

import random
import string
import time

import pytest

from bot.analysis.analyser import Analyser
from bot.encoder import Vectors

NURSE = (
    "Ik kom twee keer per week bij mevrouw voor wondzorg. Haar man is er altijd bij en geeft antwoord voor haar. "
    "Vorige week had ze een blauwe plek op haar bovenarm, ze zei dat ze gevallen was. Ik heb er een naar gevoel bij."
)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("hij is agressief want hij sloeg op tafel", ["interpretation", "observation"]),
        ("Ik heb er een naar gevoel bij.", ["feeling"]),
        ("ze zei dat ze gevallen was", ["observation"]),
        ("weet niet, gewoon een raar gevoel bij dat stel", ["feeling"]),
        ("volgens mij wordt ze door hem onderdrukt", ["interpretation"]),
        ("maandag stond er iemand aan de deur te roepen, ik maak me zorgen", ["observation", "feeling"]),
    ],
)
def test_tells_facts_from_readings_and_feelings(analyser: Analyser, text: str, kinds: list[str]) -> None:
    assert [statement.kind for statement in analyser.analyse(text).statements] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Ik zag krassen op zijn arm",
        "ik zag schrammen op zijn gezicht",
        "ik zag striemen op zijn rug",
        "ik zag een bult op haar hoofd",
        "ik zag tranen in haar ogen",
        "we zagen blauwe plekken op haar benen",
        "ik hoorde gegil door de muur",
        "ik hoorde hem vloeken",
        "ik rook wiet in de woonkamer",
        "ik las een bericht van hem",
        "ik trof haar huilend aan",
        "ik voelde een bult op haar achterhoofd",
    ],
)
def test_what_was_seen_heard_smelt_or_read_is_an_observation_of_her_own(analyser: Analyser, text: str) -> None:
    (statement,) = analyser.analyse(text).statements
    assert (statement.kind, statement.parts.get("source")) == ("observation", "self")


@pytest.mark.parametrize(
    "text", ["ik schrok van de krassen op zijn arm", "ik had een naar gevoel", "ik werd er misselijk van"]
)
def test_what_seeing_it_did_to_her_is_a_feeling(analyser: Analyser, text: str) -> None:
    (statement,) = analyser.analyse(text).statements
    assert statement.kind == "feeling"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Mevrouw zegt niets", None),
        ("Meneer zei niets", None),
        ("cl. zei niks", None),
        ("hij zegt geen woord", None),
        ("ze geeft geen antwoord", None),
        ("Zij zei helemaal niets", None),
        ("mevrouw zegt niks over de blauwe plek", None),
        ("ze wilde niet zeggen hoe het kwam", None),
        ("het kind zegt niks als papa binnenkomt", None),
        ("ze zegt niets te weten", "client"),
        ("ze zei dat ze gevallen was", "client"),
        ("de buurvrouw zegt niets te hebben gehoord", "other"),
    ],
)
def test_who_says_nothing_is_no_source(analyser: Analyser, text: str, source: str | None) -> None:
    (statement,) = analyser.analyse(text).statements
    assert statement.parts.get("source") == source
    assert statement.kind == "observation"


def test_the_nurses_story(analyser: Analyser) -> None:
    analysis = analyser.analyse(NURSE)
    kinds = {statement.quote: statement.kind for statement in analysis.statements}
    assert kinds["Vorige week had ze een blauwe plek op haar bovenarm"] == "observation"
    assert kinds["Ik heb er een naar gevoel bij"] == "feeling"
    ids = {hit.id for hit in analysis.signals}
    assert {"victim.injuries", "victim.never_alone", "victim.unexplained_injury_or_damage"} <= ids
    assert "signals" in {hint.fact for hint in analysis.hints}
    assert "physical_violence" not in {hint.fact for hint in analysis.hints}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sinds de scheiding staat haar ex elke dag voor de deur en stuurt hij tientallen appjes.",
         {"separation", "stalking", "repeated"}),
        ("Ze heeft geen eigen pinpas en moet voor alles toestemming vragen, ik vertrouw het niet.",
         {"coercive_control"}),
        ("Ze is bang dat haar broers erachter komen dat ze een vriend heeft; haar oom heeft gezegd dat ze dan niet "
         "veilig is.", {"honour", "fear", "danger_coming_days"}),
        ("Een leerling van acht zegt dat papa mama weer geslagen heeft, net als vorige maand.",
         {"physical_violence", "repeated", "child_witness", "children", "disclosure"}),
        ("Patiënte vertelde net uit zichzelf dat haar vriend gisteravond haar keel heeft dichtgeknepen. Ze durft niet "
         "naar huis.", {"strangulation", "disclosure", "fear", "danger_coming_days"}),
        ("ze is hoogzwanger", {"pregnant", "children"}),
        ("hij heeft een pistool in huis en zegt dat hij zichzelf iets aandoet", {"weapon", "perpetrator_suicidal"}),
        ("de politie is al twee keer langs geweest", {"earlier_report"}),
        ("ze slaan elkaar over en weer", {"both_use_violence", "physical_violence"}),
        ("hij wist waar ik woonde en bedreigde mij", {"own_safety_threatened", "continuing_threat"}),
        ("hij schopte de hond tegen de kast", {"animals_harmed"}),
        ("ze ziet haar zus en vriendinnen niet meer", {"isolated"}),
        ("hij slaat haar niet meer", {"physical_violence"}),
        ("ze wil geen hulp en ook geen melding", {"help_refused", "victim_agrees"}),
    ],
)  # fmt: skip
def test_points_to_facts_to_ask_about(analyser: Analyser, text: str, expected: set[str]) -> None:
    hints = analyser.analyse(text).hints
    assert expected <= {hint.fact for hint in hints}
    assert all(hint.quote in text for hint in hints)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("er zijn geen wapens in huis", "weapon"),
        ("ze is niet zwanger", "pregnant"),
        ("ze drinkt elke dag een kopje thee bij de buren", "strangulation"),
    ],
)
def test_a_denied_fact_is_not_pointed_to(analyser: Analyser, text: str, absent: str) -> None:
    assert absent not in {hint.fact for hint in analyser.analyse(text).hints}


@pytest.mark.parametrize(
    ("text", "signal", "quote"),
    [
        (
            "Hij houdt haar pas niet meer, maar zij moet nu elk bonnetje laten zien.",
            "victim.no_own_money",
            "zij moet nu elk bonnetje laten zien",
        ),
    ],
)
def test_what_one_clause_denies_another_can_show(analyser: Analyser, text: str, signal: str, quote: str) -> None:
    assert quote in {hit.quote for hit in analyser.analyse(text).signals if hit.id == signal}


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("hij slaat haar niet vaak", "perpetrator.hits_or_rough"),
        ("hij slaat haar niet elke dag", "perpetrator.hits_or_rough"),
        ("hij slaat haar niet meer zo vaak", "perpetrator.hits_or_rough"),
        ("hij heeft haar niet één keer maar tien keer geslagen", "perpetrator.hits_or_rough"),
        ("ik kan niet ontkennen dat hij haar slaat", "perpetrator.hits_or_rough"),
        ("hij slaat haar niet hard", "perpetrator.hits_or_rough"),
        ("hij slaat haar zonder reden", "perpetrator.hits_or_rough"),
        ("hij drinkt niet elke dag", "perpetrator.substances"),
        ("ze spreekt niet vaak af met vriendinnen", "perpetrator.isolates_partner"),
    ],
)
def test_how_often_or_how_is_no_denial(analyser: Analyser, text: str, signal: str) -> None:
    assert signal in {hit.id for hit in analyser.analyse(text).signals}


@pytest.mark.parametrize(
    "text",
    [
        "hij schreeuwt nooit tegen haar",
        "ze zegt haar afspraken nooit af",
        "hij drinkt niet",
        "hij mishandelt de hond niet",
        "hij controleert haar telefoon niet",
        "jaloers? nee hoor",
        "Drinkt hij? Nee, nooit.",
        "ze heeft geen blauwe plekken",
        "Hij slaat haar niet en is altijd lief voor haar.",
        "Hij drinkt nooit en werkt hard.",
        "Ze drinkt niet en sport elke dag.",
        "Hij bedreigt haar niet en is altijd rustig.",
        "Er is geen reden om te denken dat hij haar slaat.",
        "Er is geen aanleiding om te denken dat hij jaloers is.",
        "Hij schreeuwt nooit hard tegen haar.",
        "Hij duwt haar nooit hard.",
    ],
)
def test_what_is_denied_is_not_shown(analyser: Analyser, text: str) -> None:
    found = analyser.analyse(text)
    assert (found.signals, found.forms) == ((), ())


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("ze kijkt me nooit aan", "victim.avoids_eyes_or_startles"),
        ("ze heeft geen pinpas", "victim.no_own_money"),
        ("ze is nooit alleen", "victim.never_alone"),
        ("ze mag niet naar haar moeder", "perpetrator.isolates_partner"),
        ("hij zegt weken geen woord tegen haar", "perpetrator.ignores_partner"),
        ("hij vertrouwt niemand", "perpetrator.everyone_against"),
    ],
)
def test_a_negation_can_be_the_sign_itself(analyser: Analyser, text: str, signal: str) -> None:
    assert signal in {hit.id for hit in analyser.analyse(text).signals}


@pytest.mark.parametrize(
    "text",
    [
        "ik heb geen blauwe plekken gezien",
        "ze draagt geen sjaal in de zomer",
        "ze is niet moe of ziek",
        "de wond is goed genezen",
        "ik kom er elke dinsdag",
    ],
)
def test_no_signal_where_none_is_shown(analyser: Analyser, text: str) -> None:
    assert analyser.analyse(text).signals == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Een leerling zegt dat papa mama geslagen heeft", {"who": "papa", "whom": "mama", "source": "other"}),
        ("ze zei dat ze gisteren gevallen was", {"who": "ze", "when": "gisteren", "source": "client"}),
        ("vorige week zag ik in de wachtkamer dat hij haar kneep",
         {"when": "vorige week", "where": "in de wachtkamer", "source": "self"}),
        ("hij stuurde haar elke dag tientallen appjes", {"who": "hij", "whom": "haar", "how_often": "elke dag"}),
    ],
)  # fmt: skip
def test_finds_the_parts_of_an_observation(analyser: Analyser, text: str, parts: dict[str, str]) -> None:
    (statement,) = analyser.analyse(text).statements
    assert parts.items() <= dict(statement.parts).items()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ze hebben schulden en hij is zijn baan kwijt", {"family_stress"}),
        ("vader drinkt elke avond te veel", {"family_stress"}),
        ("er zijn geen schulden", set()),
        ("mevrouw heeft dementie en meneer is mantelzorger", {"long_term_care"}),
        ("hun zoon van negen heeft adhd en driftbuien", {"child_behaviour"}),
        ("de ouders hebben steeds ruzie over de omgangsregeling", {"contact_dispute"}),
        ("het was een gewone ruzie over de afwas", set()),
    ],
)
def test_names_what_goes_on_in_a_family_beside_the_violence(analyser: Analyser, text: str, expected: set[str]) -> None:
    found = analyser.analyse(text).contexts
    assert {context.id for context in found} == expected
    assert all(context.quote in text for context in found)


def test_as_dict_is_the_contract(analyser: Analyser) -> None:
    content = analyser.analyse(NURSE).as_dict()
    assert list(content) == ["statements", "signals", "forms"]
    assert set(content["statements"][0]) == {"quote", "kind", "score"}
    assert set(content["signals"][0]) == {"id", "label", "role", "quote", "score"}
    assert all(0 <= row["score"] <= 1 for rows in content.values() for row in rows)


def test_strange_text_does_no_harm(analyser: Analyser) -> None:
    random_state = random.Random(7)
    alphabet = string.printable + "\x00\ud800\u200béë[]“”…😀"
    for _ in range(12):
        analyser.analyse("".join(random_state.choice(alphabet) for _ in range(120)))
    assert analyser.analyse("\n\n \t").statements == ()


def test_quick_enough_for_a_turn(analyser: Analyser) -> None:
    analyser.analyse("warm")
    used = time.process_time()
    analyser.analyse(NURSE)
    assert time.process_time() - used < 0.4  # 0.2 on a machine with nothing else to do


def test_how_much_a_story_sounds_like_each_class_is_read_once_and_of_its_words_nothing_is_kept(
    analyser: Analyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    class Ear:
        def opinions(self, text: str, vector: Vectors) -> dict[str, float]:
            read.append(text)
            return {"S": float(len(read))}

    monkeypatch.setitem(analyser.__dict__, "_urgency", Ear())
    heard: dict[bytes, dict[str, float]] = {}
    monkeypatch.setattr(analyser, "_heard", heard)
    monkeypatch.setattr("bot.analysis.analyser.STORIES_HEARD", 2)
    told = ["hij slaat haar", "hij slaat haar", "ze is bang \ud800", "hij slaat haar"]
    assert [analyser.urgency(text)["S"] for text in told] == [1.0, 1.0, 2.0, 1.0]
    assert all(b"slaat" not in key for key in heard)
    for text in ("een", "twee", "drie"):
        analyser.urgency(text)
        assert len(heard) <= 2
    assert read == ["hij slaat haar", "ze is bang  ", "een", "twee", "drie"]

"""What is told of a decision: the contract of `POST /api/advice`, the professional cases, and the steps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from bot.advice import GROUPS, OUTCOMES, SETUPS, AdviceInputError, AdviceRequest, Tables, parse_request
from tests.unit.advice.conftest import requests

LISTS = ("who", "not_with", "order", "place", "invite", "questions", "avoid")
REPORT = {"after_112", "necessary", "discuss_now", "with_expert", "ask_first", "not_now"}
HELP = {"with_veilig_thuis", "organise_and_follow", "unknown"}


def texts_in(value: Any) -> list[str]:
    """Return every text in a nested structure."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


@settings(max_examples=60)
@given(request=requests)
def test_the_contract_holds_for_any_case(tables: Tables, request: AdviceRequest) -> None:
    told = tables.advise(request).as_dict()
    assert json.loads(json.dumps(told)) == told
    assert told["level"] == OUTCOMES.index(told["outcome"]) + 1
    assert told["tables_version"] == tables.version
    assert told["signed"] is False
    assert told["notice"]
    assert told["decisions"]["report"] in REPORT
    assert told["decisions"]["help"] in HELP
    assert told["reasons"]
    assert all(row["rule"] and row["text"] and row["sources"] for row in told["reasons"])
    assert all(set(source) == {"id", "section"} for row in told["reasons"] for source in row["sources"])
    assert len(told["next_steps"]) >= 3
    assert all(row["text"] for part in ("cautions", "checks", "duty") for row in told[part])
    assert [step["step"] for step in told["meldcode"]] == [1, 2, 3, 4, 5]
    assert all(step["status"] in ("done", "todo", "now") and step["text"] for step in told["meldcode"])
    talk = told["conversation"]
    assert talk["setup"] in SETUPS
    assert talk["reasons"]
    assert talk["opening"]
    assert talk["stop"]
    assert all(isinstance(talk[name], list) and talk[name] for name in LISTS)
    assert len(talk["questions"]) >= 5
    assert not [text for text in texts_in(told) if "{" in text or "}" in text]


@settings(max_examples=60)
@given(request=requests)
def test_with_honour_no_text_sends_anyone_to_the_network(tables: Tables, request: AdviceRequest) -> None:
    told = " ".join(texts_in(tables.advise(request.with_facts({"honour": "yes"})).as_dict())).lower()
    for word in ("netwerk", "huisverbod", "bij iemand thuis, in de opvang"):
        assert word not in told


CASES: list[tuple[str, dict[str, Any], set[str], set[str], set[str]]] = [
    (
        "wijkverpleegkundige",
        {"profession": "verpleging", "client_role": "victim", "case": {"signals": "yes"}},
        {"consult"},
        {"apart_first"},
        set(),
    ),
    (
        "huisarts",
        {
            "profession": "huisarts",
            "client_role": "victim",
            "case": {"disclosure": "yes", "strangulation": "yes", "fear": "yes", "victim_with_you": "yes"},
        },
        {"acute_contact"},
        {"victim_only"},
        {"strangulation", "control"},
    ),
    (
        "leerkracht",
        {
            "profession": "onderwijs",
            "client_role": "child",
            "minor": True,
            "case": {"disclosure": "yes", "child_witness": "yes", "physical_violence": "yes", "repeated": "yes"},
        },
        {"acute_contact"},
        {"child_first"},
        {"minor", "children"},
    ),
    (
        "wijkteam",
        {"profession": "wijkteam", "client_role": "victim", "case": {"separation": "yes", "stalking": "yes"}},
        {"report"},
        {"victim_first"},
        {"separation", "control"},
    ),
    (
        "schuldhulpverlener",
        {"profession": "schuldhulp", "client_role": "victim", "case": {"coercive_control": "yes", "signals": "yes"}},
        {"ask_advice_now"},
        {"no_talk_now"},
        {"control"},
    ),
    (
        "jongerenwerker",
        {
            "profession": "anders",
            "client_role": "victim",
            "case": {"honour": "yes", "fear": "yes"},
        },
        {"honour_expert"},
        {"no_talk_now"},
        {"honour", "control"},
    ),
    ("iemand met een gevoel", {"case": {}}, {"observe"}, set(SETUPS), set()),
]


@pytest.mark.parametrize(("who", "body", "outcomes", "setups", "cautions"), CASES, ids=[case[0] for case in CASES])
def test_the_people_who_write_get_fitting_advice(
    tables: Tables, who: str, body: dict[str, Any], outcomes: set[str], setups: set[str], cautions: set[str]
) -> None:
    told = tables.advise(parse_request(body)).as_dict()
    assert told["outcome"] in outcomes
    assert told["conversation"]["setup"] in setups
    assert cautions <= {row["id"] for row in told["cautions"]}


def test_a_physician_asks_veilig_thuis_and_checks_informal_care(tables: Tables) -> None:
    told = tables.advise(AdviceRequest("huisarts", case={"signals": "yes", "consulted": "yes"})).as_dict()
    assert told["outcome"] == "ask_advice_now"
    assert told["meldcode"][1]["status"] == "now"
    assert {check["id"] for check in told["checks"]} == {"child_check", "informal_care_check"}
    nurse = tables.advise(AdviceRequest("verpleging", case={"signals": "yes", "consulted": "yes"})).as_dict()
    assert nurse["meldcode"][1]["status"] == "done"
    assert {check["id"] for check in nurse["checks"]} == {"child_check"}


def test_without_children_there_is_no_child_check_and_no_child_question(tables: Tables) -> None:
    told = tables.advise(AdviceRequest(case={"children": "no", "signals": "yes"})).as_dict()
    assert "child_check" not in {check["id"] for check in told["checks"]}
    assert not [text for text in told["conversation"]["questions"] if "kind" in text.lower()]


def test_the_talk_comes_before_a_report_unless_it_is_unsafe(tables: Tables) -> None:
    safe = tables.advise(AdviceRequest(case={"repeated": "yes", "consulted": "yes"})).as_dict()
    assert (safe["outcome"], safe["meldcode"][2]["status"]) == ("report", "now")
    unsafe = tables.advise(
        AdviceRequest(case={"repeated": "yes", "consulted": "yes", "talk_raises_danger": "yes"})
    ).as_dict()
    assert (unsafe["conversation"]["setup"], unsafe["meldcode"][2]["status"]) == ("no_talk_now", "todo")


def test_a_physician_sees_a_strangled_person_today_and_others_send_for_one(tables: Tables) -> None:
    case = {"strangulation": "yes"}
    told = {
        profession: tables.advise(AdviceRequest(profession, case=case)).as_dict()["cautions"][0]["text"]
        for profession in ("huisarts", "wijkteam")
    }
    assert "Onderzoek die persoon vandaag zelf" in told["huisarts"]
    assert "Laat een arts die persoon vandaag onderzoeken" in told["wijkteam"]


@pytest.mark.parametrize("heavier", ["weapon", "honour", "disclosure"])
def test_after_a_disclosure_the_way_home_is_asked_at_every_level_but_112(tables: Tables, heavier: str) -> None:
    told = tables.advise(AdviceRequest(case={"disclosure": "yes", heavier: "yes"})).as_dict()
    assert any("veilig is om vandaag naar huis" in step for step in told["next_steps"])


def test_a_reason_names_the_facts_that_it_rests_on(tables: Tables) -> None:
    case = {"weapon": "yes", "locked_in": "yes", "care_withheld": "yes", "fear": "no"}
    reason = tables.advise(AdviceRequest(case=case)).as_dict()["reasons"][0]
    assert reason["facts"] == ["weapon", "locked_in", "care_withheld"]
    assert reason["text"].startswith(
        "Dit wijst op ernstig gevaar: wapen, opgesloten en zorg onthouden. Ga uit van acute"
    )


def test_danger_that_is_only_assumed_is_not_told_as_seen(tables: Tables) -> None:
    reason = tables.advise(AdviceRequest(case={"danger_coming_days": "yes"})).as_dict()["reasons"][0]
    assert reason["facts"] == ["danger_coming_days"]
    assert reason["text"].startswith(
        "Het is niet zeker dat iedereen de komende uren of dagen veilig is. Ga uit van acute"
    )


@pytest.mark.parametrize(
    ("case", "leaving", "stalked"),
    [
        ({"separation": "yes", "continuing_threat": "yes"}, True, False),
        ({"stalking": "yes", "physical_violence": "yes"}, False, True),
        ({"stalking": "yes", "separation": "yes", "physical_violence": "yes"}, False, True),
        ({"stalking": "yes", "separation": "yes", "coercive_control": "yes"}, True, True),
    ],
)
def test_leaving_and_stalking_have_their_own_reason(
    tables: Tables, case: dict[str, str], leaving: bool, stalked: bool
) -> None:
    told = tables.advise(AdviceRequest(case=case)).as_dict()
    reason = next(row["text"] for row in told["reasons"] if row["rule"] == "leaving_or_stalked")
    assert ("Uit elkaar gaan" in reason, "blijft volgen" in reason) == (leaving, stalked)
    assert any("iets aan de ander vertelt of laat merken" in step for step in told["next_steps"]) is leaving


def test_a_talk_that_is_only_about_safety_is_told_the_same_in_the_steps_of_the_meldcode(tables: Tables) -> None:
    for consulted in ("yes", "no"):
        told = tables.advise(AdviceRequest(case={"fears_for_life": "yes", "consulted": consulted})).as_dict()
        assert told["conversation"]["setup"] == "victim_only"
        assert "alleen met die persoon, en alleen over veiligheid" in told["meldcode"][2]["text"]


@pytest.mark.parametrize(
    ("children", "safe", "words"),
    [
        ("no", "unknown", "Vul aan"),
        ("unknown", "unknown", "De kindcheck moet nog"),
        ("yes", "unknown", "De kindcheck is nog niet af"),
        ("yes", "no", "Vul aan"),
    ],
)
def test_step_one_is_honest_about_the_child_check(tables: Tables, children: str, safe: str, words: str) -> None:
    case = {"signals": "yes", "children": children, "children_safe": safe}
    step = tables.advise(AdviceRequest(case=case)).as_dict()["meldcode"][0]
    assert step["status"] == "done"
    assert words in step["text"]


def test_the_questions_of_the_child_check_are_put_once(tables: Tables) -> None:
    told = tables.advise(AdviceRequest(case={"children": "yes", "signals": "yes"})).as_dict()
    asked = [part for part in ("cautions", "meldcode", "checks") for row in told[part] if "Hoe oud" in row["text"]]
    assert asked == ["checks"]


def test_nobody_is_pressed_for_permission(tables: Tables) -> None:
    told = tables.advise(AdviceRequest(case={"victim_agrees": "no", "signals": "yes"})).as_dict()
    consent = next(row["text"] for row in told["cautions"] if row["id"] == "consent")
    assert "probeer" not in consent
    assert "als dat veilig kan" in consent
    assert "Melden mag ook zonder." in consent


def test_what_is_told_of_a_talk_together_promises_nothing(tables: Tables) -> None:
    calm = dict.fromkeys(GROUPS["danger"], "no") | {"heard_apart": "yes", "both_want_joint_talk": "yes"}
    talk = tables.advise(AdviceRequest("wijkteam", "couple", case=calm)).as_dict()["conversation"]
    assert talk["setup"] == "together_possible"
    assert "geen tekenen" not in talk["reasons"][0]["text"]
    assert "alleen over wat ieder vooraf goed vond" in talk["order"][0]
    assert "ik zag" not in talk["opening"]


def test_the_other_is_not_sent_for_as_a_matter_of_course(tables: Tables) -> None:
    talk = tables.advise(AdviceRequest(case={"signals": "yes"})).as_dict({"zij": "zij", "hij": "hij"})["conversation"]
    assert talk["setup"] == "apart_first"
    assert talk["who"] == [
        "Eerst zij, alleen. Hij alleen als die ook jouw cliënt is, en pas na overleg met een collega of Veilig Thuis."
    ]


def test_acute_danger_is_the_first_thing_said_to_veilig_thuis(tables: Tables) -> None:
    talk = tables.advise(AdviceRequest(case={"weapon": "yes", "talk_raises_danger": "yes"})).as_dict()["conversation"]
    assert talk["setup"] == "no_talk_now"
    assert "‘Ik denk aan acute onveiligheid." in talk["opening"]
    calm = tables.advise(AdviceRequest(case={"talk_raises_danger": "yes"})).as_dict()["conversation"]
    assert "acute" not in calm["opening"]


def test_the_words_of_the_user_are_used(tables: Tables) -> None:
    told = tables.advise(AdviceRequest(case={"strangulation": "yes"})).as_dict({"haar": "hem", "zij": "hij"})
    assert "Laat een arts hem vandaag onderzoeken" in told["cautions"][0]["text"]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"case": {"wapen": "yes", "mes": "no"}}, ["wapen", "mes"]),
        ({"case": {"weapon": True}}, ["weapon", "True"]),
        ({"case": {"weapon": "ja"}}, ["weapon", "'ja'"]),
        ({"profession": "dokter"}, ["profession", "dokter", "huisarts"]),
        ({"client_role": ["victim"]}, ["client_role"]),
        ({"minor": "12"}, ["minor"]),
        ({"case": ["weapon"]}, ["case"]),
        ({"feiten": {}}, ["feiten"]),
        ([], ["case"]),
        (None, ["case"]),
    ],
)
def test_what_is_wrong_with_a_request_is_named(body: object, names: list[str]) -> None:
    with pytest.raises(AdviceInputError) as error:
        parse_request(body)
    assert all(name in str(error.value) for name in names)


def test_a_request_keeps_what_was_given() -> None:
    request = parse_request({"profession": "ggz", "client_role": "couple", "minor": True, "case": {"fear": "no"}})
    assert (request.profession, request.client_role, request.minor) == ("ggz", "couple", "yes")
    assert (request.value("fear"), request.value("weapon")) == ("no", "unknown")
    assert parse_request({}) == AdviceRequest()


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"coercive_control": "yes", "fear": "yes"}, "Je noemde controle en angst."),
        ({"repeated": "yes"}, "komt terug of houdt aan"),
        ({"coercive_control": "yes", "fear": "yes", "continuing_threat": "yes"}, "komt terug of houdt aan"),
    ],
)
def test_the_reason_for_reporting_says_only_what_was_told(tables: Tables, case: dict[str, str], said: str) -> None:
    reason = tables.advise(AdviceRequest("verpleging", case=case)).as_dict()["reasons"][0]
    assert reason["rule"] == "structural"
    assert said in reason["text"]
    assert ("komt terug" in reason["text"]) is ("Je noemde" not in reason["text"])


def test_a_lighter_reason_under_a_heavier_one_names_its_facts_and_nothing_milder(tables: Tables) -> None:
    def told(**case: str) -> str:
        reasons = tables.advise(AdviceRequest("verpleging", case=case)).as_dict()["reasons"]
        text: str = next(row["text"] for row in reasons if row["rule"] == "serious_concern")
        return text

    assert told(weapon="yes", fear="yes", isolated="yes") == "Ook dit telt mee: bang voor de ander en staat alleen."
    assert told(fear="yes").startswith("Er is meer dan alleen een signaal: bang voor de ander.")

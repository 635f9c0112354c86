"""The plan for the talk: whole in every setup, whatever the facts; short; and never a danger of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import FACTS, GROUPS, PLAN_PARTS, SETUPS, AdviceRequest, Tables
from tests.unit.advice.conftest import full_cases, requests, sparse_cases
from tests.unit.advice.test_no_talk import PEOPLE, sends_into_a_talk

YES, NO = "yes", "no"
HIGH = (
    "danger_now", "danger_coming_days", "strangulation", "weapon", "threat_to_kill", "perpetrator_suicidal",
    "fears_for_life", "serious_injury", "locked_in", "care_withheld", "sexual_violence", "disclosure", "escalation",
    "pregnant", "stalking", "coercive_control", "continuing_threat", "protection_order_broken",
)  # fmt: skip
MAY_TALK = {"danger_now": NO, "honour": NO, "talk_raises_danger": NO, "own_safety_threatened": NO}
NOT_BEHIND_CLOSED_DOORS = {"coercive_control": NO, "sexual_violence": NO}  # these want advice before any talk
ADVISED = {**MAY_TALK, "asked_veilig_thuis": YES}
CALM = {**MAY_TALK, **dict.fromkeys(HIGH, NO), "fear": NO, "power_imbalance": NO}
HEARD = {**CALM, "separation": NO, "heard_apart": YES, "both_want_joint_talk": YES}
# What makes each setup hold, whatever else is known: who the client is, and the facts.
REACHED: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = {
    "no_talk_now": (
        ("victim", {"talk_raises_danger": YES, "victim_with_you": NO}),
        ("child", {"honour": YES, "expert_consulted": NO, "victim_with_you": NO}),
        ("perpetrator", {"coercive_control": YES, "asked_veilig_thuis": NO, "victim_with_you": NO}),
        ("couple", {"danger_now": YES}),
    ),
    "victim_only": (
        ("victim", {**MAY_TALK, **NOT_BEHIND_CLOSED_DOORS, "strangulation": YES, "asked_veilig_thuis": NO}),
        ("victim", {"honour": YES, "victim_with_you": YES, "danger_now": NO}),
        ("couple", {"honour": YES, "expert_consulted": YES, **{k: v for k, v in MAY_TALK.items() if k != "honour"}}),
    ),
    "child_first": (("child", ADVISED), ("child", {**MAY_TALK, **NOT_BEHIND_CLOSED_DOORS})),
    "perpetrator_only": (("perpetrator", ADVISED),),
    "victim_first": (("victim", {**ADVISED, "stalking": YES}), ("other", {**ADVISED, "weapon": YES})),
    "apart": (("couple", {**CALM, "separation": YES}),),
    "apart_first": (("victim", {**CALM, "separation": NO, "heard_apart": NO}),),
    "with_specialist": (("couple", {**HEARD, "repeated": YES}), ("couple", {**HEARD, "both_use_violence": YES})),
    "together_possible": (
        ("couple", {**HEARD, "repeated": NO, "physical_violence": NO, "both_use_violence": NO}),
    ),
}  # fmt: skip
TALKS = tuple(setup for setup in SETUPS if setup != "no_talk_now")
WITH_BOTH = ("apart", "with_specialist", "together_possible")
ALWAYS = (
    "who",
    "not_with",
    "order",
    "time",
    "place",
    "invite",
    "opening",
    "questions",
    "avoid",
    "stop",
    "unsafe",
    "record",
)
IN_A_TALK = (*ALWAYS, "joins", "interpreter", "own_safety", "close")
several = settings(max_examples=25)


def reaching(setup: str) -> st.SearchStrategy[AdviceRequest]:
    """Cases in which this setup holds: what makes it so, and anything else."""
    return st.builds(
        lambda request, case, way: AdviceRequest(request.profession, way[0], request.minor, {**case, **way[1]}),
        requests,
        st.one_of(full_cases, sparse_cases),
        st.sampled_from(REACHED[setup]),
    )


def plan_of(tables: Tables, request: AdviceRequest) -> dict[str, Any]:
    """The plan as it is told."""
    plan: dict[str, Any] = tables.advise(request).as_dict(PEOPLE)["conversation"]
    return plan


def lines_of(plan: Mapping[str, Any], *parts: str) -> list[str]:
    """Every line of these parts; of all of them when none is named."""
    told = [plan[part] for part in parts or PLAN_PARTS if part != "methods"]
    return [line for rows in told for line in ([rows] if isinstance(rows, str) else rows)]


# -- whole ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("setup", SETUPS)
@several
@given(data=st.data())
def test_a_plan_is_whole_and_short(tables: Tables, setup: str, data: st.DataObject) -> None:
    request = data.draw(reaching(setup))
    plan = plan_of(tables, request)
    assert plan["setup"] == setup
    assert not [part for part in (ALWAYS if setup == "no_talk_now" else IN_A_TALK) if not plan[part]]
    assert not [part for part, most in PLAN_PARTS.items() if not isinstance(plan[part], str) and len(plan[part]) > most]
    assert 5 <= len(plan["questions"]) <= 7
    assert not [line for line in lines_of(plan) if "{" in line or "}" in line]
    assert len(set(lines_of(plan))) == len(lines_of(plan))


@pytest.mark.parametrize("setup", TALKS)
@several
@given(data=st.data())
def test_what_keeps_people_safe_is_in_every_talk(tables: Tables, setup: str, data: st.DataObject) -> None:
    plan = plan_of(tables, data.draw(reaching(setup)))
    needed = {
        "interpreter": ("als tolk", "aan de telefoon", "verschilt per gemeente", " kind "),
        "own_safety": ("dicht bij de deur", "weet waar je bent", "hoe laat je belt"),
        "close": ("Is het voor jou veilig om nu naar huis te gaan?", "Nee, of ‘weet ik niet’?", "0800-2000"),
        "unsafe": ("[112](tel:112)", "[0800-2000](tel:08002000)"),
        "avoid": ("reparatiereflex", "geen geheimhouding"),
        "record": ("tussen aanhalingstekens", "wat jij denkt", "wie dat besloot", "geen veiligheidsplan of schuilplek"),
    }
    for part, words in needed.items():
        said = " ".join(plan[part])
        assert not [word for word in words if word not in said], (part, said)
    assert re.search("onder invloed", " ".join(plan["time"]))


@pytest.mark.parametrize("setup", TALKS)
def test_when_is_told_too(tables: Tables, setup: str) -> None:
    for role, case in REACHED[setup]:
        told = " ".join(plan_of(tables, AdviceRequest("wijkteam", role, case=case))["time"])
        assert re.search(r"afspraak|uur|\bKort\b", told), told
        assert re.search(r"[Nn]iet vlak voor|niet meteen naar|ruim voordat|tijd erna", told), told


@pytest.mark.parametrize("setup", TALKS)
@pytest.mark.parametrize("children", ["yes", "no", "unknown"])
def test_children_are_apart_and_with_someone_they_trust(tables: Tables, setup: str, children: str) -> None:
    for role, case in REACHED[setup]:
        plan = plan_of(tables, AdviceRequest("wijkteam", role, case={**case, "children": children}))
        if children == "no" and setup != "child_first":
            assert not plan["children"]
        elif case.get("honour") == YES:
            assert "niet bij familie" in plan["children"][0]
        else:
            assert re.search("vertrouw|veilig voel", " ".join(plan["children"]))


def test_own_danger_comes_first(tables: Tables) -> None:
    case = {"own_safety_threatened": YES, "victim_with_you": YES, "weapon": YES}
    plan = plan_of(tables, AdviceRequest("wijkteam", "victim", case=case))
    assert plan["setup"] == "victim_only"
    assert "praat niet alleen en niet bij iemand thuis" in plan["own_safety"][0]


# -- fitted to the facts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setup", "fact", "words"),
    [
        ("victim_only", "strangulation", "hals"),
        ("victim_only", "victim_suicidal", "niet meer te leven"),
        ("victim_only", "separation", "plannen"),
        ("victim_first", "stalking", "telefoon"),
        ("victim_first", "residence_dependent", "recht om in Nederland"),
        ("child_first", "child_witness", "als er ruzie is"),
        ("perpetrator_only", "substance_use", "gedronken"),
        ("apart", "fear", "bang voor"),
        ("apart_first", "isolated", "wie zie je alleen"),
        ("with_specialist", "children", "kinderen nodig"),
        ("together_possible", "substance_use", "drank"),
        ("no_talk_now", "serious_injury", "medische hulp"),
    ],
)
def test_questions_follow_the_facts(tables: Tables, setup: str, fact: str, words: str) -> None:
    role, case = REACHED[setup][0]
    asked = {
        value: " ".join(plan_of(tables, AdviceRequest("wijkteam", role, case={**case, fact: value}))["questions"])
        for value in (YES, NO)
    }
    if fact not in case:
        assert words not in asked[NO]
    assert words in asked[YES]


def test_a_talk_at_high_danger_is_about_safety_and_nothing_else(tables: Tables) -> None:
    plan = plan_of(tables, AdviceRequest("wijkteam", "victim", case={"weapon": YES}))
    assert plan["setup"] == "victim_only"
    assert plan["label"].endswith("over veiligheid")
    assert plan["order"][0].startswith("Praat alleen over veiligheid")
    assert "Anderen spreek je pas als Veilig Thuis heeft meegedacht." in plan["order"][1]
    assert plan["time"][0].startswith("Vandaag")


def test_someone_under_influence_is_not_left_without_safety(tables: Tables) -> None:
    case = {"weapon": YES, "substance_use": YES}
    told = " ".join(plan_of(tables, AdviceRequest("wijkteam", "victim", case=case))["time"])
    assert "wat er vandaag nodig is" in told
    assert "uit" not in told.split()


@pytest.mark.parametrize("fact", [fact for fact in GROUPS["danger"] if fact != "own_safety_threatened"])
def test_who_works_with_the_other_asks_nothing_that_was_told_by_the_partner(tables: Tables, fact: str) -> None:
    """What only the partner can have told must not show in a word that the client hears."""
    heard = []
    for value in (YES, NO):
        plan = plan_of(tables, AdviceRequest("justitie", "perpetrator", case={**ADVISED, fact: value}))
        if plan["setup"] == "perpetrator_only":
            asked = [line for line in plan["questions"] if "jezelf iets aan" not in line]  # that can be asked of anyone
            heard.append([plan["opening"], *asked, plan["stop"], *plan["invite"], *plan["close"]])
    assert all(told == heard[0] for told in heard)


# -- honour -----------------------------------------------------------------------------------------------------------

TO_ANYONE = (
    "who",
    "joins",
    "not_with",
    "order",
    "time",
    "place",
    "invite",
    "children",
    "unsafe",
    "close",
    "interpreter",
)
CIRCLE = re.compile(r"famili|gemeenschap|netwerk|\bouders?\b|broer|zus|\boom|bekende|vriend", re.IGNORECASE)
DENIED = re.compile(r"\b(niet|geen|niemand|nooit|zonder)\b", re.IGNORECASE)
ABOUT_HONOUR = "deskundige over eer"


def points_to_the_circle(line: str) -> list[str]:
    """Return the sentences that name someone of the circle without saying not to."""
    sentences = re.split(r"(?<=[.?!:])\s+", line)
    return [one for one in sentences if CIRCLE.search(one) and not DENIED.search(one)]


@pytest.mark.parametrize("setup", ["no_talk_now", "victim_only"])
@several
@given(data=st.data())
def test_with_honour_nobody_of_the_circle_is_spoken_to_or_joins(
    tables: Tables, setup: str, data: st.DataObject
) -> None:
    request = data.draw(reaching(setup)).with_facts({"honour": YES})
    plan = plan_of(tables, request)
    assert plan["setup"] in ("no_talk_now", "victim_only")
    assert not [found for line in lines_of(plan, *TO_ANYONE) for found in points_to_the_circle(line)]
    assert ABOUT_HONOUR in " ".join(lines_of(plan))
    if plan["setup"] == "victim_only":
        assert plan["joins"][0].startswith("Niemand anders")
        assert "van elders" in plan["interpreter"][0]


@pytest.mark.parametrize("line", ["Een tante mag erbij, of vrienden.", "Spreek daarna de familie.", "Vraag de ouders."])
def test_the_check_on_the_circle_can_fail(line: str) -> None:
    assert points_to_the_circle(line)


# -- no talk now ------------------------------------------------------------------------------------------------------

TO_THE_PROFESSIONAL = ("who", "not_with", "order", "time", "place", "invite", "avoid", "unsafe", "record")


@several
@given(request=reaching("no_talk_now"))
def test_the_gate_sends_nobody_into_a_talk(tables: Tables, request: AdviceRequest) -> None:
    plan = plan_of(tables, request)
    assert not [part for line in lines_of(plan, *TO_THE_PROFESSIONAL) for part in sends_into_a_talk(line)]
    assert plan["opening"].startswith("Tegen ")
    assert not plan["methods"]
    first = "[112](tel:112)" if request.value("danger_now") == YES else "[0800-2000](tel:08002000)"
    assert first in plan["who"][0]


@several
@given(request=reaching("no_talk_now"))
def test_who_works_with_the_other_is_not_sent_to_the_partner(tables: Tables, request: AdviceRequest) -> None:
    away = AdviceRequest(request.profession, "perpetrator", NO, {**request.case, "victim_with_you": NO})
    plan = plan_of(tables, away)
    if plan["setup"] == "no_talk_now":
        said = " ".join(lines_of(plan, "stop", "unsafe", "invite"))
        assert "ZIJ" not in said
        assert "HIJ" not in said
        assert "je cliënt" in said


@pytest.mark.parametrize("role", ["victim", "perpetrator"])
def test_the_ordinary_contact_goes_on_unless_the_professional_is_threatened(tables: Tables, role: str) -> None:
    case = {"coercive_control": YES, "victim_with_you": NO}
    plan = plan_of(tables, AdviceRequest("ggz", role, case=case))
    assert "gewone contact" in " ".join(plan["invite"])
    assert not plan["own_safety"]
    plan = plan_of(tables, AdviceRequest("ggz", role, case={**case, "own_safety_threatened": YES}))
    assert "gewone contact" not in " ".join(plan["invite"])
    assert "ga niet op huisbezoek" in plan["own_safety"][0]


# -- ways of talking --------------------------------------------------------------------------------------------------


def methods_of(tables: Tables, role: str, case: Mapping[str, str]) -> list[str]:
    """The ids of the methods that are named."""
    return [row["id"] for row in plan_of(tables, AdviceRequest("wijkteam", role, case=case))["methods"]]


@several
@given(request=requests)
def test_at_most_two_methods_each_with_its_source(tables: Tables, request: AdviceRequest) -> None:
    methods = plan_of(tables, request)["methods"]
    assert len(methods) <= 2
    for method in methods:
        assert set(method) == {"id", "label", "text", "sources"}
        assert method["sources"]


@pytest.mark.parametrize("setup", SETUPS)
@several
@given(data=st.data())
def test_neutral_methods_stay_away_from_danger(tables: Tables, setup: str, data: st.DataObject) -> None:
    request = data.draw(reaching(setup))
    named = {row["id"] for row in plan_of(tables, request)["methods"]}
    if named & {"neutral_rephrasing", "many_sided_partiality"}:
        assert setup in WITH_BOTH
        assert {request.value(fact) for fact in ("fear", "coercive_control", "stalking", "honour")} == {NO}
        assert YES not in {request.value(fact) for fact in HIGH if fact != "pregnant"}
        violence = YES in (request.value("physical_violence"), request.value("repeated"))
        assert not violence or request.value("both_use_violence") == YES


@pytest.mark.parametrize(
    ("role", "case", "methods"),
    [
        ("perpetrator", ADVISED, ["motivational_interviewing"]),
        ("child", MAY_TALK, ["trauma_sensitive", "presence"]),
        ("victim", {"weapon": YES}, ["trauma_sensitive"]),
        ("victim", {**ADVISED, "stalking": YES}, ["trauma_sensitive", "presence"]),
        ("victim", {"signals": YES}, ["presence"]),
        ("victim", {"signals": YES, "fear": YES}, ["trauma_sensitive", "presence"]),
        ("victim", {"signals": YES, "help_refused": YES}, ["motivational_interviewing", "presence"]),
        ("victim", {"help_refused": YES, "fear": YES}, ["trauma_sensitive", "presence"]),
        ("couple", {"separation": YES, "signals": YES}, ["presence"]),
        ("couple", {**CALM, "stalking": NO, "separation": YES}, ["many_sided_partiality", "neutral_rephrasing"]),
        ("couple", {**HEARD, "repeated": YES}, ["motivational_interviewing"]),
        ("couple", {**HEARD, "both_use_violence": YES}, ["many_sided_partiality", "neutral_rephrasing"]),
        ("couple", HEARD, ["many_sided_partiality", "neutral_rephrasing"]),
        ("couple", {**HEARD, "isolated": YES}, ["motivational_interviewing"]),
        ("victim", {"coercive_control": YES}, []),
    ],
)
def test_a_method_is_named_where_it_fits(
    tables: Tables, role: str, case: Mapping[str, str], methods: list[str]
) -> None:
    assert methods_of(tables, role, case) == methods


def test_every_fact_of_the_cases_exists() -> None:
    assert {fact for ways in REACHED.values() for _, case in ways for fact in case} <= set(FACTS)


def test_of_a_couple_it_is_told_with_whom_to_begin(tables: Tables) -> None:
    who = " ".join(plan_of(tables, AdviceRequest("verpleging", "couple", case={"signals": "yes"}))["who"])
    assert "Begin bij wie het meeste gevaar loopt" in who
    assert "ZIJ" not in who


@pytest.mark.parametrize("case", [{"signals": "yes"}, {"coercive_control": "yes", "asked_veilig_thuis": "yes"}])
def test_who_comes_at_home_hears_when_talking_there_can_be_safe(tables: Tables, case: dict[str, str]) -> None:
    def place(profession: str, **more: str) -> str:
        return " ".join(plan_of(tables, AdviceRequest(profession, "victim", case={**case, **more}))["place"])

    assert "thuis? Praat pas als" in place("verpleging")
    assert "thuis? Praat pas als" not in place("onderwijs")
    assert "thuis? Praat pas als" not in place("verpleging", victim_with_you="yes")

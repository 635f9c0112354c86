"""Forms of violence and family profiles: what speaks for and against, never a label, and nothing follows from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice import AdviceRequest, Tables
from tests.unit.advice.conftest import requests

PROFILES = {"intimate_terror", "family_stress", "long_term_care", "child_behaviour", "complex_separation"}
FORMS = {
    "physical", "psychological", "sexual", "financial", "stalking", "digital", "coercive_control", "honour",
    "situational", "separation", "violent_resistance", "child_witness",
}  # fmt: skip
LABELS = re.compile(
    r"\bdit is (?!om\b)|\bsprake van\b|\bdader|\bslachtoffer van\b|\bis een (?:pleger|slachtoffer)\b", re.I
)


def patterns(tables: Tables, told: Mapping[str, str] | None = None, **case: str) -> dict[str, Any]:
    """The patterns of a case by id."""
    advice = tables.advise(AdviceRequest("wijkteam", case.pop("client_role", "victim"), "no", case))
    return {row["id"]: row for row in advice.as_dict(told=told)["patterns"]}


def test_all_profiles_and_forms_of_the_contract_are_there(tables: Tables) -> None:
    kinds = {kind: {row.id for row in tables.patterns if row.kind == kind} for kind in ("profile", "form")}
    assert kinds == {"profile": PROFILES, "form": FORMS}


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ({"coercive_control": "yes"}, "intimate_terror"),
        ({"power_imbalance": "yes", "fear": "yes"}, "intimate_terror"),
        ({"substance_use": "yes", "physical_violence": "yes"}, "family_stress"),
        ({"care_dependent": "yes"}, "long_term_care"),
        ({"informal_care": "yes"}, "long_term_care"),
        ({"separation": "yes", "children": "yes"}, "complex_separation"),
        ({"honour": "yes"}, "honour"),
        ({"stalking": "yes"}, "stalking"),
        ({"sexual_violence": "yes"}, "sexual"),
        ({"both_use_violence": "yes", "physical_violence": "yes", "fear": "yes"}, "violent_resistance"),
        ({"separation": "yes", "physical_violence": "yes"}, "separation"),
        ({"child_witness": "yes"}, "child_witness"),
        ({"physical_violence": "yes"}, "physical"),
        ({"continuing_threat": "yes"}, "psychological"),
        ({"physical_violence": "yes", "coercive_control": "no", "fear": "no"}, "situational"),
    ],
)
def test_facts_point_to_a_pattern(tables: Tables, case: dict[str, str], found: str) -> None:
    row = patterns(tables, {}, **case)[found]
    assert row["for"]
    assert f"Dit kan passen bij **{row['label']}**, omdat " in row["text"]


@pytest.mark.parametrize("row", sorted((PROFILES | FORMS) - {"separation"}))  # to part is no violence
def test_her_own_words_point_to_a_pattern_and_are_quoted(tables: Tables, row: str) -> None:
    pattern = next(each for each in tables.patterns if each.id == row)
    found = patterns(tables, {pattern.told[0]: "zij zei het zo."})
    if row in found:
        assert "omdat je schreef: ‘zij zei het zo’." in found[row]["text"]
    else:
        assert any(row in each.covers for each in tables.patterns if each.id in found)


def test_to_part_is_no_violence_by_itself(tables: Tables) -> None:
    assert "separation" not in patterns(tables, {"form:separation": "ze gaan uit elkaar"}, separation="yes")


def test_what_speaks_against_is_told_beside_it(tables: Tables) -> None:
    known = patterns(tables, {"context:family_stress": "ze hebben schulden"}, coercive_control="yes", fear="yes")
    text = known["family_stress"]["text"]
    assert "Daartegen pleit dat de ander over tijd, geld of contacten beslist en" in text
    assert "Controle komt niet door stress." in text
    assert "nog niet bekend" in patterns(tables, stalking="yes")["stalking"]["text"]


def test_words_are_told_beside_the_facts(tables: Tables) -> None:
    text = patterns(tables, {"form:stalking": "hij stond weer voor de deur"}, stalking="yes")["stalking"]["text"]
    assert "Je schreef ook: ‘hij stond weer voor de deur’." in text


def test_a_pattern_says_what_it_means_for_the_talk(tables: Tables) -> None:
    assert "nooit samen" in patterns(tables, coercive_control="yes")["intimate_terror"]["text"]
    assert "nooit samen" in patterns(tables, stalking="yes")["stalking"]["text"]
    assert "deskundige van Veilig Thuis" in patterns(tables, honour="yes")["honour"]["text"]
    assert "geen raad daarover" in patterns(tables, separation="yes", escalation="yes")["separation"]["text"]


def test_a_profile_takes_the_form_that_it_covers_with_it(tables: Tables) -> None:
    assert "coercive_control" not in patterns(tables, coercive_control="yes")
    assert "separation" not in patterns(tables, separation="yes", children="yes", escalation="yes")


@given(
    request=requests, told=st.sets(st.sampled_from(["form:financial", "context:long_term_care", "form:situational"]))
)
def test_a_pattern_always_has_a_reason_and_is_never_a_label(
    tables: Tables, request: AdviceRequest, told: set[str]
) -> None:
    said = tables.advise(request).as_dict(told=dict.fromkeys(told, "zo zei ze het"))
    for row in said["patterns"]:
        assert row["for"] or row["quote"], row["id"]
        assert "omdat" in row["text"]
        assert "pleit" in row["text"]
        assert "{" not in row["text"]
        assert ".." not in row["text"]
        assert not LABELS.search(row["text"]), row["text"]
        assert row["sources"]


@given(request=requests)
def test_nothing_follows_from_words_that_point_to_a_pattern(tables: Tables, request: AdviceRequest) -> None:
    advice = tables.advise(request)
    every = {name: "zo" for row in tables.patterns for name in row.told}
    assert advice.as_dict() | {"patterns": []} == advice.as_dict(told=every) | {"patterns": []}


def test_fighting_back_never_speaks_against_control_where_there_is_fear(tables: Tables) -> None:
    control = {"coercive_control": "yes", "both_use_violence": "yes"}
    assert patterns(tables, {}, **control)["intimate_terror"]["against"] == [
        "beiden geweld gebruiken, voor zover je weet"
    ]
    told = patterns(tables, {}, fear="yes", **control)["intimate_terror"]
    assert not told["against"]
    assert "Terugvechten kan verzet zijn." in told["text"]


def test_sexual_violence_says_what_it_means_for_the_talk(tables: Tables) -> None:
    assert "eerst overleggen, dan praten" in patterns(tables, {}, sexual_violence="yes")["sexual"]["text"]
    advised = patterns(tables, {}, sexual_violence="yes", asked_veilig_thuis="yes")["sexual"]["text"]
    assert "nooit samen." in advised
    assert "eerst overleggen" not in advised

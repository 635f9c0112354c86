"""How soon a question needs a person: each row of the table, all of them together, and tables that are broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import GROUPS, AdviceRequest, Tables
from bot.helpdesk import Situation, Triage, TriageTable, load_triage
from bot.yamlfile import DataFileError
from tests.unit.advice.conftest import requests

CALM = "U"  # what a story sounds like in which nobody is in trouble
CLASSES = ("S", "P1", "P2", "U")
ALSO = ("danger_open", "milder", "upset", "concrete")


def situation(*also: str, heard: tuple[str, ...] = (), **facts: str) -> Situation:
    return Situation(AdviceRequest(case=facts), heard=heard, also=also)


def yes(*facts: str) -> Situation:
    return Situation(AdviceRequest(case=dict.fromkeys(facts, "yes")))


@pytest.fixture
def decide(triage: TriageTable, tables: Tables) -> Any:
    """Decide on a situation by the table of the project."""

    def decided(one: Situation, sounds: str = CALM) -> Triage:
        return triage.decide(one, tables, sounds)

    return decided


# -- each row ----------------------------------------------------------------------------------------------------------

MINIMAL: Mapping[str, list[tuple[str, Situation, str]]] = {  # row → its class, a case that has nothing else, sounds
    "advice": [
        ("S", yes("danger_now"), CALM),
        ("S", yes("danger_coming_days"), CALM),
        ("S", yes("weapon"), CALM),
        ("S", yes("disclosure"), CALM),
        ("S", yes("physical_violence", "pregnant"), CALM),
        ("S", yes("physical_violence", "escalation"), CALM),
        ("S", yes("separation", "continuing_threat"), CALM),
        ("S", yes("stalking", "physical_violence"), CALM),
    ],
    "danger_open": [("S", situation("danger_open"), CALM)],
    "suicide": [("S", yes("victim_suicidal"), CALM)],
    "own_safety": [("S", yes("own_safety_threatened"), CALM)],
    "sounds_grave": [("S", situation(), "S")],
    "honour": [("P1", yes("honour"), CALM)],
    "control": [("P1", yes("coercive_control"), CALM), ("P1", yes("isolated"), CALM)],
    "stalking": [("P1", yes("stalking"), CALM), ("P1", yes("protection_order_broken"), CALM)],
    "separation": [("P1", yes("separation"), CALM)],
    "refuses": [("P1", yes("help_refused"), CALM), ("P1", situation(victim_agrees="no"), CALM)],
    "milder": [("P1", situation("milder"), CALM)],
    "sounds_risky": [("P1", situation(), "P1")],
    "upset": [("P2", situation("upset"), "P2"), ("P2", situation("upset"), "none")],
    "worry": [("P2", situation("concrete"), CALM), ("P2", situation(), "P2"), ("P2", situation(), "none")],
    "knowledge": [("U", situation(), CALM), ("U", situation("upset"), CALM)],
}


@pytest.mark.parametrize(
    ("row", "class_id", "one", "sounds"), [(row, *case) for row, cases in MINIMAL.items() for case in cases]
)
def test_each_row_decides_for_a_case_that_has_nothing_else(
    row: str, class_id: str, one: Situation, sounds: str, decide: Any
) -> None:
    decided = decide(one, sounds)
    assert (decided.class_id, decided.rules[0]) == (class_id, row)


def test_every_row_has_such_a_case(triage: TriageTable) -> None:
    assert [row.id for row in triage.rows] == list(MINIMAL)
    assert {row.id: row.class_id for row in triage.rows} == {row: cases[0][0] for row, cases in MINIMAL.items()}


def test_every_row_of_the_advice_that_is_acute_is_danger(tables: Tables, decide: Any) -> None:
    for fact in GROUPS["danger"]:
        outcome = tables.decide(AdviceRequest(case={fact: "yes"})).outcome
        if outcome in ("call_112", "acute_contact"):
            assert decide(yes(fact)).class_id == "S", fact


def test_what_is_not_known_or_denied_is_no_danger(decide: Any) -> None:
    for value in ("no", "unknown"):
        denied = AdviceRequest(case=dict.fromkeys((*GROUPS["danger"], "children"), value))
        assert decide(Situation(denied)).class_id == "U"


# -- reasons -----------------------------------------------------------------------------------------------------------


def test_all_rows_of_the_class_that_decides_are_reasons_and_no_others(decide: Any) -> None:
    one = situation("milder", "concrete", "upset", honour="yes", isolated="yes", separation="yes", help_refused="yes")
    decided = decide(one, "P1")
    assert decided.class_id == "P1"
    assert decided.rules == ("honour", "control", "separation", "refuses", "milder", "sounds_risky")
    assert decided.reasons == (
        "De eer van de familie kan meespelen",
        "Dwang of controle: staat alleen",
        "Uit elkaar gaan",
        "Een melding of hulp wordt geweigerd: hulp geweigerd",
        "Lichter gekozen dan het advies",
        "Het verhaal lijkt op grote zorg",
    )
    graver = decide(replace(one, also=("danger_open",)), "P1")
    assert graver.rules == ("danger_open",)
    assert decide(situation("upset", "concrete"), "P2").rules == ("upset", "worry")


def test_a_reason_names_the_row_of_the_advice_and_the_facts_behind_it(decide: Any, tables: Tables) -> None:
    row = tables.decide(yes("weapon", "threat_to_kill").request).rule
    assert decide(yes("weapon", "threat_to_kill", "children")).reasons == (f"{row.label}: wapen; gedreigd te doden",)
    assert decide(yes("coercive_control", "isolated")).reasons == ("Dwang of controle: controle; staat alleen",)
    assert decide(situation(victim_agrees="no")).reasons == ("Een melding of hulp wordt geweigerd",)


def test_a_reason_names_what_her_words_point_to_as_long_as_nobody_asked(decide: Any) -> None:
    told = situation(heard=("weapon", "strangulation"))
    assert decide(told, "S").reasons == ("Het verhaal lijkt op gevaar: keel dichtgeknepen; wapen",)
    asked = situation(heard=("weapon", "strangulation"), weapon="no", strangulation="unknown")
    assert decide(asked, "S").reasons == ("Het verhaal lijkt op gevaar: keel dichtgeknepen",)
    assert decide(situation(heard=("weapon",)), "P1").reasons == ("Het verhaal lijkt op grote zorg: wapen",)
    assert decide(situation(), "S").reasons == ("Het verhaal lijkt op gevaar",)


@given(
    requests,
    st.sets(st.sampled_from(ALSO)),
    st.sampled_from((*CLASSES, "none")),
    st.sets(st.sampled_from(GROUPS["danger"])),
)
def test_every_reason_can_be_read(
    triage: TriageTable, tables: Tables, request_: AdviceRequest, also: set[str], sounds: str, heard: set[str]
) -> None:
    decided = triage.decide(Situation(request_, heard=heard, also=also), tables, sounds)
    assert len(decided.rules) == len(decided.reasons) >= 1
    assert {row.class_id for row in triage.rows if row.id in decided.rules} == {decided.class_id}
    for reason in decided.reasons:
        assert "{" not in reason
        assert not reason.endswith((":", ": "))


# -- more danger -------------------------------------------------------------------------------------------------------


WEIGHS = (  # facts of which a few make a case of each class
    "danger_now", "weapon", "disclosure", "physical_violence", "pregnant", "escalation", "continuing_threat",
    "separation", "stalking", "coercive_control", "isolated", "honour", "help_refused", "victim_suicidal",
    "own_safety_threatened", "protection_order_broken", "signals", "repeated",
)  # fmt: skip
weighs = st.sampled_from(WEIGHS)
few = st.sets(weighs, max_size=3).map(lambda facts: yes(*facts).request)
beside = st.sets(st.sampled_from(ALSO), max_size=2)


@settings(max_examples=500)
@given(few | requests, beside, st.sampled_from(CLASSES), st.sets(weighs, max_size=2), beside, st.sampled_from(CLASSES))
def test_more_danger_never_makes_a_class_lighter(
    triage: TriageTable,
    tables: Tables,
    request_: AdviceRequest,
    also: set[str],
    sounds: str,
    facts: set[str],
    more: set[str],
    graver: str,
) -> None:
    before = triage.decide(Situation(request_, also=also), tables, sounds)
    worse = Situation(request_.with_facts(dict.fromkeys(facts, "yes")), also=also | more)
    after = triage.decide(worse, tables, triage.heaviest(sounds, graver))
    assert triage.rank(after.class_id) <= triage.rank(before.class_id)


def test_of_the_few_things_in_a_case_each_makes_it_no_lighter(triage: TriageTable, decide: Any) -> None:
    ranks: dict[tuple[str, ...], int] = {(): triage.rank("U")}
    for size in (1, 2, 3):
        for things in combinations((*WEIGHS, *ALSO), size):
            case = replace(yes(*(one for one in things if one in WEIGHS)), also=set(things) & set(ALSO))
            ranks[things] = triage.rank(decide(case).class_id)
            assert ranks[things] <= min(ranks[fewer] for fewer in combinations(things, size - 1)), things


chance = st.floats(0, 1)


@given(st.fixed_dictionaries(dict.fromkeys(CLASSES, chance)), chance, chance, chance)
def test_a_net_that_is_surer_and_a_story_that_sounds_graver_weigh_no_less(
    triage: TriageTable, opinions: dict[str, float], net: float, surer: float, graver: float
) -> None:
    before = triage.sounds(opinions, net)
    after = triage.sounds(opinions | {"S": max(opinions["S"], graver)}, max(net, surer))
    assert triage.rank(after) <= triage.rank(before)


def test_a_story_sounds_like_danger_from_where_the_table_says(triage: TriageTable) -> None:
    calm = {"S": 0.0, "P1": 0.0, "P2": 0.0, "U": 1.0}
    least = triage.heaviest_from
    assert triage.sounds(calm | {"S": least + 0.001}, least) == "S"
    assert triage.sounds(calm | {"S": least - 0.001}, least) == "U"
    assert triage.sounds(calm | {"S": least - 0.1}, 1.0) == "S"  # the net counts for one of four
    assert triage.sounds(calm, 1.0) == "U"
    assert triage.sounds({"S": 0.1, "P1": 0.3, "P2": 0.3, "U": 0.3}, 0.0) == "P1"  # the heaviest of those that are even
    assert triage.sounds({"S": 0.2, "P1": 0.1, "P2": 0.4, "U": 0.3}, 0.0) == "P2"


# -- faults lead to a person, soon -------------------------------------------------------------------------------------


def test_a_condition_that_cannot_be_evaluated_holds(decide: Any) -> None:
    decided = decide(situation(), "no class at all")
    assert decided.class_id == "S"
    assert "sounds_grave" in decided.rules


def test_a_case_that_cannot_be_weighed_is_danger(decide: Any) -> None:
    decided = decide(situation(honour="misschien"))
    assert (decided.class_id, decided.rules[0]) == ("S", "advice")
    assert decided.reasons[0].startswith("Niet te wegen")


# -- the table ---------------------------------------------------------------------------------------------------------


def test_the_classes_are_ranked_from_danger_to_a_question(triage: TriageTable) -> None:
    assert [one.id for one in triage.classes] == list(CLASSES)
    assert [triage.rank(name) for name in CLASSES] == [0, 1, 2, 3]
    assert [one.urgent for one in triage.classes] == [True, True, False, False]
    minutes = [one.minutes for one in triage.classes]
    assert minutes == sorted(minutes)
    assert triage.heaviest("U", "P1", "P2") == "P1"
    assert triage.named("P2").title == "Twijfel"
    with pytest.raises(KeyError):
        triage.rank("X")


V = "  - {id: V, title: Vraag, about: Vraag., urgent: false, minutes: 9}\n  - id: U\n"
P1_AGAIN = V.replace("id: V", "id: P1")
BROKEN = {  # what is wrong: what stands there, what is put in its place, what is marked by its line, what is said
    "unknown class": ("class: P1\n    when: {hon", "class: P9\n    when: {hon", "class: P9", "onbekende klasse: P9"),
    "unknown fact": ("{honour: yes}", "{eer: yes}", "when: {eer", "onbekend feit: eer"),
    "unknown fact within": ("{isolated: yes}", "{alleen: yes}", "{alleen", "onbekend feit: alleen"),
    "unknown value": ("{milder: yes}", "{milder: ja}", "{milder", "onbekende waarde van milder: ja"),
    "unknown row of the advice": ("red_flag", "rode_vlag", "rode_vlag", "onbekende waarde van rule: rode_vlag"),
    "unknown sound": ("{sounds: P1}", "{sounds: P9}", "{sounds: P9", "onbekende waarde van sounds: P9"),
    "two conditions in one": ("{separation: yes}", "{separation: yes, honour: yes}", "{separation", "table.8.when"),
    "order": ("class: P1\n    when: {milder", "class: P2\n    when: {milder", "- id: sounds_risky",
              "deze rij is zwaarder dan de rij erboven"),
    "last row": ("when: always", "when: {concrete: no}", "when: {concrete: no}", "de laatste rij, en die alleen"),
    "always above": ("when: {separation: yes}", "when: always", "when: always", "de laatste rij, en die alleen"),
    "passed over": ("  upset: De professional vertelde over het eigen gevoel.\n", "", "also:", "upset ontbreekt"),
    "unread": ("also:\n", "also:\n  tired: Het is laat.\n", "tired:", "geen rij leest tired"),
    "class without a row": ("  - id: U\n", V, "{id: V", "geen rij leidt tot V"),
    "urgency": ("urgent: true\n    minutes: 15", "urgent: false\n    minutes: 15", "urgent: true",
                "een dringende klasse staat onder een die dat niet is"),
    "class twice": ("  - id: U\n", P1_AGAIN, "{id: P1", "P1 staat er twee keer"),
    "row twice": ("- id: separation", "- id: honour", "- id: honour\n    class: P1\n    when: {separation",
                  "honour staat er twee keer"),
    "a name that means else": ("also:\n", "also:\n  sounds: Zo klinkt het.\n", "sounds: Zo", "sounds heeft al een"),
    "a fact that means else": ("also:\n", "also:\n  honour: De eer.\n", "honour: De", "honour heeft al een"),
    "unknown key": ("heaviest_from:", "zwaarste_vanaf:", "# Hoe snel", "onbekend: zwaarste_vanaf"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_refused_with_file_and_line(name: str, spoilt: Path, tables: Tables) -> None:
    old, new, marked, said = BROKEN[name]
    path = spoilt / "helpdesk" / "triage.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    path.write_text(changed, encoding="utf-8")
    line = changed[: changed.index(marked)].count("\n") + 1
    with pytest.raises(DataFileError) as refused:
        load_triage(spoilt, tables)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert said in refused.value.reason


def test_the_table_that_is_spoilt_there_is_good_itself(spoilt: Path, tables: Tables, triage: TriageTable) -> None:
    assert load_triage(spoilt, tables) == triage


def test_a_table_that_is_not_there_is_told_too(tmp_path: Path, tables: Tables) -> None:
    with pytest.raises(DataFileError, match=r"triage\.yml:1: dit bestand ontbreekt"):
        load_triage(tmp_path, tables)

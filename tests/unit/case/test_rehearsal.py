"""The practice dialogue that is offered with the plan of a talk: which one fits, and where nothing may be offered."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import MappingProxyType as Frozen

import pytest
from hypothesis import given

from bot.advice import AdviceRequest, load_tables, parse_request
from bot.case import Case, Entry, Rehearsals, Replies, Say, Tools, load_lists, load_rehearsals, plan_messages
from bot.case.danger import ASKED
from bot.settings import ROOT
from bot.yamlfile import DataFileError, read_yaml
from tests.unit.advice.conftest import requests

CASES = ROOT / "tests" / "cases"
CALLS = "twee_keer_bellen"
TABLES = load_tables(ROOT / "data")
REHEARSALS = load_rehearsals(ROOT / "data", TABLES, load_lists(ROOT / "data").decided)


def case_of(request: AdviceRequest, **fields: str) -> Case:
    """A case in which all of this was told."""
    who = {"profession": request.profession, "client_role": request.client_role, "minor": request.minor}
    return Case(entries=[Entry(question="x", facts=dict(request.case), fields={**who, **fields}, silent=True)])


def told(name: str) -> AdviceRequest:
    (path,) = CASES.glob(f"{name}_*.yml")
    return parse_request(read_yaml(path).data["request"])


def offered(case: Case, tools: Tools) -> list[Say]:
    return [say for say in plan_messages(case, tools) if say.response.startswith("oefenen")]


@pytest.mark.parametrize(
    ("name", "dialogue"),
    [
        ("28", "niemand_mag_het_weten"), ("17", "zeg_het_niet"), ("22", "zelf_te_ver"), ("43", "ik_ga_melden"),
        ("24", "ze_is_weg_en_nu"), ("41", "ze_is_weg_en_nu"), ("11", "niet_naar_huis"), ("37", "ze_zitten_er_samen"),
        ("39", "ze_zitten_er_samen"), ("79", "hij_weet_het_toch_niet"), ("68", "haar_man_antwoordt"), ("47", CALLS),
    ],
)  # fmt: skip
def test_the_dialogue_that_is_like_the_case_is_offered(
    name: str, dialogue: str, tools: Tools, replies: Replies
) -> None:
    (say,) = offered(case_of(told(name)), tools)
    (choice,) = say.choices
    found = tools.rehearsals.dialogues[dialogue]
    assert (choice.intent, choice.value) == ("oefenen", dialogue)
    assert choice.title == f"Eerst oefenen: {found.title}"
    text = replies.render(say).text
    assert f"**{found.title}** ({found.minutes} minuten)" in text
    assert text.startswith("Een gesprek kan nu niet. Bellen kun je wel" if dialogue == CALLS else "Je kunt dit gesprek")


@pytest.mark.parametrize("name", ["02", "72", "05", "59"])  # 112; nothing to fear; she sits there; thinks of death
def test_where_nothing_fits_nothing_is_offered(name: str, tools: Tools) -> None:
    assert offered(case_of(told(name)), tools) == []


@given(request=requests)
def test_where_talking_must_wait_only_calling_is_practised_and_in_danger_nothing(request: AdviceRequest) -> None:
    decided = TABLES.decide(request)
    fitting = REHEARSALS.fitting(decided)
    if decided.outcome == "call_112" or request.value("danger_now") == "yes":
        assert fitting is None
    elif decided.setup == "no_talk_now":
        assert fitting is not None
        assert fitting.id == CALLS
    else:
        assert fitting is None or fitting.id != CALLS


def test_while_it_is_asked_whether_there_is_danger_nothing_is_offered(tools: Tools) -> None:
    case = case_of(told("68"))
    assert offered(case, tools)
    assert offered(case.add(Entry(question=ASKED, silent=True)), tools) == []


def test_her_own_decision_tells_whether_she_is_going_to_report(tools: Tools) -> None:
    request = told("43")
    for decision, dialogue in (("report", "ik_ga_melden"), ("own", "haar_man_antwoordt"), ("", "ik_ga_melden")):
        (say,) = offered(case_of(request, decision=decision), tools)
        assert say.choices[0].value == dialogue


def test_a_row_that_cannot_be_evaluated_offers_nothing() -> None:
    decided = TABLES.decide(AdviceRequest(case=Frozen({"honour": "misschien"})))
    assert Rehearsals(REHEARSALS.rows[1:], REHEARSALS.dialogues).fitting(decided) is None


# -- a table that is wrong ---------------------------------------------------------------------------------------------


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A folder of data with a copy of the table, and the dialogues."""
    shutil.copytree(ROOT / "data" / "case", tmp_path / "case")
    (tmp_path / "practice").symlink_to(ROOT / "data" / "practice")
    return tmp_path


BROKEN = {  # what is put in place of what, the line that is told, and what is said
    "unknown dialogue": ("dialogue: zelf_te_ver", "dialogue: te_ver", "{setup: perpetrator_only}",
                         "er is geen oefengesprek te_ver; er zijn: haar_man_antwoordt"),
    "unknown dialogue of calls": ("calls: twee_keer_bellen", "calls: bellen", "calls: bellen",
                                  "er is geen oefengesprek bellen"),
    "unknown fact": ("{informal_care: yes}", "{mantelzorg: yes}", "{mantelzorg",
                     "onbekend feit: mantelzorg; feiten en woorden staan in data/advice"),
    "unknown word": ("[alone_with_you", "[alleen", "[alleen", "onbekend woord: alleen"),
    "unknown setup": ("setup: child_first", "setup: kind_eerst", "{setup: kind", "onbekende waarde van setup"),
    "unknown decision": ("decision: report", "decision: melden", "{all: [{victim", "onbekende waarde van decision"),
    "hidden": ("{separation: yes}", "{all: [{separation: yes}, {stalking: yes}]}", "{all: [{separation",
               "deze rij beslist nooit"),
    "all is caught above": ("{separation: yes}", "always", "{informal_care", "deze rij beslist nooit"),
    "talk where there is none": ("{separation: yes}", "{setup: no_talk_now}", "{setup: no_talk",
                                 "deze rij beslist nooit"),
    "dialogue without a row": ("{informal_care: yes}\n    dialogue: hij_weet_het_toch_niet", "{informal_care: yes}",
                               "table:", "geen rij leidt naar hij_weet_het_toch_niet; schrijf er een"),
    "unknown key": ("calls:", "bellen:", "# Welk", "onbekend: bellen"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_refused_with_file_and_line(name: str, spoilt: Path) -> None:
    old, new, marked, said = BROKEN[name]
    path = spoilt / "case" / "practice.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    path.write_text(changed, encoding="utf-8")
    line = changed[: changed.index(marked)].count("\n") + 1
    with pytest.raises(DataFileError) as refused:
        load_rehearsals(spoilt, TABLES, load_lists(spoilt).decided)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert said in refused.value.reason

"""The checklists: one item at a time, left and resumed, and nothing of them in the advice or the summary."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import AdviceRequest, Tables, items_for, lines_for
from bot.case import END, Case, Given, Tools, Trigger, advice_request, interrupt, list_meant, must_call_first, started
from bot.case.checklist import LEAVE
from bot.case.speech import DONT_KNOW
from bot.settings import ROOT
from bot.yamlfile import read_yaml
from tests.unit.advice.conftest import requests
from tests.unit.advice.test_no_talk import PEOPLE, no_talk, sends_into_a_talk
from tests.unit.case.player import Player
from tests.unit.case.sheets import VERSIONS, both, case_of, known, seen, sheet

LISTS = [row["id"] for row in read_yaml(ROOT / "data" / "advice" / "checklists.yml").data["checklists"]]
FIVE = ("onveilige_situaties", "bescherming", "voorwaarden", "afspraken", "regie")  # of the Kenniskaart
ASKED_OF = {
    "children": "kinderen", "honour": "eer", "stalking": "volgen", "separation": "uit_elkaar", "care_dependent": "zorg",
}  # fmt: skip


def walk(player: Player, name: str) -> None:
    """Start a list."""
    checklist = player.tools.tables.checklist(name)
    assert checklist is not None
    player.case, says = started(player.case, checklist, player.tools)
    player.hear(*says)


def asked(player: Player) -> str:
    return player.replies.render(player.question.say).text


# -- walking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_walked_one_item_at_a_time_to_its_end(player: Player, name: str) -> None:
    walk(player, name)
    checklist = player.tools.tables.checklist(name)
    assert checklist is not None
    items = items_for(checklist, player.tools.tables.decide(advice_request(player.case)).view)
    for number, item in enumerate(items, start=1):
        assert player.question.id == f"lijst.{name}:{item.id}"
        assert f"{number} van {len(items)}" in asked(player)
        assert item.why in player.question.why or "{" in item.why
        assert "Bron: " in player.question.why
        player.press("done" if number % 2 else "open")
    assert player.phase != "lijst"
    told = player.said[-1]
    assert checklist.answers["done"] in told
    assert "**Nog open**" in told
    assert all(item.label in told for item in items)
    assert "{" not in "".join(player.said)


def test_at_the_end_it_is_told_with_whom_what_is_open_can_be_arranged(player: Player) -> None:
    walk(player, "regie")
    while player.phase == "lijst":
        player.press("unknown")
    assert "- Eén regievoerder: met de andere hulpverleners en Veilig Thuis" in player.said[-1]
    assert "0800-2000" in player.said[-1]


@pytest.mark.parametrize(
    ("text", "answer", "noted"),
    [
        ("geregeld", "Geregeld", False),
        ("ja", "Geregeld", False),
        ("nee", "Nog niet", False),
        ("nog niet", "Nog niet", False),
        ("geen idee", "Weet ik niet", False),
        ("haar zus weet ervan en belt elke avond", "Nog niet", True),
        ("ja, dat hebben we dinsdag met het wijkteam afgesproken", "Geregeld", True),
        ("nog niet, want zij wil er nog over nadenken", "Nog niet", True),
    ],
)
def test_typed_answers_and_notes(player: Player, text: str, answer: str, noted: bool) -> None:
    walk(player, "veiligheidsplan")
    first = player.question.id
    player.say(text)
    assert player.case.entries[-1].answer == answer
    assert player.question.id != first
    assert bool(player.case.fields.get(f"notitie.{first}")) is noted


def test_a_note_is_shown_at_the_end_as_it_was_typed(player: Player) -> None:
    walk(player, "regie")
    player.say("de *gezinscoach* [belt](https://kwaad.nl) morgen terug {slot}")
    while player.phase == "lijst":
        player.press("done")
    assert "[belt](https" not in player.said[-1]
    assert "gezinscoach" in player.said[-1]
    assert "{slot}" in player.said[-1]


def test_it_can_be_left_and_resumed(player: Player) -> None:
    walk(player, "fasen")
    player.press("done")
    second = player.question.id
    player.press(LEAVE)
    assert player.phase != "lijst"
    walk(player, "fasen")
    assert player.question.id == second
    assert "waar je was" in player.said[-1]


def test_a_list_that_was_done_begins_anew(player: Player) -> None:
    walk(player, "regie")
    first = player.question.id
    while player.phase == "lijst":
        player.press("done")
    walk(player, "regie")
    assert player.question.id == first


def test_undo_takes_the_last_answer_back_and_then_the_list(player: Player) -> None:
    before = player.case
    walk(player, "veiligheidsplan")
    first = player.question.id
    player.press("done")
    player.undo()
    assert player.question.id == first
    player.undo()
    assert player.case == before


def test_undo_after_the_end_opens_the_last_item_again(player: Player) -> None:
    walk(player, "regie")
    last = ""
    while player.phase == "lijst":
        last = player.question.id
        player.press("done")
    player.undo()
    assert player.question.id == last


def test_an_answer_to_a_list_can_be_asked_again(player: Player) -> None:
    walk(player, "regie")
    first = player.question.id
    player.press("done")
    player.press(LEAVE)
    at = next(at for at, entry in enumerate(player.case.entries) if entry.question == first)
    player.case = player.case.reopen(at)
    assert player.question.id == first
    player.press("open")
    assert player.phase != "lijst"


def test_it_goes_back_to_where_the_conversation_was(player: Player) -> None:
    player.begin("Haar man geeft steeds antwoord voor haar.")
    question = player.question.id
    walk(player, "regie")
    while player.phase == "lijst":
        player.say("weet ik niet")
    assert player.question.id == question


def test_an_item_takes_not_knowing_and_any_words(player: Player) -> None:
    walk(player, "veiligheidsplan")
    for given_now in (DONT_KNOW, Given("🙂"), Given("<b>x</b>", intent="nlu_fallback")):
        before = player.question.id
        player._give(given_now)
        assert player.question.id != before
    assert player.misses == 0


# -- which list, and which items --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("veiligheidsplan", "veiligheidsplan"),
        ("ik wil een veilgheidsplan maken", "veiligheidsplan"),
        ("wie heeft de regie?", "regie"),
        ("risico en bescherming", "risico_en_bescherming"),
        ("in welke fase zitten we", "fasen"),
        ("hoe nu verder", None),
        ("checklist", None),
        ("het veiligheidsplan en wie de regie heeft", None),
    ],
)
def test_the_list_that_words_name(tools: Tools, text: str, name: str | None) -> None:
    found = list_meant(text, tools)
    assert (found.id if found else None) == name


def test_the_safety_plan_has_the_five_elements_and_digital_safety(tools: Tools) -> None:
    checklist = tools.tables.checklist("veiligheidsplan")
    assert checklist is not None
    always = [
        item.id for item in items_for(checklist, AdviceRequest().view().with_values(outcome="observe", setup="apart"))
    ]
    assert set(FIVE) <= set(always)
    [digital] = [item for item in checklist.items if item.id == "digitaal"]
    assert "Verander nog geen instellingen voordat het plan er is" in digital.text[0].text
    assert digital.doubt
    assert {"pf-56b", "kenniskaart-2023"} <= {source.id for source in digital.sources}


@pytest.mark.parametrize(("fact", "item"), ASKED_OF.items())
def test_some_items_are_only_asked_when_they_fit(tools: Tools, fact: str, item: str) -> None:
    checklist = tools.tables.checklist("veiligheidsplan")
    assert checklist is not None
    for value, wanted in (("yes", True), ("no", False), ("unknown", False)):
        view = tools.tables.decide(AdviceRequest(case={fact: value})).view
        assert (item in [row.id for row in items_for(checklist, view)]) is wanted


@settings(max_examples=150)
@given(request=no_talk)
def test_without_a_talk_no_list_sends_anyone_into_one(tools: Tools, request: AdviceRequest) -> None:
    for text in told_by_lists(tools.tables, request):
        assert not sends_into_a_talk(text), text


@settings(max_examples=100)
@given(request=requests)
def test_at_honour_no_list_counts_on_family_or_network(tools: Tools, request: AdviceRequest) -> None:
    honour = request.with_facts({"honour": "yes"})
    for text in told_by_lists(tools.tables, honour):
        if re.search(r"\b(familie|netwerk|gemeenschap)\b", text):
            assert re.search(r"buiten|niet mee|geheim", text), text


def told_by_lists(tables: Tables, request: AdviceRequest) -> list[str]:
    """Every sentence that the lists say in a case."""
    view = tables.decide(request).view
    told: list[str] = []
    for row in tables.checklists:
        told += [*lines_for(row.intro, view), *lines_for(row.close, view)]
        for item in items_for(row, view):
            told += [*lines_for(item.text, view), item.why, next(iter(lines_for(item.with_whom, view)))]
    return [re.sub(r"\{(\w+)\}", lambda name: PEOPLE.get(name[1], ""), text) for text in told]


def test_risks_are_never_counted(tools: Tools) -> None:
    checklist = tools.tables.checklist("risico_en_bescherming")
    assert checklist is not None
    assert len(checklist.items) == 6
    assert any("geen optelsom" in line.text for line in checklist.intro)


# -- danger, and what must not be kept --------------------------------------------------------------------------------


def test_in_danger_112_comes_first(tools: Tools) -> None:
    assert must_call_first(known(danger_now="yes"), tools)
    assert not must_call_first(known(danger_coming_days="yes"), tools)


def test_danger_interrupts_and_the_list_goes_on(player: Player) -> None:
    walk(player, "veiligheidsplan")
    first = player.question.id
    words = "hij staat nu met een mes voor haar deur"
    player.case = interrupt(
        player.case, "lijst", Given(words, intent="acuut_gevaar"), [Trigger("weapon", words)], player.tools
    )
    assert player.question.id == "gevaar.antwoord"
    assert player.case.facts["weapon"] == "yes"
    assert not player.case.lines
    player.press("Nee, dit is")
    assert player.phase == "lijst"
    assert player.question.id != first
    assert player.case.fields[f"notitie.{first}"] == words


notes = st.text("abcdefgh “”|#*'\n€", min_size=1, max_size=40)


def test_no_version_of_the_sheet_holds_anything_of_a_list(tools: Tools, replies: Any) -> None:
    @settings(max_examples=40)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        case = case_of(seen("hij duwde haar"), *known(children="yes", stalking="yes").entries[1:])
        player = Player(tools, replies, case)
        for name in data.draw(st.lists(st.sampled_from(LISTS), min_size=1, max_size=2, unique=True)):
            walk(player, name)
            while player.phase == "lijst":
                if data.draw(st.booleans()):
                    player.press(data.draw(st.sampled_from(["done", "open", "unknown"])))
                else:
                    player.say("geheim " + data.draw(notes))
        for version in VERSIONS:
            assert sheet(player.case, tools, version) == sheet(case, tools, version)
        assert not [text for text in both(player.case, tools) if "geheim" in text or "Geregeld" in text]

    check()


def test_a_list_changes_no_advice(player: Player) -> None:
    player.case = known(fear="yes")
    before = advice_request(player.case)
    walk(player, "risico_en_bescherming")
    while player.phase == "lijst":
        player.press("open")
    assert advice_request(player.case) == before
    assert player.case.lines == known(fear="yes").lines
    assert player.phase != END


def test_a_list_alone_is_no_case(player: Player) -> None:
    walk(player, "regie")
    assert not player.case.begun
    assert Case().add(*known(fear="yes").entries).begun

"""The checklists as the engine calls them: by name, from the menu, in danger, and back to the conversation."""

from __future__ import annotations

from typing import Any

import pytest

from bot.case import Case, Entry, Given, Tools, begun, current_phase, open_question, started, take

STORY = "Haar man geeft steeds antwoord voor haar en vorige week had ze een blauwe plek op haar arm."


@pytest.fixture
def case(tools: Tools) -> Case:
    """A story, with profession and role: phase 2 comes next."""
    case = begun(Case(), "vertellen", "Als wijkverpleegkundige kom ik bij mevrouw. " + STORY, tools)
    return take(case, "gevoel", Given("mijn cliënte"), 0, tools).case


def walking(case: Case, tools: Tools, name: str = "veiligheidsplan") -> Case:
    checklist = tools.tables.checklist(name)
    assert checklist is not None
    return started(case, checklist, tools)[0]


@pytest.mark.parametrize(
    ("text", "name"), [("ik wil een veiligheidsplan maken", "veiligheidsplan"), ("wie heeft de regie?", "regie")]
)
def test_a_list_that_is_named_begins(run: Any, text: str, name: str) -> None:
    done = run("action_checklist", text=text, intent="checklist")
    assert done.case.fields["list"] == name
    assert done.next == "lijst_form"
    assert "samenvatting" in done.text
    asked = run("validate_lijst_form", intent="herhaal", case=done.case, ran=["action_checklist"])
    assert "1 van" in asked.text
    assert asked.slots["requested_slot"] == "antwoord"


@pytest.mark.parametrize("text", ["", "hoe nu verder", "heb je een checklist"])
def test_when_it_is_not_clear_which_there_is_a_menu(run: Any, tools: Tools, text: str) -> None:
    done = run("action_checklist", text=text, intent="checklist")
    assert "casus" not in done.slots or done.slots["casus"] is None
    names = [row.id for row in tools.tables.checklists]
    assert [payload for payload in done.payloads if "checklist" in payload] == [
        f'/checklist{{"keuze": "{name}"}}' for name in names
    ]
    chosen = run("action_checklist", intent="checklist", choice=names[1])
    assert chosen.case.fields["list"] == names[1]


@pytest.mark.parametrize("text", ["wat is een regievoerder?", "Wat houdt een veiligheidsplan in", "leg uit: fasen"])
def test_who_asks_what_it_is_gets_the_knowledge(run: Any, text: str) -> None:
    done = run("action_checklist", text=text, intent="checklist", sure=0.4)
    assert done.kinds == ["parts"]
    assert "casus" not in done.slots


def test_it_leaves_the_form_of_another_phase_and_comes_back(run: Any, tools: Tools, case: Case) -> None:
    done = run("action_checklist", text="veiligheidsplan", intent="checklist", form="feiten_form", case=case)
    assert done.left_form
    assert done.next == "lijst_form"
    left = run(
        "validate_lijst_form",
        intent="keuze",
        choice="weg",
        form="lijst_form",
        case=done.case,
        slots={"antwoord": "weg"},
    )
    assert left.next == "feiten_form"


@pytest.mark.parametrize("told", [True, False])
def test_a_stop_at_a_list_leaves_the_list_and_the_next_one_ends_the_conversation(
    run: Any, tools: Tools, case: Case, told: bool
) -> None:
    walked = take(walking(case if told else Case(), tools), "lijst", Given("nog niet"), 0, tools).case
    open_now = open_question(walked, tools)
    done = run("action_stop", text="stop", intent="stop", form="lijst_form", case=walked)
    assert "checklist" in done.text
    assert "we stoppen hier" not in done.text
    assert done.next == "lijst_form"  # which finds no list, and goes on
    after = run(
        "validate_lijst_form", text="stop", intent="stop", form="lijst_form", case=done.case, ran=["action_stop"]
    )
    assert after.next == ("feiten_form" if told else "action_listen")
    checklist = tools.tables.checklist("veiligheidsplan")
    assert checklist is not None
    assert open_question(started(done.case, checklist, tools)[0], tools) == open_now
    ended = run("action_stop", text="stop", intent="stop", form="feiten_form" if told else "", case=done.case)
    assert "we stoppen hier" in ended.text
    assert ended.left_form == told


def test_danger_in_a_stop_at_a_list_is_asked_about(run: Any, tools: Tools, case: Case) -> None:
    text = "stop, hij staat nu met een mes voor de deur"
    done = run(
        "action_gevaar", text=text, intent="acuut_gevaar", form="lijst_form", case=walking(case, tools),
        danger=[("weapon", "een mes")],
    )  # fmt: skip
    assert current_phase(done.case, tools) == "gevaar"
    stopped = run("action_stop", text="stop", intent="stop", form="gevaar_form", case=done.case)
    assert current_phase(stopped.case if "casus" in stopped.slots else done.case, tools) == "gevaar"


def test_in_the_middle_of_a_story_the_word_is_no_command(run: Any) -> None:
    text = "we hebben vorig jaar al eens een veiligheidsplan gemaakt"
    fields = {"profession": "arts", "client_role": "victim"}
    asked = Case().add(Entry(question="kennismaking.beroep", fields=fields))
    done = run("action_checklist", text=text, intent="checklist", sure=0.8, form="gevoel_form", case=asked)
    assert done.slots == {"antwoord": text}


@pytest.mark.parametrize("state", ["text", "choice"])
def test_in_danger_112_comes_first(run: Any, case: Case, state: str) -> None:
    danger = case.add(Entry(question="gevaar.antwoord", facts={"danger_now": "yes"}))
    said = {"text": "veiligheidsplan"} if state == "text" else {"choice": "veiligheidsplan"}
    done = run("action_checklist", intent="checklist", case=danger, **said)
    assert "112" in done.text
    assert "casus" not in done.slots
    assert done.next == ""
    [go_on] = done.payloads
    assert go_on == '/checklist{"keuze": "veiligheidsplan.gebeld"}'
    after = run("action_checklist", intent="checklist", choice="veiligheidsplan.gebeld", case=danger)
    assert after.next == "lijst_form"


def test_a_note_is_taken_and_is_no_story(run: Any, tools: Tools, case: Case) -> None:
    text = "de tas staat klaar bij haar moeder in de schuur"
    done = run(
        "validate_lijst_form", text=text, intent="vertellen", form="lijst_form", case=walking(case, tools),
        slots={"antwoord": text},
    )  # fmt: skip
    assert done.case.lines == case.lines
    assert text in done.case.fields.values()
    assert "2 van" in done.text


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        ("action_gevoel", "gevoel_uiten"), ("action_vaste_tekst", "professional_bedreigd"),
        ("action_vaste_tekst", "ander_geweld"), ("action_gevaar", "acuut_gevaar"),
    ],
)  # fmt: skip
def test_whatever_it_is_taken_for_nothing_typed_at_a_list_becomes_story(
    run: Any, tools: Tools, case: Case, action: str, intent: str
) -> None:
    text = "Ik ben bang dat hij de tas vindt. Die staat bij haar moeder in de schuur."
    danger = [("fled", "hij de tas vindt")] if intent == "acuut_gevaar" else []
    done = run(action, text=text, intent=intent, form="lijst_form", case=walking(case, tools), danger=danger)
    assert done.case.lines == case.lines
    assert not [name for name in done.case.hints if name.startswith("signal:") and name not in case.hints]


def test_words_of_a_client_at_a_list_are_a_note(run: Any, tools: Tools, case: Case) -> None:
    said = "ik ga naar mijn zus als hij dronken thuiskomt"
    done = run(
        "action_iemand_anders",
        intent="slachtoffer_schrijft",
        choice="client",
        case=walking(case, tools),
        said_before=said,
    )
    assert done.case.lines == case.lines
    assert said in done.case.fields.values()
    assert done.next == "lijst_form"


def test_why_tells_the_explanation_and_the_source(run: Any, tools: Tools, case: Case) -> None:
    done = run("action_waarom", intent="waarom_vraag", form="lijst_form", case=walking(case, tools))
    assert "Bron: " in done.text
    assert done.next == "lijst_form"


def test_a_pause_leaves_the_list_where_it_is(run: Any, tools: Tools, case: Case) -> None:
    at_list = walking(case, tools)
    paused = run("action_stop", text="pauze", intent="pauze", form="lijst_form", case=at_list)
    assert "Neem je tijd" in paused.text
    assert paused.left_form
    assert "casus" not in paused.slots
    assert run("action_herhaal", intent="herhaal", case=at_list).next == "lijst_form"


def test_without_a_case_the_end_of_a_list_is_the_welcome(run: Any, tools: Tools) -> None:
    at_list = walking(Case(), tools, "regie")
    left = run(
        "validate_lijst_form", intent="keuze", choice="weg", form="lijst_form", case=at_list, slots={"antwoord": "weg"}
    )
    assert "/onderbuikgevoel" in left.payloads
    assert left.next == "action_listen"
    helped = run("action_help", intent="help", case=left.case)
    assert helped.next == ""
    begins = run("action_begin", text=STORY, intent="vertellen", case=left.case)
    assert begins.next == "kennismaking_form"
    assert "dat je hiermee komt" in begins.text


def test_after_a_talk_the_way_on_is_offered_with_the_decision(run: Any, case: Case) -> None:
    enough = Case(entries=[entry.model_copy(update={"hints": {}}) for entry in case.entries]).add(
        Entry(question="genoeg", fields={"enough": "yes"}, silent=True)
    )
    told = run("action_advies", intent="advies_nu", case=enough).case
    before = run("validate_besluit_form", intent="herhaal", case=told, ran=["action_advies"])
    assert "/checklist" not in before.payloads
    after = run(
        "validate_besluit_form", intent="herhaal", case=told.add(Entry(question="na_gesprek")), ran=["action_advies"]
    )
    assert "/checklist" in after.payloads

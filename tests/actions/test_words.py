"""The words that work at any moment, in every phase: each says something, and the conversation goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.others import NO_PROFESSIONAL
from actions.turn import SURE
from bot.case import PHASES, Case, Entry, Given, Tools, advised, asks_for_sheet, begun, current_phase, opened, take
from bot.helpdesk import Ground
from tests.actions.conftest import HOUR, Knowledge

STORY = "Haar man geeft steeds antwoord voor haar en vorige week had ze een blauwe plek op haar arm."
WORDS = {
    "action_welkom": "groet", "action_help": "help", "action_overzicht": "overzicht", "action_terug": "terug",
    "action_corrigeren": "corrigeren", "action_waarom": "waarom_vraag", "action_herhaal": "herhaal",
    "action_advies_nu": "advies_nu", "action_gespreksopzet": "gespreksopzet", "action_stop": "stop",
    "action_nieuwe_casus": "opnieuw", "action_wis_gesprek": "wis_gesprek", "action_met_allebei": "met_allebei",
    "action_gevoel": "gevoel_uiten", "action_samenvatting": "samenvatting", "action_mens_spreken": "mens_spreken",
    "action_praatje": "bedanken", "action_kennis": "kennisvraag", "action_vaste_tekst": "belgie",
    "action_kennis_verder": "kennis_meer", "action_duim": "feedback_positief",
    "action_iemand_anders": "slachtoffer_schrijft", "action_gesprek_gehad": "gesprek_gehad",
    "action_checklist": "checklist",
}  # fmt: skip


@pytest.fixture
def case(tools: Tools) -> Case:
    case = begun(Case(), "vertellen", "Als wijkverpleegkundige kom ik bij mevrouw. " + STORY, tools)
    return take(case, "gevoel", Given("mijn cliënte"), 0, tools).case


def without_hints(case: Case) -> Case:
    """The case as if her words pointed to nothing that must still be asked."""
    return Case(entries=[entry.model_copy(update={"hints": {}}) for entry in case.entries])


@pytest.fixture
def cases(case: Case, tools: Tools) -> dict[str, Case]:
    """A case in each phase."""
    enough = without_hints(case).add(Entry(question="genoeg", fields={"enough": "yes"}, silent=True))
    told = advised(enough)
    decided = told.add(Entry(question="besluit.keuze", asked="Keuze", answer="x", fields={"decision": "report"}))
    decided = decided.add(Entry(question="besluit.datum", asked="Datum", answer="morgen"))
    planned = decided.add(Entry(question="opzet.gewenst", asked="Opzet", answer="Nee"))
    return {
        "": Case(),
        "lijst": Case().add(Entry(question="lijst.regie", asked="Regie", fields={"list": "regie"})),
        "plakken": asks_for_sheet(Case(), talked=False),
        "helpdesk": opened(case, Ground.ASKED),
        "gevaar": case.add(Entry(question="gevaar.gevraagd", fields={"danger_quote": "een mes"}, silent=True)),
        "kennismaking": Case().add(Entry(question="begin", silent=True)),
        "gevoel": Case().add(Entry(question="kennismaking.beroep", fields={"profession": "arts"})),
        "feiten": case,
        "weging": case.add(Entry(question="feiten.lijst", fields={"fact_list": "klopt"})),
        "besluit": told,
        "opzet": decided,
        "afronding": planned,
        "einde": planned.add(Entry(question="afronding.oordeel", asked="Oordeel", answer="Ja")),
    }


def test_there_is_a_case_for_each_phase(cases: dict[str, Case], desk_tools: Tools) -> None:
    assert set(cases) == {"", *PHASES, "einde"}
    assert all(current_phase(case, desk_tools) == phase for phase, case in cases.items() if phase)


@pytest.mark.parametrize("action", list(WORDS))
@pytest.mark.parametrize("phase", ["", *PHASES, "einde"])
def test_every_word_works_in_every_phase(
    run: Any, cases: dict[str, Case], action: str, phase: str, request: pytest.FixtureRequest
) -> None:
    if phase == "helpdesk":
        request.getfixturevalue("desk")
    form = f"{phase}_form" if phase in PHASES else ""
    done = run(action, text="zeg eens", intent=WORDS[action], form=form, case=cases[phase])
    assert done.text or done.kinds or done.next, "Pluis zweeg"
    assert "foutnummer" not in done.text
    assert "{" not in done.text
    known = {f"{name}_form" for name in PHASES} | {"action_advies", "action_listen", ""}
    assert done.next in known
    assert done.next in ("", "action_listen", form) or done.left_form or not form


def test_words_that_are_not_surely_a_command_answer_the_question(run: Any, case: Case) -> None:
    state: dict[str, Any] = {"intent": "kennisvraag", "sure": SURE - 0.1, "form": "feiten_form", "case": case}
    done = run("action_kennis", text="hij zei het al", **state)
    assert done.slots == {"antwoord": "hij zei het al"}
    assert done.next == "feiten_form"
    assert not done.messages


@pytest.mark.parametrize(
    ("action", "intent", "words", "sure", "answers"),
    [
        ("action_kennis", "kennisvraag", "wat is de kindcheck", SURE + 0.05, False),
        ("action_kennis", "kennisvraag", "is dat stalking?", SURE - 0.2, False),
        ("action_kennis", "kennisvraag", "en mag ik dat delen met de school", SURE - 0.2, False),
        ("action_kennis", "kennisvraag", "wat hij zei was raar", SURE - 0.2, True),
        ("action_kennis", "kennisvraag", "hoe vaak hij haar belt is niet normaal", SURE - 0.1, True),
        ("action_kennis", "kennisvraag", "wie zijn telefoon steeds controleert is hij", SURE - 0.1, True),
        ("action_vaste_tekst", "ander_geweld", "een kind", 0.97, True),
        ("action_vaste_tekst", "ander_geweld", "een zoon slaat zijn oude moeder", 0.97, False),
        ("action_herhaal", "herhaal", "de eerste", 0.9, False),
        ("action_kennis", "kennisvraag", "woord " * 30, 0.9, True),
        ("action_iemand_anders", "slachtoffer_schrijft", "hij slaat mij", NO_PROFESSIONAL - 0.05, True),
        ("action_iemand_anders", "slachtoffer_schrijft", "hij slaat mij", NO_PROFESSIONAL + 0.05, False),
        ("action_met_allebei", "met_allebei", "woord " * 30, 0.9, False),
    ],
)
def test_how_sure_a_command_must_be(
    run: Any, case: Case, action: str, intent: str, words: str, sure: float, answers: bool
) -> None:
    done = run(action, text=words, intent=intent, sure=sure, form="feiten_form", case=case)
    assert ("antwoord" in done.slots) is answers


def test_the_same_words_twice_are_the_answer_but_never_a_command(run: Any, case: Case) -> None:
    state: dict[str, Any] = {"sure": 1.0, "form": "feiten_form", "case": case}
    for action, intent, answers in (
        ("action_kennis", "kennisvraag", True),
        ("action_praatje", "bedanken", True),
        ("action_met_allebei", "met_allebei", True),
        ("action_terug", "terug", False),
        ("action_wis_gesprek", "wis_gesprek", False),
        ("action_mens_spreken", "mens_spreken", False),
    ):
        done = run(action, text="dit bedoel ik", intent=intent, said_before="dit bedoel ik", **state)
        assert ("antwoord" in done.slots) is answers, action


def test_words_that_name_an_answer_are_that_answer(run: Any, cases: dict[str, Case]) -> None:
    done = run(
        "action_mens_spreken", text="overleggen met een collega", intent="mens_spreken", form="besluit_form",
        case=cases["besluit"],
    )  # fmt: skip
    assert done.slots == {"antwoord": "overleggen met een collega"}


def test_without_an_open_question_unsure_words_still_get_an_answer(run: Any) -> None:
    assert "**overzicht**" in run("action_help", text="hulp?", intent="help", sure=0.4).text


def test_back_takes_the_last_answer_back(run: Any, case: Case) -> None:
    done = run("action_terug", intent="terug", form="feiten_form", case=case)
    assert done.case.entries == case.entries[:-1]
    assert done.left_form
    assert done.next == "gevoel_form"
    assert "Om wie je je zorgen maakt" in done.text


def test_back_from_the_first_words_is_the_welcome(run: Any, tools: Tools) -> None:
    done = run("action_terug", intent="terug", case=begun(Case(), "vertellen", STORY, tools))
    assert done.slots["casus"] is None
    assert "/onderbuikgevoel" in done.payloads


def test_correcting_offers_the_answers_and_opens_the_chosen_one(run: Any, case: Case) -> None:
    offered = run("action_corrigeren", intent="corrigeren", form="feiten_form", case=case)
    assert offered.left_form
    value = next(json.loads(p.removeprefix("/corrigeren"))["keuze"] for p in offered.payloads if "over_wie" in p)
    done = run("action_corrigeren", intent="corrigeren", choice=value, case=case)
    assert "client_role" not in done.case.fields
    assert done.case.lines == case.lines
    assert done.next == "gevoel_form"


@pytest.mark.parametrize("value", ["0 weging.keel", "99 gevoel.over_wie", "0", "x"])
def test_a_choice_for_an_answer_that_is_not_there_offers_again(run: Any, case: Case, value: str) -> None:
    done = run("action_corrigeren", intent="corrigeren", choice=value, case=case)
    assert "casus" not in done.slots
    assert done.payloads


def test_enough_questions_goes_to_the_advice(run: Any, case: Case) -> None:
    done = run("action_advies_nu", intent="advies_nu", form="feiten_form", case=without_hints(case))
    assert done.case.fields["enough"] == "yes"
    assert done.next == "action_advies"


def test_enough_questions_leaves_what_her_own_words_point_to(run: Any, case: Case) -> None:
    assert case.hints
    done = run("action_advies_nu", intent="advies_nu", form="feiten_form", case=case)
    assert done.next == "weging_form"
    assert "jouw woorden" in done.text


def test_enough_questions_does_not_go_before_danger(run: Any, cases: dict[str, Case]) -> None:
    done = run("action_advies_nu", intent="advies_nu", form="gevaar_form", case=cases["gevaar"])
    assert done.next == "gevaar_form"


@pytest.mark.parametrize(("action", "intent"), [("action_begin", "vertellen"), ("action_standaard", "keuze")])
def test_after_a_pause_the_next_words_answer_the_question(run: Any, case: Case, action: str, intent: str) -> None:
    done = run(action, text="1", intent=intent, case=case, before="pauze")
    assert done.slots == {"antwoord": "1"}
    assert done.next == "feiten_form"
    assert not done.messages
    stopped = run(action, text="1", intent=intent, case=case, before="stop")
    assert "antwoord" not in stopped.slots
    taken = run(
        "validate_feiten_form",
        text="1",
        intent=intent,
        case=case,
        slots={"antwoord": "1"},
        ran=[action],
        before="pauze",
    )
    assert taken.case.facts["signals"] == "yes"


def test_a_pause_and_a_stop_leave_the_form_and_offer_the_way_back(run: Any, case: Case) -> None:
    paused = run("action_stop", intent="pauze", form="feiten_form", case=case)
    stopped = run("action_stop", intent="stop", form="feiten_form", case=case)
    assert paused.left_form
    assert stopped.left_form
    assert "/herhaal" in paused.payloads
    assert "24 uur" in paused.text
    assert paused.text != stopped.text


def test_a_new_case_asks_first_and_keeps_the_profession(run: Any, case: Case) -> None:
    asked = run("action_nieuwe_casus", intent="nieuwe_casus", form="feiten_form", case=case)
    assert "casus" not in asked.slots
    assert asked.left_form
    done = run("action_nieuwe_casus", intent="nieuwe_casus", choice="ja", case=case)
    assert done.case.fields == {"profession": "verpleging"}
    assert not done.case.lines


def test_wiping_asks_first(run: Any, case: Case) -> None:
    asked = run("action_wis_gesprek", intent="wis_gesprek", form="feiten_form", case=case)
    assert asked.kinds == []
    assert asked.left_form
    done = run("action_wis_gesprek", intent="wis_gesprek", choice="ja", case=case)
    assert done.kinds == ["wipe"]
    assert done.slots["casus"] is None


def test_someone_else_gets_a_text_and_no_case(run: Any) -> None:
    for intent in ("slachtoffer_schrijft", "pleger_schrijft", "minderjarige_schrijft", "professional_zelf"):
        done = run("action_iemand_anders", text="mijn man slaat mij", intent=intent)
        assert "112" in done.text
        assert "casus" not in done.slots
        assert any("wis_gesprek" in payload for payload in done.payloads)


def test_who_has_a_profession_is_no_child(run: Any) -> None:
    said = "hoi ben leraar grp 6 en een kind zei vandaag dat papa mama weer slaat"
    done = run("action_iemand_anders", text=said, intent="minderjarige_schrijft")
    assert done.case.fields["profession"] == "onderwijs"
    assert any("papa mama weer slaat" in line.quote for line in done.case.lines)
    assert done.next.endswith("_form")
    child = run(
        "action_iemand_anders", text="mijn meester ben ik kwijt en papa slaat mama", intent="minderjarige_schrijft"
    )
    assert "Kindertelefoon" in child.text


def test_in_a_case_it_is_asked_who_writes_before_anything_is_let_go(run: Any, case: Case) -> None:
    text = "mijn man slaat mij en ik durf niet weg"
    asked = run("action_iemand_anders", text=text, intent="slachtoffer_schrijft", form="feiten_form", case=case)
    assert "casus" not in asked.slots
    assert asked.left_form
    assert "vertelde je cliënt dit" in asked.text
    assert "112" in asked.text
    own = run("action_iemand_anders", intent="slachtoffer_schrijft", choice="zelf", case=case)
    assert own.slots["casus"] is None
    assert "niet jouw schuld" in own.text


@pytest.mark.parametrize("begun_before", [True, False])
def test_words_of_a_client_become_story(run: Any, case: Case, begun_before: bool) -> None:
    said = "Cliënt zegt: mijn man controleert mijn telefoon."
    state = {"case": case} if begun_before else {}
    done = run("action_iemand_anders", intent="slachtoffer_schrijft", choice="client", said_before=said, **state)
    assert any("controleert mijn telefoon" in line.quote for line in done.case.lines)
    assert done.next.endswith("_form")


def test_danger_in_words_of_a_client_is_asked_about(run: Any, case: Case) -> None:
    said = "Cliënt zegt: hij staat nu met een mes voor me."
    danger = [("weapon", "hij staat nu met een mes voor me")]
    done = run(
        "action_iemand_anders",
        intent="slachtoffer_schrijft",
        choice="client",
        case=case,
        said_before=said,
        danger_before=danger,
    )
    assert done.next == "gevaar_form"
    assert done.case.facts["weapon"] == "yes"


def test_a_guess_that_the_professional_is_threatened_is_no_fact(run: Any, case: Case) -> None:
    text = "het was best spannend op de gang"
    done = run("action_vaste_tekst", text=text, intent="professional_bedreigd", sure=0.4, case=case)
    assert "own_safety_threatened" not in done.case.facts
    assert "own_safety_threatened" in done.case.hints


def test_taking_back_a_correction_says_that_the_answer_stands(run: Any, cases: dict[str, Case]) -> None:
    case = cases["besluit"]
    at = next(index for index, entry in enumerate(case.entries) if entry.shown)
    done = run("action_terug", intent="terug", case=case.reopen(at))
    assert done.case == case
    assert "blijft zoals het was" in done.text


def test_who_comes_with_a_question_is_asked_for_it(run: Any) -> None:
    done = run("action_help", intent="help", choice="vraag")
    assert "Stel je vraag" in done.text
    assert "altijd" not in done.text


def test_the_whole_welcome_is_said_once(run: Any) -> None:
    first = run("action_welkom", text="hoi", intent="groet", said_before=None)
    again = run("action_welkom", text="hoi", intent="groet")
    assert "computerprogramma" in first.text
    assert "computerprogramma" not in again.text
    assert again.payloads == first.payloads


def test_a_threatened_professional_is_heard_first(run: Any, case: Case) -> None:
    text = "hij zei aan de deur dat hij mij weet te vinden"
    done = run("action_vaste_tekst", text=text, intent="professional_bedreigd", form="feiten_form", case=case)
    assert done.case.facts["own_safety_threatened"] == "yes"
    assert any("weet te vinden" in line.quote for line in done.case.lines)
    assert done.next == ""
    assert done.left_form


@pytest.mark.parametrize("sure", [0.6, 0.75])
def test_danger_in_what_is_not_surely_someone_else_is_asked_about(run: Any, case: Case, sure: float) -> None:
    """In a form the words would else go by as an answer, and the danger in them with it."""
    told = {"text": "mijn man heeft een mes gepakt", "intent": "slachtoffer_schrijft", "sure": sure}
    done = run("action_iemand_anders", **told, form="feiten_form", case=case, danger=[("weapon", told["text"])])
    assert done.next == "action_gevaar"


def test_danger_in_a_talk_that_was_had_before_any_advice_is_asked_about(run: Any, case: Case) -> None:
    told = {"text": "ik heb haar gesproken, hij heeft een mes gepakt", "intent": "gesprek_gehad"}
    done = run("action_gesprek_gehad", **told, form="feiten_form", case=case, danger=[("weapon", told["text"])])
    assert done.next == "action_gevaar"


def test_other_violence_keeps_the_story(run: Any) -> None:
    text = "Een moeder van tachtig wordt door haar zoon uitgescholden."
    done = run("action_vaste_tekst", text=text, intent="ander_geweld")
    assert any("uitgescholden" in line.quote for line in done.case.lines)
    assert done.next == "kennismaking_form"


def test_belgium_is_no_story(run: Any) -> None:
    done = run("action_vaste_tekst", text="ik werk in gent", intent="belgie")
    assert "1712" in done.text
    assert "casus" not in done.slots


def test_what_someone_said_of_herself_is_no_feeling_of_the_user(run: Any, case: Case) -> None:
    done = run("action_gevoel", text="ze zei ik durf niet weg", intent="gevoel_uiten", form="feiten_form", case=case)
    assert [line.kind for line in done.case.entries[-1].lines] == ["observation"]


def test_a_feeling_is_set_apart_and_facts_in_it_are_kept(run: Any, case: Case) -> None:
    done = run("action_gevoel", text="ik ben er kapot van", intent="gevoel_uiten", form="feiten_form", case=case)
    assert done.case.lines[-1].kind == "feeling"
    text = "Ik schrok zo. Hij trok haar aan haar haren mee."
    both = run("action_gevoel", text=text, intent="gevoel_uiten", case=case).case.lines[len(case.lines) :]
    assert "observation" in {line.kind for line in both}


def test_a_knowledge_question_is_answered_with_its_source(run: Any, case: Case) -> None:
    done = run("action_kennis", text="wat is de kindcheck", intent="kennisvraag", form="feiten_form", case=case)
    assert done.custom["parts"][0]["title"] == "Bron: Kenniskaart (2023)"
    assert done.slots["onderwerp"] == "kindcheck"
    assert done.next == "feiten_form"


def test_near_topics_are_offered_and_nothing_is_guessed(run: Any, case: Case, knowledge: Knowledge) -> None:
    knowledge.kind = "choice"
    done = run("action_kennis", text="en dat", intent="kennisvraag", form="feiten_form", case=case)
    assert done.payloads[0] == '/kennisvraag{"keuze": "kindcheck"}'
    assert done.left_form
    knowledge.kind = "none"
    assert "Dat weet ik niet" in run("action_kennis", text="en dat", intent="kennisvraag").text


def test_after_a_long_silence_it_says_so_once(run: Any, case: Case) -> None:
    back = "Welkom terug"
    done = run("action_help", intent="help", form="feiten_form", case=case, silence=2 * HOUR)
    assert done.text.count(back) == 1
    after = run("validate_feiten_form", form="feiten_form", case=case, silence=2 * HOUR, ran=["action_help"])
    assert back not in after.text
    assert back not in run("action_help", intent="help", case=case, silence=HOUR / 2).text


def test_the_end_offers_ways_on(run: Any, cases: dict[str, Case]) -> None:
    done = run("action_herhaal", intent="herhaal", case=cases["einde"])
    assert done.payloads == ["/checklist", "/samenvatting", "/nieuwe_casus", "/wis_gesprek"]


def test_the_plan_that_was_asked_for_by_name_comes_into_the_summary(run: Any, case: Case) -> None:
    done = run("action_gespreksopzet", intent="gespreksopzet", case=case)
    assert "**Gespreksopzet:" in done.text
    assert done.case.fields["plan"] == "yes"


def test_the_overview_holds_the_meldcode_once_she_was_advised(run: Any, cases: dict[str, Case]) -> None:
    assert (
        "**De meldcode**"
        not in run("action_overzicht", text="overzicht", intent="overzicht", case=cases["weging"]).text
    )
    text = run("action_overzicht", text="overzicht", intent="overzicht", case=cases["opzet"]).text
    assert "**De meldcode**" in text
    assert "5. ○ nog te doen" in text


def test_where_talking_must_wait_the_word_brings_the_gate_and_then_its_question(
    run: Any, cases: dict[str, Case], tools: Tools
) -> None:
    facts = {"coercive_control": "yes", "victim_with_you": "no"}
    told = advised(cases["besluit"].add(Entry(question="weging.controle", facts=facts)))
    helped = Entry(question="besluit.hulp", asked="Wie hulp regelt", answer="Nu niet")
    end = Case(entries=[*told.entries, helped, *cases["einde"].entries[len(cases["besluit"].entries) :]])
    assert current_phase(end, tools) == "einde"
    done = run("action_gespreksopzet", intent="gespreksopzet", case=end)
    assert "**Eerst overleggen, nog niet praten**" in done.text
    assert done.next == "opzet_form"
    asked = run("validate_opzet_form", form="", case=done.case, ran=["action_gespreksopzet"], intent="gespreksopzet")
    assert "Heb je hierover al overlegd?" in asked.text
    assert len(asked.payloads) == 3
    answered = run(
        "validate_opzet_form", intent="keuze", choice="asked_veilig_thuis", form="opzet_form", case=done.case,
        slots={"antwoord": "/keuze"},
    )  # fmt: skip
    assert "**Gespreksopzet:" in answered.text
    assert "**Advies:" not in answered.text
    assert answered.case.facts["asked_veilig_thuis"] == "yes"
    assert current_phase(answered.case, tools) == "einde"


def test_the_overview_shows_what_she_typed_as_text(run: Any) -> None:
    typed = Entry(
        question="gevaar.x", asked="Wat je vertelde", answer="<img src=x> [klik](javascript:1)", facts={"fear": "yes"}
    )
    text = run("action_overzicht", text="overzicht", intent="overzicht", case=Case(entries=[typed])).text
    assert "<img" not in text.replace("\\<", "")
    assert "[klik](" not in text.replace("\\[", "")


def test_a_case_that_begins_is_counted_without_its_words(run: Any, counted: list[tuple[str, str]]) -> None:
    run("action_begin", text="Haar man geeft steeds antwoord voor haar.", intent="vertellen")
    assert ("reached", "case") in counted
    assert not [name for _, name in counted if " " in name]

"""The way to the helpdesk as the engine walks it: who may, what is asked and handed over, what comes in between."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from actions import base
from actions.others import ASKS_ALREADY
from actions.wiring import Services
from bot.case import Case, Entry, Given, Tools, advised, asked, begun, current_phase, is_opened, is_sent, opened, take
from bot.case.handing import CLASS
from bot.case.opening import CALL, GROUND, WORDS
from bot.helpdesk import Ground
from tests.actions.conftest import Done, Knowledge
from tests.unit.case.desk import EVENING

STORY = "Als wijkverpleegkundige kom ik bij mevrouw. Haar man geeft steeds antwoord voor haar."
QUESTION = "Mag ik haar huisarts bellen zonder dat zij het weet?"
WHO_TO_CALL = "Je kunt dit met een mens bespreken"
OTHERS = ("slachtoffer_schrijft", "pleger_schrijft", "omstander_schrijft", "minderjarige_schrijft")
HERSELF = "professional_zelf"
KNIFE = ("weapon", "hij heeft een mes gepakt")
at_a_desk = pytest.mark.usefixtures("desk")


@pytest.fixture
def case(tools: Tools) -> Case:
    """A story, with profession and role."""
    case = begun(Case(), "vertellen", STORY, tools)
    return take(case, "gevoel", Given("mijn cliënte"), 0, tools).case


def known(case: Case, **facts: str) -> Case:
    return case.add(Entry(question="weging.x", facts=facts, silent=True))


def form(
    run: Any, case: Case, text: str = "", choice: str | None = None, phase: str = "helpdesk", **state: Any
) -> Done:
    """Answer the open question of a form; without an answer it asks."""
    if not text and choice is None:
        state.setdefault("ran", ["action_herhaal"])
    given = {"antwoord": text or choice} if text or choice else {}
    slots = {**given, **state.pop("slots", {})}
    done: Done = run(
        f"validate_{phase}_form", text=text, choice=choice, intent=state.pop("intent", "keuze"), form=f"{phase}_form",
        case=case, slots=slots, **state,
    )  # fmt: skip
    return done


def wants_person(
    run: Any,
    case: Case | None = None,
    *,
    text: str = "ik wil een mens spreken",
    choice: str | None = None,
    **state: Any,
) -> Done:
    typed = text if choice is None else ""
    done: Done = run("action_mens_spreken", text=typed, choice=choice, intent="mens_spreken", case=case, **state)
    return done


def at_leave(case: Case, tools: Tools, ground: Ground = Ground.ASKED) -> Case:
    """Her question, of a doubt, is there; what is left is her leave."""
    return asked(opened(known(case, children="yes"), ground), QUESTION, tools)


@pytest.fixture
def sent(case: Case, desk_tools: Tools) -> Case:
    """A question of a doubt is with the helpdesk."""
    after = take(at_leave(case, desk_tools), "helpdesk", Given(choice="ja"), 0, desk_tools).case
    assert after.fields[CLASS] == "P2"
    return after


# -- without a helpdesk -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["ik wil een mens spreken", "ik wil graag met iemand overleggen over wat ik nu moet doen"]
)
def test_without_a_helpdesk_she_hears_who_to_call_and_goes_on(run: Any, case: Case, words: str) -> None:
    done = wants_person(run, case, text=words, form="feiten_form")
    assert WHO_TO_CALL in done.text
    assert "helpdesk" not in done.text
    assert "casus" not in done.slots
    assert done.next == "feiten_form"
    assert not done.left_form
    alone = wants_person(run)
    assert (alone.text, alone.events) == (done.text, [])


def test_without_a_helpdesk_no_button_leads_to_one(run: Any, case: Case, knowledge: Knowledge) -> None:
    knowledge.kind = "none"
    assert not run("action_kennis", text="mag dat", intent="kennisvraag", case=case).kinds
    danger = known(case, danger_now="yes")
    assert form(run, danger, phase="weging").payloads == ["/herhaal"]
    told = advised(known(case, weapon="yes"))
    told = told.add(Entry(question="besluit.keuze", fields={"decision": "wait"}), Entry(question="besluit.reden"))
    done = form(run, told, "ja", phase="besluit")
    assert WHO_TO_CALL in done.text
    assert not is_opened(done.case)


# -- the whole way ----------------------------------------------------------------------------------------------------


@at_a_desk
def test_asked_for_a_person_she_hears_who_to_call_and_can_ask_the_helpdesk(run: Any, case: Case) -> None:
    done = wants_person(run, case, form="feiten_form")
    assert WHO_TO_CALL in done.text
    assert done.left_form
    assert done.next == "helpdesk_form"
    assert done.case.fields[GROUND] == "asked"
    asking = form(run, done.case)
    assert "Wat wil je vragen?" in asking.text
    assert asking.payloads == ['/keuze{"keuze": "nee"}']
    assert asking.slots["requested_slot"] == "antwoord"


@at_a_desk
def test_in_danger_every_step_is_taken_before_anything_is_sent(run: Any, case: Case) -> None:
    case = wants_person(run, known(case, weapon="yes")).case
    call = form(run, case, QUESTION)
    assert "112" in call.text
    assert "0800-2000" in call.text
    wait = form(run, call.case, choice="bel")
    assert "Ik wacht hier" in wait.text
    leave = form(run, wait.case, "ja gebeld")
    assert "Een aandachtsfunctionaris van jullie helpdesk" in leave.text
    assert "vóór **dinsdag 4 maart 2025 om 10.15 uur**" in leave.text
    assert "tot 7 dagen na het antwoord" in leave.text
    assert not any(done.kinds for done in (call, wait, leave))
    done = form(run, leave.case, "ja")
    assert done.kinds == ["handover"]
    assert {name: done.custom[name] for name in ("class", "ground", "asks", "profession")} == {
        "class": "S", "ground": "asked", "asks": QUESTION, "profession": "verpleging",
    }  # fmt: skip
    assert done.custom["reasons"]
    assert done.custom["facts"]
    assert done.next == "feiten_form"


@at_a_desk
def test_what_is_promised_is_told_by_the_hours(
    run: Any, case: Case, desk_tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = at_leave(case, desk_tools)
    assert "dinsdag 4 maart 2025 om 14.00 uur" in form(run, case).text
    monkeypatch.setattr(time, "time", lambda: EVENING)
    assert "woensdag 5 maart 2025 om 13.00 uur" in form(run, case).text


@at_a_desk
@pytest.mark.parametrize("more", [0, 1])
def test_many_words_in_asking_for_a_person_are_the_question(run: Any, case: Case, more: int) -> None:
    words = " ".join(["woord"] * (ASKS_ALREADY + more))
    done = wants_person(run, case, text=words)
    assert done.case.fields.get(WORDS, "") == (words if more else "")
    assert done.case.lines == case.lines


@at_a_desk
@pytest.mark.parametrize("stop", ["toch niet", "nee", "weet ik niet"])
def test_before_any_case_a_stop_leads_to_the_welcome(run: Any, stop: str) -> None:
    asking = wants_person(run)
    assert asking.next == "helpdesk_form"
    done = form(run, asking.case, stop)
    assert "ik stuur niets door" in done.text
    assert "/onderbuikgevoel" in done.payloads
    assert done.next == "action_listen"
    assert not done.kinds
    assert not is_opened(done.case)


@at_a_desk
def test_a_question_before_any_case_is_no_case_and_counts_as_none(run: Any, counted: list[tuple[str, str]]) -> None:
    case = form(run, wants_person(run).case, QUESTION).case
    done = form(run, case, "ja")
    assert done.kinds == ["handover"]
    assert "/onderbuikgevoel" in done.payloads
    assert counted == []
    begins = run("action_begin", text=STORY, intent="vertellen", case=done.case)
    assert ("reached", "case") in counted
    assert is_sent(begins.case)


@pytest.mark.parametrize(("days", "told"), [(1, "tot een dag na"), (14, "tot 14 dagen na")])
def test_how_long_it_is_kept_is_told(
    run: Any, desk: Services, case: Case, desk_tools: Tools, monkeypatch: pytest.MonkeyPatch, days: int, told: str
) -> None:
    monkeypatch.setattr(base, "services", lambda: replace(desk, desk_answer_days=days))
    assert told in form(run, at_leave(case, desk_tools)).text


# -- other ways to it -------------------------------------------------------------------------------------------------


@at_a_desk
@pytest.mark.parametrize("none", [False, True])
def test_the_button_under_a_question_without_an_answer_carries_it(
    run: Any, case: Case, knowledge: Knowledge, none: bool
) -> None:
    words = "mag dat | in het rood?"
    knowledge.kind = "none"
    state: dict[str, Any] = {"choice": "geen", "said_before": words} if none else {"text": words}
    done = run("action_kennis", intent="kennisvraag", case=case, form="feiten_form", sure=1.0, **state)
    assert "Dat weet ik niet" in done.text
    assert done.next == "feiten_form"
    (button,) = done.custom["buttons"]
    assert button["title"] == "Vraag het aan de helpdesk"
    assert button["payload"] == '/mens_spreken{"keuze": "kennis|mag dat | in het rood?"}'
    pressed = wants_person(run, case, choice=f"kennis|{words}", form="feiten_form")
    assert pressed.case.fields[WORDS] == words
    assert pressed.case.fields[GROUND] == "unanswered"
    assert form(run, form(run, pressed.case, "ja").case).next == "feiten_form"


@at_a_desk
def test_a_long_question_goes_along_in_part(run: Any, knowledge: Knowledge) -> None:
    knowledge.kind = "none"
    (button,) = run("action_kennis", text="a" * 600, intent="kennisvraag").custom["buttons"]
    assert button["payload"] == f'/mens_spreken{{"keuze": "kennis|{"a" * 500}"}}'


@at_a_desk
def test_who_was_not_understood_twice_can_ask_a_person_and_that_is_said(run: Any, case: Case) -> None:
    slots = {"antwoord": "blauw", "niet_begrepen": 1}
    missed = form(run, case, "blauw", phase="feiten", slots=slots)
    assert '/mens_spreken{"keuze": "gemist"}' in missed.payloads
    assert wants_person(run, case, choice="gemist").case.fields[GROUND] == "missed"


@at_a_desk
def test_after_an_advice_that_says_so_that_is_why(run: Any, case: Case) -> None:
    heavy = advised(known(case, weapon="yes"))
    assert "Typ dan *ik wil een mens spreken*" in run("action_advies", intent="advies_nu", case=heavy).text
    assert wants_person(run, heavy).case.fields[GROUND] == "advised"
    assert wants_person(run, known(case, weapon="yes")).case.fields[GROUND] == "asked"


@at_a_desk
def test_yes_to_a_talk_with_someone_leads_to_it(run: Any, case: Case) -> None:
    told = advised(known(case, weapon="yes"))
    told = told.add(Entry(question="besluit.keuze", fields={"decision": "wait"}), Entry(question="besluit.reden"))
    done = form(run, told, "ja", phase="besluit")
    assert WHO_TO_CALL in done.text
    assert done.case.fields[GROUND] == "advised"
    assert done.next == "helpdesk_form"


@at_a_desk
def test_who_called_112_can_have_someone_look_along(run: Any, case: Case) -> None:
    danger = known(case, danger_now="yes")
    offered = form(run, danger, phase="weging")
    assert offered.payloads == ["/herhaal", '/mens_spreken{"keuze": "gebeld"}']
    assert offered.next == "action_listen"
    done = wants_person(run, danger, choice="gebeld")
    assert not done.text  # she has just called: nobody is named again
    assert (done.case.fields[GROUND], done.case.fields[CALL]) == ("danger", "yes")
    assert "Zal ik het doorsturen?" in form(run, done.case).text
    custom = form(run, done.case, "ja").custom
    assert (custom["class"], custom["ground"]) == ("S", "danger")
    assert "112 is gebeld" in custom["asks"]


@at_a_desk
def test_nobody_is_promised_to_look_along_when_nobody_is_there_or_it_is_with_them_already(
    run: Any, case: Case, sent: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert form(run, known(sent, danger_now="yes"), phase="weging").payloads == ["/herhaal"]
    monkeypatch.setattr(time, "time", lambda: EVENING)
    assert form(run, known(case, danger_now="yes"), phase="weging").payloads == ["/herhaal"]


# -- for professionals ------------------------------------------------------------------------------------------------


@at_a_desk
@pytest.mark.parametrize("writer", [*OTHERS, HERSELF])
def test_who_is_no_professional_is_told_where_help_is_and_never_queued(
    run: Any, knowledge: Knowledge, tools: Tools, writer: str
) -> None:
    told = run("action_iemand_anders", text="mijn man slaat mij", intent=writer)
    assert told.slots["schrijver"] == writer
    slots = {"schrijver": writer}
    long = "ik wil met iemand praten want ik weet echt niet meer wat ik moet"
    asks = (wants_person(run, slots=slots, text=long), wants_person(run, slots=slots, choice="gemist"))
    for done in (wants_person(run, slots=slots), *asks):
        assert WHO_TO_CALL in done.text
        assert (done.next, done.kinds) == ("", [])
        assert "casus" not in done.slots
    knowledge.kind = "none"
    assert not run("action_kennis", text="mag dat", intent="kennisvraag", slots=slots).kinds
    story = begun(Case(), "vertellen", "Haar man geeft steeds antwoord voor haar.", tools)
    assert form(run, known(story, danger_now="yes"), phase="weging", slots=slots).payloads == ["/herhaal"]
    inside = form(run, opened(story, Ground.ADVISED), "mijn vraag", slots=slots)  # whichever way led there
    assert inside.next == "kennismaking_form"
    assert not is_opened(inside.case)
    assert not inside.kinds


@at_a_desk
@pytest.mark.parametrize("writer", OTHERS)
def test_until_she_says_that_she_is_a_professional(run: Any, case: Case, writer: str) -> None:
    mistaken = run("action_iemand_anders", intent=writer, choice="client", said_before="zij wordt geslagen",
                   slots={"schrijver": writer})  # fmt: skip
    assert mistaken.slots["schrijver"] is None
    assert wants_person(run, case, slots={"schrijver": writer}).next == "helpdesk_form"  # she named her work
    other = Case().add(Entry(question="kennismaking.beroep", fields={"profession": "anders"}))
    assert wants_person(run, other, slots={"schrijver": writer}).next != "helpdesk_form"


@at_a_desk
def test_who_wrote_about_herself_has_a_profession_and_must_say_that_it_is_about_another(run: Any, case: Case) -> None:
    assert wants_person(run, case, slots={"schrijver": HERSELF}).next != "helpdesk_form"


# -- on the way -------------------------------------------------------------------------------------------------------


@at_a_desk
def test_asked_again_on_the_way_it_goes_on(run: Any, case: Case, desk_tools: Tools) -> None:
    case = at_leave(case, desk_tools, Ground.MISSED)
    done = wants_person(run, case, form="helpdesk_form")
    assert not done.messages
    assert done.next == "helpdesk_form"
    assert "casus" not in done.slots
    other = wants_person(run, case, choice="kennis|Wat is een kindcheck?", form="helpdesk_form")
    assert other.case.fields[WORDS] == "Wat is een kindcheck?"


@at_a_desk
def test_danger_comes_before_her_question_and_then_the_way_goes_on(run: Any, case: Case) -> None:
    asking = opened(case, Ground.ASKED)
    text = "Wat nu, hij heeft een mes gepakt"
    done = run("action_gevaar", text=text, intent="acuut_gevaar", form="helpdesk_form", case=asking, danger=[KNIFE])
    assert done.next == "gevaar_form"
    answered = form(run, done.case, choice="0", phase="gevaar")
    assert "112" in answered.text
    assert answered.next == "helpdesk_form"
    assert answered.case.fields[WORDS] == text
    assert "Heb je gebeld?" in form(run, answered.case).text


@at_a_desk
def test_words_that_are_hardly_a_request_hold_danger_too(run: Any, case: Case) -> None:
    told = {"text": "mag ik dat, hij heeft een mes gepakt?", "intent": "kennisvraag", "form": "helpdesk_form"}
    assert run("action_kennis", **told, case=opened(case, Ground.ASKED), danger=[KNIFE]).next == "action_gevaar"


@at_a_desk
@pytest.mark.parametrize("sure", [0.5, 1.0])
def test_a_question_of_knowledge_is_her_question_where_that_is_asked(run: Any, case: Case, sure: float) -> None:
    state: dict[str, Any] = {"text": "wat is de kindcheck?", "intent": "kennisvraag", "form": "helpdesk_form"}
    done = run("action_kennis", sure=sure, case=opened(case, Ground.ASKED), **state)
    assert done.slots == {"antwoord": "wat is de kindcheck?"}
    assert done.next == "helpdesk_form"


@at_a_desk
@pytest.mark.parametrize("asks", [True, False])
def test_a_question_of_knowledge_in_between_is_answered_and_the_way_goes_on(
    run: Any, case: Case, desk_tools: Tools, asks: bool
) -> None:
    """A press is no question that she words, also where that is asked."""
    case = opened(case, Ground.ASKED) if asks else at_leave(case, desk_tools)
    state: dict[str, Any] = {"choice": "huisverbod"} if asks else {"text": "wat is de kindcheck?"}
    done = run("action_kennis", intent="kennisvraag", form="helpdesk_form", case=case, **state)
    assert done.custom["kind"] == "parts"
    assert done.next == "helpdesk_form"
    assert "casus" not in done.slots
    again = form(run, case, ran=["action_kennis"])
    assert ("Wat wil je vragen?" if asks else "Zal ik het doorsturen?") in again.text


@at_a_desk
def test_back_takes_a_step_of_the_way_back(run: Any, case: Case, desk_tools: Tools) -> None:
    leave = at_leave(case, desk_tools)
    done = run("action_terug", intent="terug", form="helpdesk_form", case=leave)
    assert "Vraag aan de helpdesk" in done.text
    assert done.next == "helpdesk_form"
    assert "Wat wil je vragen?" in form(run, done.case).text
    out = run("action_terug", intent="terug", form="helpdesk_form", case=done.case)
    assert "ik stuur niets door" in out.text
    assert out.next == "feiten_form"
    assert (out.case.lines, out.case.fields["client_role"]) == (case.lines, case.fields["client_role"])
    alone = run("action_terug", intent="terug", form="helpdesk_form", case=opened(Case(), Ground.ASKED))
    assert "/onderbuikgevoel" in alone.payloads


@at_a_desk
def test_a_stop_is_for_the_way_alone_and_a_pause_keeps_it(run: Any, case: Case, desk_tools: Tools) -> None:
    leave = at_leave(case, desk_tools)
    stopped = run("action_stop", intent="stop", form="helpdesk_form", case=leave)
    assert "ik stuur niets door" in stopped.text
    assert stopped.next == "helpdesk_form"
    assert not is_opened(stopped.case)
    assert form(run, stopped.case, ran=["action_stop"], intent="stop").next == "feiten_form"
    paused = run("action_stop", intent="pauze", form="helpdesk_form", case=leave)
    assert "casus" not in paused.slots


@at_a_desk
def test_enough_questions_passes_over_nothing_that_her_words_point_to(run: Any, case: Case, desk_tools: Tools) -> None:
    done = run("action_advies_nu", intent="advies_nu", form="helpdesk_form", case=at_leave(case, desk_tools))
    assert done.next == "helpdesk_form"
    assert form(run, done.case, "toch niet").next == "weging_form"


@at_a_desk
def test_why_it_is_asked_is_not_for_the_facts(run: Any, case: Case) -> None:
    on_the_way = run("action_waarom", intent="waarom_vraag", form="helpdesk_form", case=opened(case, Ground.ASKED))
    assert "stuur ik niets door" in on_the_way.text
    assert "gevoel uit elkaar" in run("action_waarom", intent="waarom_vraag", form="gevoel_form", case=case).text


# -- while it is with the helpdesk ------------------------------------------------------------------------------------


@at_a_desk
def test_asked_again_she_hears_that_it_is_there_and_can_withdraw(run: Any, sent: Case) -> None:
    done = wants_person(run, sent, form="feiten_form")
    assert "staat al bij de helpdesk" in done.text
    assert "0800-2000" in done.text
    assert WHO_TO_CALL not in done.text
    assert done.payloads == ['/mens_spreken{"keuze": "intrekken"}', "/herhaal"]
    assert done.left_form
    withdrawn = wants_person(run, sent, choice="intrekken")
    assert withdrawn.custom == {"kind": "handover", "withdraw": True}
    assert not is_opened(withdrawn.case)
    assert withdrawn.next == "feiten_form"
    assert wants_person(run, withdrawn.case).next == "helpdesk_form"


@at_a_desk
def test_danger_that_is_told_after_sending_makes_it_graver_once(run: Any, sent: Case) -> None:
    text = "hij heeft een mes gepakt"
    done = run("action_gevaar", text=text, intent="acuut_gevaar", form="feiten_form", case=sent, danger=[KNIFE])
    assert {name: done.custom[name] for name in ("kind", "raise", "class")} == {
        "kind": "handover", "raise": True, "class": "S",
    }  # fmt: skip
    assert done.custom["reasons"]
    assert done.next == "gevaar_form"
    answered = form(run, done.case, choice="0", phase="gevaar")
    assert not answered.kinds
    assert is_sent(answered.case)


@pytest.mark.parametrize(
    ("action", "intent", "text"),
    [
        ("action_gespreksopzet", "gespreksopzet", "Hoe begin ik daarover met haar?"),
        ("action_advies_nu", "advies_nu", "moet ik dit nu melden bij veilig thuis"),
        ("action_samenvatting", "samenvatting", "Kan ik mijn verslag zo opschrijven?"),
        ("action_kennis", "kennisvraag", "Wat is de kindcheck"),
    ],
)
@at_a_desk
def test_what_sounds_like_another_word_is_her_question_where_that_is_asked_for(
    run: Any, case: Case, action: str, intent: str, text: str
) -> None:
    on_its_way = opened(case, Ground.ASKED)
    done = run(action, text=text, intent=intent, form="helpdesk_form", case=on_its_way)
    assert (done.next, done.slots["antwoord"]) == ("helpdesk_form", text)
    assert not done.messages


@pytest.mark.parametrize(
    ("action", "intent", "text"),
    [
        ("action_wis_gesprek", "wis_gesprek", "kun je dit gesprek voor me wissen?"),
        ("action_stop", "stop", "kan ik er nu ook mee stoppen?"),
        ("action_help", "help", "wat kan ik hier allemaal zeggen?"),
        ("action_iemand_anders", "slachtoffer_schrijft", "hij slaat mij, wat moet ik doen?"),
    ],
)
@at_a_desk
def test_the_ways_out_work_where_her_question_is_asked_for(
    run: Any, case: Case, action: str, intent: str, text: str
) -> None:
    done = run(action, text=text, intent=intent, form="helpdesk_form", case=opened(case, Ground.ASKED))
    assert "antwoord" not in done.slots
    assert done.messages


@pytest.mark.parametrize("phase", ["helpdesk", "weging"])
@pytest.mark.parametrize("desk_case", ["opened", "sent"])
@at_a_desk
def test_words_that_are_no_answer_set_nothing_also_when_the_net_hears_something(
    run: Any, case: Case, sent: Case, phase: str, desk_case: str
) -> None:
    on_its_way = opened(case, Ground.ASKED) if desk_case == "opened" else sent
    state = {"text": QUESTION, "intent": "kennisvraag", "form": f"{phase}_form", "net": 0.4}
    done = run(f"validate_{phase}_form", case=on_its_way, **state)
    assert not done.events  # a slot that is set would be an answer to Rasa, and it would say nothing
    assert not done.messages


@at_a_desk
def test_what_the_safety_net_hears_in_small_talk_makes_it_graver_too(run: Any, sent: Case) -> None:
    told = sent.add(Entry(question="aanvulling", answer="hij kijkt gejaagd", lines=sent.lines[:1]))
    assert not run("action_help", text="help", intent="help", case=told, net=0.3).kinds
    done = run("action_help", text="help", intent="help", case=told, net=0.9)
    assert (done.custom["raise"], done.custom["class"]) == (True, "S")


@at_a_desk
def test_nothing_she_tells_makes_it_less_grave(run: Any, sent: Case) -> None:
    grave = sent.add(Entry(question="helpdesk.begin", fields={CLASS: "S"}, silent=True))
    done = form(run, grave, "1", phase="feiten")
    assert done.case.fields[CLASS] == "S"
    assert "handover" not in done.kinds


@at_a_desk
def test_what_was_sent_stays_there_whatever_is_taken_back(run: Any, sent: Case) -> None:
    for action, state in (
        ("action_terug", {"intent": "terug"}),
        ("action_nieuwe_casus", {"intent": "nieuwe_casus", "choice": "ja"}),
        ("action_iemand_anders", {"intent": "slachtoffer_schrijft", "choice": "zelf"}),
    ):
        done = run(action, case=sent, **state)
        assert is_sent(done.case), action
        assert done.case.fields[CLASS] == "P2", action


# -- back -------------------------------------------------------------------------------------------------------------

FOUND = "Bel haar huisarts, met haar erbij."


@at_a_desk
@pytest.mark.parametrize("summary", [FOUND, None])
def test_back_from_the_helpdesk_it_goes_on_where_it_was(run: Any, sent: Case, summary: str | None) -> None:
    before = form(run, sent, phase="feiten")
    done = run("action_helpdesk_terug", intent="helpdesk_terug", choice=summary, form="feiten_form", case=sent)
    assert not is_opened(done.case)
    assert done.next == "feiten_form"
    again = form(run, done.case, phase="feiten", intent="helpdesk_terug", ran=["action_helpdesk_terug"])
    assert [message.get("custom") for message in again.messages] == [
        message.get("custom") for message in before.messages
    ]
    overview = run("action_overzicht", text="overzicht", intent="overzicht", case=done.case).text
    assert (f"De helpdesk: {FOUND}" in overview) is (summary is not None)


@at_a_desk
def test_back_from_the_helpdesk_without_a_case_is_the_welcome(run: Any, desk_tools: Tools) -> None:
    leave = asked(opened(Case(), Ground.ASKED), QUESTION, desk_tools)
    alone = take(leave, "helpdesk", Given(choice="ja"), 0, desk_tools).case
    assert is_sent(alone)
    done = run("action_helpdesk_terug", intent="helpdesk_terug", choice=FOUND, case=alone)
    assert "/onderbuikgevoel" in done.payloads
    assert done.next == ""


@at_a_desk
def test_back_from_the_helpdesk_danger_that_was_asked_about_is_still_open(run: Any, sent: Case, tools: Tools) -> None:
    open_danger = sent.add(Entry(question="gevaar.gevraagd", fields={"danger_quote": "een mes"}, silent=True))
    done = run("action_helpdesk_terug", intent="helpdesk_terug", case=open_danger)
    assert done.next == "gevaar_form"
    assert current_phase(done.case, tools) == "gevaar"

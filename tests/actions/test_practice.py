"""Practice dialogues as the engine calls them: chosen, played, paused, and whether danger in a line is real."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions import base
from actions.practice import Playing
from actions.wiring import Services
from bot.case import Trigger
from bot.practice import Listener, Move, Session, kept, load_dialogue, open_options, position
from bot.studio import Playable, Ref
from tests.unit.practice import script, write

from .conftest import DATA, SHIPPED

MAN = "haar_man_antwoordt"
HIM = SHIPPED.dialogues[Ref(MAN, 0)]
FORM = "oefen_form"
WEAPON = [("weapon", "hij heeft een mes")]


def slot(*moves: str, words: str = "", triggers: tuple[Trigger, ...] = ()) -> dict[str, Any]:
    session = Session(MAN, tuple(Move(name) for name in moves))
    return {"oefening": Playing(session, words, triggers).to_slot()}


def play(run: Any, text: str = "", choice: str | None = None, *moves: str, **state: Any) -> Any:
    """One turn of the form, with an answer."""
    slots = {**slot(*moves), "antwoord": text or choice, **state.pop("slots", {})}
    return run("validate_oefen_form", text=text, choice=choice, intent="keuze", form=FORM, slots=slots, **state)


def session_of(done: Any) -> Session:
    playing = Playing.from_slot(done.slots["oefening"])
    assert playing is not None
    return playing.session


def test_the_dialogues_are_offered_with_what_they_are_about(run: Any, services: Services) -> None:
    done = run("action_oefenen", text="ik wil oefenen", intent="oefenen")
    assert len(services.playable().dialogues) == 10
    for dialogue in services.playable().shipped():
        assert dialogue.title in done.text
        assert f'/oefenen{{"keuze": "{dialogue.id}"}}' in done.payloads
    assert "verzonnen" in done.text


def test_what_hears_lines_gets_ready_as_soon_as_practice_is_spoken_of(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready: list[Listener] = []
    monkeypatch.setattr(Listener, "warm", lambda self: ready.append(self))
    run("action_oefenen", text="ik wil oefenen", intent="oefenen")
    assert len(ready) == 1


def test_the_one_that_is_chosen_begins_and_says_who_you_are(run: Any, services: Services) -> None:
    done = run("action_oefenen", intent="oefenen", choice=MAN)
    assert HIM.situation[:40] in done.text
    assert done.next == FORM
    assert session_of(done) == Session(MAN)
    asked = run("validate_oefen_form", intent="oefenen", slots=slot(), form="", ran=["action_oefenen"])
    assert "Daar is onze zuster weer" in asked.text
    assert asked.slots["requested_slot"] == "antwoord"


@pytest.mark.parametrize("choice", [MAN, ":verder", ":opnieuw"])
def test_what_begins_leaves_the_form_that_was_open_and_waits_for_a_first_line(run: Any, choice: str) -> None:
    done = run("action_oefenen", intent="oefenen", choice=choice, form=FORM, slots=slot() | {"antwoord": "dag"})
    assert (done.left_form, done.next, done.slots["antwoord"]) == (True, FORM, None)


def test_where_nothing_was_said_to_the_client_the_rules_decide(run: Any) -> None:
    done = run("validate_oefen_form", text="help", intent="help", form=FORM, slots=slot("hem_eerst"))
    assert (done.events, done.messages) == ([], [])


@pytest.mark.parametrize("text", ["help", "stop", "terug", "hij heeft een mes, echt"])
def test_words_that_were_for_another_are_no_line_when_the_dialogue_goes_on(run: Any, text: str) -> None:
    done = run("validate_oefen_form", text=text, form=FORM, slots=slot("hem_eerst"), ran=["action_help"])
    assert session_of(done) == Session(MAN, (Move("hem_eerst"),))
    assert "Ze klaagt nooit" in done.text
    assert "Gedachte" not in done.text  # was told before
    assert not done.left_form


def test_own_words_are_matched_and_it_is_said_how_they_were_understood(run: Any) -> None:
    done = play(run, "Goedendag. Meneer, hoe is het deze week volgens u met dat been gegaan?")
    (move,) = session_of(done).moves
    assert move.option == "hem_eerst"
    assert "open_vraag" in move.techniques
    assert "Zo begreep ik je" in done.text
    assert "Gedachte" in done.text
    assert "Ze klaagt nooit" in done.text
    assert (done.slots["antwoord"], done.slots["requested_slot"]) == (None, "antwoord")


def test_an_option_can_be_shown_and_pressed(run: Any, services: Services) -> None:
    shown = play(run, "", "keuzes")
    names = [option.id for option in open_options(position(HIM))]
    assert [payload for payload in shown.payloads if "optie:" in payload] == [
        f'/keuze{{"keuze": "optie:{name}"}}' for name in names
    ]
    done = play(run, "", "optie:hem_eerst")
    assert session_of(done).moves == (Move("hem_eerst"),)
    assert "Zo begreep ik je" not in done.text


def test_the_options_are_shown_after_two_lines_that_fit_none(run: Any) -> None:
    missed = Move("", "Tja.", ("anders",), 0.1)
    for count, shows in ((1, False), (2, True)):
        playing = {"oefening": Playing(Session(MAN, (missed,) * count)).to_slot()}
        done = run("validate_oefen_form", form=FORM, slots=playing, ran=["action_help"])
        assert ('/keuze{"keuze": "optie:hem_eerst"}' in done.payloads) == shows
        assert ("Dit zou je hier kunnen zeggen" in done.text) == shows
        assert ('/keuze{"keuze": "terug"}' in done.payloads) != shows


def test_words_that_fit_nothing_are_heard_for_what_they_do(run: Any) -> None:
    words = "Wat bent u toch een vreselijke vent, u moest zich schamen."
    asked = play(run, words)
    done = (
        play(run, "", "geen", slots={"oefening": asked.slots["oefening"]}) if "geen" in str(asked.payloads) else asked
    )
    move = session_of(done).moves[-1]
    assert (move.option, move.words) == ("", words)
    assert "oordeel" in move.techniques
    assert "oordeel" in done.text


def test_when_it_is_not_sure_she_is_asked_which_she_means(run: Any) -> None:
    words = Move("", "En het been?", ("gesloten_vraag",), 0.4)
    asked = {"oefening": Playing(Session(MAN, (), words, ("hem_eerst", "langs_hem_heen"))).to_slot()}
    again = run("validate_oefen_form", form=FORM, slots=asked, ran=["action_help"])
    assert again.text == "Ik weet niet zeker wat je hiermee wilt. Lijkt het op een van deze zinnen?"
    assert again.payloads == [
        f'/keuze{{"keuze": "{value}"}}' for value in ("optie:hem_eerst", "optie:langs_hem_heen", "geen")
    ]
    assert again.messages[0]["buttons"][0]["title"] == HIM.scenes[0].options[0].examples[0]
    meant = play(run, "", "optie:hem_eerst", slots=asked)
    assert session_of(meant).moves == (replace(words, option="hem_eerst", certainty=1.0),)
    assert "*Zo begreep ik je (vrij zeker):*" in meant.text
    assert session_of(play(run, "", "geen", slots=asked)).moves == (words,)
    typed = play(run, "geen", slots=asked)  # which is a line
    assert "geen" in {*(move.words for move in session_of(typed).moves), (session_of(typed).asked or words).words}


def test_where_there_is_no_tip_it_is_told(run: Any, tmp_path: Path, services: Services, monkeypatch: Any) -> None:
    bare = Playable({Ref("deur", 1): load_dialogue(write(tmp_path, script()), DATA)})
    monkeypatch.setattr(base, "services", lambda: replace(services, playable=lambda: bare))
    playing = {"oefening": Playing(Session("deur", (Move("naar_keuken"),))).to_slot()}
    assert "Hier heb ik geen tip." in play(run, "tip", slots=playing).text


def test_marks_in_what_is_repeated_are_shown_as_they_stand(
    run: Any, tmp_path: Path, services: Services, monkeypatch: Any
) -> None:
    marked = "Zullen we naar de *keuken* [daar]?"
    row = script()
    row["scenes"][0]["options"][0]["examples"] = [marked]
    odd = Playable({Ref("deur", 1): load_dialogue(write(tmp_path, row), DATA)})
    monkeypatch.setattr(base, "services", lambda: replace(services, playable=lambda: odd))
    done = play(run, marked, slots={"oefening": Playing(Session("deur")).to_slot()})
    assert r"Zullen we naar de \*keuken\* \[daar\]?" in done.text
    waiting = {"oefening": Playing(Session("deur"), "*mes*", (Trigger("weapon", "*mes*"),)).to_slot()}
    assert r"“\*mes\*”" in run("validate_oefen_form", slots=waiting, ran=["action_gevaar"]).text


@pytest.mark.parametrize(("text", "choice"), [("terug", None), ("Stap terug", None), ("", "terug")])
def test_one_step_back(run: Any, text: str, choice: str | None) -> None:
    done = play(run, text, choice, "hem_eerst")
    assert session_of(done).moves == ()
    (said,) = done.messages
    assert "Daar is onze zuster weer" in said["text"]
    assert [button["title"] for button in said["buttons"]] == ["Toon antwoorden", "Tip"]  # no step back from here


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("Tip", "Een tip:"), ("hint!", "Een tip:"), ("keuzes", "Dit zou je hier kunnen zeggen"),
        ("Toon antwoorden", "Dit zou je hier kunnen zeggen"), ("herhaal", "Daar is onze zuster weer"),
        ("pauze", "We stoppen even"), ("stop", "We stoppen even"), ("Stoppen.", "We stoppen even"),
        ("stop met oefenen", "We stoppen even"),
    ],
)  # fmt: skip
def test_a_few_words_are_about_the_practice_itself(run: Any, text: str, shows: str) -> None:
    done = play(run, text)
    assert shows in done.text
    assert done.left_form == ("stoppen" in shows)
    assert not done.left_form or "oefening" not in done.slots
    assert done.left_form or session_of(done) == Session(MAN)


def test_tip_again_and_pause(run: Any, services: Services) -> None:
    assert HIM.scenes[0].hint in play(run, "tip").text
    assert session_of(play(run, "opnieuw", None, "hem_eerst", "wat_voelt_u")).moves == ()
    paused = play(run, "pauze", None, "hem_eerst")
    assert paused.left_form
    assert '/oefenen{"keuze": ":verder"}' in paused.payloads
    on = run("action_oefenen", intent="oefenen", choice=":verder", slots=slot("hem_eerst"))
    assert (session_of(on).moves, on.next) == ((Move("hem_eerst"),), FORM)
    anew = run("action_oefenen", intent="oefenen", choice=":opnieuw", slots=slot("hem_eerst"))
    assert (session_of(anew), anew.next) == (Session(MAN), FORM)


def test_a_pause_is_offered_to_go_on_with(run: Any, services: Services) -> None:
    done = run("action_oefenen", intent="oefenen", form=FORM, slots=slot("hem_eerst"))
    assert done.left_form
    assert '/oefenen{"keuze": ":verder"}' in done.payloads
    assert HIM.title in str(done.messages)
    assert "Welk gesprek" not in done.text
    assert "Welk gesprek" in run("action_oefenen", intent="oefenen", choice=":ander", slots=slot("hem_eerst")).text


@pytest.mark.parametrize(
    ("name", "intent"),
    [
        ("action_kennis", "kennisvraag"), ("action_terug", "terug"), ("action_stop", "stop"), ("action_help", "help"),
        ("action_welkom", "groet"), ("action_iemand_anders", "slachtoffer_schrijft"), ("action_gevoel", "gevoel_uiten"),
        ("action_mens_spreken", "mens_spreken"), ("action_wis_gesprek", "wis_gesprek"), ("action_praatje", "bedanken"),
        ("action_nieuwe_casus", "opnieuw"), ("action_oefenen", "oefenen"), ("action_waarom", "waarom_vraag"),
    ],
)  # fmt: skip
def test_whatever_a_line_is_taken_for_it_goes_to_the_client(run: Any, name: str, intent: str) -> None:
    words = "Dank u wel, en wat bedoelt u daarmee, dat u niet terug wilt?"
    done = run(name, text=words, intent=intent, form=FORM, slots=slot())
    assert (done.slots.get("antwoord"), done.next, done.messages) == (words, FORM, [])


@pytest.mark.parametrize(
    ("name", "intent", "words"),
    [
        ("action_wis_gesprek", "wis_gesprek", "wis dit gesprek"), ("action_help", "help", "help"),
        ("action_mens_spreken", "mens_spreken", "Ik wil een mens spreken"),
    ],
)  # fmt: skip
def test_a_few_words_are_for_pluis_also_here(run: Any, name: str, intent: str, words: str) -> None:
    assert run(name, text=words, intent=intent, form=FORM, slots=slot()).messages


def test_help_goes_on_with_the_dialogue(run: Any) -> None:
    assert run("action_help", text="help", intent="help", form=FORM, slots=slot()).next == FORM


@pytest.mark.parametrize("text", ["hij heeft een mes", "hij heeft een mes, dit is echt", "oefening: hij heeft een mes"])
def test_danger_in_a_line_is_asked_about_before_anything(run: Any, text: str) -> None:
    """Also where the words themselves could answer what is asked."""
    done = run("action_gevaar", text=text, intent="acuut_gevaar", form=FORM, danger=WEAPON, slots=slot())
    assert done.next == FORM
    asked = run("validate_oefen_form", text=text, form=FORM, slots=done.slots, ran=["action_gevaar"])
    assert "oefening of echt" in asked.text
    assert "hij heeft een mes" in asked.text
    assert "112" in asked.text


@pytest.mark.parametrize("name", ["action_kennis", "action_help", "action_gevoel"])
def test_danger_in_a_line_is_asked_about_whatever_the_line_is_taken_for(run: Any, name: str) -> None:
    done = run(name, text="hij heeft een mes", intent="kennisvraag", form=FORM, danger=WEAPON, slots=slot())
    assert done.next == "action_gevaar"


WORDS = "hij heeft een mes"
WAITING = slot(words=WORDS, triggers=(Trigger("weapon", WORDS),))


@pytest.mark.parametrize(("text", "choice"), [("", "echt"), ("dit is echt!", None)])
def test_what_is_real_leaves_the_practice_for_the_danger_question(run: Any, text: str, choice: str | None) -> None:
    done = play(run, text, choice, slots=WAITING)
    assert (done.next, done.left_form) == ("gevaar_form", True)
    assert done.case.lines[0].quote == WORDS
    playing = Playing.from_slot(done.slots["oefening"])
    assert playing is not None
    assert playing.words == ""


@pytest.mark.parametrize(
    ("text", "choice"), [("", "oefening"), ("nee hoor, oefening", None), ("het is oefening", None)]
)
def test_what_is_practice_is_a_line_of_it(run: Any, text: str, choice: str | None) -> None:
    done = play(run, text, choice, slots=WAITING)
    if "nee" in text:  # “nee” can be an answer to either: it is asked again
        assert "oefening of echt" in done.text
        return
    session = session_of(done)
    assert WORDS in {*(move.words for move in session.moves), session.asked and session.asked.words}
    assert "casus" not in done.slots or done.slots["casus"] is None


@pytest.mark.parametrize(
    "text", ["wat bedoel je?", "ja", "niet echt", "nee, echt", "weet ik niet", "echt oefening", "geen oefening"]
)
def test_what_does_not_say_which_is_asked_again(run: Any, text: str) -> None:
    done = play(run, text, slots=WAITING)
    assert "oefening of echt" in done.text
    assert done.slots["requested_slot"] == "antwoord"
    assert "oefening" not in done.slots  # the words wait


def test_who_stops_there_leaves_and_is_asked_again_when_she_comes_back(run: Any) -> None:
    done = play(run, "stop", slots=WAITING)
    assert done.left_form
    assert "oefening" not in done.slots  # the words wait
    on = run("action_oefenen", intent="oefenen", choice=":verder", slots=WAITING)
    assert "oefening of echt" in run("validate_oefen_form", slots=on.slots, ran=["action_oefenen"]).text


@pytest.mark.parametrize("choice", [":opnieuw", "zeg_het_niet"])
def test_words_that_may_be_real_are_asked_about_whatever_is_played_next(run: Any, choice: str) -> None:
    on = run("action_oefenen", intent="oefenen", choice=choice, slots=WAITING)
    assert "oefening of echt" in run("validate_oefen_form", slots=on.slots, ran=["action_oefenen"]).text


@pytest.mark.parametrize("moves", [(), ("hem_eerst", "wat_voelt_u", "geen_kast", "afronden")])
def test_one_that_did_not_begin_or_came_to_its_end_is_not_offered_to_go_on_with(
    run: Any, moves: tuple[str, ...]
) -> None:
    assert "Welk gesprek" in run("action_oefenen", text="oefenen", intent="oefenen", slots=slot(*moves)).text


def test_at_the_end_it_is_told_how_it_went_and_what_can_be_done(run: Any, services: Services) -> None:
    path = ("hem_eerst", "wat_voelt_u", "geen_kast")  # he becomes suspicious
    done = play(run, "", "optie:afronden", *path)
    landed, says, *_ = done.messages
    assert "*Gedachte:*" in landed["text"]
    assert says["text"].startswith("> ")
    assert "Gestopt, omdat het niet veilig was" in done.text
    assert "Wat je oefende" in done.text
    assert "Kijk hier nog eens naar (1)" in done.text
    assert "Kenniskaart" in done.text
    assert done.left_form
    assert "practice" in done.kinds
    assert '/oefenen{"keuze": ":opnieuw"}' in done.payloads


def test_a_dialogue_that_is_gone_or_changed_is_told(run: Any) -> None:
    gone = play(run, "dag", slots={"oefening": {"session": kept(Session("weg"))}})
    assert "is er niet meer" in gone.text
    assert gone.left_form
    changed = play(run, "", "optie:bestaat_niet", "hem_eerst")
    assert "intussen veranderd" in changed.text
    assert session_of(changed).moves == (Move("hem_eerst"),)


@pytest.mark.parametrize(
    "broken", [None, 3, {}, {"session": {"dialogue": 3}}, {"session": {"dialogue": MAN, "moves": 4}}]
)
def test_a_slot_that_cannot_be_read_does_no_harm(run: Any, broken: Any) -> None:
    assert "is er niet meer" in play(run, "dag", slots={"oefening": broken}).text
    assert "Welk gesprek" in run("action_oefenen", intent="oefenen", choice=":verder", slots={"oefening": broken}).text

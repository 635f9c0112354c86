"""The way to the helpdesk: her question, a call first where there is danger, her leave, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.case import (
    Case,
    Entry,
    Given,
    Line,
    Replies,
    Say,
    Tools,
    advised,
    asked,
    begun,
    came_back,
    carried,
    current_phase,
    graver,
    is_opened,
    is_sent,
    load_replies,
    open_question,
    opened,
    step_back,
    take,
    taken_back,
    with_net,
)
from bot.case.handing import AGREES, ASKS, BACK, CALLED, CLASS, NET, QUOTES
from bot.case.opening import CALL, GROUND, STATE, WORDS
from bot.helpdesk import Ground
from bot.settings import ROOT
from tests.unit.case.player import Player
from tests.unit.case.sheets import VERSIONS, part, seen, text_of

STORY = "Als wijkverpleegkundige kom ik bij mevrouw. Haar man geeft steeds antwoord voor haar."
QUESTION = "Mag ik haar huisarts bellen zonder dat zij het weet?"
MOST = 450  # characters of one message, the addresses of its links not counted: it fits a phone
SENT_NOT = "ik stuur niets door"
STOPS = ("toch niet", "Toch maar niet", "laat maar", "weet ik niet", "geen idee", "nee", "")  # empty: a button
STEPS = {ASKS: (), CALLED: (QUESTION,), AGREES: (QUESTION, "gebeld")}
DOUBT = "Een zorg om iemand, of twijfel over wat nu te doen"
S, P1, P2 = {"weapon": "yes"}, {"coercive_control": "yes"}, {"isolated": "no"}


@pytest.fixture
def player(desk_tools: Tools, replies: Replies) -> Player:
    """A professional where there is a helpdesk."""
    player = Player(desk_tools, replies)
    player.begin(STORY)
    player.press("Mijn cliënt")
    player.said.clear()
    return player


def ask(player: Player, *said: str, facts: Mapping[str, str] | None = None, ground: Ground = Ground.ASKED) -> None:
    """Ask for a person, with what is known of the case, and type some answers."""
    player.case = opened(player.case.add(Entry(question="weging.x", facts=dict(facts or {}), silent=True)), ground)
    for text in said:
        player.say(text)


def put(player: Player) -> str:
    """What is asked now."""
    return player.replies.render(player.question.say).text


def handed(case: Case, tools: Tools, words: str = "ja") -> tuple[Case, dict[str, Any]]:
    """Agree; return the case after it, and what was handed over."""
    step = take(case, "helpdesk", Given(words), 0, tools)
    (say,) = [say for say in step.says if say.custom]
    return step.case, dict(say.custom or {})


def sent(player: Player, facts: Mapping[str, str] = P2) -> Case:
    """Hand a question over; return the case."""
    said = (QUESTION, "gebeld") if facts in (S, P1) else (QUESTION,)
    ask(player, *said, facts=facts)
    player.case, custom = handed(player.case, player.tools)
    assert custom["asks"] == QUESTION
    return player.case


# -- the steps --------------------------------------------------------------------------------------------------------


def test_without_a_helpdesk_there_is_no_way_to_it(player: Player, tools: Tools) -> None:
    before = current_phase(player.case, tools)
    ask(player)
    assert current_phase(player.case, tools) == before
    assert current_phase(player.case, player.tools) == "helpdesk"


def test_her_question_comes_first_then_her_leave_and_then_it_is_handed_over(player: Player) -> None:
    ask(player, facts={"isolated": "no", "children": "yes"})
    assert player.question.id == ASKS
    assert "Wat wil je vragen?" in put(player)
    player.say(QUESTION)
    assert player.question.id == AGREES
    assert player.question.say.values == {"klasse": "P2", "wie": "Een medewerker"}
    assert "Zal ik het doorsturen?" in put(player)
    case, custom = handed(player.case, player.tools)
    assert custom == {
        "kind": "handover", "class": "P2", "ground": "asked", "asks": QUESTION, "phase": "gevoel",
        "profession": "verpleging",
        "reasons": [f"{DOUBT}: controle; vaker gebeurd; signalen; ongelijke macht"],
        "facts": ["kinderen: ja", "‘Als wijkverpleegkundige kom ik bij mevrouw’",
                  "‘Haar man geeft steeds antwoord voor haar’"],
    }  # fmt: skip
    assert is_sent(case)
    assert current_phase(case, player.tools) == "feiten"


@pytest.mark.parametrize("yes", ["ja", "Ja graag", "oke"])
def test_a_yes_is_no_question_and_one_that_begins_so_is(player: Player, yes: str) -> None:
    ask(player, facts={"isolated": "no", "children": "yes"})
    player.say(yes)
    assert player.question.id == ASKS
    assert player.said[-1] == "Fijn. Schrijf dan hier wat je de helpdesk wilt vragen."
    player.say(f"{yes}, hoe begin ik daarover met haar?")
    assert player.question.id == AGREES


@pytest.mark.parametrize(("facts", "class_id"), [(S, "S"), (P1, "P1")])
def test_where_there_is_danger_she_calls_before_it_is_sent(
    player: Player, facts: dict[str, str], class_id: str
) -> None:
    ask(player, QUESTION, facts=facts)
    assert player.question.id == CALLED
    told = put(player)
    assert all(number in told for number in ("(tel:112)", "(tel:08002000)"))
    assert "Heeft er bij jullie iemand dienst? Bel die ook." in told
    player.say("ja")
    assert player.question.id == AGREES
    assert player.question.say.values == {"klasse": class_id, "wie": "Een aandachtsfunctionaris"}
    assert handed(player.case, player.tools)[1]["class"] == class_id


def test_the_on_call_service_of_the_organisation_is_named(player: Player) -> None:
    words = {**player.tools.tables.words, "achterwacht": "Buiten kantooruren bereik je bij jullie Sam."}
    player.replies = load_replies(ROOT / "data" / "replies", words)
    ask(player, QUESTION, facts=S)
    assert "bereik je bij jullie Sam." in put(player)


@pytest.mark.parametrize("facts", [P2, {"children": "yes"}])
def test_without_danger_nobody_is_told_to_call_first(player: Player, facts: dict[str, str]) -> None:
    ask(player, QUESTION, facts=facts)
    assert player.question.id == AGREES


def test_a_question_of_knowledge_alone_waits_longest(desk_tools: Tools) -> None:
    case = asked(opened(Case(), Ground.UNANSWERED), "hoe lang bewaar ik een verslag", desk_tools)
    custom = handed(case, desk_tools)[1]
    assert (custom["class"], custom["ground"], custom["facts"]) == ("U", "unanswered", [])
    assert (custom["phase"], custom["profession"]) == ("", "")


@pytest.mark.parametrize("words", ["ik bel nu", "ik ga zo bellen", "ja ik bel nu", "nee", "nog niet", "niet gebeld"])
def test_as_long_as_she_did_not_call_it_waits_and_asks_again(player: Player, words: str) -> None:
    ask(player, QUESTION, words, words, facts=S)
    assert player.question.id == CALLED
    assert "Ik wacht hier" in put(player)
    assert [choice.title for choice in player.question.choices] == ["Ja, ik heb gebeld", "Toch niet"]
    assert not is_sent(player.case)
    player.say("ja")
    assert player.question.id == AGREES


@pytest.mark.parametrize("words", ["gebeld", "ik heb gebeld", "ja", "mijn collega heeft net gebeld", "de eerste"])
def test_she_or_someone_with_her_called(player: Player, words: str) -> None:
    ask(player, QUESTION, words, facts=S)
    assert player.question.id == AGREES


def test_a_button_says_the_same(player: Player) -> None:
    ask(player, QUESTION, facts=S)
    player.press("Ik bel nu")
    assert "Ik wacht hier" in put(player)
    player.press("Ja, ik heb gebeld")
    player.press("Ja, stuur door")
    assert is_sent(player.case)


@pytest.mark.parametrize(
    ("step", "words"), [(step, words) for step in STEPS for words in STOPS if (step, words) != (CALLED, "nee")]
)
def test_at_each_step_she_can_stop_and_nothing_is_sent(player: Player, step: str, words: str) -> None:
    ask(player, *STEPS[step], facts=S)
    assert player.question.id == step
    player.case, says = _one_step(player, words)
    assert [say.response for say in says] == ["helpdesk_niet_gestuurd"]
    assert SENT_NOT in player.replies.render(says[0]).text
    assert not is_opened(player.case)
    assert player.phase == "feiten"
    ask(player)
    assert player.question.id == ASKS  # from the start, and what she asked before is not asked again


def _one_step(player: Player, words: str) -> tuple[Case, tuple[Say, ...]]:
    """Type some words, or press “Toch niet”."""
    intents = {"weet ik niet": "weet_niet", "geen idee": "weet_niet", "nee": "ontkennen"}
    given = Given(words, intent=intents.get(words, "vertellen")) if words else Given(choice="nee")
    step = take(player.case, "helpdesk", given, 0, player.tools)
    return step.case, step.says


@pytest.mark.parametrize(
    "words",
    [
        "Nee hoor, ik wil alleen weten of ik mag melden", "niet melden, mag dat?", "weet niet wat ik moet doen",
        "Misschien is dit stalking, wat nu?", "ik weet niet of ik hier iets mee moet", "help", "mag ik melden?",
    ],
)  # fmt: skip
def test_however_it_begins_what_she_asks_is_the_question(player: Player, words: str) -> None:
    ask(player, words, facts=P2)
    assert player.case.fields[WORDS] == words
    assert player.question.id in (CALLED, AGREES)


@pytest.mark.parametrize("words", ["ja", "ja graag", "ok", "ja hoor doe maar", "stuur maar door", "de eerste"])
def test_this_is_her_leave(player: Player, words: str) -> None:
    ask(player, QUESTION, words)
    assert is_sent(player.case)


@pytest.mark.parametrize(
    "words",
    ["ja maar wacht nog even", "ja, maar eerst wil ik iets vragen", "ja nog niet", "wie leest dat", "stuur je dat?"],
)  # fmt: skip
def test_this_is_no_leave_and_it_is_asked_again(player: Player, words: str) -> None:
    ask(player, QUESTION, words)
    assert not is_sent(player.case)
    assert player.question.id == AGREES


def test_not_understood_three_times_sends_nothing(player: Player) -> None:
    ask(player, QUESTION, "bla", "bla", "bla")
    assert not is_opened(player.case)
    assert SENT_NOT in player.said[-1]


def test_no_message_is_a_wall(replies: Replies) -> None:
    shown = {name: text for name, text in replies.texts().items() if "helpdesk" in name}
    assert len(shown) > 5
    for name, text in shown.items():
        assert len(text) <= MOST, name


# -- what goes along --------------------------------------------------------------------------------------------------


def test_what_she_asks_counts_for_how_soon_and_is_no_story(player: Player) -> None:
    lines = player.case.lines
    ask(player, "Hij heeft een mes in huis, moet ik nu iets doen?")
    assert player.question.id == CALLED
    assert player.case.lines == lines
    assert not any(entry.shown for entry in player.case.entries if entry.question == ASKS)


def test_of_the_story_goes_along_what_she_saw_and_thought_but_no_feeling(desk_tools: Tools) -> None:
    story = seen(*(f"gezien {at}" for at in range(QUOTES + 3)))
    felt = [Line(id="r91", kind="feeling", quote="ik ben er kapot van"), Line(id="r92", kind="signal", quote="stil")]
    facts = {"children": "yes", "pregnant": "no", "fear": "unknown"}
    case = Case(entries=[Entry(question="gevoel.x", lines=felt), story, Entry(question="weging.x", facts=facts)])
    told = handed(asked(opened(case, Ground.ASKED), QUESTION, desk_tools), desk_tools)[1]["facts"]
    assert told == ["kinderen: ja", *(f"‘gezien {at}’" for at in range(QUOTES))]


@pytest.mark.parametrize("ground", list(Ground))
def test_why_it_came_to_a_person_goes_along(player: Player, ground: Ground) -> None:
    ask(player, QUESTION, ground=ground)
    assert handed(player.case, player.tools)[1]["ground"] == ground.value


def test_who_called_112_is_not_asked_again(player: Player, desk_tools: Tools) -> None:
    case = player.case.add(Entry(question="gevaar.antwoord", facts={"danger_now": "yes"}))
    case = opened(case, Ground.DANGER, called=True, asks="Er is nu gevaar.")
    question = open_question(case, desk_tools)
    assert question is not None
    assert question.id == AGREES
    custom = handed(case, desk_tools)[1]
    assert (custom["ground"], custom["class"], custom["asks"]) == ("danger", "S", "Er is nu gevaar.")
    assert case.hints == player.case.hints  # the words are ours


def test_a_choice_that_is_lighter_than_the_advice_and_yes_to_a_talk_leads_here(desk_tools: Tools) -> None:
    case = begun(Case(), "vertellen", STORY, desk_tools).add(Entry(question="weging.x", facts={"weapon": "yes"}))
    case = advised(case).add(
        Entry(question="besluit.keuze", fields={"decision": "wait"}), Entry(question="besluit.reden")
    )
    step = take(case, "besluit", Given("ja"), 0, desk_tools)
    assert "besluit.bespreken" in step.case.asked
    assert step.case.fields[GROUND] == "advised"
    assert current_phase(step.case, desk_tools) == "helpdesk"
    refused = take(case, "besluit", Given("nee"), 0, desk_tools)
    assert not is_opened(refused.case)


def test_without_a_helpdesk_yes_to_a_talk_names_who_to_call_and_no_more(tools: Tools) -> None:
    case = begun(Case(), "vertellen", STORY, tools).add(Entry(question="weging.x", facts={"weapon": "yes"}))
    case = advised(case).add(
        Entry(question="besluit.keuze", fields={"decision": "wait"}), Entry(question="besluit.reden")
    )
    step = take(case, "besluit", Given("ja"), 0, tools)
    assert "0800-2000" in step.says[-1].text
    assert not is_opened(step.case)


# -- danger in between ------------------------------------------------------------------------------------------------


def test_danger_in_her_question_is_asked_about_first_and_then_it_goes_on(player: Player) -> None:
    ask(player)
    words = "hij staat nu met een mes voor de deur, wat moet ik doen"
    assert player.danger(words, ("weapon", "hij staat nu met een mes voor de deur"))
    assert player.phase == "gevaar"
    assert any("mes" in line.quote for line in player.case.lines)  # told once, it is the question and the story
    player.press("0")
    assert player.phase == "helpdesk"
    assert player.question.id == CALLED
    assert player.case.fields[WORDS] == words


def test_danger_before_her_leave_makes_it_graver(player: Player) -> None:
    ask(player, QUESTION)
    assert player.question.id == AGREES
    assert player.danger("hij heeft een mes gepakt", ("weapon", "hij heeft een mes gepakt"))
    assert player.phase == "gevaar"
    player.press("0")
    assert player.question.id == CALLED
    player.say("gebeld")
    assert player.question.say.values["klasse"] == "S"


def test_danger_at_her_question_is_never_taken_for_a_no(player: Player) -> None:
    ask(player)
    assert player.danger("nee hij pakt een mes", ("weapon", "hij pakt een mes"))
    player.press("0")
    assert is_opened(player.case)


# -- while it is with the helpdesk ------------------------------------------------------------------------------------


def test_what_weighs_more_than_what_it_was_sent_with_is_told_once(player: Player) -> None:
    sent(player)
    assert graver(player.case, player.tools) == (player.case, None)
    grave = player.case.add(Entry(question="weging.y", facts=S))
    case, news = graver(grave, player.tools)
    assert news is not None
    assert news.custom is not None
    reasons = news.custom["reasons"]
    assert news.custom == {"kind": "handover", "raise": True, "class": "S", "reasons": reasons}
    assert any("wapen" in reason for reason in reasons)
    assert graver(case, player.tools) == (case, None)


def test_what_weighs_less_changes_nothing(player: Player) -> None:
    sent(player, S)
    case = player.case.add(Entry(question="weging.y", facts={"weapon": "no"}))
    assert graver(case, player.tools) == (case, None)
    assert case.fields[CLASS] == "S"


def test_before_it_is_sent_and_without_a_helpdesk_nothing_is_told(player: Player, tools: Tools) -> None:
    ask(player, QUESTION)
    grave = player.case.add(Entry(question="weging.y", facts=S))
    assert graver(grave, player.tools)[1] is None
    sent(player)
    assert graver(player.case.add(Entry(question="weging.y", facts=S)), tools)[1] is None


def test_the_safety_net_has_a_say_in_how_soon(player: Player) -> None:
    ask(player, "Wat nu, hij kijkt zo gejaagd uit zijn ogen?")
    assert player.question.id == AGREES
    doubted = with_net(player.case, 0.9)
    question = open_question(doubted, player.tools)
    assert question is not None
    assert question.id == CALLED
    assert doubted.fields[NET] == "0.90"
    assert with_net(doubted, 0.9) is doubted


def test_withdrawn_it_is_not_there_any_more(player: Player) -> None:
    case = taken_back(sent(player))
    assert not is_opened(case)
    assert graver(case.add(Entry(question="weging.y", facts=S)), player.tools)[1] is None


# -- back -------------------------------------------------------------------------------------------------------------

FOUND = "Bel haar huisarts, met haar erbij."


def test_what_a_person_found_stands_in_the_overview_and_in_the_summary(player: Player) -> None:
    before = player.phase
    case = came_back(sent(player), FOUND)
    assert current_phase(case, player.tools) == before
    assert not is_opened(case)
    assert [entry.shown for entry in case.entries if entry.question == BACK] == [f"De helpdesk: {FOUND}"]
    title = player.tools.sheet.sections["consulted"].title
    assert f"De helpdesk van mijn organisatie. Antwoord: “{FOUND}”" in part(
        text_of(case, player.tools, "dossier"), title
    )
    for_advice = part(text_of(case, player.tools, "advies"), title)
    assert "De helpdesk van mijn organisatie dacht mee." in for_advice
    assert FOUND not in for_advice
    assert not any("Nog niemand" in text_of(case, player.tools, version) for version in VERSIONS)


def test_closed_without_words_it_is_over_and_nothing_is_shown(player: Player) -> None:
    case = came_back(sent(player), "")
    assert not is_opened(case)
    assert BACK not in case.asked
    assert all("helpdesk" not in text_of(case, player.tools, version).lower() for version in VERSIONS)


def test_a_summary_with_an_answer_of_the_helpdesk_is_pasted_without_it(player: Player, desk_tools: Tools) -> None:
    text = text_of(came_back(sent(player), FOUND), desk_tools, "dossier")
    pasting = Player(desk_tools, player.replies)
    assert pasting.paste(text)
    pasting.press("Ja, dit klopt")
    assert any("steeds antwoord voor haar" in line.quote for line in pasting.case.lines)
    assert not any("huisarts" in line.quote or "helpdesk" in line.quote for line in pasting.case.lines)


def test_the_way_is_opened_anew_with_another_question(player: Player) -> None:
    ask(player, QUESTION, "gebeld", facts=S)
    again = opened(player.case, Ground.UNANSWERED)
    assert not {WORDS, CALL} & set(again.fields)
    assert again.fields[GROUND] == "unanswered"


def test_a_second_question_begins_anew(player: Player) -> None:
    player.case = came_back(sent(player, S), FOUND)
    player.case = opened(player.case, Ground.ASKED)
    assert player.question.id == ASKS
    player.say("En mag ik dat opschrijven in haar dossier?")
    assert player.question.id == CALLED  # that she called was for the question before


# -- taking back ------------------------------------------------------------------------------------------------------


def test_a_question_for_the_helpdesk_alone_is_no_case(desk_tools: Tools) -> None:
    case = asked(opened(Case(), Ground.ASKED), QUESTION, desk_tools)
    assert not case.begun
    assert current_phase(case, desk_tools) == "helpdesk"
    assert not handed(case, desk_tools)[0].begun


def test_back_takes_the_last_step(player: Player) -> None:
    before = player.phase
    ask(player, QUESTION, "gebeld", facts=S)
    expected = [(CALLED, "Gebeld"), (ASKS, "Vraag aan de helpdesk")]
    for question, about in expected:
        player.case, told = step_back(player.case)
        assert (player.question.id, told) == (question, about)
    player.case, told = step_back(player.case)
    assert (player.phase, told) == (before, "")


def test_what_was_sent_is_not_taken_back_with_an_answer(player: Player) -> None:
    case = sent(player, S)
    undone, _ = case.undo()
    kept = carried(case, undone)
    assert not is_sent(undone)
    assert is_sent(kept)
    assert (kept.fields[CLASS], kept.fields[WORDS], kept.fields[CALL]) == ("S", QUESTION, "yes")
    assert is_sent(carried(case, case.renewed()))
    assert is_sent(carried(case, Case()))


def test_what_came_back_is_not_there_again_after_an_answer_is_taken_back(player: Player) -> None:
    later = Entry(question="feiten.wanneer", asked="Wanneer", answer="gisteren")
    case = came_back(sent(player).add(later), FOUND)
    for taken_back_now in (FOUND, "gisteren"):
        before, undone = case.undo()
        assert undone is not None
        assert undone.answer == taken_back_now
        case = carried(case, before)
        assert not is_sent(case)


def test_nothing_is_carried_where_nothing_was_sent(player: Player) -> None:
    ask(player, QUESTION)
    assert carried(player.case, Case()) == Case()
    assert STATE not in carried(player.case, player.case.renewed()).fields

"""A knowledge question: the answer says where it stands and where to read on, is gone on about in any phase, and gets
one thumb in a conversation; what gets no answer is counted, with the conversation that it was asked in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from actions.turn import SURE
from bot.case import Case, begun
from bot.case.tools import Tools
from bot.statistics import Kind

from .conftest import Done, Knowledge

TODAY = date.today().isoformat()
ONWARD = {"kennis_meer": "meer", "kennis_bron": "waar staat dat?", "kennis_verwant": "verwant"}
onward = pytest.mark.parametrize("intent", ONWARD)


@pytest.fixture
def asking(tools: Tools) -> dict[str, Any]:
    """A case in whose form a question is open."""
    return {"form": "kennismaking_form", "case": begun(Case(), "onderbuikgevoel", "", tools)}


@pytest.mark.parametrize(
    ("kind", "missed"), [("none", [("mag dat in het rood", "gesprek")]), ("one", []), ("choice", [])]
)
def test_a_question_is_counted_as_answered_or_as_missed(
    run: Any, knowledge: Knowledge, counted: list[tuple[str, str]], kind: str, missed: list[tuple[str, str]]
) -> None:
    knowledge.kind = kind
    done = run("action_kennis", text="mag dat in het rood", intent="kennisvraag")
    assert done.text
    assert knowledge.missed == missed
    assert counted == ([(Kind.ANSWERED, "knowledge")] if kind == "one" else [])


def test_beneath_an_answer_open_its_sources_more_and_what_goes_with_it(run: Any, asking: dict[str, Any]) -> None:
    done = run("action_kennis", text="wat is de kindcheck", intent="kennisvraag", **asking)
    assert done.text == "**De kindcheck**\n\nVraag naar kinderen."
    assert (done.custom["kind"], done.slots["onderwerp"]) == ("parts", "kindcheck")
    source, more, related = done.custom["parts"]
    assert (source["title"], source["text"]) == ("Bron: Kenniskaart (2023)", "- Kenniskaart (2023): De Meldcode")
    assert more["title"] == "Meer weten"
    assert more["text"] == "Ook elders.\n\n[Naar de pagina van dit onderwerp](/kennis/kindcheck)"
    assert related["title"] == "Verwant"
    assert related["buttons"] == [{"title": "Het huisverbod", "payload": '/kennisvraag{"keuze": "huisverbod"}'}]
    assert [button["payload"] for button in done.custom["buttons"]] == [
        '/feedback_positief{"keuze": "kindcheck"}', '/feedback_negatief{"keuze": "kindcheck"}',
    ]  # fmt: skip
    assert done.next == "kennismaking_form"  # whose question comes after it


def test_a_topic_that_goes_with_it_is_answered_by_a_press_also_while_a_question_is_open(
    run: Any, asking: dict[str, Any]
) -> None:
    done = run("action_kennis", intent="kennisvraag", choice="huisverbod", **asking)
    assert done.text.startswith("**Het huisverbod**")
    assert [part["title"] for part in done.custom["parts"]] == ["Bron: Kenniskaart (2023)", "Meer weten"]
    assert (done.slots["onderwerp"], done.next) == ("huisverbod", "kennismaking_form")


# -- none of the topics -----------------------------------------------------------------------------------------------


def test_none_of_the_topics_is_no_answer_and_is_counted_by_the_question(
    run: Any, knowledge: Knowledge, asking: dict[str, Any]
) -> None:
    knowledge.kind = "choice"
    none = run("action_kennis", text="mag dat in het rood", intent="kennisvraag").messages[-1]["buttons"][-1]
    assert none == {"title": "Geen van deze", "payload": '/kennisvraag{"keuze": "geen"}'}
    done = run("action_kennis", intent="kennisvraag", choice="geen", said_before="mag dat in het rood", **asking)
    assert "Dat weet ik niet" in done.text
    assert "0800-2000" in done.text
    assert knowledge.missed == [("mag dat in het rood", "gesprek")]
    assert done.next == "kennismaking_form"


def test_none_of_the_topics_can_be_meant_by_its_place_too(run: Any, knowledge: Knowledge) -> None:
    buttons = [{"title": "De kindcheck", "payload": '/kennisvraag{"keuze": "kindcheck"}'},
               {"title": "Geen van deze", "payload": '/kennisvraag{"keuze": "geen"}'}]  # fmt: skip
    state: dict[str, Any] = {"intent": "keuze", "said_before": "mag dat in het rood", "buttons": buttons}
    assert "Dat weet ik niet" in run("action_standaard", text="de laatste", **state).text
    assert knowledge.missed == [("mag dat in het rood", "gesprek")]


# -- onward -----------------------------------------------------------------------------------------------------------


def onward_about_it(run: Any, intent: str, **state: Any) -> Done:
    done: Done = run("action_kennis_verder", text=ONWARD[intent], intent=intent, **state)
    return done


@pytest.mark.parametrize("in_form", [True, False])
@pytest.mark.parametrize(
    ("intent", "told"), [("kennis_meer", "Ook elders."), ("kennis_bron", "- Kenniskaart (2023): De Meldcode"),
                         ("kennis_verwant", "Dit hoort erbij.")],
)  # fmt: skip
def test_what_is_asked_on_is_about_the_topic_just_spoken_of_and_so_is_what_follows(
    run: Any, asking: dict[str, Any], in_form: bool, intent: str, told: str
) -> None:
    done = onward_about_it(run, intent, topic_before="kindcheck", **(asking if in_form else {}))
    assert "**De kindcheck**" in done.text
    assert told in done.text
    assert done.slots == {"onderwerp": "kindcheck"}
    assert done.next == (asking["form"] if in_form else "")


def test_what_goes_with_it_can_be_pressed(run: Any) -> None:
    done = onward_about_it(run, "kennis_verwant", topic_before="kindcheck")
    (part,) = done.custom["parts"]
    assert part["buttons"] == [{"title": "Het huisverbod", "payload": '/kennisvraag{"keuze": "huisverbod"}'}]
    assert not part["title"]  # asked for, so it is open


@pytest.mark.parametrize(
    ("intent", "told"), [("kennis_meer", "Meer dan dit weet ik er niet over"), ("kennis_verwant", "geen onderwerp dat")]
)
def test_when_there_is_no_more_that_is_told(run: Any, intent: str, told: str) -> None:
    done = onward_about_it(run, intent, topic_before="huisverbod")
    assert told in done.text
    assert not done.kinds


@onward
def test_without_a_topic_the_words_answer_the_open_question(run: Any, asking: dict[str, Any], intent: str) -> None:
    done = onward_about_it(run, intent, **asking)
    assert (done.slots, done.messages) == ({"antwoord": ONWARD[intent]}, [])


@onward
def test_while_a_question_is_open_only_the_source_of_a_topic_of_before_another_answer_is_meant(
    run: Any, asking: dict[str, Any], intent: str
) -> None:
    earlier = {"slots": {"onderwerp": "kindcheck"}}
    meant = {"onderwerp": "kindcheck"} if intent == "kennis_bron" else {"antwoord": ONWARD[intent]}
    assert onward_about_it(run, intent, **asking, **earlier).slots == meant
    assert "**De kindcheck**" in onward_about_it(run, intent, **earlier).text


@onward
def test_without_a_topic_or_a_question_it_asks_for_one(run: Any, intent: str) -> None:
    assert "Stel je vraag gerust" in onward_about_it(run, intent).text


def test_words_that_are_hardly_understood_so_stay_an_answer_unless_they_ask(run: Any, asking: dict[str, Any]) -> None:
    state: dict[str, Any] = {"intent": "kennis_bron", "sure": SURE - 0.1, "topic_before": "kindcheck", **asking}
    assert "antwoord" in run("action_kennis_verder", text="dat staat in het dossier", **state).slots
    assert "Kenniskaart" in run("action_kennis_verder", text="waar staat dat dan?", **state).text


# -- thumbs -----------------------------------------------------------------------------------------------------------


def test_a_thumb_under_an_answer_counts_for_its_topic(run: Any, knowledge: Knowledge, asking: dict[str, Any]) -> None:
    done = run("action_duim", intent="feedback_positief", choice="huisverbod", topic_before="kindcheck", **asking)
    assert knowledge.thumbs == [("huisverbod", True, None)]
    assert "Fijn om te horen" in done.text
    assert done.slots == {"duimen": {"huisverbod": [True, TODAY]}, "onderwerp": "huisverbod"}
    assert done.next == "kennismaking_form"


def test_a_thumb_down_says_who_sees_it_and_who_knows_more(run: Any, knowledge: Knowledge) -> None:
    done = run("action_duim", intent="feedback_negatief", choice="kindcheck")
    assert knowledge.thumbs == [("kindcheck", False, None)]
    assert "redactie" in done.text
    assert "0800-2000" in done.text


def test_the_same_thumb_counts_once_and_the_other_takes_its_place(run: Any, knowledge: Knowledge) -> None:
    day = date.today() - timedelta(days=1)
    given = {"slots": {"duimen": {"kindcheck": [True, day.isoformat()], "huisverbod": [True, TODAY]}}}
    again = run("action_duim", intent="feedback_positief", choice="kindcheck", **given)
    assert "Fijn om te horen" in again.text
    assert knowledge.thumbs == []
    other = run("action_duim", intent="feedback_negatief", choice="kindcheck", **given)
    assert knowledge.thumbs == [("kindcheck", False, day)]
    assert other.slots["duimen"] == {"kindcheck": [False, TODAY], "huisverbod": [True, TODAY]}


def test_a_typed_judgement_counts_right_after_an_answer_only(run: Any, knowledge: Knowledge) -> None:
    state: dict[str, Any] = {"text": "daar heb ik niks aan", "intent": "feedback_negatief"}
    assert "Dat spijt me" in run("action_duim", **state, slots={"onderwerp": "kindcheck"}).text
    assert knowledge.thumbs == []
    assert "duim omlaag" in run("action_duim", **state, topic_before="kindcheck").text
    assert knowledge.thumbs == [("kindcheck", False, None)]

"""A question goes to a person and comes back: the three real processes, with someone at the helpdesk."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import pytest

from bot.channels import sentences
from tests.live.conversation import question_id
from tests.live.site import Site
from tests.live.staff import Colleague
from tests.live.talk import Talk, number_of, who

pytestmark = pytest.mark.live

STORY = "Hij bepaalt met wie ze mag praten, dat zag ik op het spreekuur."
QUESTION = "Hoe begin ik daarover met haar?"
KNOWLEDGE = "Wat is het verschil tussen advies vragen en melden?"
SUMMARY = "Begin met wat je zag, en vraag dan hoe het thuis gaat."


@pytest.fixture(scope="module")
def bea(pluis: Site) -> Iterator[Colleague]:
    with Colleague(pluis, f"bea{secrets.token_hex(3)}", "aandachtsfunctionaris") as made:
        yield made


def asked(talk: Talk, words: str = QUESTION) -> None:
    """Ask for a person, word the question, and agree, after calling where that is asked."""
    talk.say("ik wil een mens spreken")
    assert question_id(talk.site.case(talk.id)) == "helpdesk.vraag"
    talk.say(words)
    if "Ja, ik heb gebeld" in talk.last.replies:  # how soon it needs a person is for the triage to say
        talk.press("Ja, ik heb gebeld")
    assert sentences.HANDED.split("{")[0] in talk.press("Ja, stuur door").text


def told(talk: Talk, words: str) -> None:
    """Wait until this stands in the conversation."""
    talk.until(lambda said: any(words in one.get("text", "") for one in said))


def begun(talk: Talk) -> str:
    """Tell a story, and return the question that is open then."""
    talk.say(STORY)
    if question_id(talk.site.case(talk.id)) == "gevaar.antwoord":
        talk.press("Nee, dit is voorbij")
    return str(question_id(talk.site.case(talk.id)))


def test_a_person_takes_a_conversation_and_gives_it_back_with_a_summary(pluis: Site, bea: Colleague) -> None:
    with Talk(pluis) as talk:
        was = begun(talk)
        asked(talk)
        row = bea.question(talk.id)
        assert (row.state, row.asks, row.ground) == ("waiting", QUESTION, "asked")
        page = bea.read(f"/vragen/{row.id}")
        assert "Hij bepaalt met wie ze mag praten" in page
        bea.do(f"/vragen/{row.id}/neem")
        told(talk, "Een mens leest nu mee")
        bea.do(f"/vragen/{row.id}/antwoord", tekst="Begin met wat je zag.", sleutel="sleutel-een")
        told(talk, "Begin met wat je zag.")
        number = talk.send("Dank je. En als hij erbij is?")
        bea.do(f"/vragen/{row.id}/antwoord", tekst="Spreek haar dan later alleen.", sleutel="sleutel-twee")
        told(talk, "Spreek haar dan later alleen.")
        after = [one for one in talk.all() if number_of(one) > number and who(one) == "bot"]
        assert [one["from"]["name"] for one in after] == ["Aandachtsfunctionaris"]  # Pluis says nothing
        assert "En als hij erbij is?" in bea.read(f"/vragen/{row.id}/gesprek")
        bea.do(f"/vragen/{row.id}/sluit", categorie="beantwoord", samenvatting=SUMMARY, terug="1")
        found = talk.until(lambda said: [one for one in said if SUMMARY in one.get("text", "")])
        talk.answer_to(number_of(found[0]))  # Pluis asks again what was open
        assert question_id(pluis.case(talk.id)) == was
        assert SUMMARY in talk.say("overzicht").text
        assert "Kan Pluis hiervan leren?" in bea.read(f"/vragen/{row.id}")


def test_a_question_that_goes_back_in_the_queue_leaves_pluis_to_go_on(pluis: Site, bea: Colleague) -> None:
    with Talk(pluis) as talk:
        was = begun(talk)
        asked(talk)
        row = bea.question(talk.id)
        bea.do(f"/vragen/{row.id}/neem")
        told(talk, "Een mens leest nu mee")
        last = max(number_of(one) for one in talk.all())
        bea.do(f"/vragen/{row.id}/los")
        told(talk, sentences.LEFT_ALONE[:40])
        answer = talk.answer_to(last + 1)
        assert question_id(pluis.case(talk.id)) == was
        assert answer.replies or answer.text  # it asks again what was open
        assert bea.question(talk.id).state == "waiting"


def test_a_question_about_the_knowledge_is_taken_as_what_she_wants_to_ask(pluis: Site, bea: Colleague) -> None:
    with Talk(pluis) as talk:
        asked(talk, KNOWLEDGE)
        assert bea.question(talk.id).asks == KNOWLEDGE


def test_what_she_types_about_the_knowledge_while_she_waits_gets_an_answer(pluis: Site, bea: Colleague) -> None:
    with Talk(pluis) as talk:
        begun(talk)
        asked(talk)
        assert bea.question(talk.id).state == "waiting"
        answer = talk.say("Wat is de meldcode?")
        assert re.search(r"De meldcode", answer.text)


def test_a_wipe_takes_the_question_away(pluis: Site, bea: Colleague) -> None:
    with Talk(pluis) as talk:
        asked(talk)
        row = bea.question(talk.id)
        assert talk.wipe().status_code in (200, 204)
        assert bea.http.get(f"/desk/vragen/{row.id}", headers={"Accept": "text/html"}).status_code == 404

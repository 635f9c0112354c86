"""A person takes a conversation: one of all who try, and from then on Pluis says nothing in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.channels import EmptyError, LeftOutError, Offer, TooLongError, say, sentences
from bot.channels.activities import with_links_to_call
from bot.channels.desk import TYPES
from bot.helpdesk import LateError, UnknownQuestionError
from bot.helpdesk.models import CLAIMED

from .desks import ANNA, BRAM, CARLA, MINUTE, Place, at_once, kinds, staff

JOINED = with_links_to_call(sentences.JOINED.format(title="Helpdesk"))


def answers(place: Place, conversation: str = "c1") -> list[str]:
    """Return what a person said, without who it was."""
    return [text.partition("\n\n")[2] for text in place.said(conversation) if text.startswith("**Helpdesk**\n\n")]


# -- the claim ---------------------------------------------------------------------------------------------------------


def test_of_twenty_who_take_a_question_at_once_one_has_it(place: Place) -> None:
    question = place.ask()
    people = [staff(f"s{number}") for number in range(20)]
    results = at_once(*(partial(place.desk.claim, question, one) for one in people))
    assert kinds(results) == {"LateError": 19, "NoneType": 1}
    winner = people[results.index(None)]
    row = place.row(question)
    assert (row.state, row.owner, row.claimed_at, row.version) == (CLAIMED, winner.id, place.clock.now, 2)
    assert place.deeds() == [("question_claimed", winner.id, "c1", "behandelt de vraag")]
    assert place.said().count(JOINED) == 1


def test_who_works_on_several_questions_gets_each_of_them_once(place: Place) -> None:
    open_ones = [place.ask(f"c{number}") for number in range(4)]
    people = [staff(f"s{number}") for number in range(4)]
    works = [partial(place.desk.claim, question, one) for question in open_ones for one in people]
    assert kinds(at_once(*works)) == {"LateError": 12, "NoneType": 4}
    assert len(place.deeds()) == 4


def test_who_takes_a_question_is_shown_by_title_and_never_by_name(place: Place) -> None:
    question = place.ask()
    place.desk.claim(question, CARLA)
    place.desk.answer(question, CARLA, "Dag.", "k1")
    joined, answer = place.bodies()[-2:]
    assert joined["text"] == with_links_to_call(sentences.JOINED.format(title="Aandachtsfunctionaris"))
    assert answer["text"] == "**Aandachtsfunctionaris**\n\nDag."
    assert answer["from"] == {"id": "pluis", "name": "Aandachtsfunctionaris", "role": "bot"}
    assert [body["channelData"]["pluis"] for body in (joined, answer)] == ["person", "person"]
    assert "Naam" not in str(place.bodies())


def test_a_question_that_was_taken_closed_or_never_there_cannot_be_taken(place: Place) -> None:
    question = place.claimed()
    with pytest.raises(LateError, match="Een collega heeft deze vraag"):
        place.desk.claim(question, BRAM)
    with pytest.raises(LateError, match="Je hebt deze vraag al"):
        place.desk.claim(question, ANNA)
    place.desk.close(question, ANNA, "vraag")
    with pytest.raises(LateError, match="al afgesloten"):
        place.desk.claim(question, BRAM)
    with pytest.raises(UnknownQuestionError, match="bestaat niet, of is gewist"):
        place.desk.claim("unknown", BRAM)
    assert place.said().count(JOINED) == 1


# -- silence -----------------------------------------------------------------------------------------------------------


def test_a_turn_that_waits_when_a_person_comes_is_never_answered(place: Place) -> None:
    question = place.ask()
    place.hear("wat moet ik doen")
    place.hear("ben je er nog")
    assert place.waiting() == ["wat moet ik doen", "ben je er nog"]
    place.desk.claim(question, ANNA)
    assert place.waiting() == []
    assert place.store.next_turn("c1") is None
    assert place.store.waiting() == []
    assert {turn.content for turn in place.turns()} == {""}  # nor is it kept


def test_a_turn_that_the_engine_is_answering_when_a_person_comes_is_not_said(place: Place) -> None:
    question = place.ask()
    place.hear("wat moet ik doen")
    work = place.store.next_turn("c1")
    assert work is not None
    place.desk.claim(question, ANNA)
    before = place.said()
    assert not place.store.finish(work, [say("Dit zegt Pluis niet meer.")])
    assert not place.store.finish(work, [say("Het lukt niet.")], failed=True)
    assert not place.store.tell_outage("c1", say(sentences.OUTAGE))
    assert place.said() == before


def test_what_was_offered_before_a_person_came_cannot_be_chosen_any_more(place: Place) -> None:
    question = place.ask()
    place.hear("en nu")
    work = place.store.next_turn("c1")
    assert work is not None
    place.store.finish(work, [say("Kies.")], [Offer("o1", "Ja", "/ja")])
    assert [offer.id for offer in place.store.open_offers("c1")] == ["o1"]
    place.desk.claim(question, ANNA)
    assert place.store.open_offers("c1") == []
    handed = place.store.reply("c1", "o1")
    assert handed is not None
    assert not handed.current


def test_words_that_the_safety_net_did_not_weigh_before_a_person_came_make_it_as_heavy_as_can_be(place: Place) -> None:
    question = place.ask(class_id="P2")
    place.hear("hij staat voor de deur")
    place.desk.claim(question, ANNA)
    row = place.row(question)
    assert (row.class_id, row.rank, row.owner) == ("S", 0, ANNA.id)
    assert row.reasons[0] == sentences.NET_DEAF
    calm = place.claimed("c2", "P2")
    assert place.row(calm).class_id == "P2"


def test_what_is_said_while_a_person_answers_makes_no_turn(place: Place) -> None:
    place.claimed()
    place.hear("ik ben er weer")
    assert place.said()[-1] == "ik ben er weer"
    assert place.waiting() == []


def test_other_conversations_go_on(place: Place) -> None:
    place.ask("c2")
    place.hear("wat nu", "c2")
    place.claimed("c1")
    assert place.waiting("c2") == ["wat nu"]


def test_a_message_that_races_with_the_claim_makes_a_turn_that_is_silenced_or_none(place: Place) -> None:
    for number in range(12):
        name = f"c{number}"
        question = place.ask(name)
        place.hear("dit was er al", name)
        work = place.store.next_turn(name)
        assert work is not None
        messages = [partial(place.hear, f"bericht {one}", name) for one in range(5)]
        flight = partial(place.store.finish, work, [say("Dit was onderweg.")])
        results = at_once(partial(place.desk.claim, question, ANNA), *messages, flight)
        assert [result for result in results if isinstance(result, Exception)] == []
        said = place.said(name)
        assert len([text for text in said if text.startswith("bericht")]) == 5  # nothing that she typed is lost
        assert place.waiting(name) == []
        assert ("Dit was onderweg." in said) is results[-1]
        if results[-1]:
            assert said.index("Dit was onderweg.") < said.index(JOINED)


def test_a_wipe_that_races_with_the_claim_leaves_nothing(place: Place) -> None:
    for number in range(12):
        name = f"c{number}"
        question = place.ask(name)
        place.hear("dit was er al", name)
        work = place.store.next_turn(name)
        assert work is not None
        results = at_once(
            partial(place.desk.claim, question, ANNA),
            partial(place.store.wipe, name),
            partial(place.store.finish, work, [say("Dit was onderweg.")]),
        )
        assert results[0] is None or isinstance(results[0], UnknownQuestionError)
        assert results[1] is True
        assert results[2] in (True, False)
        with pytest.raises(UnknownQuestionError):
            place.row(question)


# -- answers -----------------------------------------------------------------------------------------------------------


def test_an_answer_is_said_once_for_its_key(place: Place) -> None:
    question = place.claimed()
    for _ in range(2):
        place.desk.answer(question, ANNA, "Bel vandaag.", "k1")
    at_once(*[partial(place.desk.answer, question, ANNA, "Bel vandaag.", "k1")] * 6)
    assert answers(place) == ["Bel vandaag."]
    place.desk.answer(question, ANNA, "Bel vandaag.", "k2")
    assert answers(place) == ["Bel vandaag."] * 2
    assert [deed[0] for deed in place.deeds()] == ["question_claimed", "question_answered", "question_answered"]


def refused(place: Place, error: type[Exception], what: Callable[[], Any]) -> None:
    """Hold that something is refused, and nothing done."""
    before, news = place.everything(), len(place.news)
    with pytest.raises(error):
        what()
    assert place.everything() == before
    assert len(place.news) == news


def test_who_has_not_the_question_answers_nothing(place: Place) -> None:
    question = place.ask()
    refused(place, LateError, lambda: place.desk.answer(question, ANNA, "Dag.", "k1"))  # nobody has it
    place.desk.claim(question, ANNA)
    refused(place, LateError, lambda: place.desk.answer(question, BRAM, "Dag.", "k1"))
    place.desk.offer(question, ANNA, BRAM.id)
    refused(place, LateError, lambda: place.desk.answer(question, BRAM, "Dag.", "k1"))  # asked is not taken
    place.desk.close(question, ANNA, "vraag")
    refused(place, LateError, lambda: place.desk.answer(question, ANNA, "Dag.", "k1"))
    refused(place, UnknownQuestionError, lambda: place.desk.answer("unknown", ANNA, "Dag.", "k1"))
    refused(place, UnknownQuestionError, lambda: place.desk.answer("", ANNA, "Dag.", "k1"))
    assert answers(place) == []


AS_TYPED = {
    "<script>alert(1)</script>": "\\<script\\>alert(1)\\</script\\>",
    "<b>vet</b> &amp; &lt;": "\\<b\\>vet\\</b\\> \\&amp; \\&lt;",
    "**vet** _schuin_ `code`": "\\*\\*vet\\*\\* \\_schuin\\_ \\`code\\`",
    "# Kop\n> citaat": "\\# Kop\n\\> citaat",
    "![x](http://x.nl/a.png)": "\\!\\[x\\]([http://x.nl/a.png](http://x.nl/a.png))",
    "[klik](javascript:alert(1))": "\\[klik\\](javascript:alert(1))",
    "[persoon 1] is bang": "\\[persoon 1\\] is bang",
    "a\\b | ~~weg~~": "a\\\\b \\| \\~\\~weg\\~\\~",
    "  zo  ": "zo",
    "a\x00b\u200bc": "abc",
}


def test_what_a_person_types_is_shown_as_it_was_typed(place: Place) -> None:
    question = place.claimed()
    for number, typed in enumerate(AS_TYPED):
        place.desk.answer(question, ANNA, typed, f"k{number}")
    assert answers(place) == list(AS_TYPED.values())


def test_addresses_and_telephone_numbers_in_an_answer_can_be_pressed(place: Place) -> None:
    place.desk.answer(place.claimed(), ANNA, "Bel 0800-2000 of 112, of kijk op https://veiligthuis.nl/a_b", "k1")
    assert answers(place) == [
        "Bel [0800-2000](tel:08002000) of [112](tel:112), of kijk op "
        "[https://veiligthuis.nl/a\\_b](https://veiligthuis.nl/a_b)"
    ]


def test_an_answer_counts_as_work_and_the_first_one_as_the_answer(place: Place) -> None:
    question = place.claimed()
    first = place.clock.now + MINUTE
    for number in range(2):
        place.clock.passes(MINUTE)
        place.desk.answer(question, ANNA, "Dag.", f"k{number}")
    row = place.row(question)
    assert (row.answered_at, row.said_at, row.staff_at) == (first, first + MINUTE, first + MINUTE)


# -- the privacy door --------------------------------------------------------------------------------------------------


def test_what_the_door_takes_out_is_shown_first_and_sent_when_that_is_sure(place: Place) -> None:
    question = place.claimed()
    before = place.everything()
    with pytest.raises(LeftOutError, match="Kijk of het zo goed is") as left:
        place.desk.answer(question, ANNA, "Bel Fatima vandaag.", "k1")
    assert left.value.text == "Bel [persoon 1] vandaag."
    assert place.everything() == before
    place.desk.answer(question, ANNA, "Bel Fatima vandaag.", "k1", sure=True)
    assert answers(place) == ["Bel \\[persoon 1\\] vandaag."]
    assert "Fatima" not in str(place.everything())


def test_where_the_door_finds_nothing_it_asks_nothing(place: Place) -> None:
    place.desk.answer(place.claimed(), ANNA, "Bel vandaag.", "k1")
    assert answers(place) == ["Bel vandaag."]


@pytest.mark.parametrize("what", ["answer", "note", "summary", "reason to lower", "reason to raise"])
def test_no_number_of_a_person_is_given_twice_whatever_text_it_stands_in(what: str, place: Place) -> None:
    question = place.claimed(class_id="P1")
    deeds: dict[str, Callable[[str], Any]] = {
        "answer": lambda text: place.desk.answer(question, ANNA, text, "k1", sure=True),
        "note": lambda text: place.desk.note(question, ANNA, text, "k1"),
        "summary": lambda text: place.desk.hand_back(question, ANNA, "vraag", text, sure=True),
        "reason to lower": lambda text: place.desk.lower(question, CARLA, "P2", text),
        "reason to raise": lambda text: place.desk.raise_by(question, ANNA, "S", text),
    }
    deeds[what]("Fatima is zijn zus")
    assert place.store.persons("c1") == 1
    place.door.forget("c1")  # as after a restart
    deeds["note"] = lambda text: place.desk.note(question, ANNA, text, "k2")
    deeds["note"]("en Jan is haar broer")
    assert place.notes(question)[-1].text == "en [persoon 2] is haar broer"


# -- empty and long ----------------------------------------------------------------------------------------------------

TEXTS: dict[str, Callable[[Place, str, str], Any]] = {
    "answer": lambda place, one, text: place.desk.answer(one, ANNA, text, "k1"),
    "note": lambda place, one, text: place.desk.note(one, ANNA, text, "k1"),
    "lower": lambda place, one, text: place.desk.lower(one, CARLA, "P2", text),
    "raise": lambda place, one, text: place.desk.raise_by(one, ANNA, "S", text),
}


def test_a_text_without_words_is_refused(place: Place) -> None:
    question = place.claimed()
    for deed in TEXTS.values():
        for text in ("", "   ", "\n\t", "?!", "\x00\u200b", "😢"):
            refused(place, EmptyError, partial(deed, place, question, text))
    with pytest.raises(EmptyError, match=r"^Schrijf eerst iets\.$"):
        place.desk.note(question, ANNA, "", "k1")


def test_a_text_that_is_too_long_is_refused_and_one_that_just_fits_is_not(place: Place) -> None:
    question = place.claimed()
    deeds = TEXTS | {"summary": lambda place, one, text: place.desk.hand_back(one, ANNA, "vraag", text)}
    for deed in deeds.values():
        refused(place, TooLongError, partial(deed, place, question, "a" * 4001))
        deed(place, question, "a" * 4000)


def test_a_note_of_ten_thousand_words_is_refused_and_nothing_is_lost(place: Place) -> None:
    question = place.claimed()
    place.desk.note(question, ANNA, "Dit stond er al.", "k1")
    with pytest.raises(TooLongError) as refusal:
        place.desk.note(question, ANNA, "woord " * 10_000, "k2")
    assert str(refusal.value) == (
        "Dit is te lang: 59.999 tekens, en er passen er 4.000 in. Je tekst staat er nog. Maak er twee stukken van."
    )
    assert [note.text for note in place.notes(question)] == ["Dit stond er al."]
    place.desk.note(question, ANNA, "woord " * 600, "k2")  # and so it can be said in pieces, under the same key
    assert len(place.notes(question)) == 2


# -- what the user sees ------------------------------------------------------------------------------------------------


def test_the_user_sees_that_a_person_types_until_the_answer_is_there(place: Place) -> None:
    question = place.claimed()
    place.clock.passes(MINUTE)
    before = place.said()
    place.desk.types(question, ANNA)
    assert place.hub.typing["c1"]["from"]["name"] == "Helpdesk"
    assert place.said() == before
    assert place.row(question).staff_at == place.clock.now
    place.desk.answer(question, ANNA, "Dag.", "k1")
    assert "c1" not in place.hub.typing
    refused(place, LateError, lambda: place.desk.types(question, BRAM))
    assert "c1" not in place.hub.typing


def test_who_stops_writing_is_not_seen_to_write_for_ever(place: Place) -> None:
    question = place.claimed()
    place.desk.types(question, ANNA)
    place.clock.passes(TYPES)
    place.desk.look()
    assert "c1" in place.hub.typing
    place.clock.passes(1)
    place.desk.look()
    assert "c1" not in place.hub.typing


async def test_what_is_done_in_another_thread_is_told_in_the_loop(place: Place) -> None:
    question = place.ask()
    place.hub.start()
    told = asyncio.Queue[bool]()
    loop = asyncio.get_running_loop()

    def hear(_conversation: str, _passing: bool) -> None:
        told.put_nowait(asyncio.get_running_loop() is loop)

    place.hub.watch(hear)
    with place.hub.listen("c1") as listener:
        await asyncio.to_thread(place.desk.claim, question, ANNA)
        assert await listener.wait(5)
    async with asyncio.timeout(5):
        assert await told.get()


def test_who_watches_the_queue_hears_of_each_change_that_was_made(place: Place) -> None:
    heard: list[str] = []
    question = place.ask()
    place.desk.watch(lambda: heard.append(place.row(question).state))
    place.desk.claim(question, ANNA)
    place.desk.release(question, ANNA)
    assert heard == ["claimed", "waiting"]  # after it was done
    with pytest.raises(LateError):
        place.desk.release(question, ANNA)
    assert len(heard) == 2

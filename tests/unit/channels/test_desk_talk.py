"""A conversation that a person has: what the user types goes there, and Pluis only listens for danger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.channels import Chat, Incoming, Patience, TextTooLongError, TurnRunner, UnknownConversationError, sentences
from bot.channels.activities import with_links_to_call
from bot.helpdesk import UnknownQuestionError, questions

from .desks import ANNA, ANSWER_DAYS, BASE, BRAM, DAY, KEEP, Place
from .fakes import FakeEngine, echo

QUICK = Patience(first_wait=0.02, longest_wait=0.05, told_after=5.0, typing_every=0.1, sweep_every=0.05)
HANDOVER = {
    "kind": "handover", "class": "P1", "reasons": ["Uit elkaar gaan"], "ground": "asked", "asks": "Wat nu?",
    "facts": [], "phase": "weging", "profession": "huisarts",
}  # fmt: skip


@dataclass
class Talk:
    """A user who talks, with everything behind her real but the engine and the door."""

    place: Place
    engine: FakeEngine
    runner: TurnRunner
    chat: Chat
    question: str = ""

    async def say(self, text: str, key: str | None = None, **more: Any) -> str:
        """Type something."""
        return await self.chat.receive("c1", Incoming(text, key=key, **more))

    async def until(self, wanted: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(10):
            while not await asyncio.to_thread(wanted):
                await asyncio.sleep(0.01)

    async def rest(self) -> None:
        """Wait until nobody has anything to do."""
        await self.until(
            lambda: not self.chat._watching and not self.place.waiting() and "c1" not in self.runner._turns
        )

    async def claim(self) -> None:
        """Have a person take the conversation."""
        await asyncio.to_thread(self.place.desk.claim, self.question, ANNA)

    def bot(self) -> list[str]:
        """Return what was said to the user."""
        return [body["text"] for body in self.place.bodies() if body["from"]["role"] == "bot"]


@pytest.fixture
async def talk(place: Place) -> AsyncIterator[Talk]:
    """A conversation of which a question is with the helpdesk."""
    engine = FakeEngine()
    client = engine.client()
    runner = TurnRunner(
        place.store, client, place.hub, owner="here", summary_link=lambda *_: "", forgotten=place.door.forget,
        desk=place.desk, retention=KEEP, patience=QUICK,
    )  # fmt: skip
    made = Talk(place, engine, runner, Chat(place.store, place.hub, runner, place.door, client, place.desk))
    runner.start()
    await made.chat.begin("c1", "directline", BASE)
    await made.until(lambda: "Welkom bij Pluis." in place.said())
    place.hand_over()
    with place.sessions() as session:
        row = questions.open_in(session, "c1")
    assert row is not None
    made.question = row.id
    yield made
    await runner.stop()
    await client.close()


# -- who answers -------------------------------------------------------------------------------------------------------


async def test_what_she_types_goes_to_the_engine_until_a_person_comes_and_again_after_that(talk: Talk) -> None:
    await talk.say("eerst")
    await talk.until(lambda: "antwoord op: eerst" in talk.bot())
    await talk.claim()
    await talk.say("Fatima is er weer")
    await talk.rest()
    assert talk.place.said()[-1] == "[persoon 1] is er weer"
    assert talk.engine.texts == ["eerst"]
    await asyncio.to_thread(talk.place.desk.hand_back, talk.question, ANNA, "vraag", "Bel vandaag.")
    talk.runner.wake("c1")
    await talk.say("dank je")
    await talk.until(lambda: "antwoord op: dank je" in talk.bot())
    assert talk.engine.payloads == ["/groet", '/helpdesk_terug{"keuze": "Bel vandaag."}']
    assert talk.engine.texts == ["eerst", "dank je"]


async def test_what_the_engine_was_answering_is_not_said_when_a_person_comes(talk: Talk) -> None:
    talk.engine.answers_in = 0.3
    await talk.say("wat moet ik doen")
    await talk.until(lambda: [turn for turn in talk.engine.tried if turn.get("text")])
    await talk.claim()
    await talk.rest()
    assert talk.engine.texts == ["wat moet ik doen"]
    assert not [text for text in talk.bot() if text.startswith("antwoord")]


async def test_what_waits_for_an_engine_that_is_out_is_never_answered_once_a_person_came(talk: Talk) -> None:
    talk.engine.down = True
    await talk.say("wat moet ik doen")
    await talk.until(lambda: with_links_to_call(sentences.OUTAGE) in talk.bot())
    await talk.claim()
    await talk.rest()
    said = talk.bot()
    talk.engine.down = False
    await asyncio.to_thread(talk.place.desk.close, talk.question, ANNA, "vraag")
    await talk.until(lambda: "/helpdesk_terug" in talk.engine.payloads)
    await talk.rest()
    assert talk.engine.texts == []
    assert talk.bot()[: len(said)] == said


async def test_a_button_of_before_is_no_answer_any_more(talk: Talk) -> None:
    reply = talk.place.store.open_offers("c1")[0]
    await talk.claim()
    await talk.chat.receive("c1", Incoming(value={"reply": reply.id}))
    await talk.say(reply.title)  # typed, it is a text like any other
    await talk.rest()
    assert talk.engine.payloads == ["/groet"]
    assert sentences.OLD_REPLY in talk.bot()
    assert talk.place.said()[-1] == reply.title


# -- what is said beside it --------------------------------------------------------------------------------------------


async def test_what_needs_no_answer_of_pluis_gets_none(talk: Talk) -> None:
    await talk.say("👍")
    await talk.say("Fatima zit hier")
    await talk.say("Fatima is persoon 1")
    await talk.until(lambda: "antwoord op: [persoon 1] zit hier" in talk.bot())
    assert [text for text in talk.bot() if text in (sentences.NO_WORDS, sentences.ROLE_KEPT)] == [
        sentences.NO_WORDS, sentences.ROLE_KEPT,
    ]  # fmt: skip
    await talk.claim()
    before = talk.bot()
    await talk.say("👍")
    await talk.say("Fatima is persoon 1")
    await talk.rest()
    assert talk.bot() == before
    assert talk.place.said()[-2:] == ["👍", "[persoon 1] is persoon 1"]


async def test_what_is_not_kept_is_told_also_while_a_person_answers(talk: Talk) -> None:
    await talk.claim()
    with pytest.raises(TextTooLongError):
        await talk.say("a" * 4001)
    assert talk.bot()[-1] == with_links_to_call(sentences.TOO_LONG)
    await talk.say("kijk", has_files=True)
    assert talk.bot()[-1] == sentences.NO_FILES


async def test_a_message_that_is_changed_is_a_new_one_for_the_person_and_one_that_is_removed_is_gone(
    talk: Talk,
) -> None:
    await talk.claim()
    await talk.say("paraplubak", key="m1")
    before = talk.bot()
    await talk.chat.amend("c1", Incoming("wasknijper", key="m1|2"))
    assert talk.place.said()[-1] == "wasknijper"
    await talk.chat.withdraw("c1", "m1")
    assert not {"paraplubak", "wasknijper"} & set(talk.place.said())
    assert talk.bot() == before
    await asyncio.to_thread(talk.place.desk.close, talk.question, ANNA, "vraag")
    await talk.say("knikkerzak", key="m2")
    await talk.chat.withdraw("c1", "m2")
    assert with_links_to_call(sentences.DELETED) in talk.bot()


# -- danger ------------------------------------------------------------------------------------------------------------


async def test_danger_in_what_she_types_makes_the_question_as_heavy_as_can_be(talk: Talk) -> None:
    await talk.claim()
    await talk.say("hij is boos")
    await talk.rest()
    assert talk.place.row(talk.question).class_id == "P1"
    await talk.say("hij heeft een mes")
    await talk.rest()
    row = talk.place.row(talk.question)
    assert (row.class_id, row.rank, row.reasons[0]) == ("S", 0, sentences.NET_HEARD)
    assert row.owner == ANNA.id
    assert talk.engine.texts == []  # it is read, not answered


async def test_where_the_net_cannot_be_asked_it_is_danger(talk: Talk) -> None:
    await talk.claim()
    talk.engine.down = True
    await talk.say("hij is boos")
    await talk.rest()
    row = talk.place.row(talk.question)
    assert (row.class_id, row.reasons[0]) == ("S", sentences.NET_DEAF)


async def test_before_a_person_comes_the_engine_itself_hears_danger(talk: Talk) -> None:
    await talk.say("hij heeft een mes")
    await talk.until(lambda: "antwoord op: hij heeft een mes" in talk.bot())
    await talk.rest()
    assert talk.place.row(talk.question).class_id == "P1"


# -- wiping ------------------------------------------------------------------------------------------------------------


async def test_wis_dit_gesprek_is_asked_once_and_twice_it_wipes(talk: Talk) -> None:
    await talk.claim()
    await talk.say("Wis dit gesprek!", key="m1")
    assert talk.bot()[-1] == sentences.WIPE_SURE
    await talk.say("wis dit gesprek", key="m2")
    assert talk.place.store.is_wiped("c1")
    with pytest.raises(UnknownQuestionError):
        talk.place.row(talk.question)
    with pytest.raises(UnknownConversationError):
        await talk.say("ben je er nog")
    await talk.until(lambda: talk.engine.forgotten == ["c1"])
    assert talk.engine.texts == []


async def test_wis_dit_gesprek_with_something_in_between_is_asked_again(talk: Talk) -> None:
    await talk.claim()
    for text in ("wis dit gesprek", "nee wacht", "wis dit gesprek"):
        await talk.say(text)
    assert talk.bot().count(sentences.WIPE_SURE) == 2
    assert not talk.place.store.is_wiped("c1")
    await asyncio.to_thread(talk.place.desk.answer, talk.question, ANNA, "Weet je het zeker?", "k1")
    await talk.say("wis dit gesprek")  # what others say comes not in between
    assert talk.place.store.is_wiped("c1")


async def test_wis_dit_gesprek_that_is_sent_twice_by_the_client_was_typed_once(talk: Talk) -> None:
    await talk.claim()
    first = await talk.say("wis dit gesprek", key="m1")
    assert await talk.say("wis dit gesprek", key="m1") == first
    assert talk.bot().count(sentences.WIPE_SURE) == 1
    assert not talk.place.store.is_wiped("c1")


async def test_without_a_person_pluis_itself_asks_whether_to_wipe(talk: Talk) -> None:
    await talk.say("wis dit gesprek")
    await talk.until(lambda: "antwoord op: wis dit gesprek" in talk.bot())
    assert sentences.WIPE_SURE not in talk.bot()


async def test_a_conversation_is_let_go_when_the_days_after_the_answer_are_over(talk: Talk) -> None:
    await talk.claim()
    await asyncio.to_thread(talk.place.desk.close, talk.question, ANNA, "vraag")
    await talk.rest()
    talk.place.begin("c2")
    talk.place.clock.passes(KEEP + 1)
    await talk.until(lambda: talk.place.store.is_wiped("c2"))
    assert not talk.place.store.is_wiped("c1")
    talk.place.clock.passes(ANSWER_DAYS * DAY - KEEP - 2)
    talk.place.begin("c3")
    talk.place.clock.passes(1)
    await talk.until(lambda: talk.place.store.is_wiped("c1"))
    assert not talk.place.store.is_wiped("c3")


# -- what a turn asks of the desk --------------------------------------------------------------------------------------


async def test_a_turn_hands_a_question_over_and_takes_it_back(talk: Talk) -> None:
    asked: dict[str, dict[str, Any]] = {
        "stuur maar door": HANDOVER,
        "trek maar in": {"kind": "handover", "withdraw": True},
        "hij volgt haar": {"kind": "handover", "raise": True, "class": "S", "reasons": ["Gevaar"]},
    }

    def answer(body: dict[str, Any]) -> list[dict[str, Any]]:
        custom = asked.get(body.get("text", ""))
        return [{"custom": custom}, {"text": "Verder."}] if custom else echo(body)

    def last_two() -> list[str]:
        return talk.bot()[-2:]

    talk.engine.answer = answer
    await talk.say("trek maar in")
    await talk.until(lambda: last_two() == [sentences.WITHDRAWN, "Verder."])
    await talk.say("stuur maar door")
    await talk.until(lambda: "Verder." in talk.bot()[-1:] and talk.bot()[-3].startswith("Je vraag staat bij"))
    assert f"{BASE}/terug" in talk.bot()[-2]
    await talk.say("hij volgt haar")
    await talk.rest()
    with talk.place.sessions() as session:
        row = questions.open_in(session, "c1")
    assert row is not None
    assert (row.class_id, row.id != talk.question) == ("S", True)


async def test_a_withdrawal_that_was_on_its_way_when_a_person_came_takes_nothing_away(talk: Talk) -> None:
    talk.engine.answers_in = 0.3
    talk.engine.answer = lambda _: [{"custom": {"kind": "handover", "withdraw": True}}]
    await talk.say("laat maar")
    await talk.until(lambda: [turn for turn in talk.engine.tried if turn.get("text")])
    await talk.claim()
    await talk.rest()
    assert talk.engine.texts == ["laat maar"]
    assert talk.place.row(talk.question).owner == ANNA.id
    assert sentences.WITHDRAWN not in talk.bot()
    await asyncio.to_thread(talk.place.desk.offer, talk.question, ANNA, BRAM.id)  # the person goes on

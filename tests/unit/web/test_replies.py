"""Quick replies travel as ids that were handed out in this conversation, and nothing else is ever a payload."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.channels import sentences

from .conftest import Site
from .talk import Talk, bot_texts, replies, user_texts

COMMANDS = (
    "/restart",
    " /stop",
    "/session_start",
    '/advies{"danger_now":"no"}',
    "\u200b/groet",
    "／restart",
    "/kennisvraag",
)


def tick(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer the welcome with a list to tick, the rest with nothing to choose."""
    if body.get("payload") != "/groet":
        return [{"text": "Genoteerd."}]
    choices = [{"title": "Ze is bang", "value": "fear"}, {"title": "Geen eigen geld", "value": "no_money"}]
    return [{"custom": {"kind": "tick", "text": "Wat zag je?", "choices": choices, "submit": "Klaar"}}]


async def test_a_pressed_reply_sends_its_payload_and_shows_its_title(site: Site) -> None:
    talk = await Talk.begin(site.http)
    said = await talk.until_said("Welkom")
    await talk.press(replies(said)["Ik heb een vraag"])
    said = await talk.until_said("antwoord op: /kennisvraag")
    assert user_texts(said) == ["Ik heb een vraag"]
    assert site.engine.payloads == ["/groet", "/kennisvraag"]


@pytest.mark.parametrize("typed", ["Ik heb een vraag", "ik heb een VRAAG!", "  Ík heb een vraag "])
async def test_typing_a_choice_is_pressing_it(site: Site, typed: str) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    await talk.say(typed)
    await talk.until_said("antwoord op: /kennisvraag")
    assert site.engine.texts == []


def rows(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer the welcome with a fact list of which a line can be taken away, the rest with a question."""
    if body.get("payload") != "/groet":
        return [{"text": "Klopt dit zo?", "buttons": [{"title": "Klopt zo", "payload": "/klopt"}]}]
    buttons = [{"title": "Weghalen", "full": "Weghalen: “ze was bang”", "payload": '/keuze{"keuze": "weg:r1"}'}]
    custom = {"kind": "rows", "rows": [{"text": "“ze was bang”", "buttons": buttons}]}
    return [{"text": "- ze was bang", "buttons": [{"title": "Klopt zo", "payload": "/klopt"}], "custom": custom}]


async def test_what_is_done_with_a_row_is_said_in_full_and_only_while_the_question_is_open(site: Site) -> None:
    site.engine.answer = rows
    talk = await Talk.begin(site.http)
    said = await talk.until_said("ze was bang")
    (card,) = [activity["attachments"][0]["content"] for activity in said if activity.get("attachments")]
    data = card["actions"][0]["card"]["body"][1]["actions"][0]["data"]
    await talk.say("?!")  # no answer: the choices are offered again, without what stands on the card
    said = await talk.until_said("Ik kan alleen woorden lezen")
    assert set(replies(said)) == {"Klopt zo"}
    await talk.post(type="message", value=data)
    said = await talk.until_said("Klopt dit zo?")
    assert user_texts(said)[-1] == "Weghalen: “ze was bang”"
    assert site.engine.payloads[-1] == '/keuze{"keuze": "weg:r1"}'
    await talk.post(type="message", value=data)
    await talk.until_said(sentences.USED_REPLY)


async def test_a_choice_of_an_earlier_question_is_only_text_when_typed(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    await talk.say("iets anders")
    await talk.until_said("antwoord op: iets anders")
    await talk.say("Ik heb een vraag")
    await talk.until_said("antwoord op: Ik heb een vraag")
    assert site.engine.texts == ["iets anders", "Ik heb een vraag"]


@pytest.mark.parametrize("typed", COMMANDS)
async def test_a_typed_command_is_text(site: Site, typed: str) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    await talk.say(typed)
    await talk.until_said("antwoord op")
    assert site.engine.payloads == ["/groet"]
    assert not site.engine.texts[0].lstrip().startswith("/")


@pytest.mark.parametrize(
    "value", [{"reply": "r1"}, {"reply": "/groet"}, {"reply": None}, {"reply": ["x"]}, {"reply": "\ud800"}]
)
async def test_a_reply_that_was_never_handed_out_gets_a_sentence(site: Site, value: dict[str, Any]) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    sent = '{"type": "message", "value": ' + json.dumps(value) + "}"
    headers = talk.headers | {"Content-Type": "application/json"}
    assert (await talk.http.post(talk.url, headers=headers, content=sent)).status_code == 200
    await talk.until_said(sentences.UNKNOWN_REPLY)
    assert site.engine.payloads == ["/groet"]


async def test_a_reply_of_another_conversation_is_unknown_here(site: Site) -> None:
    hers, mine = await Talk.begin(site.http), await Talk.begin(site.http)
    foreign = replies(await hers.until_said("Welkom"))["Ik heb een vraag"]
    await mine.until_said("Welkom")
    await mine.press(foreign)
    await mine.until_said(sentences.UNKNOWN_REPLY)
    assert site.engine.payloads == ["/groet", "/groet"]


async def test_pressing_twice_counts_once(site: Site) -> None:
    talk = await Talk.begin(site.http)
    reply = replies(await talk.until_said("Welkom"))["Onderbuikgevoel"]
    await talk.press(reply)
    await talk.press(reply)
    await talk.until_said(sentences.USED_REPLY)
    assert site.engine.payloads.count("/onderbuikgevoel") <= 1


async def test_presses_at_the_same_moment_make_one_turn(site: Site) -> None:
    talk = await Talk.begin(site.http)
    reply = replies(await talk.until_said("Welkom"))["Onderbuikgevoel"]
    await asyncio.gather(*(talk.press(reply) for _ in range(6)))
    await talk.until_said("antwoord op: /onderbuikgevoel")
    await talk.until_said(sentences.USED_REPLY, times=5)
    assert site.engine.payloads == ["/groet", "/onderbuikgevoel"]


async def test_of_one_question_one_choice_is_made_also_when_the_answer_takes_long(site: Site) -> None:
    talk = await Talk.begin(site.http)
    offered = replies(await talk.until_said("Welkom"))
    site.engine.down = True
    await asyncio.gather(*(talk.press(reply) for reply in offered.values()))
    await talk.until_said(sentences.OLD_REPLY)
    site.engine.down = False
    await talk.say("en verder")
    await talk.until_said("antwoord op: en verder")
    assert len(site.engine.payloads) == 2


async def test_a_card_is_not_ticked_any_more_once_an_answer_was_typed(site: Site) -> None:
    site.engine.answer = tick
    talk = await Talk.begin(site.http)
    said = await talk.until_said("Wat zag je?")
    card = said[-1]["attachments"][0]["content"]["actions"][0]["data"]["reply"]
    await talk.say("iets heel anders")
    await talk.until_said("Genoteerd")
    await talk.press(card, keuze="fear")
    await talk.until_said(sentences.OLD_REPLY)
    assert site.engine.payloads == ["/groet"]


async def test_a_choice_of_an_earlier_question_is_not_pressed_for_a_later_one(site: Site) -> None:
    site.engine.answer = lambda body: [{"text": "Vraag", "buttons": [{"title": "Ja", "payload": "/bevestigen"}]}]
    talk = await Talk.begin(site.http)
    old = replies(await talk.until_said("Vraag"))["Ja"]
    await talk.say("iets anders")
    await talk.until_said("Vraag", times=2)
    await talk.press(old)
    said = await talk.until_said(sentences.OLD_REPLY)
    assert site.engine.payloads == ["/groet"]
    assert replies(said)["Ja"] != old  # the present choices stand under the sentence


async def test_what_belongs_to_an_answer_is_pressed_at_any_later_moment_and_more_than_once(site: Site) -> None:
    thumbs = [{"title": "👍 Nuttig", "payload": "/goed"}]
    site.engine.answer = lambda body: [
        {"text": f"antwoord op {body.get('text', body.get('payload'))}"},
        {"custom": {"kind": "parts", "parts": [], "buttons": thumbs}},
        {"text": "Vraag", "buttons": [{"title": "Ja", "payload": "/ja"}]},
    ]
    talk = await Talk.begin(site.http)
    said = await talk.until_said("Vraag")
    thumb = said[-2]["attachments"][0]["content"]["body"][0]["actions"][0]["data"]["reply"]
    await talk.press(replies(said)["Ja"])
    await talk.until_said("antwoord op /ja")
    for _ in range(2):
        await talk.press(thumb)
    said = await talk.until_said("antwoord op /goed", times=2)
    assert user_texts(said) == ["Ja", "👍 Nuttig", "👍 Nuttig"]
    assert site.engine.payloads == ["/groet", "/ja", "/goed", "/goed"]
    await talk.press(replies(said)["Ja"])  # the question that came after it is still to be answered
    await talk.until_said("antwoord op /ja", times=2)


async def test_words_that_are_the_title_of_something_beside_the_question_stay_words(site: Site) -> None:
    related = [{"title": "Stalking", "payload": "/kennisvraag"}]
    site.engine.answer = lambda body: [
        {"text": "Vraag"}, {"custom": {"kind": "parts", "parts": [], "buttons": related}}
    ]  # fmt: skip
    talk = await Talk.begin(site.http)
    await talk.until_said("Vraag")
    await talk.say("stalking")
    await talk.until_said("Vraag", times=2)
    assert site.engine.texts == ["stalking"]


async def test_a_ticked_list_becomes_one_payload_and_is_shown_in_words(site: Site) -> None:
    site.engine.answer = tick
    talk = await Talk.begin(site.http)
    said = await talk.until_said("Wat zag je?")
    reply = said[-1]["attachments"][0]["content"]["actions"][0]["data"]["reply"]
    await talk.press(reply, keuze="fear,no_money")
    said = await talk.until_said("Genoteerd")
    assert site.engine.payloads[-1] == '/keuze{"keuze": "fear,no_money"}'
    assert user_texts(said) == ["Aangevinkt: Ze is bang; Geen eigen geld"]


async def test_a_list_can_be_ticked_by_typing_its_numbers(site: Site) -> None:
    site.engine.answer = tick
    talk = await Talk.begin(site.http)
    await talk.until_said("Wat zag je?")
    await talk.say("2")
    await talk.until_said("Genoteerd")
    await talk.say("2")  # now it is an answer like any other
    await talk.until_said("Genoteerd", times=2)
    assert site.engine.payloads[-1] == '/keuze{"keuze": "no_money"}'
    assert site.engine.texts == ["2"]


async def test_a_value_that_is_not_in_the_list_is_refused(site: Site) -> None:
    site.engine.answer = tick
    talk = await Talk.begin(site.http)
    said = await talk.until_said("Wat zag je?")
    reply = said[-1]["attachments"][0]["content"]["actions"][0]["data"]["reply"]
    await talk.press(reply, keuze='x"}/restart{"')
    said = await talk.until_said(sentences.UNKNOWN_REPLY)
    assert site.engine.payloads == ["/groet"]
    assert "/restart" not in " ".join(bot_texts(said) + user_texts(said))

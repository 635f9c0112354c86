"""A conversation from end to end over HTTP: said, kept, answered, in order and once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.channels import sentences
from bot.channels.activities import with_links_to_call
from tests.unit.channels.fakes import FakeEngine

from .conftest import QUICK, Site, running
from .talk import Talk, bot_texts, replies, user_texts


async def test_pluis_welcomes_first(site: Site) -> None:
    talk = await Talk.begin(site.http)
    said = await talk.until_said("Welkom")
    assert list(replies(said)) == ["Onderbuikgevoel", "Ik heb een vraag"]
    assert site.engine.payloads == ["/groet"]


async def test_a_text_is_masked_before_it_is_kept_sent_or_shown(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.say("Fatima is bang voor Jan")
    said = await talk.until_said("antwoord op")
    assert user_texts(said) == ["[persoon 1] is bang voor [persoon 2]"]
    assert site.engine.texts == ["[persoon 1] is bang voor [persoon 2]"]


async def test_messages_are_answered_in_order_and_300_do_not_get_stuck(site: Site) -> None:
    talk = await Talk.begin(site.http)
    for number in range(300):
        await talk.say(f"bericht {number}")
    async with asyncio.timeout(30):
        while len(site.engine.texts) < 300:
            await asyncio.sleep(0.05)
    assert site.engine.texts == [f"bericht {number}" for number in range(300)]


async def test_an_outage_is_told_once_and_the_message_is_answered_once(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    site.engine.down = True
    await talk.say("ze is bang")
    await talk.say("en er zijn kinderen")
    await talk.until_said("even buiten werking")
    await asyncio.sleep(0.3)  # several tries go by
    said = await talk.all()
    assert sum("even buiten werking" in text for text in bot_texts(said)) == 1
    site.engine.down = False
    said = await talk.until_said("antwoord op: en er zijn kinderen")
    assert [t for t in bot_texts(said) if t.startswith("antwoord")] == [
        "antwoord op: ze is bang",
        "antwoord op: en er zijn kinderen",
    ]
    assert len({turn["id"] for turn in site.engine.turns}) == len(site.engine.turns) == 3


async def test_a_turn_is_tried_again_under_the_same_id_with_a_higher_attempt(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    site.engine.faults = [503, 503]
    await talk.say("hallo")
    await talk.until_said("antwoord op: hallo")
    tries = [turn for turn in site.engine.tried if turn.get("text") == "hallo"]
    assert [turn["attempt"] for turn in tries] == [1, 2, 3]
    assert len({turn["id"] for turn in tries}) == 1


async def test_what_was_not_answered_is_answered_after_a_restart(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with running(tmp_path, engine) as first:
        talk = await Talk.begin(first.http)
        await talk.until_said("Welkom")
        engine.down = True
        await talk.say("ze durft niet naar huis")
        await talk.until_said("even buiten werking")
    engine.down = False
    async with running(tmp_path, engine) as second:
        talk.http = second.http
        said = await talk.until_said("antwoord op: ze durft niet naar huis")
    assert sum("antwoord op" in text for text in bot_texts(said)) == 1


async def test_a_turn_that_the_engine_refuses_is_given_up_and_the_next_is_answered(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    site.engine.faults = [422]
    await talk.say("eerste")
    await talk.say("tweede")
    said = await talk.until_said("antwoord op: tweede")
    assert any("foutnummer" in text for text in bot_texts(said))
    assert site.engine.texts == ["tweede"]


async def test_a_turn_that_fails_time_and_again_is_given_up(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    site.engine.faults = [500, 500, 500]
    await talk.say("eerste")
    await talk.until_said("foutnummer")
    assert [turn["attempt"] for turn in site.engine.tried if turn.get("text")] == [1, 2, 3]


async def test_the_same_message_sent_twice_counts_once(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    first = await talk.say("ze is bang", key="m1")
    await talk.until_said("antwoord op: ze is bang")
    again = await talk.post(text="ze is bang", channelData={"pluisMessage": "m1", "clientActivityID": "second"})
    assert again.json()["id"] == first
    said = await talk.all()
    assert [a["channelData"].get("clientActivityID") for a in said if a["id"] == first] == ["second"]
    assert site.engine.texts == ["ze is bang"]


async def test_the_same_message_sent_twice_at_once_counts_once(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    assert len(set(await asyncio.gather(*(talk.say("ze is bang", key="m1") for _ in range(6))))) == 1
    await talk.until_said("antwoord op: ze is bang")
    assert site.engine.texts == ["ze is bang"]
    long = {"text": "a" * 4001, "channelData": {"pluisMessage": "m2"}}
    refused = await asyncio.gather(*(talk.post(**long) for _ in range(6)))
    assert [answer.status_code for answer in refused] == [413] * 6
    assert bot_texts(await talk.until_said("te lang")).count(with_links_to_call(sentences.TOO_LONG)) == 1


async def test_emoji_alone_and_nothing_get_a_sentence_and_never_reach_the_engine(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    for text in ("😢😢", "", "   ", "\x00", "\u200b", "?!"):
        await talk.say(text)
    said = await talk.until_said("alleen woorden", times=6)
    assert site.engine.texts == []
    assert list(replies(said)) == ["Onderbuikgevoel", "Ik heb een vraag"]  # the choices come back with the sentence


async def test_4000_characters_pass_and_4001_do_not(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    assert (await talk.post(text="a" * 4000)).status_code == 200
    for _ in range(2):
        refused = await talk.post(text="a" * 4001, channelData={"pluisMessage": "long"})
        assert refused.status_code == 413
        assert refused.json()["type"] == "urn:pluis:problem:text-too-long"
    said = await talk.until_said("te lang")
    assert bot_texts(said).count(with_links_to_call(sentences.TOO_LONG)) == 1
    assert "a" * 4001 not in site.engine.texts


async def test_wiping_forgets_everywhere_and_says_so(site: Site) -> None:
    site.engine.answer = lambda body: [{"text": "Goed."}, {"custom": {"kind": "wipe"}}]
    talk = await Talk.begin(site.http)
    async with asyncio.timeout(5):
        while not site.engine.forgotten:
            await asyncio.sleep(0.01)
    for answer in (
        await site.http.get(talk.url, headers=talk.headers),
        await talk.post(text="ben je er nog"),
        await site.http.post("/v3/directline/conversations", headers=talk.headers),
        await site.http.post("/v3/directline/tokens/refresh", headers=talk.headers),
    ):
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:pluis:problem:unknown-conversation"


async def test_a_wipe_while_the_engine_is_down_reaches_it_later(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    await talk.say("Fatima")
    site.engine.down = True
    gone = await site.http.delete(f"/v3/directline/conversations/{talk.id}", headers=talk.headers)
    assert gone.status_code == 204
    assert site.engine.forgotten == []
    assert talk.id not in site.door.known
    site.engine.down = False
    async with asyncio.timeout(5):
        while site.engine.forgotten != [talk.id]:
            await asyncio.sleep(0.01)


async def test_an_engine_that_forgets_slowly_is_asked_once(site: Site) -> None:
    site.engine.forgets_in = 6 * QUICK.sweep_every  # so many times the sweeper looks for what is still to be forgotten
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    await site.http.delete(f"/v3/directline/conversations/{talk.id}", headers=talk.headers)
    store = site.app.state.services.chat.store
    assert store.engine_wipes() == [talk.id]  # nobody waited for it
    async with asyncio.timeout(5):
        while store.engine_wipes():
            await asyncio.sleep(0.01)
    assert site.engine.forgotten == [talk.id]


async def test_the_user_is_told_what_was_left_out_and_never_the_thing_itself(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.say("Fatima is bang voor Jan")
    await talk.say("ze is bang")
    first, second = (a for a in await talk.until_said("antwoord op: ze is bang") if a["from"].get("role") == "user")
    assert first["channelData"]["pluisLeftOut"] == ["persoon"]
    assert "pluisLeftOut" not in second["channelData"]


async def test_after_a_restart_numbering_goes_on_and_pluis_asks_once_who_was_who(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with running(tmp_path, engine) as first:
        talk = await Talk.begin(first.http)
        await talk.say("Fatima is bang voor Jan")
        await talk.until_said("antwoord op")
    async with running(tmp_path, engine) as second:
        talk.http = second.http
        await talk.say("ze is er weer")  # no name: nothing to ask yet
        await talk.say("Fatima huilde")
        await talk.say("Jan niet")
        said = await talk.until_said("antwoord op: [persoon 4] niet")
        assert [text for text in bot_texts(said) if "tel ik nu verder vanaf" in text] == [
            sentences.WHO_WAS_WHO.format(number=3)
        ]
        await talk.say("Fatima is persoon 1")  # a door that refuses: nothing is kept, so that is not said either
        await talk.until_said("antwoord op: [persoon 3] is persoon 1")
        turns = len(engine.turns)
        await talk.say("Fatima is persoon 3")
        await talk.until_said(sentences.ROLE_KEPT)
        assert len(engine.turns) == turns  # the engine has nothing to say to that


async def test_a_client_who_was_named_before_a_restart_is_asked_about_too(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with running(tmp_path, engine) as first:
        talk = await Talk.begin(first.http)
        await talk.say("[cliënt] is bang")
        await talk.until_said("antwoord op")
        await talk.say("Fatima huilde")
        await talk.until_said("tel ik nu verder vanaf [persoon 1]")

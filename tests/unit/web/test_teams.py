"""Microsoft Teams through the real SDK: a talk in a chat, what Teams can and cannot show, and what goes wrong."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels import say
from bot.channels.teams import Address, Pace
from bot.channels.teams.chats import FAREWELL, Parcel
from tests.unit.channels.fakes import FakeClock, FakeEngine

from .conftest import Site, running
from .microsoft import AGENT, Microsoft, activity, bring, microsoft, words
from .talk import Talk

PACE = Pace(first_wait=0.02, longest_wait=0.05, typing_after=0.05, sweep_every=0.05)


@pytest.fixture(scope="module")
def listens() -> Iterator[Microsoft]:
    with microsoft() as side:
        yield side


@pytest.fixture
def teams(listens: Microsoft) -> Microsoft:
    listens.sent.clear()
    listens.by_chat.clear()
    listens.answers.clear()
    listens.tried = 0
    listens.refuses = lambda _body: 0
    listens.code, listens.says, listens.takes = "", "", 0.0
    return listens


@asynccontextmanager
async def trial(root: Path, engine: FakeEngine | None = None, **more: Any) -> AsyncIterator[Site]:
    async with running(root, engine or FakeEngine(), pace=PACE, teams_trial=True, **more) as site:
        yield site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with trial(tmp_path) as built:
        yield built


async def welcomed(site: Site, teams: Microsoft, chat: str = "a:chat") -> None:
    answer = await bring(site.http, activity(teams.url, type="installationUpdate", action="add", chat=chat))
    assert answer.status_code == 202, answer.text
    await teams.until_said("Welkom bij Pluis.", chat)


async def test_who_installs_pluis_hears_what_teams_does_and_is_welcomed_once(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    met = activity(teams.url, type="conversationUpdate", membersAdded=[{"id": "29:someone"}, {"id": AGENT}])
    assert (await bring(site.http, met)).status_code == 202
    await asyncio.sleep(0.2)
    notice, welcome = teams.messages()
    assert "langs de servers van Microsoft" in words(notice)
    assert words(welcome) == "Welkom bij Pluis."
    assert all("text" not in body for body in (notice, welcome))  # nobody asked for it now
    assert site.engine.payloads == ["/groet"]


async def test_all_that_teams_brings_at_once_on_installing_welcomes_once(site: Site, teams: Microsoft) -> None:
    met = {"type": "conversationUpdate", "membersAdded": [{"id": AGENT}]}
    kinds: list[dict[str, Any]] = [
        {"type": "installationUpdate", "action": "add"},
        met,
        *({"text": f"hoi {n}"} for n in range(6)),
    ]
    answers = await asyncio.gather(*(bring(site.http, activity(teams.url) | kind) for kind in kinds))
    assert [answer.status_code for answer in answers] == [202] * len(kinds)
    await teams.until(lambda: len(teams.messages()) == 8)
    await asyncio.sleep(0.2)
    assert teams.times("Welkom bij Pluis.") == 1
    assert len(teams.messages()) == 8


async def test_what_is_typed_is_answered_without_names_and_a_choice_is_known_by_its_title(
    site: Site, teams: Microsoft
) -> None:
    await welcomed(site, teams)
    await bring(site.http, activity(teams.url, "Fatima is bang"))
    await teams.until_said("antwoord op: [persoon 1] is bang")
    assert site.engine.texts == ["[persoon 1] is bang"]
    await bring(site.http, activity(teams.url, "wis"))
    assert all(body["summary"] == "Nieuw bericht van Pluis" for body in teams.messages())


async def test_a_quick_reply_comes_back_as_its_title(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    await bring(site.http, activity(teams.url, "Ik heb een vraag"))
    await teams.until_said("antwoord op: /kennisvraag")
    assert "Jij:" not in teams.said()  # Teams shows it as her own words


async def test_who_writes_first_is_welcomed_and_answered(site: Site, teams: Microsoft) -> None:
    await bring(site.http, activity(teams.url, "hoi"))
    await teams.until_said("antwoord op: hoi")
    assert [list(turn)[-1] for turn in site.engine.turns] == ["payload", "text"]
    notice, welcome, _ = teams.messages()
    assert "langs de servers van Microsoft" in notice["text"]
    assert [a["type"] for a in welcome["suggestedActions"]["actions"]] == ["imBack", "imBack"]


async def test_someone_waits_and_sees_that_pluis_is_writing(tmp_path: Path, teams: Microsoft) -> None:
    async with trial(tmp_path, FakeEngine(answers_in=0.3)) as site:
        await welcomed(site, teams)
        kinds = [body["type"] for _, body in teams.sent]
        assert "typing" in kinds
        assert kinds[-1] == "message"


async def test_an_answer_at_once_comes_without_that_sign(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    assert {body["type"] for _, body in teams.sent} == {"message"}


# -- what Teams shows --------------------------------------------------------------------------------------------------

TICK = {"kind": "tick", "text": "Wat zag je?", "choices": [{"title": "Blauwe plek", "value": "injuries"}]}
ROWS = {"kind": "rows", "rows": [{"text": "Zij had een blauwe plek", "buttons": [
    {"title": "Weghalen", "full": "Weghalen: blauwe plek", "payload": "/weg"}]}]}  # fmt: skip


def answering(*messages: dict[str, Any]) -> FakeEngine:
    def answer(body: dict[str, Any]) -> list[dict[str, Any]]:
        return list(messages) if body.get("text") else [{"text": "antwoord op: " + str(body.get("payload"))}]

    return FakeEngine(answer)


def buttons_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") == "Action.Submit":
                found.append(part)
            for value in part.values():
                look(value)
        elif isinstance(part, list):
            for value in part:
                look(value)

    look(body.get("attachments"))
    return found


async def asked(site: Site, teams: Microsoft, words: str) -> dict[str, Any]:
    await bring(site.http, activity(teams.url, "vertel"))
    await teams.until_said(words)
    return teams.messages()[-1]


async def test_more_choices_than_teams_shows_are_buttons_of_a_card(tmp_path: Path, teams: Microsoft) -> None:
    many = [{"title": f"Keuze {n}", "payload": f"/keuze_{n}"} for n in range(7)]
    async with trial(tmp_path, answering({"text": "Welke?", "buttons": many})) as site:
        body = await asked(site, teams, "Welke?")
        assert "suggestedActions" not in body
        pressed = buttons_of(body)[5]
        assert pressed["title"] == "Keuze 5"
        assert all(f"Keuze {n}" in body["attachments"][0]["content"]["fallbackText"] for n in range(7))
        await bring(site.http, activity(teams.url, value=pressed["data"]))
        await teams.until_said("antwoord op: /keuze_5")
        assert [one["text"] for one in teams.messages()[-2:]] == ["Jij: *Keuze 5*", "antwoord op: /keuze_5"]


async def test_three_choices_beside_a_card_are_buttons_too(tmp_path: Path, teams: Microsoft) -> None:
    buttons = [{"title": "Klopt", "payload": "/klopt"}]
    async with trial(tmp_path, answering({"text": "Dit schreef ik op.", "custom": ROWS, "buttons": buttons})) as site:
        body = await asked(site, teams, "Dit schreef ik op.")
        assert "suggestedActions" not in body
        assert [button["title"] for button in buttons_of(body)] == ["Weghalen", "Klopt"]


async def test_a_list_is_ticked_and_goes_with_what_is_filled_in(tmp_path: Path, teams: Microsoft) -> None:
    async with trial(tmp_path, answering({"custom": TICK})) as site:
        body = await asked(site, teams, "Wat zag je?")
        (button,) = buttons_of(body)
        await bring(site.http, activity(teams.url, value=button["data"] | {"keuze": "injuries"}))
        await teams.until_said("antwoord op: /keuze")
        assert teams.messages()[-2]["text"] == "Jij: *Aangevinkt: Blauwe plek*"
        assert site.engine.payloads[-1] == '/keuze{"keuze": "injuries"}'


async def test_a_long_answer_comes_in_parts(tmp_path: Path, teams: Microsoft) -> None:
    long = "\n\n".join(f"Alinea {n}. " + "woord " * 120 for n in range(12))
    buttons = [{"title": "Verder", "payload": "/verder"}]
    async with trial(tmp_path, answering({"text": long, "buttons": buttons})) as site:
        await asked(site, teams, "Alinea 11.")
        parts = [body for body in teams.messages() if "Alinea" in body.get("text", "")]
        assert len(parts) == 3
        assert all(len(body["text"]) <= 4000 for body in parts)
        assert [bool(body.get("suggestedActions")) for body in parts] == [False, False, True]


# -- what comes in besides words ---------------------------------------------------------------------------------------


async def test_a_mention_leaves_no_name(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    mentions = [
        {"type": "mention", "text": "<at>Pluis</at>", "mentioned": {"id": AGENT, "name": "Pluis"}},
        {"type": "mention", "text": "<at>Karel de Vries</at>", "mentioned": {"id": "29:karel", "name": "Karel"}},
    ]
    text = "<at>Pluis</at> ik sprak <at>Karel de Vries</at>&nbsp;&amp; iemand anders"
    await bring(site.http, activity(teams.url, text, entities=mentions))
    await teams.until_said("antwoord op:")
    assert site.engine.texts == ["ik sprak een collega & iemand anders"]


FILE = {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "dossier.docx"}
PICTURE = {"contentType": "text/html", "content": '<p><img src="https://x/y.png" itemscope></p>'}
EMOJI = {"contentType": "text/html", "content": '<p>ok <img itemtype="http://schema.skype.com/Emoji" alt="x"></p>'}


@pytest.mark.parametrize("attachment", [FILE, PICTURE, {"contentType": "image/png", "contentUrl": "https://x/y"}])
async def test_a_file_is_refused_kindly_and_what_was_typed_beside_it_is_heard(
    site: Site, teams: Microsoft, attachment: dict[str, Any]
) -> None:
    await welcomed(site, teams)
    await bring(site.http, activity(teams.url, "", attachments=[attachment]))
    await teams.until_said("Ik neem geen bestanden aan")
    assert site.engine.texts == []
    await bring(site.http, activity(teams.url, "hij heeft een mes", attachments=[attachment]))
    await teams.until_said("antwoord op: hij heeft een mes")
    assert teams.times("Ik neem geen bestanden aan") == 2


async def test_make_up_and_smileys_are_no_files(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    await bring(site.http, activity(teams.url, "ok", attachments=[EMOJI, {"contentType": "messageReference"}]))
    await teams.until_said("antwoord op: ok")
    assert "bestanden" not in teams.said()


async def test_a_changed_message_is_read_for_danger_and_else_told_not_to_count(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    first = activity(teams.url, "ze was boos")
    await bring(site.http, first)
    await teams.until_said("antwoord op: ze was boos")
    edit: dict[str, Any] = {
        "type": "messageUpdate",
        "channelData": {"tenant": {"id": first["conversation"]["tenantId"]}},
    }
    edit["channelData"]["eventType"] = "editMessage"
    edit["id"] = first["id"]
    changed = activity(teams.url, "ze was verdrietig", **edit)
    await bring(site.http, changed)
    await teams.until_said("Je hebt een bericht aangepast")
    assert site.engine.texts == ["ze was boos"]
    await bring(site.http, activity(teams.url, "hij heeft een mes", **edit, timestamp="2026-11-27T20:02:00.000Z"))
    await teams.until_said("antwoord op: hij heeft een mes")


async def test_a_removed_message_leaves_no_words_here(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    said = activity(teams.url, "ze was boos")
    await bring(site.http, said)
    await teams.until_said("antwoord op: ze was boos")
    gone = activity(teams.url, type="messageDelete", id=said["id"]) | {"timestamp": "2026-11-27T20:01:00.000Z"}
    gone["channelData"] = gone["channelData"] | {"eventType": "softDeleteMessage"}
    await bring(site.http, gone)
    await teams.until_said("Je hebt een bericht verwijderd")
    store = site.app.state.services.chat.store
    conversation = site.app.state.services.teams.chats.conversation("a:chat")
    texts = [one["text"] for one in store.after(conversation, 0)[0] if one["from"]["role"] == "user"]
    assert texts == ["…"]


async def test_what_pluis_does_nothing_with_is_taken_in(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    before = len(teams.sent)
    for kind in ("typing", "messageReaction", "event", "endOfConversation", "iets/nieuws"):
        assert (await bring(site.http, activity(teams.url, type=kind))).status_code == 202
    undo = activity(teams.url, "terug", type="messageUpdate")
    undo["channelData"] = undo["channelData"] | {"eventType": "undeleteMessage"}
    assert (await bring(site.http, undo)).status_code == 202
    await asyncio.sleep(0.1)
    assert len(teams.sent) == before


async def test_an_invoke_that_is_not_ours_is_not_taken_for_done(site: Site, teams: Microsoft) -> None:
    answer = await bring(site.http, activity(teams.url, type="invoke", name="signin/verifyState", value={}))
    assert answer.status_code == 501


@pytest.mark.parametrize("kind", ["groupChat", "channel"])
async def test_among_others_pluis_only_says_that_it_talks_in_private(site: Site, teams: Microsoft, kind: str) -> None:
    group = {"conversationType": kind, "isGroup": True, "id": "19:groep@thread.v2", "tenantId": "t"}
    mention = {"type": "mention", "text": "<at>Pluis</at>", "mentioned": {"id": AGENT}}
    said = activity(teams.url, "<at>Pluis</at> Fatima is bang", conversation=group, entities=[mention])
    assert (await bring(site.http, said)).status_code == 202
    (body,) = teams.messages("19:groep@thread.v2")
    assert "alleen in een chat met jou alleen" in body["text"]
    assert f"users={AGENT}" in body["text"]
    assert site.engine.tried == []
    assert site.app.state.services.teams.chats.conversation("19:groep@thread.v2") is None


async def test_a_text_that_is_too_long_is_told_in_the_chat(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    long = "woord " * 6000
    html = {"contentType": "text/html", "content": f"<p>{long}</p>"}
    assert (await bring(site.http, activity(teams.url, long, attachments=[html]))).status_code == 202
    await teams.until_said("Je bericht is te lang")
    assert site.engine.texts == []


# -- each once ---------------------------------------------------------------------------------------------------------


async def test_sent_again_by_microsoft_is_answered_once(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    said = activity(teams.url, "hoi")
    answers = await asyncio.gather(*(bring(site.http, said) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    await teams.until_said("antwoord op: hoi")
    assert (await bring(site.http, said)).status_code == 202
    await asyncio.sleep(0.2)
    assert site.engine.texts == ["hoi"]
    assert teams.times("antwoord op: hoi") == 1


async def test_the_same_name_with_other_words_is_no_repeat_and_not_let_in(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    said = activity(teams.url, "hoi")
    await bring(site.http, said)
    await teams.until_said("antwoord op: hoi")
    assert (await bring(site.http, said | {"text": "iets anders"})).status_code == 403
    assert site.engine.texts == ["hoi"]


async def test_what_is_brought_again_later_is_a_replay(tmp_path: Path, teams: Microsoft) -> None:
    clock = FakeClock()
    async with trial(tmp_path, clock=clock) as site:
        await welcomed(site, teams)
        said = activity(teams.url, "hoi")
        await bring(site.http, said)
        await teams.until_said("antwoord op: hoi")
        clock.passes(61)
        assert (await bring(site.http, said)).status_code == 403
        site.app.state.services.teams.chats.tidy(3600)
        clock.passes(25 * 3600)  # as long as a token may be good
        assert (await bring(site.http, said)).status_code == 403
        assert site.engine.texts == ["hoi"]


async def test_a_hundred_at_once_are_each_answered_once(site: Site, teams: Microsoft) -> None:
    chats = [f"a:chat-{n}" for n in range(100)]
    answers = await asyncio.gather(*(bring(site.http, activity(teams.url, f"ik ben {c}", chat=c)) for c in chats))
    assert {answer.status_code for answer in answers} == {202}
    await teams.until(lambda: all(f"ik ben {c}" in teams.said(c) for c in chats), 30)
    await asyncio.sleep(0.3)
    for chat in chats:
        assert [words(body) for body in teams.messages(chat)][1:] == [
            "Welkom bij Pluis.",
            f"antwoord op: ik ben {chat}",
        ]


async def test_a_hundred_at_once_in_one_chat_are_each_answered_once(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    answers = await asyncio.gather(*(bring(site.http, activity(teams.url, f"nummer {n}!")) for n in range(100)))
    assert {answer.status_code for answer in answers} == {202}
    await teams.until(lambda: len(teams.messages()) >= 102, 30)
    await asyncio.sleep(0.3)
    said = [words(body) for body in teams.messages()][2:]
    assert sorted(said) == sorted(f"antwoord op: nummer {n}!" for n in range(100))


# -- when Microsoft does not take it -----------------------------------------------------------------------------------


async def test_teams_asks_to_wait_and_is_left_alone_that_long(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    teams.answers += [(429, {"Retry-After": "1"})]
    begin = asyncio.get_running_loop().time()
    await bring(site.http, activity(teams.url, "hoi"))
    await teams.until_said("antwoord op: hoi")
    assert asyncio.get_running_loop().time() - begin >= 1.0
    assert teams.times("antwoord op: hoi") == 1


@pytest.mark.parametrize("status", [429, 412, 401, 403, 404, 500, 502, 503, 504])
async def test_what_teams_does_not_take_now_is_sent_again_in_order(site: Site, teams: Microsoft, status: int) -> None:
    await welcomed(site, teams)
    teams.answers += [(status, {})] * 3
    for word in ("een", "twee"):
        await bring(site.http, activity(teams.url, word))
    await teams.until_said("antwoord op: twee")
    assert [words(body) for body in teams.messages()][2:] == ["antwoord op: een", "antwoord op: twee"]


async def test_a_card_that_teams_refuses_comes_in_plain_words(tmp_path: Path, teams: Microsoft) -> None:
    teams.refuses = lambda body: 400 if body.get("attachments") else 0
    async with trial(tmp_path, answering({"custom": TICK})) as site:
        body = await asked(site, teams, "1 · Blauwe plek")
        assert body["text"].startswith("Wat zag je?")
        assert "attachments" not in body


async def test_what_is_refused_in_any_form_does_not_stop_the_rest(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    teams.refuses = lambda body: 413 if "antwoord op: een" in str(body) else 0
    for word in ("een", "twee"):
        await bring(site.http, activity(teams.url, word))
    await teams.until_said("antwoord op: twee")
    assert "antwoord op: een" not in teams.said()


@pytest.mark.parametrize("status", [403, 404])
async def test_a_chat_that_is_no_more_is_forgotten(site: Site, teams: Microsoft, status: int) -> None:
    await welcomed(site, teams)
    teams.code, teams.refuses = "BotNotInConversationRoster", lambda _body: status
    await bring(site.http, activity(teams.url, "hoi"))
    chats = site.app.state.services.teams.chats
    await teams.until(lambda: chats.conversation("a:chat") is None)
    tried = teams.tried
    await asyncio.sleep(0.2)
    assert teams.tried == tried


async def test_what_was_not_sent_when_web_ended_is_sent_when_it_begins_again(tmp_path: Path, teams: Microsoft) -> None:
    async with trial(tmp_path) as site:
        await welcomed(site, teams)
        teams.refuses = lambda _body: 503
        await bring(site.http, activity(teams.url, "hoi"))
        await teams.until(lambda: site.engine.texts == ["hoi"])
        await asyncio.sleep(0.1)
    teams.refuses = lambda _body: 0
    async with trial(tmp_path):
        await teams.until_said("antwoord op: hoi")
        assert teams.times("antwoord op: hoi") == 1
        assert teams.times("Welkom bij Pluis.") == 1


async def test_two_webs_send_each_thing_once(tmp_path: Path, teams: Microsoft) -> None:
    engine = FakeEngine()
    async with trial(tmp_path, engine) as one, trial(tmp_path, engine, port=8001) as other:
        await welcomed(one, teams)
        for n in range(20):
            await bring((one, other)[n % 2].http, activity(teams.url, f"nummer {n}!"))
        await teams.until(lambda: len(teams.messages()) >= 22, 15)
        await asyncio.sleep(0.3)
        assert len(teams.messages()) == 22


async def test_an_outage_of_the_engine_is_told_and_the_answer_comes(tmp_path: Path, teams: Microsoft) -> None:
    engine = FakeEngine(down=True)
    async with trial(tmp_path, engine) as site:
        await bring(site.http, activity(teams.url, "hij heeft een mes"))
        await teams.until_said("even buiten werking")
        engine.down = False
        await teams.until_said("antwoord op: hij heeft een mes")


# -- what is kept, and for how long ------------------------------------------------------------------------------------


def kept(site: Site) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in sorted(site.settings.var.glob("pluis.db*")))


async def test_nothing_of_who_writes_is_kept(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    await bring(site.http, activity(teams.url, "Fatima is bang"))
    await teams.until_said("antwoord op:")
    for name in ("Fatima", "Jansen", "29:someone", "00000000-1111-2222-3333-444444444444"):
        assert name not in kept(site)
    assert "a:chat" in kept(site)


async def test_wiping_is_told_and_leaves_nothing_and_after_it_all_begins_anew(tmp_path: Path, teams: Microsoft) -> None:
    def answer(body: dict[str, Any]) -> list[dict[str, Any]]:
        wipes = body.get("text") == "wis dit gesprek"
        return [{"custom": {"kind": "wipe"}} if wipes else {"text": "Welkom bij Pluis."}]

    async with trial(tmp_path, FakeEngine(answer)) as site:
        await welcomed(site, teams)
        before = teams.times("langs de servers van Microsoft")
        await bring(site.http, activity(teams.url, "wis dit gesprek"))
        await teams.until_said("Pluis bewaart er niets meer van")
        chats = site.app.state.services.teams.chats
        await teams.until(lambda: chats.conversation("a:chat") is None)
        assert teams.times("Pluis bewaart er niets meer van") == 1
        await bring(site.http, activity(teams.url, "hoi"))
        await teams.until(lambda: teams.times("langs de servers van Microsoft") == before + 1)


async def test_a_conversation_whose_time_is_over_goes_without_a_word(tmp_path: Path, teams: Microsoft) -> None:
    clock = FakeClock()
    async with trial(tmp_path, clock=clock) as site:
        await welcomed(site, teams)
        before = len(teams.messages())
        clock.passes(24 * 3600 + 60)
        chats = site.app.state.services.teams.chats
        await teams.until(lambda: chats.conversation("a:chat") is None and "a:chat" not in kept(site))
        assert len(teams.messages()) == before


async def test_who_takes_pluis_away_is_forgotten(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    conversation = site.app.state.services.teams.chats.conversation("a:chat")
    before = len(teams.sent)
    away = activity(teams.url, type="installationUpdate", action="remove")
    assert (await bring(site.http, away)).status_code == 202
    assert site.app.state.services.teams.chats.conversation("a:chat") is None
    await teams.until(lambda: conversation in site.engine.forgotten)
    await asyncio.sleep(0.1)
    assert len(teams.sent) == before


# -- what Pluis begins itself ------------------------------------------------------------------------------------------


def reminding(at: float | None) -> FakeEngine:
    asked = {"kind": "reminder"} | ({} if at is None else {"at": at})
    return answering({"custom": asked})


async def test_a_reminder_comes_in_the_same_chat_and_shows_nothing_in_a_notification(
    tmp_path: Path, teams: Microsoft
) -> None:
    clock = FakeClock()
    async with trial(tmp_path, reminding(clock.now + 5 * 24 * 3600), clock=clock) as site:
        await bring(site.http, activity(teams.url, "herinner me donderdag"))
        await teams.until_said("Ik stuur je hier een bericht op ")
        clock.passes(24 * 3600 + 60)
        chats = site.app.state.services.teams.chats
        await teams.until(lambda: chats.conversation("a:chat") is None)  # the conversation is over
        assert "a:chat" in kept(site)
        before = len(teams.messages())
        clock.passes(4 * 24 * 3600)
        await teams.until_said("Je vroeg me om je hier een bericht te sturen")
        (reminder,) = teams.messages()[before:]
        assert "text" not in reminder
        assert reminder["summary"] == "Nieuw bericht van Pluis"
        assert reminder["attachments"][0]["content"]["body"][0]["text"] == "Bericht van Pluis"
        assert "je hier een bericht te sturen" in str(reminder)
        await asyncio.sleep(0.3)
        assert teams.times("je hier een bericht te sturen") == 1
        assert chats.due() == []
        await bring(site.http, activity(teams.url, "verder"))
        await teams.until_said("langs de servers van Microsoft")
        await teams.until(lambda: site.engine.texts[-1] == "verder")


async def test_a_reminder_within_the_conversation_does_not_begin_it_anew(tmp_path: Path, teams: Microsoft) -> None:
    clock = FakeClock()
    async with trial(tmp_path, reminding(clock.now + 3600), clock=clock) as site:
        await bring(site.http, activity(teams.url, "herinner me over een uur"))
        await teams.until_said("bericht op")
        clock.passes(3601)
        await teams.until_said("je hier een bericht te sturen")
        assert site.engine.payloads == ["/groet"]


async def test_a_reminder_is_told_moved_dropped_and_wiped(tmp_path: Path, teams: Microsoft) -> None:
    clock = FakeClock()
    soon, later = ({"kind": "reminder", "at": clock.now + hours * 3600} for hours in (1, 2))
    asked, dropped = {"kind": "reminder"}, {"kind": "reminder", "cancel": True}
    steps = [
        (asked, "Er staat geen herinnering."), (dropped, "Er staat geen herinnering."), (soon, "Ik stuur je hier een"),
        (soon, "Ik stuur je hier een"), (later, "Je eerdere herinnering geldt"), (asked, "Ik stuur je hier een"),
        (dropped, "Ik stuur je geen herinnering meer."), (soon, "Ik stuur je hier"), ({"kind": "wipe"}, "niets meer"),
    ]  # fmt: skip
    answers = [step for step, _ in steps]
    engine = FakeEngine(lambda body: [{"custom": answers.pop(0)}] if body.get("text") else [])
    async with trial(tmp_path, engine, clock=clock) as site:
        await welcomed_bare(site, teams)
        for number, (_, said) in enumerate(steps, 2):
            await bring(site.http, activity(teams.url, f"nummer {number}"))
            await teams.until(lambda number=number: len(teams.messages()) == number)  # type: ignore[misc]
            assert said in teams.messages()[-1]["text"]
        clock.passes(3 * 3600)
        await asyncio.sleep(0.2)
        assert "je hier een bericht te sturen" not in teams.said()


async def welcomed_bare(site: Site, teams: Microsoft) -> None:
    await bring(site.http, activity(teams.url, type="installationUpdate", action="add"))
    await teams.until(lambda: site.engine.payloads == ["/groet"] and teams.messages())


async def test_where_pluis_cannot_speak_first_it_does_not_ask_when(tmp_path: Path, teams: Microsoft) -> None:
    when = {"custom": {"kind": "reminder", "when": True}}
    question = {"text": "Wanneer?", "buttons": [{"title": "Morgen", "payload": "/herinnering"}]}
    async with trial(tmp_path, answering(when, question)) as site:
        body = await asked(site, teams, "Wanneer?")
        assert body["suggestedActions"]["actions"][0]["title"] == "Morgen"
        talk = await Talk.begin(site.http)
        await talk.say("herinner me")
        said = await talk.until_said("Hier kan ik je geen bericht sturen.")
        assert "Wanneer?" not in str(said)


async def test_a_person_can_speak_in_the_same_chat_also_later_and_discreetly(tmp_path: Path, teams: Microsoft) -> None:
    clock = FakeClock()
    async with trial(tmp_path, clock=clock) as site:
        await welcomed(site, teams)
        own = site.app.state.services
        conversation = own.teams.chats.conversation("a:chat")
        await bring(site.http, activity(teams.url, "ik wil een mens"))
        await teams.until_said("antwoord op: ik wil een mens")
        await own.chat.speak(conversation, say("Dag, hier een mens."))
        await teams.until_said("hier een mens")
        assert teams.messages()[-1]["text"] == "Dag, hier een mens."
        clock.passes(3600)
        await own.chat.speak(conversation, say("Nog iets."))
        await teams.until_said("Nog iets.")
        assert "text" not in teams.messages()[-1]


# -- at the same moment, and in the wrong one --------------------------------------------------------------------------


async def test_who_writes_while_the_farewell_is_on_its_way_is_answered(tmp_path: Path, teams: Microsoft) -> None:
    engine = FakeEngine(lambda body: [{"custom": {"kind": "wipe"}}] if body.get("text") == "wis" else said(body))
    async with trial(tmp_path, engine) as site:
        await welcomed(site, teams)
        chats = site.app.state.services.teams.chats
        chats.remind(chats.conversation("a:chat"), chats._clock() + 3600)
        teams.takes = 0.3
        await bring(site.http, activity(teams.url, "wis"))
        await teams.until(lambda: engine.texts == ["wis"])
        await asyncio.sleep(0.1)
        await bring(site.http, activity(teams.url, "hij staat met een mes voor de deur"))
        await teams.until_said("antwoord op: hij staat met een mes voor de deur")
        assert chats.reminder(chats.conversation("a:chat")) is None


def said(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"text": "Welkom bij Pluis." if body.get("payload") else f"antwoord op: {body.get('text')}"}]


async def test_what_was_wiped_while_teams_asked_to_wait_is_not_sent(tmp_path: Path, teams: Microsoft) -> None:
    async with trial(tmp_path) as site:
        await welcomed(site, teams)
        teams.answers += [(429, {"Retry-After": "1"})]
        await bring(site.http, activity(teams.url, "geheim"))
        await teams.until(lambda: not teams.answers)
        own = site.app.state.services
        await own.chat.runner.forget(own.teams.chats.conversation("a:chat"))
        await bring(site.http, activity(teams.url, "nieuw"))
        await teams.until_said("antwoord op: nieuw")
        assert "antwoord op: geheim" not in teams.said()
        assert teams.times("langs de servers van Microsoft") == 2


async def test_a_row_that_became_another_conversations_is_left_alone(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    own = site.app.state.services
    chats, first = own.teams.chats, own.teams.chats.conversation("a:chat")
    await own.chat.speak(first, say("Nog iets."))
    parcel = chats.next("a:chat", 3600)
    own.chat.store.wipe(first)
    address = next(iter([parcel.address])) if parcel else Address("a:chat", teams.url, AGENT, "t")
    second = chats.open(address, "tweede")
    assert second == "tweede"
    late = Parcel(address, first, 999, 0, say("laat"), False)
    chats.taken(late, 1)
    chats.taken(dataclasses.replace(late, number=FAREWELL), 1)
    assert chats.conversation("a:chat") == "tweede"


async def test_who_writes_when_her_time_is_almost_over_keeps_her_conversation(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    own = site.app.state.services
    conversation = own.teams.chats.conversation("a:chat")
    assert not await own.chat.runner.forget(conversation, 3600)  # listed as old, and heard meanwhile
    own.chat.store.check(conversation)


async def test_parts_that_teams_took_do_not_come_again_after_a_restart(tmp_path: Path, teams: Microsoft) -> None:
    long = "\n\n".join(f"Alinea {n}. " + "woord " * 120 for n in range(12))
    async with trial(tmp_path, answering({"text": long})) as site:
        await welcomed_bare(site, teams)
        teams.refuses = lambda body: 503 if "Alinea 11." in str(body) else 0
        await bring(site.http, activity(teams.url, "vertel"))
        await teams.until_said("Alinea 6.")
        await asyncio.sleep(0.2)
    teams.refuses = lambda _body: 0
    async with trial(tmp_path, answering()):
        await teams.until_said("Alinea 11.")
    assert all(teams.times(f"Alinea {n}.") == 1 for n in range(12))


async def test_after_a_refused_card_only_that_comes_in_plain_words(tmp_path: Path, teams: Microsoft) -> None:
    long = "\n\n".join(f"Alinea {n}. " + "woord " * 120 for n in range(12))
    teams.refuses = lambda body: 400 if body.get("attachments") else 0
    async with trial(tmp_path, answering({"custom": TICK | {"text": long}})) as site:
        await asked(site, teams, "1 · Blauwe plek")
        assert all(teams.times(f"Alinea {n}.") == 1 for n in range(12))


@pytest.mark.parametrize("says", ['{"id": ""}', "OK", "null"])
async def test_what_teams_took_is_not_sent_again_whatever_it_answers(site: Site, teams: Microsoft, says: str) -> None:
    teams.says = says
    await welcomed(site, teams)
    await asyncio.sleep(0.3)
    assert teams.times("Welkom bij Pluis.") == 1


async def test_a_discreet_card_that_is_refused_shows_nothing_until_she_writes(tmp_path: Path, teams: Microsoft) -> None:
    clock = FakeClock()
    async with trial(tmp_path, clock=clock) as site:
        await welcomed(site, teams)
        own = site.app.state.services
        clock.passes(3600)
        teams.refuses = lambda body: 400 if body.get("attachments") else 0
        await own.chat.speak(own.teams.chats.conversation("a:chat"), say("Over wat je vertelde."))
        await teams.until_said("Ik heb een bericht voor je.")
        await asyncio.sleep(0.3)
        assert teams.times("Ik heb een bericht voor je.") == 1
        assert "Over wat je vertelde." not in teams.said()
        await bring(site.http, activity(teams.url, "ja?"))
        await teams.until_said("antwoord op: ja?")
        assert teams.times("Over wat je vertelde.") == 1


async def test_two_webs_give_a_reminder_once(tmp_path: Path, teams: Microsoft) -> None:
    clock, engine = FakeClock(), FakeEngine()
    async with trial(tmp_path, engine, clock=clock) as one, trial(tmp_path, engine, clock=clock, port=8001):
        names = [f"a:{n}" for n in range(8)]
        for chat in names:
            await welcomed(one, teams, chat)
        chats = one.app.state.services.teams.chats
        for chat in names:
            chats.remind(chats.conversation(chat), clock.now + 60)
        clock.passes(61)
        await teams.until(lambda: all("je hier een bericht te sturen" in teams.said(chat) for chat in names), 10)
        await asyncio.sleep(0.5)
        assert [teams.times("je hier een bericht te sturen", chat) for chat in names] == [1] * len(names)


async def test_one_reminder_that_fails_does_not_hold_up_another(
    tmp_path: Path, teams: Microsoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    async with trial(tmp_path, clock=clock) as site:
        own = site.app.state.services
        for chat in ("a:1", "a:2"):
            await welcomed(site, teams, chat)
            own.teams.chats.remind(own.teams.chats.conversation(chat), clock.now + 60)
        claim = own.teams.chats.claim
        monkeypatch.setattr(own.teams.chats, "claim", lambda due: 1 / 0 if due.address.id == "a:1" else claim(due))
        clock.passes(61)
        await teams.until_said("je hier een bericht te sturen", "a:2")


async def test_an_edit_too_long_or_of_what_is_over_is_never_swallowed(tmp_path: Path, teams: Microsoft) -> None:
    async with trial(tmp_path) as site:
        await welcomed(site, teams)
        edit: dict[str, Any] = {"type": "messageUpdate"}
        await bring(site.http, activity(teams.url, "woord " * 700, **edit))
        await teams.until_said("Je bericht is te lang")
        own = site.app.state.services
        await own.chat.runner.forget(own.teams.chats.conversation("a:chat"))
        await teams.until_said("Pluis bewaart er niets meer van")
        await bring(site.http, activity(teams.url, "hij staat voor de deur", **edit))
        await teams.until_said("antwoord op: hij staat voor de deur")


async def test_an_edit_while_the_engine_is_out_counts_as_danger(tmp_path: Path, teams: Microsoft) -> None:
    engine = FakeEngine()
    async with trial(tmp_path, engine) as site:
        await welcomed(site, teams)
        engine.down = True
        await bring(site.http, activity(teams.url, "ze was verdrietig", type="messageUpdate"))
        await asyncio.sleep(0.1)
        engine.down = False
        await teams.until_said("antwoord op: ze was verdrietig")


async def test_a_removed_message_leaves_no_words_of_its_changes_either(site: Site, teams: Microsoft) -> None:
    await welcomed(site, teams)
    first = activity(teams.url, "ze was boos")
    await bring(site.http, first)
    await bring(site.http, activity(teams.url, "hij heeft een mes", type="messageUpdate", id=first["id"]))
    await teams.until_said("antwoord op: hij heeft een mes")
    await bring(site.http, activity(teams.url, type="messageDelete", id=first["id"]))
    await teams.until_said("Je hebt een bericht verwijderd")
    own = site.app.state.services
    texts = [one["text"] for one in own.chat.store.after(own.teams.chats.conversation("a:chat"), 0)[0]
             if one["from"]["role"] == "user"]  # fmt: skip
    assert texts == ["…", "…"]


async def test_where_chats_are_is_forgotten_in_time_also_when_teams_was_switched_off(
    tmp_path: Path, teams: Microsoft
) -> None:
    clock = FakeClock()
    async with trial(tmp_path, clock=clock) as site:
        await welcomed(site, teams)
    clock.passes(3 * 24 * 3600)
    async with running(tmp_path, FakeEngine(), clock=clock) as site:
        await teams.until(lambda: "a:chat" not in kept(site))


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "null", "{}", "[" * 5000])
async def test_what_is_no_activity_is_refused(site: Site, body: str) -> None:
    answer = await site.http.post("/api/messages", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.json()["type"].startswith("urn:pluis:problem:")
    assert site.engine.tried == []


@pytest.mark.parametrize(
    "field", ["from", "locale", "replyToId", "attachments", "entities", "timestamp", "value", "id"]
)
@pytest.mark.parametrize("value", [None, "", {"name": None}, [{"name": "", "text": None, "type": "mention"}]])
async def test_a_strange_field_that_pluis_does_not_need_loses_no_message(
    site: Site, teams: Microsoft, field: str, value: Any
) -> None:
    answer = await bring(site.http, activity(teams.url, "hij heeft een mes") | {field: value, "deliveryMode": "x"})
    assert answer.status_code == 202, answer.text
    await teams.until_said("antwoord op: hij heeft een mes")


async def test_messages_without_a_name_are_each_heard(site: Site, teams: Microsoft) -> None:
    for word in ("een", "twee", "twee"):
        assert (await bring(site.http, activity(teams.url, word, id=None))).status_code == 202
    await teams.until(lambda: site.engine.texts == ["een", "twee", "twee"])


@pytest.mark.parametrize(
    "change",
    [
        {"conversation": None}, {"conversation": {"id": ""}}, {"conversation": {"id": "x" * 256}}, {"serviceUrl": ""},
        {"serviceUrl": "http://127.0.0.1/" + "x" * 300}, {"recipient": None}, {"type": None}, {"type": ""},
        {"conversation": {"id": "a\x00b"}}, {"entities": {"a": 1}}, {"attachments": "x"}, {"id": {"a": 1}},
        {"channelData": "x", "text": 3},
    ],
)  # fmt: skip
async def test_an_activity_of_a_strange_shape_breaks_nothing(
    site: Site, teams: Microsoft, change: dict[str, Any]
) -> None:
    answer = await bring(site.http, activity(teams.url, "hoi") | change)
    assert answer.status_code in {202, 400, 422}, answer.text
    await welcomed(site, teams)


async def test_no_word_of_what_was_said_is_in_the_log(
    site: Site, teams: Microsoft, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    teams.answers += [(503, {}), (400, {})]
    await bring(site.http, activity(teams.url, "hij heeft een bijl"))
    await teams.until_said("hij heeft een bijl")
    site.engine.answer = lambda _body: 1 / 0  # type: ignore[assignment, return-value]
    await bring(site.http, activity(teams.url, "nog een bijl"))
    await asyncio.sleep(0.2)
    broken = {"receive": lambda *_: (_ for _ in ()).throw(ValueError("nog een bijl"))}
    site.app.state.services.teams._chat = SimpleNamespace(**broken)
    await bring(site.http, activity(teams.url, "en een bijl"))
    told = caplog.text + json.dumps([str(vars(record)) for record in caplog.records]) + "".join(capfd.readouterr())
    assert "bijl" not in told
    assert "Jansen" not in told

"""Direct Line as Microsoft's client needs it: the statuses it can live with, and tokens for one conversation only."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.channels import sentences
from bot.channels.activities import with_links_to_call
from bot.web import stream
from bot.web.tokens import Tokens
from tests.unit.channels.fakes import FakeEngine

from .conftest import Site, running
from .talk import BASE, Refused, Socket, Talk, bot_texts


def tokens(site: Site) -> Tokens:
    return site.app.state.services.tokens  # type: ignore[no-any-return]


async def test_a_conversation_begins_with_201_and_an_absolute_stream_address(site: Site) -> None:
    talk = await Talk.begin(site.http)
    assert talk.keys["conversationId"] == talk.id
    assert talk.keys["expires_in"] >= 35 * 60
    assert talk.keys["streamUrl"].startswith(f"ws://127.0.0.1:8000{BASE}/conversations/{talk.id}/stream?")
    again = await site.http.get(f"{BASE}/conversations/{talk.id}?watermark=3", headers=talk.headers)
    assert again.status_code == 200
    assert "watermark=3&" in again.json()["streamUrl"]
    assert tokens(site).read("conversation", again.json()["token"]) == talk.id


async def test_the_stream_address_is_the_public_one_behind_a_proxy(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine(), public_url="https://pluis.example/") as site:
        talk = await Talk.begin(site.http)
    assert talk.keys["streamUrl"].startswith("wss://pluis.example/v3/directline/")


async def test_beginning_twice_is_one_conversation_with_one_welcome(site: Site) -> None:
    talk = await Talk.begin(site.http)
    assert (await site.http.post(f"{BASE}/conversations", headers=talk.headers)).status_code == 200
    await talk.until_said("Welkom")
    assert site.engine.payloads == ["/groet"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/tokens/refresh"), ("POST", "/conversations"), ("GET", "/conversations/{id}"),
        ("GET", "/conversations/{id}/activities"), ("POST", "/conversations/{id}/activities"),
        ("DELETE", "/conversations/{id}"),
    ],
)  # fmt: skip
async def test_no_token_is_401_a_bad_or_expired_one_403_another_conversations_404(
    site: Site, method: str, path: str
) -> None:
    talk, other = await Talk.begin(site.http), await Talk.begin(site.http)
    url = BASE + path.format(id=talk.id)
    body: dict[str, Any] = {"json": {"type": "message", "text": "hallo"}} if method == "POST" else {}
    assert (await site.http.request(method, url, **body)).status_code == 401
    strange = {"Authorization": "Bearer onzin.van.mij"}
    assert (await site.http.request(method, url, headers=strange, **body)).status_code == 403
    stream_ticket = {"Authorization": f"Bearer {tokens(site).make('stream', talk.id)}"}
    assert (await site.http.request(method, url, headers=stream_ticket, **body)).status_code == 403
    if "{id}" in path:
        assert (await site.http.request(method, url, headers=other.headers, **body)).status_code == 404


async def test_an_expired_token_is_403_and_the_key_to_resume_renews_it(site: Site, monkeypatch: Any) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    monkeypatch.setitem(tokens(site).seconds, "conversation", -1)
    assert (await site.http.get(talk.url, headers=talk.headers)).status_code == 403
    monkeypatch.setitem(tokens(site).seconds, "conversation", 3600)
    resume = {"Authorization": f"Bearer {talk.keys['resume']}"}
    renewed = (await site.http.post(f"{BASE}/tokens/refresh", headers=resume)).json()
    talk.token = renewed["token"]
    assert bot_texts(await talk.all()) == ["Welkom bij Pluis."]


async def test_the_key_to_resume_wipes_when_the_page_has_no_fresh_token(site: Site, monkeypatch: Any) -> None:
    talk, other = await Talk.begin(site.http), await Talk.begin(site.http)
    monkeypatch.setitem(tokens(site).seconds, "conversation", -1)
    url = f"{BASE}/conversations/{talk.id}"
    assert (await site.http.delete(url, headers=talk.headers)).status_code == 403
    for key, status in ((other.keys["resume"], 404), (talk.keys["resume"], 204), (talk.keys["resume"], 404)):
        assert (await site.http.delete(url, headers={"Authorization": f"Bearer {key}"})).status_code == status


async def test_a_database_that_is_out_for_a_moment_does_not_stop_the_polling_or_the_stream(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LOOK_EVERY", 0.02)
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    store = site.app.state.services.chat.store
    read, asked = store.after, asyncio.Event()

    def fail(*_: object) -> None:
        asked.set()
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    store.after = fail
    polled = await site.http.get(f"{talk.url}?watermark=7", headers=talk.headers)
    assert (polled.status_code, polled.json()) == (200, {"activities": [], "watermark": "7"})
    asked.clear()
    async with Socket(site.app, talk.keys["streamUrl"].removeprefix("ws://127.0.0.1:8000")) as socket:
        await asyncio.wait_for(asked.wait(), 5)
        store.after = read
        assert (await socket.next("message"))["text"] == "Welkom bij Pluis."


async def test_a_stream_that_fails_says_so_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    talk = await Talk.begin(site.http)
    site.app.state.services.chat.store.after = None
    async with Socket(site.app, talk.keys["streamUrl"].removeprefix("ws://127.0.0.1:8000")):
        async with asyncio.timeout(5):
            while not any(record.message == "stream failed" for record in caplog.records):
                await asyncio.sleep(0.01)
    assert caplog.records[-1].error == "TypeError"  # type: ignore[attr-defined]


async def test_watermarks_give_each_activity_once(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.say("een")
    await talk.until_said("antwoord op: een")
    first = (await site.http.get(talk.url, headers=talk.headers)).json()
    later = await site.http.get(f"{talk.url}?watermark={first['watermark']}", headers=talk.headers)
    assert [a for a in later.json()["activities"] if a["type"] != "typing"] == []
    assert later.json()["watermark"] == first["watermark"]


@pytest.mark.parametrize("watermark", ["", "x", "-1", "1e9", "９", "9" * 40, "%00"])
async def test_a_strange_watermark_never_stops_the_polling(site: Site, watermark: str) -> None:
    talk = await Talk.begin(site.http)
    assert (await site.http.get(f"{talk.url}?watermark={watermark}", headers=talk.headers)).status_code == 200


async def test_the_echo_keeps_the_clients_id_and_nothing_else_of_the_client(site: Site) -> None:
    talk = await Talk.begin(site.http)
    data = {"clientActivityID": "abc", "pluisMessage": "m", "geheim": "Fatima"}
    await talk.post(text="hallo", channelData=data, entities=[{"naam": "Fatima"}], speak="Fatima")
    said = await talk.until_said("antwoord op: hallo")
    echo = next(a for a in said if a["from"]["role"] == "user")
    place = echo["channelData"].pop("webchat:sequence-id")
    assert place == 4_000_000_000_000 + int(echo["id"].rsplit("|", 1)[1])
    assert echo["channelData"] == {"clientActivityID": "abc", "pluisMessage": "m", "pluis": "turn"}
    assert "Fatima" not in str(said)


async def test_files_are_refused(site: Site) -> None:
    talk = await Talk.begin(site.http)
    answer = await site.http.post(
        f"{BASE}/conversations/{talk.id}/upload?userId=u", headers=talk.headers, content=b"x" * 200_000
    )
    assert answer.status_code == 415
    assert answer.json()["type"] == "urn:pluis:problem:no-files"


@pytest.mark.parametrize("kind", ["event", "typing", "conversationUpdate", "endOfConversation", "ongekend"])
async def test_other_activities_are_accepted_and_not_kept(site: Site, kind: str) -> None:
    talk = await Talk.begin(site.http)
    said = await talk.until_said("Welkom")
    assert (await talk.post(type=kind, text="Fatima")).status_code == 200
    assert await talk.all() == said


async def test_the_stream_gives_what_was_said_then_what_is_new_and_ends_with_the_wipe(site: Site) -> None:
    talk = await Talk.begin(site.http)
    async with Socket(site.app, talk.keys["streamUrl"].removeprefix("ws://127.0.0.1:8000")) as socket:
        assert (await socket.next("message"))["text"] == "Welkom bij Pluis."
        await socket.ping()
        await talk.post(text="hallo", channelData={"clientActivityID": "c1"})
        assert (await socket.next("message"))["channelData"]["clientActivityID"] == "c1"
        assert (await socket.next("typing"))["from"]["role"] == "bot"
        assert (await socket.next("message"))["text"] == "antwoord op: hallo"
        await site.http.delete(f"{BASE}/conversations/{talk.id}", headers=talk.headers)
        assert (await socket.next("message"))["channelData"] == {"pluis": "wiped"}
        assert (await socket.frame())["type"] == "websocket.close"


async def test_the_stream_goes_on_after_a_watermark(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    watermark = (await site.http.get(talk.url, headers=talk.headers)).json()["watermark"]
    keys = (await site.http.get(f"{BASE}/conversations/{talk.id}?watermark={watermark}", headers=talk.headers)).json()
    async with Socket(site.app, keys["streamUrl"].removeprefix("ws://127.0.0.1:8000")) as socket:
        await talk.say("verder")
        assert (await socket.next("message"))["text"] == "verder"


async def test_a_quiet_stream_is_pinged_with_an_empty_frame(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PING_EVERY", 0.05)
    monkeypatch.setattr(stream, "LOOK_EVERY", 0.02)
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    async with Socket(site.app, talk.keys["streamUrl"].removeprefix("ws://127.0.0.1:8000")) as socket:
        await socket.next("message")
        async with asyncio.timeout(5):
            while (await socket.frame()).get("text") != "":
                pass


async def test_a_stream_wants_a_ticket_of_its_own_conversation(site: Site) -> None:
    talk = await Talk.begin(site.http)
    for ticket in ("", "onzin", talk.token, tokens(site).make("stream", "ander")):
        with pytest.raises(Refused):
            async with Socket(site.app, f"{BASE}/conversations/{talk.id}/stream?t={ticket}"):
                pass


@pytest.mark.parametrize("public", ["https://Pluis.example/", "https://pluis.example:443", " HTTPS://PLUIS.EXAMPLE "])
@pytest.mark.parametrize(
    ("origin", "opens"),
    [
        (None, True), ("http://127.0.0.1:8000", True), ("https://pluis.example", True),
        ("https://evil.example", False), ("https://pluis.example.evil.example", False), ("null", False), ("", False),
    ],
)  # fmt: skip
async def test_a_stream_is_not_opened_for_a_page_elsewhere(
    tmp_path: Path, origin: str | None, opens: bool, public: str
) -> None:
    async with running(tmp_path, FakeEngine(), public_url=public) as site:
        talk = await Talk.begin(site.http)
        path = talk.keys["streamUrl"].split("/", 3)[3]
        socket = Socket(site.app, f"/{path}", origin)
        if opens:
            async with socket:
                assert (await socket.next("message"))["text"] == "Welkom bij Pluis."
        else:
            with pytest.raises(Refused):
                await socket.__aenter__()


async def test_a_stream_says_that_its_conversation_is_gone_whoever_wiped_it(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    chat = site.app.state.services.chat
    for gone in (False, True):  # already, with a ticket of before
        async with Socket(site.app, talk.keys["streamUrl"].removeprefix("ws://127.0.0.1:8000")) as socket:
            if not gone:
                assert (await socket.next("message"))["text"] == "Welkom bij Pluis."
                chat.store.wipe(talk.id)  # as another process does
                chat.hub.news(talk.id)
            assert (await socket.next("message"))["text"] == with_links_to_call(sentences.WIPED)
            assert (await socket.frame())["type"] == "websocket.close"
    assert (await site.http.get(f"{BASE}/conversations/{talk.id}", headers=talk.headers)).status_code == 404


async def test_of_what_is_passing_a_stream_that_nobody_reads_holds_only_the_newest(site: Site) -> None:
    hub = site.app.state.services.chat.hub
    with hub.listen("c") as listener:
        for number in range(1000):
            hub.news("c", {"type": "typing", "id": str(number)})
        assert listener.take() == [{"type": "typing", "id": "999"}]
        assert listener.take() == []

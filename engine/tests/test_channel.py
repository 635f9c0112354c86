"""The channel over real HTTP: what a turn answers, a second time too, and what every failure becomes.
The dialogue is a few lines; the channel, the tracker store, its lock and the action server's client are the real ones.
"""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
import uuid
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from sanic import Sanic

from engine import tracker
from engine.channel import PluisInput, as_text
from engine.tracker import PluisTrackerStore

TOKEN = "t" * 32
CARD = {"kind": "tick", "text": "Wat zag je?", "choices": [{"title": "Ze is bang", "value": "fear"}]}
BUTTONS = [{"title": "Ja", "payload": "/bevestigen"}]
SAID = [
    BotUttered("Dank je.\n\nEn dan dit:"),
    BotUttered("Klopt dat?", {"buttons": BUTTONS}),
    BotUttered("Kies:", {"custom": CARD}),
    BotUttered(None, {"custom": {"kind": "progress", "step": 1}}),
]


class Dialogue:
    """An agent that says the same to everything, after asking the action server; it counts its turns."""

    def __init__(self, folder: Any, actions: str = "http://127.0.0.1:9") -> None:
        self.database = folder / "tracker.db"
        store = PluisTrackerStore(Domain.empty(), host=f"sqlite:///{self.database}")
        self.tracker_store = FailSafeTrackerStore(store)
        self.lock_store = InMemoryLockStore()
        self.processor = SimpleNamespace(action_endpoint=EndpointConfig(actions))
        self.model_id = "model"
        self.asks_actions, self.ready, self.turns = False, True, 0
        self.fault: Exception | None = None

    def is_ready(self) -> bool:
        return self.ready

    async def parse_message(self, text: str) -> dict[str, Any]:
        return {"text": text}

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            store = self.tracker_store
            kept = await store.retrieve(message.sender_id) or store.init_tracker(message.sender_id)
            kept.update(UserUttered(message.text, metadata=message.metadata))
            self.turns += 1
            if self.fault:
                raise self.fault
            if self.asks_actions:
                with suppress(ClientResponseError):  # as Rasa does with an action that refuses to run
                    await self.processor.action_endpoint.request(json={})
            for said in SAID:
                kept.update(said)
                await message.output_channel.send_response(message.sender_id, said.message())
            kept.update(ActionExecuted("action_listen"))
            await self.tracker_store.save(kept)

    def rows(self, conversation: str = "c1") -> int:
        with sqlite3.connect(self.database) as database:
            found = database.execute("SELECT count(*) FROM events WHERE sender_id = ?", (conversation,))
            return int(found.fetchone()[0])


class Client:
    """Asks the channel."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http, self._base = http, base

    async def ask(self, method: str, path: str, token: str = TOKEN, **options: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {token}"}
        async with self._http.request(method, f"{self._base}/{path}", headers=headers, **options) as answer:
            if answer.status >= 400:
                assert answer.content_type == "application/problem+json"
            return answer.status, await answer.json(content_type=None)

    async def turn(self, text: str = "hallo", **more: Any) -> tuple[int, dict[str, Any]]:
        body = {"conversation": "c1", "id": "t1", "attempt": 1, "text": text} | more
        return await self.ask("POST", "turn", json=body)


@asynccontextmanager
async def serving(dialogue: Dialogue | None) -> Any:
    app = Sanic(f"channel_{uuid.uuid4().hex}")
    Sanic.test_mode = True  # more than one application in a process
    register([PluisInput(TOKEN)], app, route="/webhooks/")
    app.ctx.agent = dialogue
    free = socket.create_server(("127.0.0.1", 0))  # Sanic reads port 0 as its own default
    server = await app.create_server(sock=free, return_asyncio_server=True, access_log=False)
    await server.startup()
    port = free.getsockname()[1]
    async with aiohttp.ClientSession() as http:
        yield Client(http, f"http://127.0.0.1:{port}/webhooks/pluis")
    await server.close()


@asynccontextmanager
async def action_server(status: int) -> Any:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({}, status=status)

    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    await runner.cleanup()


def play(dialogue: Dialogue | None, scene: Callable[[Client], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with serving(dialogue) as client:
            await scene(client)

    asyncio.run(whole())


def kind(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    """The status and kind of a problem document, which says in Dutch what is wrong."""
    status, body = answer
    assert body["status"] == status
    assert body["title"].endswith(".")
    return status, body["type"].removeprefix("urn:pluis:engine:")


@pytest.fixture
def dialogue(tmp_path: Any) -> Dialogue:
    return Dialogue(tmp_path)


def test_a_repeated_turn_is_answered_the_same_way_and_not_run_twice(dialogue: Dialogue) -> None:
    async def scene(client: Client) -> None:
        first = await client.turn()
        rows = dialogue.rows()
        assert first == (200, {"messages": [
            {"text": "Dank je.\n\nEn dan dit:"}, {"text": "Klopt dat?", "buttons": BUTTONS},
            {"text": "Kies:"}, {"custom": CARD}, {"custom": {"kind": "progress", "step": 1}},
        ]})  # fmt: skip
        await client.turn("nog iets", id="t2")
        assert await client.turn(attempt=2) == first
        assert (dialogue.turns, dialogue.rows()) == (2, 2 * rows)

    play(dialogue, scene)


def test_a_turn_that_was_never_saved_is_run_when_it_is_sent_again(dialogue: Dialogue) -> None:
    async def scene(client: Client) -> None:
        assert (await client.turn(attempt=2))[0] == 200
        assert dialogue.turns == 1

    play(dialogue, scene)


@pytest.mark.parametrize("path", ["turn", "parse"])
def test_while_a_message_is_read_others_are_answered(
    dialogue: Dialogue, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done = threading.Event(), threading.Event()

    def read(_text: str) -> None:
        begun.set()
        assert done.wait(10)

    monkeypatch.setattr("engine.channel.message_vector", read)

    async def scene(client: Client) -> None:
        reading = asyncio.create_task(
            client.ask("POST", path, json={"conversation": "c1", "id": "t1", "text": "hallo"})
        )
        assert await asyncio.to_thread(begun.wait, 10)
        try:
            assert (await asyncio.wait_for(client.ask("GET", "health"), 5))[0] == 200
            assert not reading.done()
        finally:
            done.set()
        assert (await reading)[0] == 200

    play(dialogue, scene)


def test_a_repeated_turn_that_was_answered_is_not_read_again(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr("engine.channel.message_vector", read.append)

    async def scene(client: Client) -> None:
        await client.turn()
        await client.turn(attempt=2)

    play(dialogue, scene)
    assert read == ["hallo"]


def test_two_conversations_do_not_answer_for_each_other(dialogue: Dialogue) -> None:
    async def scene(client: Client) -> None:
        await client.turn()
        await client.turn(conversation="c2", attempt=2)
        assert (dialogue.turns, dialogue.rows("c1")) == (2, dialogue.rows("c2"))

    play(dialogue, scene)


@pytest.mark.parametrize(("status", "answered"), [(200, 200), (400, 200), (404, 503), (500, 503), (503, 503)])
def test_an_action_server_that_fails_stops_the_turn(dialogue: Dialogue, status: int, answered: int) -> None:
    async def scene(client: Client) -> None:
        dialogue.asks_actions = True
        async with action_server(status) as address:
            dialogue.processor.action_endpoint.url = address
            answer = await client.turn()
        assert answer[0] == answered
        if answered != 200:
            assert kind(answer) == (503, "actions-unavailable")
            assert dialogue.rows() == 0

    play(dialogue, scene)


def test_an_action_server_that_is_not_there_stops_the_turn_and_it_can_be_sent_again(dialogue: Dialogue) -> None:
    async def scene(client: Client) -> None:
        dialogue.asks_actions = True
        assert kind(await client.turn()) == (503, "actions-unavailable")
        assert dialogue.rows() == 0
        async with action_server(200) as address:
            dialogue.processor.action_endpoint.url = address
            assert (await client.turn(attempt=2))[0] == 200

    play(dialogue, scene)


def test_a_locked_database_stops_the_turn_and_it_can_be_sent_again(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker, "LOCK_SECONDS", 0)

    async def scene(client: Client) -> None:
        await client.turn("eerst", id="t0")
        rows = dialogue.rows()
        lock = sqlite3.connect(dialogue.database, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        assert kind(await client.turn()) == (503, "tracker-unavailable")
        assert kind(await client.ask("DELETE", "conversations/c1")) == (503, "tracker-unavailable")
        lock.execute("ROLLBACK")
        lock.close()
        assert dialogue.rows() == rows
        assert (await client.turn(attempt=2))[0] == 200
        assert dialogue.rows() == 2 * rows

    play(dialogue, scene)


def test_forgetting_deletes_one_conversation_and_says_how_much(dialogue: Dialogue) -> None:
    async def scene(client: Client) -> None:
        await client.turn()
        await client.turn(conversation="c2")
        rows = dialogue.rows()
        assert await client.ask("DELETE", "conversations/c1") == (200, {"deleted": rows})
        assert await client.ask("DELETE", "conversations/c1") == (200, {"deleted": 0})
        assert (dialogue.rows("c1"), dialogue.rows("c2")) == (0, rows)
        assert kind(await client.ask("GET", "conversations/c1")) == (404, "unknown-conversation")
        assert (await client.ask("GET", "conversations/c2"))[0] == 200

    play(dialogue, scene)


@pytest.mark.parametrize("path", [("POST", "turn"), ("POST", "parse"), ("GET", "conversations/c1"), ("GET", "health")])
def test_without_the_token_there_is_nothing(dialogue: Dialogue, path: tuple[str, str]) -> None:
    async def scene(client: Client) -> None:
        for token in ("", "x" * 32, TOKEN[:-1], TOKEN + "t"):
            assert kind(await client.ask(*path, token=token)) == (401, "unauthorised")

    play(dialogue, scene)


def test_without_a_model_it_says_so(dialogue: Dialogue) -> None:
    async def scene(client: Client) -> None:
        assert kind(await client.ask("GET", "health")) == (503, "not-ready")
        assert kind(await client.turn()) == (503, "not-ready")

    dialogue.ready = False
    play(dialogue, scene)
    play(None, scene)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b'"x"', b"{}", b'{"conversation": "c1", "id": "t1"}', b"\xff",
     b'{"conversation": "c1", "id": "t1", "attempt": "veel", "text": "hallo"}'],
)  # fmt: skip
def test_a_body_that_is_none_is_a_problem_document(dialogue: Dialogue, content: bytes) -> None:
    async def scene(client: Client) -> None:
        assert kind(await client.ask("POST", "turn", data=content)) == (422, "bad-request")
        assert dialogue.turns == 0

    play(dialogue, scene)


@pytest.mark.parametrize("fault", [KeyError("blauwe plek"), RasaException("blauwe plek")])
def test_a_fault_in_the_turn_is_no_bad_request_and_says_nothing_of_the_text(
    dialogue: Dialogue, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    async def scene(client: Client) -> None:
        dialogue.fault = fault
        assert kind(await client.turn("blauwe plek")) == (500, "turn-failed")

    play(dialogue, scene)
    ours = [record for record in caplog.records if record.name == "pluis.engine"]
    assert ours
    assert "blauwe" not in str([record.__dict__ for record in ours])


@pytest.mark.parametrize("typed", ["/restart", "  /stop", "\u200b/groet", "\n\t/x", "\ufeff /advies{}"])
def test_what_is_typed_is_no_command(typed: str) -> None:
    assert as_text(typed).startswith("／")
    assert as_text("en/of") == "en/of"


@pytest.mark.parametrize("token", [None, "", "kort", "${PLUIS_ENGINE_TOKEN}"])
def test_there_is_no_channel_without_a_token(token: str | None) -> None:
    with pytest.raises(RasaException, match="token ontbreekt"):
        PluisInput.from_credentials({"token": token})

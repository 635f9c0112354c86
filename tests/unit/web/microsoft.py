"""Microsoft's side of Teams for tests: a connector that really listens on this machine and takes in what Pluis sends,
and the activities that Teams would bring."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .serving import listening

Body = dict[str, Any]
AGENT = "28:11111111-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"
PERSON = {"id": "29:someone", "name": "Fatima Jansen", "aadObjectId": "00000000-1111-2222-3333-444444444444"}
_ids = itertools.count(1_700_000_000_000)


@dataclass
class Microsoft:
    """The connector: what it was sent, by chat, and what it answers."""

    url: str = ""
    sent: list[tuple[str, Body]] = field(default_factory=list)
    by_chat: defaultdict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))  # messages alone
    keys: list[str] = field(default_factory=list)  # of who sent it
    tried: int = 0
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # to give before any other
    refuses: Callable[[Body], int] = lambda _body: 0
    code: str = ""  # Microsoft's own word for why
    says: str = ""  # in place of the id of what was taken
    takes: float = 0.0  # seconds that it takes
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def app(self) -> Starlette:
        """Make the ASGI application."""
        path = "/v3/conversations/{chat}/activities"
        return Starlette(
            routes=[Route(path, self._take, methods=["POST"]), Route(path + "/{id}", self._take, methods=["POST"])]
        )

    async def _take(self, request: Request) -> Response:
        body = await request.json()
        await asyncio.sleep(self.takes)
        with self._lock:
            self.tried += 1
            if self.answers:
                status, headers = self.answers.pop(0)
                return JSONResponse({"error": {"message": str(body)}}, status, headers)
            if status := self.refuses(body):
                return JSONResponse({"error": {"code": self.code, "message": str(body)}}, status)
            self.keys.append(request.headers.get("authorization", ""))
            self.sent.append((request.path_params["chat"], body))
            if body["type"] == "message":
                self.by_chat[request.path_params["chat"]].append(body)
        return Response(self.says, 201) if self.says else JSONResponse({"id": str(next(_ids))}, 201)

    def messages(self, chat: str = "a:chat") -> list[Body]:
        """Return the messages that a chat got."""
        with self._lock:
            return list(self.by_chat[chat])

    def said(self, chat: str = "a:chat") -> str:
        """Return all that a chat got, in words and cards."""
        return "\n".join(str(body) for body in self.messages(chat))

    def times(self, words: str, chat: str = "a:chat") -> int:
        """Return in how many messages a chat got these words."""
        return sum(words in str(body) for body in self.messages(chat))

    async def until(self, holds: Callable[[], object], seconds: float = 5.0) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(seconds):
            while not holds():
                await asyncio.sleep(0.002)

    async def until_said(self, text: str, chat: str = "a:chat") -> None:
        """Wait until a chat got these words."""
        await self.until(lambda: text in self.said(chat))


@contextmanager
def microsoft() -> Iterator[Microsoft]:
    """Have Microsoft's connector listen for as long as the block lasts."""
    side = Microsoft()
    with listening(side.app(), {"log_config": None, "host": "127.0.0.1"}) as port:
        side.url = f"http://127.0.0.1:{port}"
        yield side


def activity(url: str, text: str | None = None, *, chat: str = "a:chat", **more: Any) -> Body:
    """Make an activity as Teams brings it; a message when there is text."""
    body: Body = {
        "type": "message",
        "id": str(next(_ids)),
        "timestamp": "2026-11-27T20:00:00.000Z",
        "serviceUrl": url,
        "channelId": "msteams",
        "from": PERSON,
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": chat},
        "recipient": {"id": AGENT, "name": "Pluis"},
        "entities": [{"locale": "nl-NL", "country": "NL", "platform": "Windows", "type": "clientInfo"}],
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "nl-NL",
    }
    return body | ({"text": text, "textFormat": "plain"} if text is not None else {}) | more


def words(body: Body) -> str:
    """Return what a message says: its text, or that of the card of a discreet one."""
    blocks = [
        block["text"] for card in body.get("attachments", ()) for block in card["content"]["body"] if "text" in block
    ]
    return str(body.get("text") or "\n".join(blocks[1:]))


async def bring(http: httpx.AsyncClient, body: Body, **headers: str) -> httpx.Response:
    """Bring an activity to Pluis."""
    return await http.post("/api/messages", json=body, headers=headers)

"""A Direct Line client of a few lines: what a program does that talks with Pluis."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self

import httpx

BASE = "/v3/directline"
Activities = list[dict[str, Any]]


class Talk:
    """One conversation over polling."""

    def __init__(self, http: httpx.AsyncClient, keys: dict[str, Any]) -> None:
        self.http, self.id, self.token, self.keys = http, keys["conversationId"], keys["token"], keys

    @classmethod
    async def begin(cls, http: httpx.AsyncClient) -> Self:
        """Begin a conversation."""
        keys = (await http.post(f"{BASE}/tokens/generate")).json()
        talk = cls(http, keys)
        answer = await http.post(f"{BASE}/conversations", headers=talk.headers)
        assert answer.status_code == 201, answer.text
        talk.keys = answer.json()
        return talk

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def url(self) -> str:
        """Where the activities are."""
        return f"{BASE}/conversations/{self.id}/activities"

    async def post(self, **activity: Any) -> httpx.Response:
        """Send an activity."""
        return await self.http.post(
            self.url, headers=self.headers, json={"type": "message", "from": {"id": "u"}} | activity
        )

    async def say(self, text: str, key: str | None = None) -> str:
        """Send a text and return its id."""
        answer = await self.post(text=text, channelData={"pluisMessage": key} if key else {})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    async def press(self, reply: str, **more: Any) -> None:
        """Press a reply."""
        answer = await self.post(value={"reply": reply} | more)
        assert answer.status_code == 200, answer.text

    async def all(self) -> Activities:
        """Return everything that was kept, without passing activities such as typing."""
        answer = await self.http.get(self.url, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return [a for a in answer.json()["activities"] if a["type"] != "typing"]

    async def until(self, wanted: Callable[[Activities], object], seconds: float = 5.0) -> Activities:
        """Wait until what was said is as wanted."""
        async with asyncio.timeout(seconds):
            while True:
                said = await self.all()
                if wanted(said):
                    return said
                await asyncio.sleep(0.01)

    async def until_said(self, text: str, times: int = 1) -> Activities:
        """Wait until Pluis said this so often."""
        return await self.until(lambda said: sum(text in t for t in bot_texts(said)) >= times)


def bot_texts(said: Activities) -> list[str]:
    """Return what Pluis said."""
    return [a.get("text", "") for a in said if a["from"].get("role") == "bot" and a["type"] == "message"]


def user_texts(said: Activities) -> list[str]:
    """Return what the user said, as it was kept."""
    return [a.get("text", "") for a in said if a["from"].get("role") == "user"]


def replies(said: Activities) -> dict[str, str]:
    """Return the quick replies under the last message that has any: title → id."""
    last = next(a for a in reversed(said) if a.get("suggestedActions"))
    return {action["title"]: action["value"]["reply"] for action in last["suggestedActions"]["actions"]}


class Refused(Exception):  # noqa: N818
    """The stream was not accepted."""


class Socket:
    """The client's end of a stream, straight on the application."""

    def __init__(self, app: Any, path: str, origin: str | None = None) -> None:
        path, _, query = path.partition("?")
        headers = {"host": "127.0.0.1:8000"} | ({"origin": origin} if origin is not None else {})
        self._scope = {
            "type": "websocket", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "scheme": "ws", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000), "subprotocols": [],
            "http_version": "1.1", "root_path": "", "asgi": {"version": "3.0"},
        }  # fmt: skip
        self._app, self._to, self._from = app, asyncio.Queue[Any](), asyncio.Queue[Any]()
        self._left: Activities = []

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._app(self._scope, self._to.get, self._from.put))
        await self._to.put({"type": "websocket.connect"})
        if (await self._from.get())["type"] != "websocket.accept":
            await self._task
            raise Refused
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._to.put({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self._task, 5)

    async def ping(self) -> None:
        """Send the empty frame that Microsoft's client sends."""
        await self._to.put({"type": "websocket.receive", "text": ""})

    async def frame(self) -> dict[str, Any]:
        """Return the next raw message of the server."""
        message: dict[str, Any] = await asyncio.wait_for(self._from.get(), 5)
        return message

    async def next(self, kind: str) -> dict[str, Any]:
        """Return the next activity of a kind; typing comes as often as it likes."""
        while True:
            while self._left:
                activity = self._left.pop(0)
                if activity["type"] == kind:
                    return activity
            frame = await self.frame()
            assert frame["type"] == "websocket.send", frame
            self._left += json.loads(frame["text"])["activities"] if frame["text"] else []

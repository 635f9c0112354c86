"""Speaks with the engine over its own input channel, and translates every failure into a named exception.
The only place in `web` that knows the engine's routes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx

from bot.channels.errors import (
    EngineFaultError,
    EngineRefusedError,
    EngineUnavailableError,
    UnknownConversationError,
)

Message = Mapping[str, Any]

_CHANNEL = "/webhooks/pluis"
_OUT_FOR_A_MOMENT = {401, 403, 408, 429, 502, 503, 504}


class EngineClient:
    """An asynchronous client of one engine; keeps connections open until `close`."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        actions_url: str | None = None,
        timeout: float = 20.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        limits = httpx.Timeout(timeout, connect=2.0)
        headers = {"Authorization": f"Bearer {token}"}
        self._actions_url = actions_url
        self._http = httpx.AsyncClient(
            base_url=base_url, headers=headers, timeout=limits, transport=transport, trust_env=False
        )

    async def turn(
        self, conversation: str, turn_id: str, attempt: int, *, text: str | None = None, payload: str | None = None
    ) -> list[Message]:
        """Send one turn, a typed text or a reply's payload, and return what the engine says.

        Raises EngineUnavailableError, EngineRefusedError or EngineFaultError.
        """
        body: dict[str, Any] = {"conversation": conversation, "id": turn_id, "attempt": attempt}
        body |= {"payload": payload} if payload is not None else {"text": text}
        try:
            answer = await self._json("POST", f"{_CHANNEL}/turn", json=body)
        except UnknownConversationError as error:  # the route itself is missing: the engine is still starting
            raise EngineUnavailableError("no channel") from error
        messages = answer.get("messages")
        if not isinstance(messages, list) or not all(isinstance(m, Mapping) for m in messages):
            raise EngineFaultError("no messages")
        return messages

    async def forget(self, conversation: str) -> int:
        """Delete the conversation's tracker and return how many events went; 0 when there was none."""
        try:
            return int((await self._json("DELETE", f"{_CHANNEL}/conversations/{conversation}")).get("deleted", 0))
        except UnknownConversationError:
            return 0

    async def slots(self, conversation: str) -> dict[str, Any]:
        """Return the slots of a conversation. Raises UnknownConversationError when the engine does not know it."""
        slots = (await self._json("GET", f"{_CHANNEL}/conversations/{conversation}")).get("slots")
        if not isinstance(slots, dict):
            raise EngineFaultError("no slots")
        return slots

    async def parse(self, text: str) -> dict[str, Any]:
        """Return the engine's parse of a pseudonymised text: intent, entities and danger."""
        return await self._json("POST", f"{_CHANNEL}/parse", json={"text": text})

    async def health(self) -> dict[str, bool]:
        """Tell whether the engine, its model and the action server answer; never raises."""
        checks = {"engine": False, "model": False, "actions": False}
        with suppress(httpx.HTTPError, ValueError):
            answer = await self._http.get(f"{_CHANNEL}/health", timeout=3.0)
            checks["engine"] = answer.status_code in {200, 503}  # 503 by itself: up, but without a model
            checks["model"] = answer.is_success and bool(answer.json().get("model"))
        if self._actions_url is not None:
            with suppress(httpx.HTTPError):
                checks["actions"] = (await self._http.get(f"{self._actions_url}/health", timeout=3.0)).is_success
        return checks

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _json(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(method, path, **options)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise EngineUnavailableError(type(error).__name__) from None  # the error holds the request, and so the text
        status = response.status_code
        if status in _OUT_FOR_A_MOMENT:
            raise EngineUnavailableError(f"status {status}")
        if status == 404:
            raise UnknownConversationError(path)
        if 400 <= status < 500:
            raise EngineRefusedError(f"status {status}")
        try:
            body = response.json()
        except ValueError:
            raise EngineFaultError("no JSON") from None
        if not response.is_success or not isinstance(body, dict):
            raise EngineFaultError(f"status {status}")
        return body

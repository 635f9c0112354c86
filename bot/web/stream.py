"""The WebSocket stream of a conversation: what was said since the watermark, then everything new at once.
It also looks in the database now and then, for what another replica answered."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.channels import UnknownConversationError, goodbye
from bot.channels.hub import Listener
from bot.web.directline import number
from bot.web.services import Services, base_url, services
from bot.web.tokens import TokenError

log = logging.getLogger("pluis.web")

router = APIRouter(prefix="/v3/directline")

PING_EVERY = 20.0
LOOK_EVERY = 4.0
MAX_STREAMS = 8  # of one conversation in this process; who has more open gets the answers by polling


@router.websocket("/conversations/{conversation}/stream")
async def stream(socket: WebSocket, conversation: str, watermark: str = "", t: str = "") -> None:
    """Stream a conversation to a client with a ticket for it."""
    own = services(socket)
    if (reason := _refusal(socket, own, conversation, t)) is not None:
        await socket.close(reason)  # before accepting: the client sees a refused connection and asks a new address
        return
    logs.CONVERSATION.set(conversation)
    await socket.accept()
    with own.chat.hub.listen(conversation) as listener:
        sender = asyncio.create_task(_send(socket, own, conversation, number(watermark), listener))
        try:
            while not sender.done():
                reader = asyncio.create_task(socket.receive_text())  # the client's pings; it sends nothing else
                await asyncio.wait({sender, reader}, return_when=asyncio.FIRST_COMPLETED)
                if not reader.done():
                    reader.cancel()
                    break
                reader.result()
        except (WebSocketDisconnect, KeyError, RuntimeError):
            pass  # gone, or it sent bytes
        finally:
            sender.cancel()
            (failure,) = await asyncio.gather(sender, return_exceptions=True)
            if isinstance(failure, Exception):
                log.error("stream failed", extra=logs.describe_error(failure))


def _refusal(socket: WebSocket, own: Services, conversation: str, ticket: str) -> int | None:
    """Return why a stream is not opened, as a WebSocket's code; None when it is.

    A page elsewhere cannot have a ticket, and no cookie opens anything; its origin is refused all the same.
    """
    try:
        known = own.tokens.read("stream", ticket) == conversation
    except TokenError:
        known = False
    origin = socket.headers.get("origin")  # programs send none
    ours = {socket.url.netloc, urlsplit(base_url(socket, own.settings)).netloc}
    if not known or (origin is not None and origin.partition("://")[2] not in ours):
        return 1008
    return 1013 if own.chat.hub.streams_of(conversation) >= MAX_STREAMS else None


async def _send(socket: WebSocket, own: Services, conversation: str, watermark: int, listener: Listener) -> None:
    last = time.monotonic()
    try:
        while True:
            if passing := listener.take():
                await _frame(socket, {"activities": passing})
            found, reached = await _read(own, conversation, watermark)
            if found:
                await _frame(socket, {"activities": found, "watermark": str(reached)})
                last, watermark = time.monotonic(), reached
                continue
            if time.monotonic() - last >= PING_EVERY:
                await socket.send_text("")
                last = time.monotonic()
            await listener.wait(LOOK_EVERY)
    except UnknownConversationError:
        await _frame(socket, {"activities": [goodbye(conversation)]})  # whoever wiped it, here or elsewhere
        await socket.close(1000)
    except (WebSocketDisconnect, RuntimeError):
        pass  # the client is gone


async def _read(own: Services, conversation: str, watermark: int) -> tuple[list[dict[str, Any]], int]:
    """Read what is new; a database that is out for a moment has nothing new, and is asked again at the next look."""
    try:
        return await asyncio.to_thread(own.chat.store.after, conversation, watermark)
    except SQLAlchemyError as error:
        log.warning("stream not read", extra={"error": type(error).__name__})
        return [], watermark


async def _frame(socket: WebSocket, content: dict[str, Any]) -> None:
    await socket.send_text(json.dumps(content, ensure_ascii=False))

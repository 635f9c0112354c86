"""Direct Line 3.0, as Microsoft's own client needs it, plus one route to wipe a conversation.
What the client does on each status was read in its code: see the comments. Of a conversation that was begun only its
messages are counted: not the polls, the renewal of its keys, or its end."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from bot import logs
from bot.channels import Incoming
from bot.web import problems
from bot.web.guard import line_of, may_begin, not_too_often
from bot.web.problems import Problem
from bot.web.services import Services, ServicesDep, base_url
from bot.web.tokens import TokenError, new_conversation_id

log = logging.getLogger("pluis.web")

router = APIRouter(prefix="/v3/directline", tags=["Direct Line 3.0"])


class Activity(BaseModel):
    """What a client may say; everything else it sends is left out."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    type: str = Field(max_length=64)
    text: str | None = None
    value: Any = None
    sender: dict[str, Any] = Field(default_factory=dict, alias="from")
    channel_data: dict[str, Any] | None = Field(None, alias="channelData")
    attachments: list[Any] | None = None


class ConversationOut(BaseModel):
    """The keys of one conversation."""

    conversationId: str  # noqa: N815 -- Direct Line's own names
    token: str
    expires_in: int
    streamUrl: str | None = None  # noqa: N815
    resume: str | None = None  # ours: renews the token as long as the conversation is kept


class ActivitiesOut(BaseModel):
    """What was said since a watermark."""

    activities: list[dict[str, Any]]
    watermark: str


class Id(BaseModel):
    """The id of an activity."""

    id: str


def bearer(connection: HTTPConnection) -> str:
    """Return the token of a request. A missing one is the only thing that gets 401."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(problems.NO_KEY, "Vraag eerst een sleutel bij tokens/generate.")
    return token.strip()


def token_conversation(connection: HTTPConnection, services: ServicesDep) -> str:
    """Return the conversation of the request's token; 403 makes the client renew it."""
    try:
        conversation = services.tokens.read("conversation", bearer(connection))
    except TokenError:
        raise Problem(problems.EXPIRED) from None
    logs.CONVERSATION.set(conversation)
    return conversation


def own_conversation(conversation: str, owned: Annotated[str, Depends(token_conversation)]) -> str:
    """Return the conversation in the address if the token is for it; to others it does not exist."""
    if conversation != owned:
        raise Problem(problems.UNKNOWN_CONVERSATION)
    return conversation


Own = Annotated[str, Depends(own_conversation)]


def resumed_conversation(connection: HTTPConnection, services: ServicesDep) -> str:
    """Return the conversation of a key to resume. Raises TokenError when it is no such key."""
    conversation = services.tokens.read("resume", bearer(connection))
    logs.CONVERSATION.set(conversation)
    return conversation


def wiped_conversation(conversation: str, connection: HTTPConnection, services: ServicesDep) -> str:
    """Return the conversation in the address; the key to resume will do: the page does not see renewed tokens."""
    try:
        return own_conversation(conversation, resumed_conversation(connection, services))
    except TokenError:
        return own_conversation(conversation, token_conversation(connection, services))


def number(watermark: str) -> int:
    """Read a watermark; a strange one means from the beginning, as the client drops what it has already."""
    return int(watermark) if watermark.isdecimal() and watermark.isascii() and len(watermark) < 10 else 0


def _keys(services: Services, conversation: str) -> ConversationOut:
    return ConversationOut(
        conversationId=conversation,
        token=services.tokens.make("conversation", conversation),
        expires_in=services.settings.token_minutes * 60,
        resume=services.tokens.make("resume", conversation),
    )


def _opened(request: Request, services: Services, conversation: str, watermark: str) -> ConversationOut:
    base = base_url(request, services.settings)
    ticket = services.tokens.make("stream", conversation)
    path = f"{router.prefix}/conversations/{conversation}/stream?watermark={number(watermark) or ''}&t={ticket}"
    return _keys(services, conversation).model_copy(update={"streamUrl": f"ws{base.removeprefix('http')}{path}"})


@router.post("/tokens/generate", dependencies=[Depends(may_begin)])
async def generate(services: ServicesDep) -> ConversationOut:
    """Give a token for a new conversation, which begins with POST conversations."""
    return _keys(services, new_conversation_id())


@router.post("/tokens/refresh")
async def refresh(request: Request, services: ServicesDep) -> ConversationOut:
    """Renew a token; also after it expired, with the key to resume, as long as the conversation is kept."""
    try:
        conversation = resumed_conversation(request, services)
        await asyncio.to_thread(services.chat.store.check, conversation)
    except TokenError:
        conversation = token_conversation(request, services)
    if await asyncio.to_thread(services.chat.store.is_wiped, conversation):
        raise Problem(problems.UNKNOWN_CONVERSATION)
    return _keys(services, conversation)


class Code(BaseModel):
    """The code of a question."""

    code: str = Field(max_length=40)


@router.post("/tokens/return")
async def come_back(request: Request, services: ServicesDep, told: Code) -> ConversationOut:
    """Give the keys of the conversation that a code brings back (ours, not Direct Line's)."""
    await not_too_often(services, "signins", f"code {line_of(request)}")
    found = await asyncio.to_thread(services.desk.conversation_of, told.code) if services.desk else None
    if found is None:
        raise Problem(problems.UNKNOWN_CONVERSATION, "Deze code ken ik niet. Kijk of je hem goed hebt overgenomen.")
    logs.CONVERSATION.set(found)
    return _keys(services, found)


@router.post("/conversations", status_code=201, dependencies=[Depends(may_begin)])
async def begin(
    request: Request,
    response: Response,
    services: ServicesDep,
    conversation: Annotated[str, Depends(token_conversation)],
) -> ConversationOut:
    """Begin the token's conversation: Pluis welcomes the user."""
    new = await services.chat.begin(conversation, "directline", base_url(request, services.settings))
    response.status_code = 201 if new else 200
    return _opened(request, services, conversation, "")


@router.get("/conversations/{conversation}")
async def reconnect(request: Request, services: ServicesDep, conversation: Own, watermark: str = "") -> ConversationOut:
    """Give a fresh token and stream address for a conversation that goes on."""
    await asyncio.to_thread(services.chat.store.check, conversation)
    return _opened(request, services, conversation, watermark)


@router.delete("/conversations/{conversation}", status_code=204)
async def wipe(services: ServicesDep, conversation: Annotated[str, Depends(wiped_conversation)]) -> None:
    """Wipe the conversation everywhere (ours, not Direct Line's); also with the key to resume."""
    if not await services.chat.runner.forget(conversation):
        raise Problem(problems.UNKNOWN_CONVERSATION)


@router.get("/conversations/{conversation}/activities")
async def activities(services: ServicesDep, conversation: Own, watermark: str = "") -> ActivitiesOut:
    """Return what was said since the watermark; the client stops polling for ever on anything but 200, 403, 404."""
    try:
        found, reached = await asyncio.to_thread(services.chat.store.after, conversation, number(watermark))
    except SQLAlchemyError as error:
        log.warning("activities not read", extra={"error": type(error).__name__})
        found, reached = [], number(watermark)  # nothing for now: the next poll asks again
    if (typing := services.chat.hub.typing.get(conversation)) is not None:
        found = [*found, typing]
    return ActivitiesOut(activities=found, watermark=str(reached))


@router.post("/conversations/{conversation}/activities")
async def say(services: ServicesDep, conversation: Own, activity: Activity) -> Id:
    """Take in a message; other kinds of activity are accepted and not kept."""
    if activity.type != "message":
        await asyncio.to_thread(services.chat.store.check, conversation)
        if activity.type == "typing" and services.board is not None:
            services.board.types(conversation)
        return Id(id=f"{conversation}|passing")
    await not_too_often(services, "messages", conversation)  # 429: the client shows that it was not sent
    data = activity.channel_data or {}
    incoming = Incoming(
        text=activity.text or "",
        value=activity.value,
        key=_name(data.get("pluisMessage")),
        client_id=_name(data.get("clientActivityID")),
        sender=_name(activity.sender.get("id")) or "user",
        has_files=bool(activity.attachments),
    )
    return Id(id=await services.chat.receive(conversation, incoming))


@router.post("/conversations/{conversation}/upload", status_code=415)
async def upload(conversation: str) -> None:
    """Refuse files."""
    raise Problem(problems.NO_FILES, "Beschrijf in je eigen woorden wat erop staat, zonder namen.")


def _name(value: object) -> str | None:
    """Return a client's own name for something when it is a plain one; a strange one is as good as none."""
    if isinstance(value, str) and 0 < len(value) <= 64 and value.isascii() and value.isprintable():
        return value
    return None

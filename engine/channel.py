"""The one way into the engine: a Rasa input channel behind a bearer token.

Unlike Rasa's stock REST channel it never reads typed text as a command, never answers 200 to a failure,
never logs what was said, saves a turn whole or not at all, answers a repeated turn once, and can forget.
What takes long, the vectors of a message, is computed in a thread before the turn: others' turns go on meanwhile.
"""

from __future__ import annotations

import asyncio
import functools
import hmac
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Request, response
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse

from engine.abort import TurnAborted, guard_actions
from engine.e5 import message_vector
from engine.logs import describe_error

log = logging.getLogger("pluis.engine")

Handler = Callable[..., Awaitable[HTTPResponse]]


class TurnOutput(CollectingOutputChannel):
    """Collects what is said in a turn; a message stays one message (Rasa's own splits it at every blank line)."""

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Keep a text whole."""
        await self._persist_message(self._message(recipient_id, text=text.strip()))


_READERS = ThreadPoolExecutor(2, "reader")  # more would wait for the same cores

_PROBLEMS = {
    "unauthorised": (401, "De sleutel ontbreekt of klopt niet."),
    "bad-request": (422, "Dit verzoek is niet te lezen."),
    "unknown-conversation": (404, "Dit gesprek is er niet."),
    "actions-unavailable": (503, "De actieserver is even niet bereikbaar."),
    "tracker-unavailable": (503, "De gespreksopslag is even niet bereikbaar."),
    "not-ready": (503, "Het model is nog niet geladen."),
    "turn-failed": (500, "Deze beurt is mislukt."),
}


def problem(kind: str) -> HTTPResponse:
    """Answer with an RFC 9457 problem document."""
    status, title = _PROBLEMS[kind]
    body = {"type": f"urn:pluis:engine:{kind}", "title": title, "status": status}
    return response.json(body, status, content_type="application/problem+json")


def as_text(typed: str) -> str:
    """Make sure that what was typed is never a command: no `/` may stand first, whatever blanks precede it."""
    bare = typed.lstrip().lstrip("\u200b\u200c\u200d\u2060\ufeff\x00 \t\r\n")
    return "／" + bare[1:] if bare.startswith("/") else typed


class PluisInput(InputChannel):
    """Rasa input channel at `/webhooks/pluis/`: turn, parse, conversations, health."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    @classmethod
    def name(cls) -> str:
        """Name Rasa knows this channel by, and its URL prefix."""
        return "pluis"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> PluisInput:
        """Make the channel from credentials.yml. Raises RasaException without a token."""
        token = (credentials or {}).get("token") or ""
        if len(token) < 16 or token.startswith("${"):
            raise RasaException("credentials.yml: token ontbreekt; start met `make run` of zet PLUIS_ENGINE_TOKEN")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Give Rasa the routes of this channel."""
        blueprint = Blueprint("pluis", __name__)
        routes: list[tuple[str, str, Handler]] = [
            ("POST", "/turn", functools.partial(_turn, on_new_message)),
            ("POST", "/parse", _parse),
            ("GET", "/conversations/<conversation>", _read),
            ("DELETE", "/conversations/<conversation>", _forget),
            ("GET", "/health", _health),
        ]
        for method, path, handler in routes:
            name = f"{method.lower()}_{path.split('/')[1]}"
            blueprint.add_route(self._guarded(handler), path, methods=[method], name=name)
        return blueprint

    def _guarded(self, handler: Handler) -> Handler:
        """Let a request through only with the token, and turn every failure into a problem document."""

        async def guarded(request: Request, **path: str) -> HTTPResponse:
            given = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, self._expected):
                return problem("unauthorised")
            agent: Agent | None = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return problem("not-ready")
            guard_actions(agent)
            try:
                return await handler(request, agent, **path)
            except TurnAborted as error:
                log.warning("turn aborted", extra={"fields": {"failed_part": error.part}})
                return problem(f"{error.part}-unavailable")
            except (KeyError, TypeError, ValueError, SanicException) as error:
                log.warning("bad request", extra={"fields": describe_error(error)})
                return problem("bad-request")
            except Exception as error:
                log.error("turn failed", extra={"fields": describe_error(error)})
                return problem("turn-failed")

        return guarded


async def _turn(
    on_new_message: Callable[[UserMessage], Awaitable[Any]], request: Request, agent: Agent
) -> HTTPResponse:
    """Run one turn; a turn that was answered before is answered the same way again, not run twice."""
    body = request.json
    conversation, key = str(body["conversation"]), str(body["id"])
    text = str(body["payload"]) if "payload" in body else as_text(str(body["text"]))
    output, answered = TurnOutput(), None
    if int(body.get("attempt", 1)) > 1:
        answered = _answer_to(await agent.tracker_store.retrieve_full_tracker(conversation), key)
    if answered is None and "payload" not in body:
        await _read_ahead(text)
    try:
        if answered is None:
            message = UserMessage(text, output, conversation, input_channel="pluis", metadata={"turn": key})
            await on_new_message(message)
        for said in answered or ():
            await output.send_response(conversation, said.message())  # as Rasa sent it the first time
    except (KeyError, TypeError, ValueError) as error:  # a fault of ours in the turn, not of the request
        raise RuntimeError("turn") from error
    return response.json({"messages": [_strip(message) for message in output.messages]})


async def _read_ahead(text: str) -> None:
    """Compute the vectors of a message in a thread, so that the turn finds them in the encoder's memory."""
    await asyncio.get_running_loop().run_in_executor(_READERS, message_vector, text)


async def _parse(request: Request, agent: Agent) -> HTTPResponse:
    """Parse a text without a conversation: intent, danger."""
    text = as_text(str(request.json["text"]))
    await _read_ahead(text)
    return response.json(await agent.parse_message(text))


async def _read(_request: Request, agent: Agent, conversation: str) -> HTTPResponse:
    """Give the slots of a conversation."""
    tracker = await agent.tracker_store.retrieve(conversation)
    if tracker is None:
        return problem("unknown-conversation")
    return response.json({"slots": tracker.current_slot_values()})


async def _forget(_request: Request, agent: Agent, conversation: str) -> HTTPResponse:
    """Delete a conversation's rows, under its lock so that no turn writes behind it."""
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    async with agent.lock_store.lock(conversation):
        deleted = store.forget(conversation)
    log.info("conversation forgotten", extra={"fields": {"conversation": conversation, "events": deleted}})
    return response.json({"deleted": deleted})


async def _health(_request: Request, agent: Agent) -> HTTPResponse:
    """Say that the engine is up, and with which model."""
    return response.json({"status": "ok", "model": agent.model_id})


def _answer_to(tracker: DialogueStateTracker | None, key: str) -> list[BotUttered] | None:
    """Find what was said to the turn `key`; None when that turn was never saved."""
    found: list[BotUttered] | None = None
    for event in tracker.events if tracker else []:
        if isinstance(event, UserUttered):
            if found is not None:
                break
            if (event.metadata or {}).get("turn") == key:
                found = []
        elif isinstance(event, BotUttered) and found is not None:
            found.append(event)
    return found


def _strip(message: dict[str, Any]) -> dict[str, Any]:
    """Leave the recipient out of an outgoing message: `web` knows whom it asked for."""
    return {name: value for name, value in message.items() if name != "recipient_id"}

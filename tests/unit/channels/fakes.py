"""An engine and a privacy door for tests: real HTTP over an ASGI transport, faults on demand, everything recorded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels import Clock, EngineClient

Answer = Callable[[dict[str, Any]], list[dict[str, Any]]]
TOKEN = "t" * 32


def echo(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer as a small conversation would."""
    if body.get("payload") == "/groet":
        buttons = [
            {"title": "Onderbuikgevoel", "payload": "/onderbuikgevoel"},
            {"title": "Ik heb een vraag", "payload": "/kennisvraag"},
        ]
        return [{"text": "Welkom bij Pluis.", "buttons": buttons}]
    return [{"text": "antwoord op: " + str(body.get("text", body.get("payload")))}]


@dataclass
class FakeEngine:
    """The engine's channel, as the contract describes it."""

    answer: Answer = echo
    down: bool = False
    answers_in: float = 0.0  # seconds that an answer takes
    forgets: int = 1  # events that there are to forget
    forgets_in: float = 0.0  # seconds that forgetting takes
    refuses_to_forget: list[str] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)  # statuses to answer before anything else
    turns: list[dict[str, Any]] = field(default_factory=list)  # answered
    tried: list[dict[str, Any]] = field(default_factory=list)  # also those that failed
    forgotten: list[str] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """What was typed and reached the engine."""
        return [turn["text"] for turn in self.turns if "text" in turn]

    @property
    def payloads(self) -> list[str]:
        """What was pressed and reached the engine."""
        return [turn["payload"] for turn in self.turns if "payload" in turn]

    def client(self, timeout: float = 5.0) -> EngineClient:
        """Make a client that speaks with this engine."""
        outer = self

        class Transport(httpx.ASGITransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                if outer.down:
                    raise httpx.ConnectError("down", request=request)
                return await super().handle_async_request(request)

        return EngineClient(
            "http://engine", TOKEN, actions_url="http://actions", timeout=timeout, transport=Transport(self.app())
        )

    def app(self) -> Starlette:
        """Make the ASGI application."""
        base = "/webhooks/pluis"
        return Starlette(
            routes=[
                Route(f"{base}/turn", self._turn, methods=["POST"]),
                Route(f"{base}/parse", self._parse, methods=["POST"]),
                Route(f"{base}/conversations/{{conversation}}", self._read, methods=["GET"]),
                Route(f"{base}/conversations/{{conversation}}", self._forget, methods=["DELETE"]),
                Route(f"{base}/health", self._health),
                Route("/health", self._health),
            ]
        )

    async def _turn(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({}, 401)
        body = await request.json()
        self.tried.append(body)
        if self.faults:
            return JSONResponse({"type": "urn:pluis:engine:fault"}, self.faults.pop(0))
        await asyncio.sleep(self.answers_in)
        self.turns.append(body)
        return JSONResponse({"messages": self.answer(body)})

    async def _parse(self, request: Request) -> Response:
        text = (await request.json())["text"]
        triggers = [{"kind": "weapon", "quote": "een mes"}] if "mes" in text else []
        return JSONResponse({"text": text, "danger": {"acute": bool(triggers), "score": 0.9, "triggers": triggers}})

    async def _read(self, request: Request) -> Response:
        if not self.slots:
            return JSONResponse({}, 404)
        return JSONResponse({"slots": self.slots})

    async def _forget(self, request: Request) -> Response:
        self.forgotten.append(request.path_params["conversation"])
        await asyncio.sleep(self.forgets_in)
        if request.path_params["conversation"] in self.refuses_to_forget:
            return JSONResponse({}, 503)
        return JSONResponse({"deleted": self.forgets})

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok", "model": "m"})


@dataclass(frozen=True)
class FakeFound:
    """One name."""

    kind: str = "persoon"


@dataclass(frozen=True)
class FakeMasked:
    """A masked text."""

    text: str
    found: tuple[FakeFound, ...] = ()


class FakeDoor:
    """Masks every "Fatima" and "Jan", numbered within a conversation."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, int]] = {}

    def pseudonymise(self, conversation_id: str, text: str, start_number: int = 1) -> FakeMasked:
        """Replace the names."""
        people = self.known.setdefault(conversation_id, {})

        def number(match: re.Match[str]) -> str:
            people.setdefault(match[0], max(people.values()) + 1 if people else start_number)
            return f"[persoon {people[match[0]]}]"

        masked, names = re.subn("Fatima|Jan", number, text)
        return FakeMasked(masked, (FakeFound(),) * names)

    def remembers(self, conversation_id: str) -> bool:
        """Tell whether a name is known."""
        return bool(self.known.get(conversation_id))

    def forget(self, conversation_id: str) -> None:
        """Forget who is who."""
        self.known.pop(conversation_id, None)


class FakeClock(Clock):
    """A clock that stands still until time passes or somebody moves it."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now, self.passed = now, 0.0
        super().__init__(lambda: self.now, lambda: self.passed)

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.now, self.passed = self.now + seconds, self.passed + seconds

    def jumps(self, seconds: float) -> None:
        """Put the clock forward or back: no time passes."""
        self.now += seconds

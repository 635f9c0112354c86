"""Every way in which the engine can fail has a name, and none of them holds the text."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from bot.channels import (
    ChannelError,
    EngineClient,
    EngineFaultError,
    EngineRefusedError,
    EngineUnavailableError,
    UnknownConversationError,
)

from .fakes import TOKEN, FakeEngine

Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler) -> EngineClient:
    return EngineClient("http://engine", TOKEN, actions_url="http://actions", transport=httpx.MockTransport(handler))


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("geheime tekst", request=request)


def hang(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("geheime tekst", request=request)


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        (refuse, EngineUnavailableError),
        (hang, EngineUnavailableError),
        (lambda _: httpx.Response(503, json={}), EngineUnavailableError),
        (lambda _: httpx.Response(401, json={}), EngineUnavailableError),
        (lambda _: httpx.Response(404, text="starting"), EngineUnavailableError),
        (lambda _: httpx.Response(422, json={}), EngineRefusedError),
        (lambda _: httpx.Response(500, json={}), EngineFaultError),
        (lambda _: httpx.Response(200, text="[]"), EngineFaultError),
        (lambda _: httpx.Response(200, text="geen json"), EngineFaultError),
        (lambda _: httpx.Response(200, json={"messages": "hallo"}), EngineFaultError),
    ],
)
async def test_each_failure_of_a_turn_has_its_name(handler: Handler, error: type[ChannelError]) -> None:
    with pytest.raises(error) as raised:
        await client(handler).turn("c", "t", 1, text="geheime tekst")
    assert "geheim" not in str(raised.value)
    assert raised.value.__cause__ is None or "geheim" not in str(raised.value.__cause__)


async def test_a_turn_is_sent_as_the_contract_says() -> None:
    engine = FakeEngine()
    said = await engine.client().turn("c", "t1", 2, text="hallo")
    assert engine.turns == [{"conversation": "c", "id": "t1", "attempt": 2, "text": "hallo"}]
    assert said == [{"text": "antwoord op: hallo"}]


async def test_an_unknown_conversation_has_no_slots_and_nothing_to_forget() -> None:
    missing = client(lambda _: httpx.Response(404, json={}))
    with pytest.raises(UnknownConversationError):
        await missing.slots("c")
    assert await missing.forget("c") == 0


async def test_health_tells_the_parts_apart() -> None:
    def no_model(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200 if request.url.host == "actions" else 503, json={})

    assert await client(no_model).health() == {"engine": True, "model": False, "actions": True}
    assert await client(refuse).health() == {"engine": False, "model": False, "actions": False}
    assert await FakeEngine().client().health() == {"engine": True, "model": True, "actions": True}

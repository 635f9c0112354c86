"""A message that comes half, or stops coming."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.web import middleware

from .conftest import Site
from .talk import Talk

HALF = {"type": "http.request", "body": b'{"type": "message", "te', "more_body": True}


async def posted(site: Site, talk: Talk, *messages: dict[str, Any]) -> list[dict[str, Any]]:
    """Post what comes in these pieces, then wait for ever; return what the application sends."""
    scope = {
        "type": "http", "method": "POST", "path": talk.url, "raw_path": talk.url.encode(), "query_string": b"",
        "headers": [(b"authorization", f"Bearer {talk.token}".encode()), (b"content-length", b"60")],
        "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000), "http_version": "1.1",
        "root_path": "", "asgi": {"version": "3.0"},
    }  # fmt: skip
    pieces, sent = iter(messages), list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        if (piece := next(pieces, None)) is None:
            await asyncio.Event().wait()
        assert piece is not None
        return piece

    async def send(message: Any) -> None:
        sent.append(message)

    await asyncio.wait_for(site.app(scope, receive, send), 5)
    return sent


async def test_half_a_message_is_not_kept_and_no_fault_of_ours(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pluis.web")
    talk = await Talk.begin(site.http)
    said = await talk.until_said("Welkom")
    assert await posted(site, talk, HALF, {"type": "http.disconnect"}) == []
    assert await talk.all() == said
    counted = (await site.http.get("/metrics")).text
    assert 'status="499"' in counted
    assert 'status="500"' not in counted
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_a_message_that_stops_coming_is_let_go(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.1)
    talk = await Talk.begin(site.http)
    begin, body = await posted(site, talk, HALF)
    assert begin["status"] == 408
    assert (b"connection", b"close") in begin["headers"]
    assert b"urn:pluis:problem:body-too-slow" in body["body"]

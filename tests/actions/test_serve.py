"""The action server as it listens: for who has the token, and on loopback."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sanic import Sanic

from actions import serve
from actions.serve import make_app
from bot.settings import Settings

TOKEN = "t" * 32


async def test_without_the_token_nothing_is_done_and_with_it_the_actions_are_there() -> None:
    """One test, since Sanic can start a server once in a process."""
    app = make_app(TOKEN)
    free = socket.create_server(("127.0.0.1", 0))  # Sanic reads port 0 as its own default
    server: Any = await app.create_server(sock=free, return_asyncio_server=True, access_log=False)
    await server.startup()
    base_url = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=base_url, trust_env=False) as http:
        for given in (None, "", "Bearer", f"Bearer {TOKEN[1:]}", f"Bearer {TOKEN}t", TOKEN, "Bearer é"):
            headers = {} if given is None else {b"Authorization": given.encode()}
            for method, path in (("POST", "/webhook"), ("GET", "/actions")):
                answer = await http.request(method, path, headers=headers, json={"next_action": "action_help"})
                assert answer.status_code == 401, given
                assert answer.headers["content-type"] == "application/problem+json"
        answer = await http.get("/actions", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert len(answer.json()) > 1
        assert (await http.get("/health")).status_code == 200
    await server.close()
    Sanic.unregister_app(app)


def test_it_listens_on_loopback_with_the_token_of_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: dict[str, Any] = {}
    settings = Settings(_env_file=None, var=tmp_path, engine_token=SecretStr(TOKEN))
    monkeypatch.setattr(serve, "get_settings", lambda: settings)
    monkeypatch.setattr(serve, "services", lambda: None)
    monkeypatch.setattr("bot.logs.configure", lambda *_: None)
    monkeypatch.setattr(serve, "make_app", lambda token: ran.update(token=token) or Sanic)
    monkeypatch.setattr(Sanic, "run", lambda **how: ran.update(how))
    serve.main()
    assert (ran["host"], ran["token"]) == ("127.0.0.1", TOKEN)

"""Limits: nobody who types is ever refused, who floods is, and neither memory nor a lost Redis gets in the way."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from redis.asyncio import Redis
from starlette.requests import HTTPConnection
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.web import rates
from bot.web.guard import line_of
from bot.web.rates import MAX_COUNTS, Rates
from tests.unit.channels.fakes import FakeEngine

from .conftest import Site, make_settings, running
from .talk import BASE, Refused, Socket, Talk, user_texts

FLOOD = 180  # the least that can be set
Later = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Stop the clock in the first second of a minute, and return how to set it forward."""
    now = [float(int(time.time()) // 60 * 60 + 61)]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def forward(seconds: float) -> None:
        now[0] += seconds

    return forward


@asynccontextmanager
async def made(**changes: Any) -> AsyncIterator[Rates]:
    """Make counters with the default limits."""
    counters = Rates(make_settings(Path("/nergens"), **changes))
    try:
        yield counters
    finally:
        await counters.close()


def refusal(answer: httpx.Response) -> int:
    """Assert that an answer is the problem of too often, and return the seconds until its Retry-After."""
    assert answer.status_code == 429, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == ("urn:pluis:problem:too-often", 429)
    assert body["detail"]
    seconds = parsedate_to_datetime(answer.headers["retry-after"]).timestamp() - time.time()
    assert 0 < seconds <= 62
    return int(seconds)


async def test_a_fast_typist_is_never_refused_and_a_flood_is(later: Later) -> None:
    async with made() as counters:
        for _second in range(10):  # thirty in ten seconds, a minute long
            assert not any([await counters.seconds_to_wait("messages", "a") for _ in range(18)])
            later(6)
        flood = [await counters.seconds_to_wait("messages", "b") for _ in range(500)]
        assert not any(flood[:300])
        assert any(flood)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("messages_per_minute", FLOOD - 1), ("conversations_per_minute", 0), ("api_per_minute", 0),
        ("redis_url", "localhost:6379"), ("redis_url", "redis://:geheim@cache:poort/0"), ("redis_url", "redis://"),
    ],
)  # fmt: skip
def test_a_limit_that_would_refuse_people_cannot_be_set(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        make_settings(tmp_path, **{name: value})
    assert [fault["loc"] for fault in refused.value.errors()] == [(name,)]
    assert "geheim" not in str(refused.value)


async def test_a_message_too_many_is_refused_and_everything_else_goes_on(tmp_path: Path, later: Later) -> None:
    async with running(tmp_path, FakeEngine(), messages_per_minute=FLOOD) as site:
        talk, other = await Talk.begin(site.http), await Talk.begin(site.http)
        for number in range(FLOOD):
            await talk.say("🙂", key=f"m{number}")
        refused = await talk.post(text="ze ligt op de grond", channelData={"pluisMessage": "m-te-veel"})
        seconds = refusal(refused)
        assert "112" in refused.json()["detail"]
        assert "grond" not in refused.text
        assert "ze ligt op de grond" not in user_texts(await talk.all())  # polling: 200, without it
        await other.say("hallo")
        for _ in range(2 * FLOOD):
            assert (await site.http.get(f"{talk.url}?watermark=200", headers=talk.headers)).status_code == 200
        resume = {"Authorization": f"Bearer {talk.keys['resume']}"}
        assert (await site.http.post(f"{BASE}/tokens/refresh", headers=resume)).status_code == 200
        assert (await site.http.get(f"{BASE}/conversations/{talk.id}", headers=talk.headers)).status_code == 200
        assert (await talk.post(type="typing")).status_code == 200
        later(seconds)
        await talk.say("ze ligt op de grond", key="m-te-veel")
        refusal([await talk.post(text="🙂") for _ in range(FLOOD)][-1])
        assert (await site.http.delete(f"{BASE}/conversations/{talk.id}", headers=talk.headers)).status_code == 204
        counted = (await site.http.get("/metrics")).text
        assert 'pluis_refused_total{limit="messages"}' in counted
        assert talk.id not in counted


async def test_new_conversations_are_counted_by_address_and_those_that_are_there_go_on(
    tmp_path: Path, later: Later
) -> None:
    async with running(tmp_path, FakeEngine(), conversations_per_minute=10) as site:
        proxied: Any = ProxyHeadersMiddleware(site.app, "127.0.0.1")  # type: ignore[arg-type]
        transport = httpx.ASGITransport(proxied, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            http.headers["X-Forwarded-For"] = "192.0.2.7"
            talks = [await Talk.begin(http) for _ in range(10)]
            refused = await http.post(f"{BASE}/tokens/generate")
            seconds = refusal(refused)
            assert "0800-2000" in refused.json()["detail"]
            refusal(await http.post(f"{BASE}/conversations", headers=talks[0].headers))
            await talks[0].say("ik ga door")
            elsewhere = await http.post(f"{BASE}/tokens/generate", headers={"X-Forwarded-For": "192.0.2.8"})
            assert elsewhere.status_code == 200
            later(seconds)
            await Talk.begin(http)


async def test_the_api_is_counted_by_key_and_without_one_by_address(tmp_path: Path, later: Later) -> None:
    asked = "/api/knowledge/search?q=x"
    async with running(tmp_path, FakeEngine(), client="192.0.2.7", api_keys="een, twee", api_per_minute=3) as site:
        one, two = ({"Authorization": f"Bearer {key}"} for key in ("een", "twee"))
        assert [(await site.http.get(asked, headers=one)).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert (await site.http.get(asked, headers=two)).status_code == 200
        guesses = [await site.http.get(asked, headers={"Authorization": f"Bearer {n}"}) for n in range(4)]
        assert [guess.status_code for guess in guesses] == [401, 401, 401, 429]
        later(refusal(guesses[-1]))
        assert (await site.http.get(asked, headers=one)).status_code == 200


@pytest.mark.parametrize(
    ("host", "line"),
    [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_who_has_one_ipv6_address_has_them_all(host: str, line: str) -> None:
    assert line_of(HTTPConnection({"type": "http", "client": (host, 1), "headers": []})) == line


async def test_a_hundred_thousand_addresses_cost_neither_memory_nor_time(later: Later) -> None:
    async with made() as counters:
        begin = time.perf_counter()
        for number in range(100_000):
            assert await counters.seconds_to_wait("conversations", f"{number}") == 0
        assert time.perf_counter() - begin < 30  # seconds, not minutes
        memory: Any = counters._own.storage
        held = (memory.storage, memory.expirations, memory.locks, memory.events)
        assert len(memory.expirations) == MAX_COUNTS
        assert all(len(kept) <= MAX_COUNTS for kept in held)
        assert not any([await counters.seconds_to_wait("conversations", "0") for _ in range(600)])
        assert await counters.seconds_to_wait("conversations", "0") > 0


async def test_a_conversation_has_eight_streams_at_most(site: Site) -> None:
    talk, other = await Talk.begin(site.http), await Talk.begin(site.http)
    path, others = (keys.keys["streamUrl"].removeprefix("ws://127.0.0.1:8000") for keys in (talk, other))
    sockets = [Socket(site.app, path) for _ in range(8)]
    for one in sockets:
        await one.__aenter__()
    with pytest.raises(Refused):
        async with Socket(site.app, path):
            pass
    async with Socket(site.app, others):
        pass
    await sockets.pop().__aexit__()
    async with Socket(site.app, path):
        pass
    for one in sockets:
        await one.__aexit__()


@contextmanager
def redis(port: int, folder: Path) -> Iterator[str]:
    """Run a Redis that keeps nothing on disk, where the program is; continuous integration has to have it."""
    program = shutil.which("redis-server")
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("geen Redis op deze machine")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_processes_that_share_a_redis_count_together(tmp_path: Path, port: int) -> None:
    with redis(port, tmp_path) as url:
        async with made(redis_url=url, api_per_minute=20) as one, made(redis_url=url, api_per_minute=20) as two:
            waits = [await each.seconds_to_wait("api", "key geheim") for _ in range(30) for each in (one, two)]
            assert waits[:10] == [0] * 10
            assert 0 < waits[-1] <= 61
            assert one._pool is not None
            keys: list[bytes] = await Redis(connection_pool=one._pool).keys("*")
        assert keys
        assert all(b"pluis" in key for key in keys)
        assert not any(b"geheim" in key for key in keys)


async def test_a_redis_that_is_gone_blocks_nobody_and_is_told_once(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="pluis.web")
    monkeypatch.setattr(rates, "ASK_AGAIN", 0.2)

    def told() -> list[str]:
        return [record.message for record in caplog.records if record.name == "pluis.web"]

    async with made(redis_url=f"redis://:wachtwoord@127.0.0.1:{port}/0", api_per_minute=20) as counters:
        begin = time.perf_counter()
        waits = [await counters.seconds_to_wait("api", "a") for _ in range(40)]
        assert time.perf_counter() - begin < 5 * rates.PATIENCE + 1
        assert (waits[:10], told()) == ([0] * 10, ["redis lost, counting here"])
        assert waits[-1] > 0  # each counts for itself
        time.sleep(0.25)
        await counters.seconds_to_wait("api", "b")  # asked again, and still gone
        assert len(told()) == 1
        assert "wachtwoord" not in caplog.text
    async with made(redis_url=f"redis://127.0.0.1:{port}/0", api_per_minute=20) as counters:
        await counters.seconds_to_wait("api", "a")
        with redis(port, tmp_path):
            time.sleep(0.25)
            assert await counters.seconds_to_wait("api", "a") == 0
            assert told()[2:] == ["redis found, counting together"]
            assert await counters.seconds_to_wait("api", "a") == 0
        assert not any([await counters.seconds_to_wait("api", "b") for _ in range(10)])
        assert told()[3:] == ["redis lost, counting here"]


async def test_a_redis_that_does_not_answer_holds_a_message_up_for_a_moment(later: Later) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with made(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0") as counters:
            begin = time.perf_counter()
            assert [await counters.seconds_to_wait("messages", "a") for _ in range(20)] == [0] * 20
            assert time.perf_counter() - begin < rates.PATIENCE + 0.5


async def test_a_site_works_while_its_redis_is_gone(tmp_path: Path, port: int) -> None:
    async with running(tmp_path, FakeEngine(), redis_url=f"redis://127.0.0.1:{port}/0") as site:
        talk = await Talk.begin(site.http)
        await talk.say("hallo")
        await talk.until_said("antwoord op: hallo")

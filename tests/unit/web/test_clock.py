"""The server's clock jumps in the middle of a conversation: it goes on, and everything is still there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.unit.channels.fakes import FakeClock, FakeEngine

from .conftest import QUICK, running
from .talk import BASE, Socket, Talk, bot_texts

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize("jump", [-HOUR, DAY])
async def test_a_conversation_goes_on_over_a_jump_of_the_clock(tmp_path: Path, jump: int) -> None:
    clock = FakeClock()
    async with running(tmp_path, FakeEngine(slots={"casus": {"story": "x"}}), clock=clock) as site:
        talk = await Talk.begin(site.http)
        await talk.until_said("Welkom")
        await talk.say("voor de sprong")
        await talk.until_said("antwoord op: voor de sprong")
        summary = f"/samenvatting/{site.app.state.services.tokens.make('summary', talk.id)}/dossier.md"
        clock.jumps(jump)
        await asyncio.sleep(4 * QUICK.sweep_every)  # the sweeper had all chances to forget
        assert (await site.http.get(talk.url, headers=talk.headers)).status_code == (403 if jump > 0 else 200)
        resume = {"Authorization": f"Bearer {talk.keys['resume']}"}
        talk.token = (await site.http.post(f"{BASE}/tokens/refresh", headers=resume)).json()["token"]
        await talk.say("na de sprong")
        said = await talk.until_said("antwoord op: na de sprong")
        assert bot_texts(said) == [
            "Welkom bij Pluis.", "antwoord op: voor de sprong", "antwoord op: na de sprong",
        ]  # fmt: skip
        if jump < 0:
            assert (await site.http.get(summary)).status_code == 200
            async with Socket(site.app, talk.keys["streamUrl"].removeprefix("ws://127.0.0.1:8000")) as socket:
                assert (await socket.next("message"))["text"] == "Welkom bij Pluis."


async def test_a_token_still_ends_with_its_hour(tmp_path: Path) -> None:
    clock = FakeClock()
    async with running(tmp_path, FakeEngine(), clock=clock) as site:
        talk = await Talk.begin(site.http)
        for seconds, status in ((HOUR - 1, 200), (2, 403)):
            clock.passes(seconds)
            assert (await site.http.get(talk.url, headers=talk.headers)).status_code == status

"""`make load`: how one `web` bears two hundred chats that are open at once, and a hundred in Teams, with engine and
actions as they run in real life, all on this machine; what Teams takes longer than the browser; and a helpdesk with a
hundred questions (`desk_load`). Writes reports/load.json and prints it; exit 1 when a message was lost or came twice.

It stops by itself: when all was heard, or when that takes longer than it may.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.channels.teams import teams_forms  # noqa: E402
from tests.live.site import Site  # noqa: E402
from tests.live.talk import BASE, number_of, who  # noqa: E402
from tests.unit.web.microsoft import Microsoft, activity, bring, microsoft  # noqa: E402
from tools.desk_load import measure_desk  # noqa: E402
from tools.stamp import stamp  # noqa: E402

SOCKETS, QUIET = 200, 20
CHATS, ROUNDS = 100, 12
ASKED, MEMBERS, AT_WORK = 100, 20, 120.0
WITHIN = 420.0  # seconds for all of it
TEXT = "Wat is de meldcode?"
TRIES = 50  # requests of ours at once: more would only measure this client


@dataclass
class Guest:
    """Someone who has the chat open."""

    http: httpx.AsyncClient
    keys: dict[str, Any] = field(default_factory=dict)
    came: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # id → when
    opened_in: float = 0.0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _said: list[dict[str, Any]] = field(default_factory=list)
    _stream: ClientConnection | None = None
    _reader: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin a conversation and open its stream."""
        begin = time.perf_counter()
        self.keys = await self._post("tokens/generate", "")
        self.keys = await self._post("conversations", self.keys["token"])
        self._stream = await connect(self.keys["streamUrl"], open_timeout=60, proxy=None)
        self.opened_in = time.perf_counter() - begin
        self._reader = asyncio.create_task(self._read(self._stream))

    async def close(self) -> None:
        """Go away."""
        if self._stream is not None and self._reader is not None:
            await self._stream.close()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def answered(self, number: int) -> float:
        """Wait until Pluis said something after the activity with this number; return when that was."""
        await self._until(lambda: any(number_of(one) > number for one in self._answers))
        return min(self.came[one["id"]][0] for one in self._answers if number_of(one) > number)

    async def say(self, text: str) -> tuple[float, float]:
        """Say something; return after how many seconds its echo came, and the answer."""
        name, begin = secrets.token_hex(8), time.perf_counter()
        body = {"type": "message", "from": {"id": "jij"}, "text": text}
        body |= {"channelData": {"clientActivityID": name, "pluisMessage": name * 2}}
        sent = await self._post(
            f"conversations/{self.keys['conversationId']}/activities", self.keys["token"], json=body
        )
        await self._until(lambda: sent["id"] in self.came)
        return self.came[sent["id"]][0] - begin, await self.answered(number_of(sent)) - begin

    async def faults(self) -> tuple[int, int, int]:
        """Return how many activities are kept, how many of them it never heard, and how many more than once."""
        path = f"{BASE}/conversations/{self.keys['conversationId']}/activities"
        found = await self.http.get(path, headers={"Authorization": f"Bearer {self.keys['token']}"})
        kept = {one["id"] for one in found.json()["activities"] if one["type"] != "typing"}
        return len(kept), len(kept - set(self.came)), sum(len(times) > 1 for times in self.came.values())

    @property
    def _answers(self) -> list[dict[str, Any]]:
        return [one for one in self._said if who(one) == "bot"]

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._news.clear()
            await self._news.wait()

    async def _read(self, stream: ClientConnection) -> None:
        async for frame in stream:
            now = time.perf_counter()
            for one in json.loads(frame)["activities"] if frame else ():
                if one["type"] == "typing":
                    continue
                self.came[one["id"]].append(now)
                self._said.append(one)
            self._news.set()

    async def _post(self, path: str, token: str, **options: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await self.http.post(f"{BASE}/{path}", headers=headers, **options)
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made


async def measure(url: str, pid: int, sockets: int, quiet: int, within: float = WITHIN) -> dict[str, Any]:
    """Open so many chats, say something in a few one by one, then in all at once. Raises TimeoutError."""
    begin, memory = time.perf_counter(), {"before": rss(pid)}
    limits = httpx.Limits(max_connections=TRIES, keepalive_expiry=2.0)  # the server lets go after five
    async with (
        asyncio.timeout(within),
        httpx.AsyncClient(base_url=url, timeout=within, limits=limits, trust_env=False) as http,
    ):
        guests = [Guest(http) for _ in range(sockets)]
        try:
            await asyncio.gather(*(guest.open() for guest in guests))
            welcomed = await asyncio.gather(*(guest.answered(0) for guest in guests))
            memory["all open"] = rss(pid)
            alone = [await guest.say(TEXT) for guest in guests[:quiet]]
            together = await asyncio.gather(*(guest.say(TEXT) for guest in guests))
            memory["all answered"] = rss(pid)
            kept, lost, twice = (sum(each) for each in zip(*[await guest.faults() for guest in guests], strict=True))
        finally:
            await asyncio.gather(*(guest.close() for guest in guests))
    return {
        "sockets": sockets,
        "open, s": spread([guest.opened_in for guest in guests]),
        "all welcomed after, s": round(max(welcomed) - begin, 1),
        "memory of web, MB": memory,
        "memory per socket, kB": round((memory["all open"] - memory["before"]) * 1000 / sockets),
        f"one at a time ({quiet}), s": {"echo": spread([e for e, _ in alone]), "answer": spread([a for _, a in alone])},
        f"all at once ({sockets}), s": {
            "echo": spread([e for e, _ in together]), "answer": spread([a for _, a in together]),
        },
        "activities": kept, "lost": lost, "twice": twice,
        "seconds": round(time.perf_counter() - begin, 1),
    }  # fmt: skip


async def measure_teams(
    site: Site, chats: int, rounds: int, talkers: int = 10, within: float = WITHIN
) -> dict[str, Any]:
    """Say the same in turn in a browser and in Teams, as often in each; then once in many chats of Teams at the same
    moment. A connector of this process stands for Microsoft's. Raises TimeoutError."""
    limits = httpx.Limits(max_connections=TRIES, keepalive_expiry=2.0)  # the server lets go after five
    options: dict[str, Any] = {"base_url": site.url, "timeout": within, "limits": limits, "trust_env": False}
    with microsoft() as teams:
        async with asyncio.timeout(within), httpx.AsyncClient(**options) as http:
            guests = [Guest(http) for _ in range(talkers)]
            names = [f"a:{secrets.token_hex(8)}" for _ in range(talkers)]
            try:
                for guest, chat in zip(guests, names, strict=True):
                    await guest.open()
                    await guest.answered(0)
                    await _welcomed(teams, http, chat)
                browser, in_teams = [], []
                for _ in range(rounds):
                    for guest, chat in zip(guests, names, strict=True):
                        browser.append((await guest.say(TEXT))[1])
                        in_teams.append(await _said(teams, http, chat))
            finally:
                await asyncio.gather(*(guest.close() for guest in guests))
            many = [f"a:{secrets.token_hex(8)}" for _ in range(chats)]
            await asyncio.gather(*(_welcomed(teams, http, chat) for chat in many))
            together = await asyncio.gather(*(_said(teams, http, chat) for chat in many))
            await teams.until(lambda: all(len(teams.messages(chat)) >= wanted(site, chat) for chat in many), within)
            await asyncio.sleep(1)  # what comes twice comes now
            kept = sum(wanted(site, chat) for chat in many)
            came = sum(len(teams.messages(chat)) for chat in many)
    own, other = spread(in_teams), spread(browser)
    return {
        f"in turn ({talkers * rounds} each), s": {"browser": other, "teams": own},
        "teams against browser, p95": round(own["p95"] / other["p95"], 2),
        f"all at once ({chats}), s": spread(together),
        "messages": kept, "lost": max(0, kept - came), "twice": max(0, came - kept),
    }  # fmt: skip


async def _welcomed(teams: Microsoft, http: httpx.AsyncClient, chat: str) -> None:
    answer = await bring(http, activity(teams.url, type="installationUpdate", action="add", chat=chat))
    answer.raise_for_status()
    await teams.until(lambda: "Waar wil je mee beginnen?" in teams.said(chat), WITHIN)


async def _said(teams: Microsoft, http: httpx.AsyncClient, chat: str) -> float:
    """Say something in a chat; return after how many seconds the first of the answer came."""
    before, begin = len(teams.messages(chat)), time.perf_counter()
    answer = await bring(http, activity(teams.url, TEXT, chat=chat))
    answer.raise_for_status()
    await teams.until(lambda: len(teams.messages(chat)) > before, WITHIN)
    return time.perf_counter() - begin


def wanted(site: Site, chat: str) -> int:
    """Return how many messages a chat in Teams is to get, by what is kept of its conversation."""
    query = (
        "select body from activities join teams_chats on activities.conversation_id = teams_chats.conversation_id "
        "where teams_chats.id = ?"
    )
    with closing(sqlite3.connect(site.settings.var / "pluis.db")) as database:
        bodies = [json.loads(row[0]) for row in database.execute(query, (chat,))]
    return sum(len(teams_forms(body)) for body in bodies if body["from"].get("role") == "bot")


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return the middle, the 95th percentile and the slowest."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {name: round(value, 3) for name, value in
            (("median", statistics.median(ordered)), ("p95", p95), ("slowest", ordered[-1]))}  # fmt: skip


def rss(pid: int) -> float:
    """Return the memory of a process in MB."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return round(int(told.stdout) / 1000, 1)


def main() -> int:
    """Start the three processes, measure, and write down."""
    with tempfile.TemporaryDirectory(prefix="pluis-load-") as var:
        site = Site(Path(var))
        try:
            site.prepare()
            site.start()
            found = asyncio.run(measure(site.url, site.pid("web"), SOCKETS, QUIET))
            teams = asyncio.run(measure_teams(site, CHATS, ROUNDS))
            desk = asyncio.run(measure_desk(site, ASKED, MEMBERS, AT_WORK))
        except TimeoutError:
            print(f"niet klaar binnen {WITHIN:.0f} s\n{site.last_lines()}", file=sys.stderr)
            return 1
        finally:
            site.stop()
    report = {
        **stamp(),
        **found,
        "teams": teams,
        "desk": desk,
    }
    text = json.dumps(report, indent=2) + "\n"
    (ROOT / "reports" / "load.json").write_text(text, encoding="utf-8")
    print(text, end="")
    return 1 if any(part["lost"] or part["twice"] for part in (found, teams, desk)) else 0


if __name__ == "__main__":
    raise SystemExit(main())

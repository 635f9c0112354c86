"""The part of `make load` about the helpdesk: a hundred questions in the queue, twenty colleagues with the page open,
five messages a second, and `web` that is started anew in the middle. How long taking a question takes, and how long
until what a user sends is on the screen of who works on it; and whether anything was lost or came twice."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from bot.audit import Audit
from bot.database import make_engine, session_factory
from bot.helpdesk import Asked, Ground, questions
from bot.staff import By, load_roles, make_staff
from tests.live.site import Site
from tests.live.staff import HTMX, PASSWORD
from tests.live.talk import BASE

DAY: Final = 86_400.0
AWAY: Final = (httpx.TransportError, httpx.HTTPStatusError)  # `web` is away for a moment: tried again, as pages do
_CSRF: Final = re.compile(r'(?:name="csrf" value|data-csrf)="([^"]+)"')
_REACHED: Final = re.compile(r"gesprek\?na=(\d+)")
_SAID: Final = re.compile(r"dit is zin \d+ van gesprek \d+")


@dataclass
class User:
    """Someone whose question is at the desk, and what they sent: text → when."""

    http: httpx.AsyncClient
    number: int
    keys: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, float] = field(default_factory=dict)

    async def begin(self) -> None:
        """Begin a conversation."""
        token = await self.http.post(f"{BASE}/tokens/generate")
        opened = await self.http.post(f"{BASE}/conversations", headers=_bearer(token.json()["token"]))
        opened.raise_for_status()
        self.keys = opened.json()

    @property
    def conversation(self) -> str:
        """The id of the conversation."""
        return str(self.keys["conversationId"])

    async def say(self) -> None:
        """Say something new, until it is taken: with one key, so that it counts once."""
        text, name = f"dit is zin {len(self.sent)} van gesprek {self.number}", secrets.token_hex(16)
        body = {"type": "message", "from": {"id": "jij"}, "text": text}
        body |= {"channelData": {"clientActivityID": name[:16], "pluisMessage": name}}
        self.sent[text] = time.perf_counter()
        path = f"{BASE}/conversations/{self.conversation}/activities"
        await _taken(lambda: self.http.post(path, json=body, headers=_bearer(self.keys["token"])))

    async def kept(self) -> Counter[str]:
        """Return what is kept of what was said, each with how often it stands there."""
        found, mark = Counter[str](), ""
        while True:
            path = f"{BASE}/conversations/{self.conversation}/activities?watermark={mark}"
            page = (await self.http.get(path, headers=_bearer(self.keys["token"]))).json()
            if not page["activities"]:
                return found
            found.update(str(one.get("text")) for one in page["activities"] if one["type"] == "message")
            mark = page["watermark"]


@dataclass
class Member:
    """A colleague with the page open, and what came on it: text → every time that it came."""

    site: Site
    name: str
    http: httpx.AsyncClient
    csrf: str = ""
    question: str = ""
    claims: list[tuple[float, float]] = field(default_factory=list)  # when, and how long it took
    taken: list[str] = field(default_factory=list)
    came: dict[str, list[float]] = field(default_factory=dict)
    _reached: int = 0

    async def sign_in(self) -> None:
        """Sign in with a password."""
        page = (await self.http.get("/aanmelden")).text
        form = {"csrf": _found(_CSRF, page), "username": self.name, "password": PASSWORD, "next": "/desk"}
        answer = await self.http.post("/aanmelden", data=form)
        assert answer.status_code == 303, answer.text
        self.csrf = _found(_CSRF, (await self.http.get("/desk")).text)

    async def claim(self, question: str) -> None:
        """Take a question."""
        begin = time.perf_counter()
        path = f"/desk/vragen/{question}/neem"
        with suppress(httpx.TransportError):  # `web` is away
            answer = await self.http.post(path, data={"csrf": self.csrf}, headers=HTMX)
            if answer.status_code == 204:
                self.claims.append((begin, time.perf_counter() - begin))
                self.taken.append(question)

    async def watch(self) -> None:
        """Keep the page of the first question open: hear that something was said, and get it."""
        self.question = self.taken[0]
        while True:
            with suppress(*AWAY):
                path = f"/desk/stroom?vraag={self.question}"
                async with self.http.stream("GET", path, headers=HTMX, timeout=None) as stream:
                    stream.raise_for_status()
                    await self._get()  # what was said while nobody listened
                    async for line in stream.aiter_lines():
                        if line == "event: gesprek":
                            await self._get()
            await asyncio.sleep(1)  # as the page does

    async def answer(self, text: str) -> None:
        """Say something to the user, once."""
        form = {"csrf": self.csrf, "tekst": text, "sleutel": secrets.token_urlsafe(12), "zeker": "1"}
        path = f"/desk/vragen/{self.question}/antwoord"
        await _taken(lambda: self.http.post(path, data=form, headers=HTMX))

    async def _get(self) -> None:
        path = f"/desk/vragen/{self.question}/gesprek?na={self._reached}"
        page = await self.http.get(path, headers=HTMX)
        page.raise_for_status()
        now = time.perf_counter()
        self._reached = int(_found(_REACHED, page.text))
        for text in _SAID.findall(page.text):
            self.came.setdefault(text, []).append(now)


async def measure_desk(
    site: Site, asked: int, members: int, seconds: float, rate: float = 5.0, within: float = 420.0
) -> dict[str, Any]:
    """Fill the queue, work on it, and start `web` anew halfway. Raises TimeoutError."""
    limits = httpx.Limits(max_connections=4 * members + 50, keepalive_expiry=2.0)
    options: dict[str, Any] = {"base_url": site.url, "timeout": 60, "trust_env": False, "limits": limits}
    async with asyncio.timeout(within), httpx.AsyncClient(**options) as http:
        users = [User(http, number) for number in range(asked)]
        await asyncio.gather(*(user.begin() for user in users))
        asked_in = await asyncio.to_thread(_queue, site, [user.conversation for user in users], members)
        staff = [Member(site, f"medewerker{n}", httpx.AsyncClient(**options, headers={"Origin": site.url}))
                 for n in range(members)]  # fmt: skip
        pages: list[asyncio.Task[None]] = []
        try:
            for one in staff:  # a password costs a moment on purpose
                await one.sign_in()
            for one, user in zip(staff, users, strict=False):
                await one.claim(asked_in[user.conversation])
            pages = [asyncio.create_task(one.watch()) for one in staff]
            await asyncio.sleep(2)
            found = await _work(site, users, [asked_in[user.conversation] for user in users], staff, seconds, rate)
        finally:
            for page in pages:
                page.cancel()
            await asyncio.gather(*pages, return_exceptions=True)
            for one in staff:
                await one.http.aclose()
    return found


async def _work(
    site: Site, users: list[User], asked: list[str], staff: list[Member], seconds: float, rate: float
) -> dict[str, Any]:
    talking, left = users[: len(staff)], asked[len(staff) :]
    count = int(seconds * rate)
    every = max(1, count // max(1, len(left)))
    tasks: list[asyncio.Task[None]] = []
    away: tuple[float, float] | None = None
    begin = time.perf_counter()
    for turn in range(count):
        await asyncio.sleep(max(0.0, begin + turn / rate - time.perf_counter()))
        if turn == count // 2:
            begin_away = time.perf_counter()
            tasks += [asyncio.create_task(talking[turn % len(talking)].say())]  # also sent while nobody is there
            await asyncio.to_thread(site.stop, "web")
            tasks += [asyncio.create_task(user.say()) for user in talking[:5]]
            await asyncio.to_thread(site.start, "web")
            away = (begin_away, time.perf_counter() + 5)  # pages find each other again
            begin = time.perf_counter() - turn / rate
        tasks.append(asyncio.create_task(talking[turn % len(talking)].say()))
        if turn % every == 0 and left:  # two at once: one of them is first
            both, question = (staff[turn // every % len(staff)], staff[(turn // every + 1) % len(staff)]), left.pop()
            tasks += [asyncio.create_task(one.claim(question)) for one in both]
        if turn % 10 == 0:
            tasks.append(asyncio.create_task(staff[turn // 10 % len(staff)].answer(f"zin {turn} van de helpdesk")))
    await asyncio.gather(*tasks)
    wanted = {text for user in talking for text in user.sent}
    await _until(lambda: wanted <= {text for one in staff for text in one.came})
    await asyncio.sleep(2)  # what comes twice comes now
    return await _told(talking, staff, count, away)


async def _told(
    talking: list[User], staff: list[Member], count: int, away: tuple[float, float] | None
) -> dict[str, Any]:
    def counts(at: float) -> bool:
        """Tell whether `web` was there."""
        return not (away and away[0] <= at <= away[1])

    times, twice, lost = [], 0, 0
    for user, one in zip(talking, staff, strict=True):
        kept = await user.kept()
        for text, at in user.sent.items():
            lost += kept[text] == 0 or text not in one.came
            twice += kept[text] > 1 or len(one.came.get(text, ())) > 1
            if text in one.came and counts(at):
                times.append(one.came[text][0] - at)
        twice += sum(number > 1 for text, number in kept.items() if text.startswith("**"))
    taken = [question for one in staff for question in one.taken]
    claims = [seconds for one in staff for at, seconds in one.claims if counts(at)]
    return {
        "messages": sum(len(user.sent) for user in talking),
        "claims": len(taken),
        "claimed twice": len(taken) - len(set(taken)),
        "claim, s": spread(claims),
        "user to staff's screen, s": spread(times),
        "web was away, s": round(away[1] - 5 - away[0], 1) if away else 0.0,
        "lost": lost,
        "twice": twice + len(taken) - len(set(taken)),
    }


def spread(seconds: list[float]) -> dict[str, float]:
    """Return the middle, the 95th percentile and the slowest."""
    ordered = sorted(seconds)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)
        for name, share in (("median", 0.5), ("p95", 0.95), ("slowest", 1.0))
    }


def _queue(site: Site, conversations: list[str], members: int) -> dict[str, str]:
    """Put a question of each conversation in the queue, and make the accounts of who work on them; return the questions
    by conversation."""
    sessions, now = session_factory(make_engine(site.settings.database)), time.time()
    asks = Asked("U", ("Een vraag over kennis",), Ground.ASKED, "Hoe zit dat?", (), "", "")
    made = {}
    with sessions() as session, session.begin():
        questions.touch(session)
        for conversation in conversations:
            row, _ = questions.add(
                session, asks, conversation, "directline", rank=3, now=now, promised_at=now + DAY,
                keep_until=now + DAY,
            )  # fmt: skip
            made[conversation] = row.id
    roles = load_roles(site.settings.data)
    staff = make_staff(sessions, Audit(sessions), roles, idle=600.0, clock=time.time)
    for number in range(members):
        staff.accounts.add(f"medewerker{number}", f"Medewerker {number}", ("helpdesk",), PASSWORD, By("cli"))
    return made


async def _taken(send: Callable[[], Awaitable[httpx.Response]]) -> None:
    while True:
        with suppress(*AWAY):
            answer = await send()
            answer.raise_for_status()
            return
        await asyncio.sleep(0.5)


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.1)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found, text[:500]
    return found[1]

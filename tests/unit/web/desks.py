"""A site with a helpdesk for tests: who works there, what a user asks, and a browser of someone who is signed in."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import select

from bot.audit.models import AuditRow
from bot.helpdesk import QuestionRow, load_content
from bot.settings import ROOT
from bot.staff import By, passwords
from bot.web import create_app
from bot.web.services import Services
from tests.unit.channels.desks import always_open
from tests.unit.channels.fakes import FakeDoor, FakeEngine

from .conftest import QUICK, make_parts, make_settings

PASSWORD = "een heel lang wachtwoord"
ORIGIN = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
HTMX = {"HX-Request": "true", "Accept": "text/html"}
STAFF = {
    "anna": ("helpdesk",), "bea": ("aandachtsfunctionaris",), "bram": ("aandachtsfunctionaris",),
    "carla": ("supervisor",), "dirk": ("editor",), "els": ("operator",), "fien": ("trainer",),
}  # fmt: skip
ASKED: Mapping[str, Any] = {
    "class": "P2", "reasons": ["Een zorg om iemand"], "ground": "asked", "asks": "Hoe begin ik <b>hierover</b>?",
    "facts": ["‘blauwe plek’"], "phase": "feiten", "profession": "verpleging",
}  # fmt: skip


class Desk:
    """A site with a helpdesk that is always open, its staff, and users."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        services: Services = app.state.services
        self.services = services
        assert services.desk is not None
        self.desk = services.desk

    def browser(self) -> httpx.AsyncClient:
        """Open a browser on this machine."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=("127.0.0.1", 1234))
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")

    async def signed_in(self, username: str) -> Browser:
        """Sign someone in."""
        http = self.browser()
        page = (await http.get("/aanmelden")).text
        form = {"csrf": csrf_of(page), "username": username, "password": PASSWORD, "next": "/desk"}
        answer = await http.post("/aanmelden", data=form, headers=ORIGIN)
        assert answer.status_code == 303
        browser = Browser(http)
        signed = [self.services.staff.signins.find(value) for value in http.cookies.values()]
        browser.csrf = next(found.csrf for found in signed if found)
        return browser

    async def ask(self, **changes: Any) -> tuple[str, str]:
        """Have a user ask something; return the question and its conversation."""
        conversation = uuid4().hex
        self.services.chat.store.create(conversation, "directline", "http://127.0.0.1:8000", "/groet")
        await asyncio.to_thread(self.desk.hand_over, conversation, {**ASKED, **changes})
        return next(row.id for row in self.rows() if row.conversation_id == conversation), conversation

    async def closed(self, by: Browser, *answers: str, **changes: Any) -> tuple[str, str]:
        """Have a user ask something that is answered and closed; return the question and its conversation."""
        question, conversation = await self.ask(**changes)
        await by.post(f"/vragen/{question}/neem")
        for number, text in enumerate(answers):
            await by.post(f"/vragen/{question}/antwoord", tekst=text, sleutel=f"{question}{number}")
        assert (await by.post(f"/vragen/{question}/sluit", categorie="beantwoord")).status_code == 204
        return question, conversation

    def rows(self) -> list[QuestionRow]:
        """Every question, the oldest first."""
        with self.services.parts.sessions() as session:
            return list(session.scalars(select(QuestionRow).order_by(QuestionRow.created_at)))

    def row(self, question: str) -> QuestionRow:
        """One question."""
        return next(row for row in self.rows() if row.id == question)

    def said(self, conversation: str) -> list[str]:
        """What was said in a conversation."""
        found, _ = self.services.chat.store.after(conversation, 0)
        return [str(body.get("text")) for body in found]

    def events(self, of: str) -> list[str]:
        """What the audit log holds of a conversation, or of something else by its id."""
        with self.services.parts.sessions() as session:
            query = select(AuditRow.event).where(AuditRow.object == of).order_by(AuditRow.seq)
            return list(session.scalars(query))


class Browser:
    """A browser of someone who is signed in."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http, self.csrf = http, ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page or a part of one."""
        return await self.http.get(f"/desk{path}", headers={"Accept": "text/html", **headers})

    async def post(self, path: str, **form: str) -> httpx.Response:
        """Send a form as HTMX does."""
        return await self.http.post(f"/desk{path}", data={"csrf": self.csrf, **form}, headers=ORIGIN | HTMX)


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


@contextmanager
def quick_passwords() -> Iterator[None]:
    """What argon2 costs is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "PasswordHasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@asynccontextmanager
async def running_desk(root: Path, **parts: Any) -> AsyncIterator[Desk]:
    """Run a site with a helpdesk for as long as the block lasts; `parts` are other parts than it would have."""
    settings = make_settings(root, desk_hours="ma-zo 0:00-24:00")
    made = make_parts(settings, FakeEngine(), FakeDoor())
    made = dataclasses.replace(made, desk=always_open(), desk_content=load_content(ROOT / "data"))
    with quick_passwords():
        app = create_app(settings, dataclasses.replace(made, **parts), QUICK)
        async with app.router.lifespan_context(app):
            desk = Desk(app)
            for name, roles in STAFF.items():
                desk.services.staff.accounts.add(name, name.title(), roles, PASSWORD, By("cli"))
            yield desk

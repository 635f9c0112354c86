"""Works at the desk as its pages do: signs in with a password, reads a question, and sends the forms of HTMX."""

from __future__ import annotations

import re
import time
from types import TracebackType
from typing import Final, Self

import httpx
from sqlalchemy import select

from bot.audit import Audit
from bot.database import make_engine, session_factory
from bot.helpdesk import QuestionRow
from bot.staff import By, load_roles, make_staff
from tests.live.site import Site

PASSWORD: Final = "een heel lang wachtwoord"
HTMX: Final = {"HX-Request": "true", "Accept": "text/html"}


class Colleague:
    """Someone of the helpdesk of a site, signed in."""

    def __init__(self, site: Site, name: str, role: str) -> None:
        self._site = site
        self.sessions = session_factory(make_engine(site.settings.database))
        roles = load_roles(site.settings.data)
        staff = make_staff(self.sessions, Audit(self.sessions), roles, idle=600.0, clock=time.time)
        staff.accounts.add(name, name.title(), (role,), PASSWORD, By("cli"))
        self.http = httpx.Client(base_url=site.url, timeout=60, trust_env=False, headers={"Origin": site.url})
        form = {"csrf": _csrf(self.http.get("/aanmelden").text), "username": name, "password": PASSWORD}
        answer = self.http.post("/aanmelden", data=form | {"next": "/desk"})
        assert answer.status_code == 303, answer.text
        self.csrf = _csrf(self.http.get("/desk", follow_redirects=True).text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    def question(self, conversation: str) -> QuestionRow:
        """Return the question of a conversation."""
        with self.sessions() as session:
            row = session.scalar(select(QuestionRow).where(QuestionRow.conversation_id == conversation))
        assert row is not None
        return row

    def read(self, path: str) -> str:
        """Open a page of the desk, or a part of one."""
        answer = self.http.get(f"/desk{path}", headers={"Accept": "text/html"})
        assert answer.status_code == 200, answer.text
        return answer.text

    def do(self, path: str, **form: str) -> httpx.Response:
        """Send a form, and see that it was taken."""
        answer = self.http.post(f"/desk{path}", data={"csrf": self.csrf, **form}, headers=HTMX)
        assert answer.status_code == 204, answer.text
        return answer


def _csrf(page: str) -> str:
    found = re.search(r'(?:name="csrf" value|data-csrf)="([^"]+)"', page)
    assert found, page
    return found[1]

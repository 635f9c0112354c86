"""Signing in and out, and what routes for staff ask for: who gets in, who does not, and what each leaves behind."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from sqlalchemy import select

from bot.audit import Audit, Entry, Event, verify
from bot.audit.models import AuditRow
from bot.logs import PlaceFormatter
from bot.staff import PERMISSIONS, Account, By, Staff, passwords
from bot.web.services import Services
from bot.web.signin import from_here
from bot.web.staffed import HOME, READY, SignedIn, allowed, local, signed_in
from tests.unit.channels.fakes import FakeClock, FakeEngine

from .conftest import Site, running

PASSWORD = "een heel lang wachtwoord"
ORIGIN = "http://127.0.0.1:8000"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HTMX = {"HX-Request": "true"}
BY = By("cli")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What argon2 costs is tested elsewhere."""
    monkeypatch.setattr(passwords, "PasswordHasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def routes() -> APIRouter:
    """A route for each permission, and one that changes something, as the desk will have."""
    router = APIRouter()
    for permission in sorted(PERMISSIONS):
        may = Annotated[Staff, Depends(allowed(permission))]

        def read(staff: may) -> dict[str, str]:
            return {"title": staff.title}

        read.__annotations__["staff"] = may
        router.get(f"/desk/{permission.replace('.', '-')}")(read)

    async def write(request: Request, signed: SignedIn) -> dict[str, Any]:
        return {"said": (await request.form()).get("said"), "id": signed.staff.id}

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        router.add_api_route("/desk/write", write, methods=[method])
    return router


class Desk:
    """A site with an account, and a browser that fills in its forms."""

    def __init__(self, site: Site) -> None:
        self.site, self.http = site, site.http
        services: Services = site.app.state.services
        self.services = services

    def add(self, username: str = "fatima", *roles: str) -> Account:
        """Add an account."""
        return self.services.staff.accounts.add(username, "Fatima J.", roles or ("helpdesk",), PASSWORD, BY)

    async def form(self, **query: str) -> dict[str, str]:
        """Open the form, and return its hidden fields."""
        page = await self.http.get("/aanmelden", params=query)
        assert page.status_code == 200, page.text
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))

    async def sign_in(self, username: str = "fatima", password: str = PASSWORD, **query: str) -> httpx.Response:
        """Fill in the form and send it."""
        fields = await self.form(**query)
        return await self.http.post("/aanmelden", data=fields | {"username": username, "password": password})

    @property
    def csrf(self) -> str:
        """What a form of who is signed in carries."""
        found = self.services.staff.signins.find(self.http.cookies["pluis"])
        assert found is not None
        return found.csrf

    def logged(self) -> list[tuple[str, str, str, str]]:
        """Return what the audit log holds."""
        with self.services.parts.sessions() as session:
            rows = session.scalars(select(AuditRow).order_by(AuditRow.seq))
            return [(row.event, row.account, row.object, row.outcome) for row in rows]


@asynccontextmanager
async def open_desk(root: Path, clock: FakeClock | None = None, **changes: Any) -> AsyncIterator[Desk]:
    async with running(root, FakeEngine(), clock=clock, **changes) as site:
        site.app.include_router(routes())
        yield Desk(site)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the process would write to its log, at its most talkative."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(PlaceFormatter("web"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


# -- signing in and out --------------------------------------------------------------------------------------------


async def test_the_right_password_lets_in_and_the_cookie_is_the_browsers_alone(desk: Desk) -> None:
    account = desk.add()
    answer = await desk.sign_in(next="/desk/question-read?page=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/question-read?page=2")
    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith("pluis=")]
    name, *flags = cookie.split("; ")
    assert re.fullmatch(r"pluis=[A-Za-z0-9_-]{43}", name)
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=strict"]
    assert answer.headers["cache-control"] == "no-store"
    assert (await desk.http.get("/desk/question-read")).json() == {"title": "Helpdesk"}
    assert desk.logged()[1:] == [("signed_in", account.id, account.id, "done")]


async def test_over_https_no_cookie_can_be_set_by_another_name(tmp_path: Path) -> None:
    async with open_desk(tmp_path, public_url="https://pluis.voorbeeld.nl") as desk:
        desk.add()
        page = await desk.http.get("/aanmelden")
        (form,) = page.headers.get_list("set-cookie")
        assert form.startswith("__Host-pluis-formulier=")
        csrf = re.findall(r'name="csrf" value="(\w+)"', page.text)[0]
        fields = {"csrf": csrf, "username": "fatima", "password": PASSWORD}
        headers = {"Cookie": form.split(";")[0], "Origin": "https://pluis.voorbeeld.nl"}
        answer = await desk.http.post("/aanmelden", data=fields, headers=headers)
        (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-pluis=")]
        assert sorted(cookie.split("; ")[1:]) == ["HttpOnly", "Path=/", "SameSite=strict", "Secure"]
        refused = await desk.http.post("/aanmelden", data=fields, headers=headers | {"Origin": ORIGIN})
        assert refused.status_code == 403


async def test_over_http_a_password_is_asked_on_this_machine_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path, public_url="http://pluis.intern") as desk:
        for answer in (await desk.http.get("/aanmelden"), await desk.http.post("/aanmelden", data={"username": "x"})):
            assert answer.status_code == 403
            assert "https" in answer.text
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("username", "password"),
    [("fatima", "mis"), ("niemand", PASSWORD), ("fatima", "x" * 300), ("", ""), ("uit", PASSWORD)],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    desk: Desk, log: io.StringIO, username: str, password: str
) -> None:
    desk.add()
    desk.add("uit")
    desk.services.staff.accounts.set_disabled("uit", True, BY)
    known = len(desk.logged())
    answer = await desk.sign_in(username, password)
    assert answer.status_code == 401
    assert "pluis" not in desk.http.cookies
    shown = re.sub(r'(name="csrf" value|id="username" name="username" value)="[^"]*"', "", answer.text)
    other = await desk.sign_in("iemand-anders", "nog iets anders")
    assert re.sub(r'(name="csrf" value|id="username" name="username" value)="[^"]*"', "", other.text) == shown
    assert "Na 5 keer is aanmelden 15 minuten dicht" in answer.text
    assert desk.logged()[known:] == [("sign_in_failed", "", "", "refused")] * 2
    for said in {username, password, "iemand-anders", "nog iets anders"} - {""}:
        assert said not in log.getvalue()


async def test_who_is_locked_out_gets_that_answer_too(desk: Desk) -> None:
    desk.add()
    first = await desk.sign_in("fatima", "mis")
    for _ in range(4):
        await desk.sign_in("fatima", "mis")
    locked = await desk.sign_in()
    assert (locked.status_code, locked.text) == (401, first.text)


async def test_a_fault_is_told_at_the_field_and_what_was_typed_is_markup_for_nobody(desk: Desk) -> None:
    answer = await desk.sign_in('"><script>alert(1)</script>', "mis")
    assert "<script>" not in answer.text
    assert 'href="#username"' in answer.text
    assert 'id="username"' in answer.text
    assert answer.text.count('aria-invalid="true" aria-describedby="fout-uitleg"') == 2
    assert 'autocomplete="username"' in answer.text
    assert 'autocomplete="current-password"' in answer.text
    assert '<label for="password">' in answer.text
    assert "mis" not in re.findall(r'<input type="password"[^>]*>', answer.text)[0]
    policy = answer.headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["referrer-policy"] == "same-origin"


async def test_a_cookie_that_someone_else_planted_is_not_what_one_is_signed_in_with(desk: Desk) -> None:
    account = desk.add()
    planted = desk.services.staff.signins.begin(account, "wachtwoord")
    fields = await desk.form()  # while signed out
    desk.http.cookies.set("pluis", planted, domain="127.0.0.1", path="/")
    answer = await desk.http.post("/aanmelden", data=fields | {"username": "fatima", "password": PASSWORD})
    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith("pluis=")]
    assert planted not in cookie
    assert desk.services.staff.signins.find(planted) is None


async def test_who_signs_out_is_out(desk: Desk) -> None:
    account = desk.add()
    await desk.sign_in()
    token, csrf = desk.http.cookies["pluis"], desk.csrf
    refused = await desk.http.post("/afmelden", data={"csrf": "0" * 64})
    assert refused.status_code == 403
    answer = await desk.http.post("/afmelden", data={"csrf": csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden?uit=1")
    assert "pluis" not in desk.http.cookies
    assert "Je bent afgemeld" in (await desk.http.get("/aanmelden?uit=1")).text
    desk.http.cookies.set("pluis", token, domain="127.0.0.1", path="/")
    assert (await desk.http.get("/desk/question-read")).status_code == 401
    assert (await desk.http.post("/afmelden")).status_code == 303  # nothing to keep anyone from
    assert desk.logged()[-1] == ("signed_out", account.id, account.id, "done")


async def test_who_is_signed_in_already_goes_on(desk: Desk) -> None:
    desk.add()
    await desk.sign_in()
    answer = await desk.http.get("/aanmelden", params={"next": "/studio"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/studio")


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "//evil.example", "https://evil.example/desk", "/\\evil.example", "/desk//evil.example",
        "/desk/../api",
        "/desk\r\nSet-Cookie: x=1", "/desks", "/kennis", "desk", "/desk/%2e%2e/api", "/desk;x", "javascript:alert(1)",
        "/desk/\"onload=", "/studio@evil.example", "/aanmelden/oidc",
    ],
)  # fmt: skip
async def test_after_signing_in_one_goes_to_a_page_for_staff_and_nowhere_else(desk: Desk, path: str) -> None:
    assert local(path) == HOME
    desk.add()
    assert (await desk.sign_in(next=path)).headers["location"] == HOME


@pytest.mark.parametrize("path", ["/desk", "/studio", "/desk/", "/desk/vraag/v-7_a?blad=2&q=a%20b+c", READY])
def test_pages_for_staff_are(path: str) -> None:
    assert local(path) == path


async def test_trying_often_is_refused_by_address_and_by_username(tmp_path: Path) -> None:
    async with open_desk(tmp_path, signins_per_minute=3) as desk:
        codes = [(await desk.sign_in(f"naam-{n}", "mis")).status_code for n in range(5)]
        assert codes == [401, 401, 401, 429, 429]
        elsewhere = httpx.ASGITransport(desk.site.app, client=("192.0.2.9", 1))
        async with httpx.AsyncClient(transport=elsewhere, base_url=ORIGIN, headers=PAGE) as http:
            desk.http = http
            for name in ("Naam-0", "naam-0 "):
                await desk.sign_in(name, "mis")
            refused = await desk.sign_in("naam-0", "mis")
        assert refused.status_code == 429
        assert "Retry-After" in refused.headers
        assert "heel vaak geprobeerd" in refused.text


# -- forged forms --------------------------------------------------------------------------------------------------


async def test_the_form_to_sign_in_is_taken_from_the_browser_that_opened_it(desk: Desk) -> None:
    desk.add()
    fields = await desk.form() | {"username": "fatima", "password": PASSWORD}
    for wrong in ("", "0" * 64):
        assert (await desk.http.post("/aanmelden", data=fields | {"csrf": wrong})).status_code == 403
    theirs, mine = fields["csrf"], desk.http.cookies["pluis-formulier"]
    desk.http.cookies.clear()
    assert (await desk.http.post("/aanmelden", data=fields)).status_code == 403  # without the cookie
    desk.http.cookies.clear()
    other = (await desk.form())["csrf"]
    assert other != theirs
    assert (await desk.http.post("/aanmelden", data=fields)).status_code == 403  # of another browser
    for planted in ("", "x", "a" * 43):
        desk.http.cookies.clear()
        desk.http.cookies.set("pluis-formulier", planted)
        answer = await desk.http.post("/aanmelden", data=fields)
        assert answer.status_code == 403
        assert "Dit formulier was verlopen" in answer.text
    desk.http.cookies.clear()
    desk.http.cookies.set("pluis-formulier", mine, domain="127.0.0.1", path="/")
    assert (await desk.http.post("/aanmelden", data=fields)).status_code == 303


FROM_ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:9000"},
    {"Origin": "null"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
async def test_what_another_site_sends_is_refused_even_with_the_right_token(
    desk: Desk, headers: dict[str, str]
) -> None:
    desk.add()
    fields = await desk.form() | {"username": "fatima", "password": PASSWORD}
    assert (await desk.http.post("/aanmelden", data=fields, headers=headers)).status_code == 403
    assert (await desk.http.post("/aanmelden", data=fields)).status_code == 303
    carried = {"X-CSRF-Token": desk.csrf}
    for path in ("/desk/write", "/afmelden"):
        assert (await desk.http.post(path, headers=headers | carried)).status_code == 403
    assert (await desk.http.get("/desk/question-read", headers=headers)).status_code == 200  # changes nothing


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": ORIGIN}, {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
     {"Origin": "null", "Sec-Fetch-Site": "same-origin"}],
)  # fmt: skip
async def test_what_our_own_page_sends_is_taken(desk: Desk, headers: dict[str, str]) -> None:
    account = desk.add()
    fields = await desk.form() | {"username": "fatima", "password": PASSWORD}
    assert (await desk.http.post("/aanmelden", data=fields, headers=headers)).status_code == 303
    sent = {"said": "hoi", "csrf": desk.csrf}
    answer = await desk.http.post("/desk/write", data=sent, headers=headers)
    assert answer.json() == {"said": "hoi", "id": account.id}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_whatever_changes_something_carries_the_token_of_this_sign_in(desk: Desk, method: str) -> None:
    desk.add()
    await desk.sign_in()
    account = desk.services.staff.accounts.find("fatima")
    other = desk.services.staff.signins.find(desk.services.staff.signins.begin(account, "wachtwoord"))
    assert other is not None

    async def status(**options: Any) -> int:
        return (await desk.http.request(method, "/desk/write", **options)).status_code

    for wrong in ("", "x", "0" * 64, other.csrf, desk.http.cookies["pluis"]):
        assert await status(headers={"X-CSRF-Token": wrong}) == 403
        assert await status(data={"csrf": wrong}) == 403
    assert await status() == 403
    assert await status(params={"csrf": desk.csrf}) == 403  # an address stands in histories
    assert await status(json={"csrf": desk.csrf}) == 403
    assert await status(files={"csrf": ("a", desk.csrf)}) == 400
    assert await status(headers={"X-CSRF-Token": desk.csrf}) == 200
    assert await status(data={"csrf": desk.csrf}) == 200


async def test_no_route_of_staff_that_changes_something_is_without_that_check(site: Site) -> None:
    def needs(dependant: Any) -> Iterator[Any]:
        for each in dependant.dependencies:
            yield each.call
            yield from needs(each)

    def walked(these: Any) -> Iterator[APIRoute]:
        for route in these:
            if isinstance(route, APIRoute):
                yield route
            yield from walked(getattr(getattr(route, "original_router", None), "routes", ()))

    staffed = re.compile(
        r"/(?:aanmelden|afmelden|desk|studio(?!/play))"
    )  # whoever plays is no staff, and changes nothing
    ours = [route for route in walked(site.app.routes) if staffed.match(route.path)]
    unsafe = {route.path: set(needs(route.dependant)) for route in ours if (route.methods or set()) - {"GET", "HEAD"}}
    assert {"/aanmelden", "/afmelden"} <= set(unsafe)
    for path, asked in unsafe.items():
        assert asked & {from_here, signed_in}, path


# -- what routes ask for -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
async def test_each_permission_is_of_the_roles_that_have_it_and_refusals_are_recorded(
    desk: Desk, permission: str
) -> None:
    path = f"/desk/{permission.replace('.', '-')}"
    desk.services.rates._limits["signins"] = desk.services.rates._limits["api"]
    for role in desk.services.staff.roles:
        account = desk.add(role.id, role.id)
        desk.http.cookies.clear()
        assert (await desk.sign_in(role.id)).status_code == 303
        before = len(desk.logged())
        answer = await desk.http.get(path, headers=PAGE)
        if permission in role.may:
            assert answer.status_code == 200
            assert len(desk.logged()) == before
        else:
            assert answer.status_code == 403
            assert "Dit mag je niet met jouw rol" in answer.text
            assert all(title in answer.text for title in desk.services.staff.roles.giving(permission))
            assert desk.logged()[before:] == [("access_refused", account.id, permission, "refused")]
    assert verify(desk.services.parts.sessions).fault is None


def test_no_route_can_ask_for_what_no_role_gives() -> None:
    with pytest.raises(ValueError, match=r"question\.reed"):
        allowed("question.reed")


async def test_a_role_that_is_taken_away_counts_at_once(desk: Desk) -> None:
    desk.add("fatima", "helpdesk", "trainer")
    await desk.sign_in()
    assert (await desk.http.get("/desk/practice-write")).status_code == 200
    with desk.services.parts.sessions() as session, session.begin():
        session.scalars(select(Account)).one().roles = "helpdesk"
    assert (await desk.http.get("/desk/practice-write")).status_code == 403
    assert (await desk.http.get("/desk/question-read")).status_code == 200
    desk.services.staff.accounts.set_disabled("fatima", True, BY)
    assert (await desk.http.get("/desk/question-read")).status_code == 401


async def test_who_opens_a_page_signed_out_is_sent_to_sign_in_and_back(desk: Desk) -> None:
    answer = await desk.http.get("/desk/question-read?blad=2", headers=PAGE)
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert (target.path, parse_qs(target.query)) == ("/aanmelden", {"next": ["/desk/question-read?blad=2"]})
    desk.add()
    asked = "/desk/question-read?blad=2"
    assert (await desk.sign_in(next=asked)).headers["location"] == asked


async def test_a_program_that_is_signed_out_gets_a_problem_document(desk: Desk) -> None:
    answer = await desk.http.get("/desk/question-read")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.json()["type"] == "urn:pluis:problem:signed-out"


async def test_a_sign_in_that_ended_in_mid_answer_loses_nothing(tmp_path: Path) -> None:
    clock = FakeClock(1_800_000_000.0)
    async with open_desk(tmp_path, clock, staff_idle_minutes=30) as desk:
        desk.add()
        await desk.sign_in()
        stale = {"csrf": desk.csrf, "said": "een lang antwoord"}
        clock.passes(30 * 60 + 1)
        piece = await desk.http.post("/desk/write", data=stale, headers=HTMX)
        assert piece.status_code == 401
        assert "<html" not in piece.text
        assert f'href="/aanmelden?next={READY}" target="_blank" rel="noopener"' in piece.text
        assert "een lang antwoord" not in piece.text
        assert json.loads(piece.headers["hx-trigger"]) == {"pluis:signed-out": True}
        assert (piece.headers["hx-retarget"], piece.headers["hx-reswap"]) == ("#melding", "innerHTML")
        page = await desk.http.post("/desk/write", data=stale, headers=PAGE)
        assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
        assert "<html" in page.text
        answer = await desk.sign_in(next=READY)  # in the other tab
        assert answer.headers["location"] == READY
        assert "Sluit dit tabblad" in (await desk.http.get(READY)).text
        again = await desk.http.post("/desk/write", data=stale, headers=HTMX)  # with what the page has
        assert again.status_code == 403
        fresh = json.loads(again.headers["hx-trigger"])["pluis:csrf"]
        assert fresh == desk.csrf
        assert fresh not in again.text
        sent = await desk.http.post("/desk/write", data=stale | {"csrf": fresh}, headers=HTMX)
        assert sent.json()["said"] == "een lang antwoord"


async def test_nothing_of_a_sign_in_is_in_the_log(desk: Desk, log: io.StringIO) -> None:
    desk.add()
    await desk.sign_in("fatima", "een verkeerd wachtwoord")
    await desk.sign_in()
    await desk.http.post("/desk/write", data={"csrf": desk.csrf, "said": "tekst van een gesprek"})
    written = log.getvalue()
    assert "/aanmelden" in written
    for secret in (
        "fatima", PASSWORD, "een verkeerd wachtwoord", desk.http.cookies["pluis"], desk.csrf, "tekst van een gesprek",
    ):  # fmt: skip
        assert secret not in written


async def test_what_is_past_its_term_is_forgotten_while_the_site_runs(tmp_path: Path) -> None:
    async with open_desk(tmp_path, audit_days=365) as desk:
        sessions = desk.services.parts.sessions
        old = time.time() - 400 * 86_400
        Audit(sessions, lambda: old).note(Entry(Event.CLOSED, "a1"))
        async with asyncio.timeout(5):
            while desk.logged() != [("trimmed", "system", "1", "done")]:
                await asyncio.sleep(0.02)
        assert verify(sessions).fault is None

"""Where staff sign in and out: with a username and a password, or by the organisation's own identity provider.

Each sign-in gets a new token, whatever the browser held before. The answer to a try that failed is the same
whatever was wrong, and so is the time it takes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.audit import Entry, Event, Outcome
from bot.staff import LOCKED, TRIES, Account
from bot.web.cookies import FORM, SIGN_IN, WAY, is_encrypted
from bot.web.guard import line_of, not_too_often
from bot.web.pages import READING, templates
from bot.web.problems import NOT_FOUND, REFUSED, Problem
from bot.web.services import Services, ServicesDep, base_url
from bot.web.staffed import OWN_PAGES, READY, check_form, check_origin, find_sign_in, form_token, local, same

router = APIRouter(include_in_schema=False)

_POLICY: Final = READING.replace("form-action 'none'", "form-action 'self'").replace(
    "frame-ancestors 'self'", "frame-ancestors 'none'"
)
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
FAILED: Final = (
    f"De gebruikersnaam of het wachtwoord klopt niet. Na {TRIES} keer is aanmelden {LOCKED // 60:.0f} minuten dicht, "
    "ook met het goede wachtwoord."
)
_NO_ROLE: Final = (
    "Je organisatie kent je, maar je hebt bij Pluis geen rol, of je account staat uit. De beheerder van Pluis kan dat "
    "veranderen."
)
STALE: Final = "Dit formulier was verlopen. Vul het nog een keer in."


async def from_here(request: Request, services: ServicesDep) -> None:
    """Let only a page of our own change something."""
    check_origin(request, services.settings)


FromHere = Depends(from_here)


@router.get("/aanmelden")
async def ask(request: Request, services: ServicesDep, next: str = "", uit: bool = False) -> Response:
    """Show the form; who is signed in already goes on."""
    if not uit and await find_sign_in(request, services) is not None:
        return _to(local(next))
    return _form(request, services, after=local(next), out=uit)


@router.post("/aanmelden", dependencies=[FromHere])
async def answer(
    request: Request,
    services: ServicesDep,
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Sign someone in with a password."""
    nonce, after = FORM.read(request, services.settings), local(next)
    if not _NONCE.fullmatch(nonce) or not same(await form_token(request), _signed(nonce, services)):
        return _form(request, services, after=after, fault=STALE, username=username, status=403)
    await not_too_often(services, "signins", f"address {line_of(request)}")
    await not_too_often(services, "signins", f"username {username.strip().lower()}")
    async with services.hashing:
        account = await asyncio.to_thread(services.staff.accounts.check, username, password)
    if account is None:
        return _form(request, services, after=after, fault=FAILED, username=username, status=401)
    response = _to(after)
    await _begin(request, response, services, account, "wachtwoord")
    FORM.clear(response, request, services.settings)
    return response


@router.get("/aanmelden/klaar")
async def ready() -> HTMLResponse:
    """Tell who signed in anew in another tab to go back to the first."""
    return _page("signed_in.html", after="")


@router.get("/aanmelden/oidc")
async def go(request: Request, services: ServicesDep, next: str = "") -> Response:
    """Send a browser to the organisation's own sign-in."""
    oidc = _oidc(services)
    is_encrypted(request, services.settings)
    await not_too_often(services, "signins", f"address {line_of(request)}")
    way = await oidc.begin(_callback(request, services), local(next))
    response = _to(way.url)
    WAY.write(response, request, services.settings, way.cookie)
    return response


@router.get("/aanmelden/oidc/terug")
async def come_back(request: Request, services: ServicesDep) -> Response:
    """Sign in who comes back from there. A page that goes on by itself: a redirect would be part of the way from the
    other site, on which the browser leaves the new cookie at home."""
    oidc = _oidc(services)
    await not_too_often(services, "signins", f"address {line_of(request)}")
    cookie = WAY.read(request, services.settings)
    try:
        person = await oidc.finish(_callback(request, services), cookie, request.query_params)
        account = await asyncio.to_thread(
            services.staff.accounts.from_provider, person.issuer, person.subject, person.name, person.roles
        )
        if account is None:
            raise Problem(REFUSED, _NO_ROLE)
    except Problem as problem:
        if problem.kind.status < 500:
            failed = Entry(Event.SIGN_IN_FAILED, outcome=Outcome.REFUSED)
            await asyncio.to_thread(services.audit.note, failed)
        raise
    response = _page("signed_in.html", after=local(person.next) if person.next != READY else "")
    await _begin(request, response, services, account, "aanmelding van de organisatie")
    WAY.clear(response, request, services.settings)
    return response


@router.post("/afmelden", dependencies=[FromHere])
async def sign_out(request: Request, services: ServicesDep) -> Response:
    """Sign out; who was out already finds the same page."""
    found = await find_sign_in(request, services)
    if found is not None:
        await check_form(request, found)
        await asyncio.to_thread(services.staff.signins.end, SIGN_IN.read(request, services.settings))
    response = _to("/aanmelden?uit=1")
    SIGN_IN.clear(response, request, services.settings)
    return response


async def _begin(request: Request, response: Response, services: Services, account: Account, how: str) -> None:
    before = SIGN_IN.read(request, services.settings)
    token = await asyncio.to_thread(services.staff.signins.begin, account, how, before)
    SIGN_IN.write(response, request, services.settings, token)


def _form(
    request: Request,
    services: Services,
    *,
    after: str,
    out: bool = False,
    fault: str = "",
    username: str = "",
    status: int = 200,
) -> Response:
    """Show the form, which carries what only we can make of the browser's cookie: another site can send neither."""
    nonce = FORM.read(request, services.settings)
    fresh = not _NONCE.fullmatch(nonce)
    nonce = secrets.token_urlsafe(32) if fresh else nonce
    response = _page(
        "signin.html", status, csrf=_signed(nonce, services), after=after, out=out, fault=fault, username=username[:64],
        provider=services.oidc.label if services.oidc else "",
    )  # fmt: skip
    if fresh:
        FORM.write(response, request, services.settings, nonce)
    return response


def _signed(nonce: str, services: Services) -> str:
    key = services.settings.key("secret").encode()
    return hmac.new(key, b"pluis.signin." + nonce.encode(), hashlib.sha256).hexdigest()


def _callback(request: Request, services: Services) -> str:
    return f"{base_url(request, services.settings)}/aanmelden/oidc/terug"


def _oidc(services: Services) -> Any:
    if services.oidc is None:
        raise Problem(NOT_FOUND)
    return services.oidc


def _to(url: str) -> RedirectResponse:
    return RedirectResponse(url, 303, OWN_PAGES)


def _page(template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    html = templates().get_template(template).render(shown)
    return HTMLResponse(html, status, {"Content-Security-Policy": _POLICY} | OWN_PAGES)

"""What routes for staff ask for: who is signed in (`SignedIn`), and whether that role may (`allowed`).

Who is not signed in, or no longer, loses nothing of what was typed: a page to read sends to the sign-in and back, a
form or a part of a page (HTMX) gets a 401 with a link that opens the sign-in in a new tab. Two events tell such a page
what to do: `pluis:signed-out`, and `pluis:csrf` with the token that its form has to carry from now on. A script finds
that token in the problem itself (`csrf`)."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from bot.audit import Entry, Event, Kind, Outcome
from bot.settings import Settings
from bot.staff import PERMISSIONS, SignIn, Staff
from bot.web.cookies import SIGN_IN
from bot.web.pages import problem_page
from bot.web.problems import FORGED, REFUSED, SIGNED_OUT, Problem, is_fragment, problem_response, wants_page
from bot.web.services import Services, ServicesDep, base_url

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
HOME: Final = "/desk"
BY_ITSELF: Final = "x-pluis-by-itself"  # the header of what a page asks without its user
READY: Final = "/aanmelden/klaar"  # the page of who signed in anew in another tab
_LOCAL: Final = re.compile(r"/(?:desk|studio)(?:/[A-Za-z0-9_-]+)*/?(?:\?[A-Za-z0-9_=&%.+-]*)?")
# Else browsers say of a form on our own page that it comes from nowhere (`Origin: null`).
OWN_PAGES: Final = {"Referrer-Policy": "same-origin"}


class SignedOutError(Exception):
    """A route is for who is signed in."""


class StaleFormError(Exception):
    """A form of who is signed in carries no token, or that of another sign-in."""

    def __init__(self, csrf: str) -> None:
        super().__init__("stale form")
        self.csrf = csrf


def local(path: str) -> str:
    """Return where to go after signing in: as asked when that is a page for staff, else the desk."""
    return path if path == READY or _LOCAL.fullmatch(path) else HOME


async def find_sign_in(request: Request, services: Services) -> SignIn | None:
    """Return who is signed in with the cookie of a request."""
    token, renew = SIGN_IN.read(request, services.settings), BY_ITSELF not in request.headers
    return await asyncio.to_thread(services.staff.signins.find, token, renew=renew) if token else None


async def signed_in(request: Request, services: ServicesDep) -> SignIn:
    """Return who is signed in. Raises SignedOutError; of what changes something also what `check_form` raises."""
    check_origin(request, services.settings)
    found = await find_sign_in(request, services)
    if found is None:
        raise SignedOutError
    await check_form(request, found)
    return found


SignedIn = Annotated[SignIn, Depends(signed_in)]


def allowed(permission: str) -> Callable[..., Awaitable[Staff]]:
    """Make the dependency that gives the staff member of a request, when a role of theirs gives this permission.

    Raises Problem otherwise, and records that it was refused.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"no role can give {permission}")

    async def check(signed: SignedIn, services: ServicesDep) -> Staff:
        staff = signed.staff
        if staff.may(permission):
            return staff
        entry = Entry(Event.ACCESS_REFUSED, staff.id, staff.roles, Kind.PERMISSION, permission, outcome=Outcome.REFUSED)
        await asyncio.to_thread(services.audit.note, entry)
        titles = ", ".join(services.staff.roles.giving(permission)) or "geen enkele rol"
        raise Problem(REFUSED, f"Dit mag wel met de rol: {titles}. De beheerder van Pluis geeft rollen.")

    return check


def names_of(services: Services) -> dict[str, str]:
    """Return the names of all staff, by account."""
    return {account.id: account.name for account in services.staff.accounts.all()}


def check_origin(request: Request, settings: Settings) -> None:
    """Raise Problem when a browser says that what changes something was sent by another site's page."""
    if request.method in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = origin in {None, base_url(request, settings)} or (origin == "null" and site == "same-origin")
    if site not in {None, "same-origin"} or not own:
        raise Problem(FORGED, "Open de pagina opnieuw bij Pluis zelf. Klopt het adres? Dan moet de beheerder "
                      "PLUIS_PUBLIC_URL nakijken.")  # fmt: skip


async def check_form(request: Request, signed: SignIn) -> None:
    """Raise StaleFormError when what changes something does not carry the token of this sign-in."""
    if request.method in SAFE:
        return
    if not same(await form_token(request), signed.csrf):
        raise StaleFormError(signed.csrf)


async def form_token(request: Request) -> str:
    """Return the token that a request carries: in a header, or in a field of its form."""
    if (header := request.headers.get("x-csrf-token")) is not None:
        return header
    field = (await request.form(max_files=0)).get("csrf")
    return field if isinstance(field, str) else ""


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def install(app: FastAPI) -> None:
    """Let who is not signed in, or whose form is of an earlier sign-in, be told so without losing what was typed."""

    @app.exception_handler(SignedOutError)
    async def _signed_out(request: Request, _error: SignedOutError) -> Response:
        if request.method in SAFE and wants_page(request) and not is_fragment(request):
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/aanmelden?next={quote(local(asked), safe='/')}", 303)
        told = "Wat je schreef, is niet verstuurd. Meld je aan in een nieuw tabblad en verstuur het dan opnieuw."
        if not is_fragment(request):
            told += " Ga daarvoor eerst terug met de knop van je browser."
        return _told(request, SIGNED_OUT, told, {"pluis:signed-out": True}, sign_in=f"/aanmelden?next={READY}")

    @app.exception_handler(StaleFormError)
    async def _stale(request: Request, error: StaleFormError) -> Response:
        told = "Je meldde je intussen opnieuw aan. Verstuur het nog een keer."
        if not is_fragment(request):
            told = "Ga terug, kopieer wat je schreef, ververs de pagina en verstuur het opnieuw."
        return _told(request, FORGED, told, {"pluis:csrf": error.csrf}, csrf=error.csrf)


def _told(request: Request, kind: Any, detail: str, events: dict[str, object], **more: str) -> Response:
    said = problem_response(kind, getattr(request.state, "request_id", ""), detail, 0, **more)
    if not wants_page(request):
        return said
    shown = problem_page(json.loads(bytes(said.body)), is_fragment(request))
    if is_fragment(request):  # never over what was typed
        shown.headers.update({"HX-Trigger": json.dumps(events), "HX-Retarget": "#melding", "HX-Reswap": "innerHTML"})
    shown.headers["Vary"] = "Accept, HX-Request"
    return shown

"""How pages of the desk, and parts of them, are answered with."""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels import LeftOutError
from bot.staff import SignIn
from bot.web.desk.places import places_of
from bot.web.desk.shown import plain
from bot.web.pages import EMPTY, templates
from bot.web.problems import is_fragment
from bot.web.staffed import OWN_PAGES

POLICY: Final = (
    f"default-src 'none'; script-src 'self'; style-src 'self' '{EMPTY}'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,40}")


def page(template: str, signed: SignIn, here: str, **values: Any) -> HTMLResponse:
    """Answer with a whole page; `here` is its address among the pages for staff."""
    known = {"staff": signed.staff, "csrf": signed.csrf, "here": here, "places": places_of(signed.staff)}
    return piece(template, **known | values)


def piece(template: str, **values: Any) -> HTMLResponse:
    """Answer with a part of a page."""
    html = templates().get_template(template).render(values)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "HX-Request"}
    return HTMLResponse(html, headers=headers | OWN_PAGES)


def left_out(left: LeftOutError, *, sends: str = "Zo versturen", **button: str) -> HTMLResponse:
    """Show what would go on, with the button of the form that lets it."""
    return piece("desk/left_out.html", told=str(left), text=plain(left.text), sends=sends, **button)


def go(request: Request, address: str) -> Response:
    """Let the browser open a page anew."""
    if is_fragment(request):
        return Response(status_code=204, headers={"HX-Redirect": address} | OWN_PAGES)
    return RedirectResponse(address, 303, OWN_PAGES)


def form_key(key: str) -> str:
    """Return the key of a form, by which it counts once; a new one when it has none."""
    return key if _KEY.fullmatch(key) else secrets.token_urlsafe(12)

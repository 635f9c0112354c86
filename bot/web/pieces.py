"""How pages for staff, and parts of them, are answered with."""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.staff import SignIn
from bot.web.pages import EMPTY, templates
from bot.web.places import places_of
from bot.web.problems import is_fragment
from bot.web.staffed import OWN_PAGES

POLICY: Final = (
    f"default-src 'none'; script-src 'self'; style-src 'self' '{EMPTY}'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,40}")


def page(template: str, signed: SignIn, here: str, policy: str = POLICY, **values: Any) -> HTMLResponse:
    """Answer with a whole page; `here` is its address among the pages for staff."""
    known = {"staff": signed.staff, "csrf": signed.csrf, "here": here, "places": places_of(signed.staff)}
    return piece(template, policy, **known | values)


def piece(template: str, policy: str = POLICY, **values: Any) -> HTMLResponse:
    """Answer with a part of a page."""
    html = templates().get_template(template).render(values)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", "Vary": "HX-Request"}
    return HTMLResponse(html, headers=headers | OWN_PAGES)


def go(request: Request, address: str) -> Response:
    """Let the browser open a page anew."""
    if is_fragment(request):
        return Response(status_code=204, headers={"HX-Redirect": address} | OWN_PAGES)
    return RedirectResponse(address, 303, OWN_PAGES)


def form_key(key: str) -> str:
    """Return the key of a form, by which it counts once; a new one when it has none."""
    return key if _KEY.fullmatch(key) else secrets.token_urlsafe(12)

"""One shape for everything that goes wrong: an RFC 9457 problem document, in Dutch for people,
with a stable `type` for programs; who asked for a page gets a page. It never repeats what was sent."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from typing import Final, TypeAlias

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.channels import EngineError, TextTooLongError, UnknownConversationError
from bot.knowledge import KnowledgeError
from bot.studio import (
    NotInPlayError,
    NotOpenError,
    ShippedError,
    StaleError,
    StudioError,
    TooManyError,
    UnfinishedError,
    UnknownGroupError,
    UnknownVersionError,
)


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its stable name, HTTP status and Dutch title."""

    name: str
    status: int
    title: str


BAD_JSON: Final = Kind("bad-json", 400, "Dit is geen geldige JSON")
BAD_REQUEST: Final = Kind("bad-request", 400, "Dit verzoek klopt niet")
SIGNED_OUT: Final = Kind("signed-out", 401, "Je bent niet meer aangemeld")
REFUSED: Final = Kind("refused", 403, "Dit mag je niet met jouw rol")
FORGED: Final = Kind("forged", 403, "Dit formulier is verlopen of komt niet van Pluis")
UNPROTECTED: Final = Kind("unprotected", 403, "Aanmelden kan hier alleen over https")
NO_KEY: Final = Kind("unauthorised", 401, "Hiervoor is een sleutel nodig")
EXPIRED: Final = Kind("token-expired", 403, "De sleutel van dit gesprek is verlopen of klopt niet")
NOT_ADMITTED: Final = Kind("not-admitted", 403, "Dit bericht is niet toegelaten")
UNKNOWN_CONVERSATION: Final = Kind("unknown-conversation", 404, "Dit gesprek bestaat niet of is gewist")
NOT_FOUND: Final = Kind("not-found", 404, "Dit adres bestaat niet")
NOT_OPEN: Final = Kind("not-open", 404, "Deze code opent niets")
NOT_ALLOWED: Final = Kind("method-not-allowed", 405, "Dat kan niet op dit adres")
BODY_TOO_SLOW: Final = Kind("body-too-slow", 408, "Dit verzoek kwam niet op tijd binnen")
BODY_TOO_LARGE: Final = Kind("body-too-large", 413, "Dit verzoek is te groot")
CONFLICT: Final = Kind("conflict", 409, "Dit kan nu niet")
TEXT_TOO_LONG: Final = Kind("text-too-long", 413, "De tekst is te lang: hooguit 4.000 tekens")
NO_FILES: Final = Kind("no-files", 415, "Pluis neemt geen bestanden aan")
INVALID: Final = Kind("invalid-input", 422, "De invoer klopt niet")
EMPTY_TEXT: Final = Kind("empty-text", 422, "Er staan geen woorden in de tekst")
TOO_OFTEN: Final = Kind("too-often", 429, "Dit gaat te snel achter elkaar")
FAULT: Final = Kind("internal", 500, "Er ging iets mis bij ons")
SIGN_IN_FAILED: Final = Kind("sign-in-failed", 400, "Aanmelden lukte niet")
SIGN_IN_OUT: Final = Kind("sign-in-unavailable", 503, "De aanmelding van je organisatie is even niet bereikbaar")
OUT: Final = Kind("part-unavailable", 503, "Een deel van Pluis is even buiten werking")

PageOf: TypeAlias = Callable[[Mapping[str, object], bool], Response]
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_KEPT: Final = ("retry-after",)
_BY_STATUS: Final = {k.status: k for k in (NO_KEY, EXPIRED, NOT_FOUND, NOT_ALLOWED, BODY_TOO_LARGE, NO_FILES, OUT)}
_LATER: Final = "Probeer het over een paar seconden opnieuw."
_OF_ERROR: Final[Mapping[type[Exception], tuple[Kind, str]]] = {
    UnknownConversationError: (UNKNOWN_CONVERSATION, ""),
    TextTooLongError: (TEXT_TOO_LONG, ""),
    EngineError: (OUT, _LATER),
    KnowledgeError: (OUT, _LATER),
}
_OF_STUDIO: Final[Mapping[type[StudioError], Kind]] = {  # the rest is about what was typed
    UnknownVersionError: NOT_FOUND,
    UnknownGroupError: NOT_FOUND,
    NotOpenError: NOT_OPEN,
    NotInPlayError: CONFLICT,
    ShippedError: CONFLICT,
    StaleError: CONFLICT,
    TooManyError: CONFLICT,
    UnfinishedError: CONFLICT,
}


class Problem(Exception):  # noqa: N818 -- RFC 9457's own word
    """An answer that is a problem document."""

    def __init__(self, kind: Kind, detail: str = "", retry_after: int = 5) -> None:
        super().__init__(kind.name)
        self.kind, self.detail, self.retry_after = kind, detail, retry_after


def problem_response(
    kind: Kind, request_id: str = "", detail: str = "", retry_after: int = 5, **more: object
) -> JSONResponse:
    """Make the answer for one problem; `retry_after`, in seconds, is told where trying again helps.

    With 429 as a moment: of a number of seconds Microsoft's client waits for ever, and the user sees nothing.
    """
    body: dict[str, object] = {"type": f"urn:pluis:problem:{kind.name}", "title": kind.title, "status": kind.status}
    if detail:
        body["detail"] = detail
    if request_id:
        body["instance"] = f"urn:pluis:request:{request_id}"
    moment = formatdate(math.ceil(time.time()) + retry_after, usegmt=True)
    headers = {429: {"Retry-After": moment}, 503: {"Retry-After": str(retry_after)}}.get(kind.status, {})
    return JSONResponse(body | more, kind.status, headers, media_type="application/problem+json")


def is_fragment(request: Request) -> bool:
    """Tell whether the answer will be put into a page that is there already (HTMX)."""
    return request.headers.get("hx-request") == "true"


def wants_page(request: Request) -> bool:
    """Tell whether a person looks at the answer, rather than a program: who came by a link, or sent a form."""
    by_form = request.headers.get("content-type", "").startswith(_FORMS)
    asked = (request.method == "GET" or by_form) and "text/html" in request.headers.get("accept", "")
    return asked or is_fragment(request)


def answered(
    page: PageOf, request: Request, kind: Kind, detail: str = "", retry_after: int = 5, **more: object
) -> Response:
    """Answer with one problem, as who asked can read it: `page` makes a page of it, or a piece of one."""
    said = problem_response(kind, getattr(request.state, "request_id", ""), detail, retry_after, **more)
    if not wants_page(request):
        return said
    shown = page(json.loads(bytes(said.body)), is_fragment(request))
    shown.headers.update({"Vary": "Accept"} | {name: said.headers[name] for name in _KEPT if name in said.headers})
    return shown


def install(app: FastAPI, page: PageOf) -> None:
    """Let every error that has a name end here; a fault of ours ends in the middleware around everything.

    `page` makes a page of a problem, for who came by a link or a form; or a piece of one, for a part of a page.
    """
    answer = partial(answered, page)

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        return answer(request, error.kind, error.detail, error.retry_after)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        unknown = Kind("http", error.status_code, "Dit verzoek kan niet worden beantwoord")
        return answer(request, BAD_REQUEST if error.status_code == 400 else _BY_STATUS.get(error.status_code, unknown))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        if any(e["type"] == "json_invalid" for e in error.errors()):
            return answer(request, BAD_JSON)
        fields = sorted({".".join(str(part) for part in e["loc"][:4])[:80] for e in error.errors()})
        return answer(request, INVALID, "Kijk naar: " + ", ".join(fields), fields=fields)

    @app.exception_handler(StudioError)
    async def _studio(request: Request, error: StudioError) -> Response:
        return answer(request, _OF_STUDIO.get(type(error), INVALID), str(error))

    async def _named(request: Request, error: Exception) -> Response:
        return answer(request, *next(told for kind, told in _OF_ERROR.items() if isinstance(error, kind)))

    for error in _OF_ERROR:
        app.add_exception_handler(error, _named)

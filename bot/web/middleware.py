"""What every request passes through: an id and a log line, safe headers, and a limit on its size.
Plain ASGI, so that streams are not buffered."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import logs
from bot.web.metrics import Metrics
from bot.web.problems import BODY_TOO_LARGE, BODY_TOO_SLOW, FAULT, Kind, PageOf, answered, problem_response

log = logging.getLogger("pluis.web")

MAX_BODY = 64 * 1024
LARGER = {  # by how an address begins
    "/api/messages": 256 * 1024,  # Teams brings what was typed two or three times; too long, it is told there
    "/studio/gesprekken": 1024 * 1024,  # a dialogue as it is sent in a form; too long, it is told there
}
BODY_SECONDS = 30.0  # a telephone that leaves its network in mid-sentence breaks no connection
HEALTH = {"/health/live", "/health/ready"}
_UNUSED = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-DNS-Prefetch-Control": "off",  # who watches the network does not see which links were on a page
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}
_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}  # of this name alone: others are not ours to bind
_UPLOAD = re.compile(r"/v3/directline/conversations/[^/]+/upload")
_CONVERSATION = re.compile(r"/conversations/([A-Za-z0-9_-]{8,64})(?:/|$)")


class RequestContext:
    """Gives each request an id, logs it in one line without its text, counts it, and adds safe headers."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        found = _CONVERSATION.search(scope["path"])
        logs.REQUEST.set(request_id)
        logs.CONVERSATION.set(found[1] if found else "")
        begin, status, answered = time.perf_counter(), 500, False

        async def send_on(message: Message) -> None:
            nonlocal status, answered
            answered = True
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in (_HEADERS | (_ENCRYPTED if scope["scheme"] == "https" else {})).items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except ClientDisconnect:
            status = 499
        except Exception as error:  # the outer edge of a request
            log.error("request failed", extra=logs.describe_error(error))
            if not answered:
                await problem_response(FAULT, request_id)(scope, receive, send_on)
        finally:
            seconds = time.perf_counter() - begin
            route = getattr(scope.get("route"), "path", "-")
            self._metrics.request(scope["method"], route, status, seconds)
            fields = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            watched = route in HEALTH and status in {200, 503}  # all the time, by whoever runs us
            log.log(logging.DEBUG if watched else logging.INFO, "request", extra=fields)


class BodyLimit:
    """Answers 413 to a body over the limit, told or found out while reading, and 408 to one that does not come;
    uploads are refused elsewhere, unread. `page` as of `problems.install`."""

    def __init__(self, app: ASGIApp, page: PageOf, limit: int = MAX_BODY) -> None:
        self.app, self._page, self._limit = app, page, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or _UPLOAD.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        body: bytes | Kind
        limit = next((LARGER[name] for name in LARGER if scope["path"].startswith(name)), self._limit)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await self._read(Headers(scope=scope).get("content-length", "0"), receive, limit)
        except TimeoutError:
            body = BODY_TOO_SLOW
        if isinstance(body, Kind):
            detail = f"Er past {limit // 1024} KiB in. Maak het kleiner." if body is BODY_TOO_LARGE else ""
            refusal = answered(self._page, Request(scope), body, detail)
            refusal.headers["Connection"] = "close"
            await refusal(scope, receive, send)
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)

    async def _read(self, told: str, receive: Receive, limit: int) -> bytes | Kind:
        """Read a body, or tell why not. Raises ClientDisconnect when the line breaks in the middle of it."""
        if not told.isdecimal() or int(told) > limit:
            return BODY_TOO_LARGE
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            if len(body) > limit:
                return BODY_TOO_LARGE
            more = message.get("more_body", False)
        return body

"""What every request passes through: an id and a log line, safe headers, and a limit on its size.
Plain ASGI, so that streams are not buffered."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import logs
from bot.web.metrics import Metrics
from bot.web.problems import BODY_TOO_LARGE, FAULT, problem_response

log = logging.getLogger("pluis.web")

MAX_BODY = 64 * 1024
HEALTH = {"/health/live", "/health/ready"}
_UNUSED = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",  # for browsers that do not know frame-ancestors
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-DNS-Prefetch-Control": "off",  # who watches the network does not see which links were on a page
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}
_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}  # of this name alone: others are not ours to bind
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
    """Answers 413 to a body over the limit, told or found out while reading; uploads are refused elsewhere, unread."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY) -> None:
        self.app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"].endswith("/upload"):
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "0")
        chunks, size, more = [], 0, told.isdecimal() and int(told) <= self._limit
        too_large = not more
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message.get("body", b""))
            if too_large := size > self._limit:
                break
            chunks.append(message.get("body", b""))
            more = message.get("more_body", False)
        if too_large:
            refusal = problem_response(BODY_TOO_LARGE, scope.get("state", {}).get("request_id", ""))
            refusal.headers["Connection"] = "close"
            await refusal(scope, receive, send)
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": b"".join(chunks), "more_body": False}

        await self.app(scope, replay, send)

"""Starts the action server on loopback unless told otherwise, for the engine alone, with our log, in one process."""

from __future__ import annotations

import hmac
import logging
import sys
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

from actions.wiring import services
from bot import logs
from bot.settings import SettingsError, get_settings
from bot.yamlfile import DataFileError


def main() -> None:
    """Serve the actions until stopped."""
    try:
        settings = get_settings()
        logs.configure("actions", settings.log_level)
        services()
    except (DataFileError, SettingsError) as error:
        sys.exit(f"pluis: {error}")
    app = make_app(settings.key("engine_token"))
    logs.configure("actions", settings.log_level)
    logging.getLogger("pluis.actions").info("ready", extra={"port": settings.actions_port})
    app.run(host=settings.actions_host, port=settings.actions_port, single_process=True, motd=False, access_log=False)


def make_app(token: str) -> Sanic[Any, Any]:
    """Make the server of our actions; only whether it is up is told without the token that web and engine share."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])
    expected = f"Bearer {token}".encode()

    async def only_for_the_engine(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode()
        if request.path == "/health" or hmac.compare_digest(given, expected):
            return None
        body = {"type": "urn:pluis:actions:unauthorised", "title": "De sleutel ontbreekt of klopt niet.", "status": 401}
        return response.json(body, 401, content_type="application/problem+json")

    app.register_middleware(only_for_the_engine, "request")
    return app


if __name__ == "__main__":
    main()

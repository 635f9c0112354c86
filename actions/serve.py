"""Starts the action server on loopback, with our log, in one process."""

from __future__ import annotations

import logging
import sys

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

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
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])
    logs.configure("actions", settings.log_level)
    logging.getLogger("pluis.actions").info("ready", extra={"port": settings.actions_port})
    app.run(host=settings.actions_host, port=settings.actions_port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()

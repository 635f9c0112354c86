"""The web process: Direct Line, the chat page, the API, and how it is doing."""

from bot.web.app import create_app, serve
from bot.web.services import BadInputError, Parts

__all__ = ["BadInputError", "Parts", "create_app", "serve"]

"""The triage desk as a page: the queue, one question with its conversation, and what is new as it comes."""

from bot.web.desk.board import Board
from bot.web.desk.routes import router

__all__ = ["Board", "router"]

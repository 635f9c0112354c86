"""The triage desk as pages: the queue, a question with its conversation as it goes on, what Pluis can learn from it,
and the overview."""

from bot.web.desk import overview, routes, teaching
from bot.web.desk.board import Board

routers = (routes.router, teaching.router, overview.router)

__all__ = ["Board", "routers"]

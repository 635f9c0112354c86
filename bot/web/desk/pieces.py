"""What the desk asks before something goes on to a user."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from bot.channels import LeftOutError
from bot.web.desk.shown import plain
from bot.web.pieces import piece


def left_out(left: LeftOutError, *, sends: str = "Zo versturen", **button: str) -> HTMLResponse:
    """Show what would go on, with the button of the form that lets it."""
    return piece("desk/left_out.html", told=str(left), text=plain(left.text), sends=sends, **button)

"""`/widget.js`: one script tag puts a button on a page of another site, with the chat page in a frame behind it."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, Request, Response

from bot.web.house import House
from bot.web.pages import templates
from bot.web.services import ServicesDep

router = APIRouter(include_in_schema=False)

MAX_AGE = 300  # seconds: the address never changes, what it gives does


@router.get("/widget.js")
async def widget(request: Request, services: ServicesDep) -> Response:
    """Give the script: the one thing of ours that other sites may load."""
    settings = services.settings
    script = _script(settings.embed_origins, settings.quick_exit_url, services.parts.house)
    tag = f'"{hashlib.sha256(script).hexdigest()[:16]}"'
    headers = {
        "Cache-Control": f"public, max-age={MAX_AGE}",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": tag,
    }
    if tag in request.headers.get("if-none-match", ""):  # also when a proxy that compresses made it a weak one
        return Response(status_code=304, headers=headers)
    return Response(script, media_type="text/javascript", headers=headers)


def _script(hosts: tuple[str, ...], elsewhere: str, house: House) -> bytes:
    return templates().get_template("widget.js").render(hosts=hosts, elsewhere=elsewhere, house=house).encode()

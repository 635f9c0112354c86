"""The chat page and its files, and the summary to download: made on request, not kept."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.channels import MAX_TEXT, SUMMARY_VERSIONS, UnknownConversationError, sentences
from bot.web import problems
from bot.web import webchat as client
from bot.web.explanation import marked
from bot.web.problems import Problem
from bot.web.services import Services, ServicesDep, base_url
from bot.web.tokens import TokenError

router = APIRouter(include_in_schema=False)

HERE = Path(__file__).parent
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EMPTY = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="  # an empty style, as the client makes
READING = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@lru_cache
def templates() -> Environment:
    """Return the templates, with what they may use."""
    loader = FileSystemLoader(HERE / "templates")
    made = Environment(loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True)
    made.filters["marked"] = marked
    made.globals["asset"] = asset
    made.globals["others"] = lambda name: f"/webchat/{client.version()}/{name}"
    return made


def asset(name: str) -> str:
    """Return the address of a file of ours; it changes when the file does, so it may be kept for ever."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@router.get("/")
async def chat_page(
    request: Request, services: ServicesDep, start: str = "", shared: str | None = None, host: str = ""
) -> HTMLResponse:
    """Show the chat page: opened with a choice made, leaving nothing behind (`?shared`), in a frame of a host."""
    nonce, settings, starts = secrets.token_urlsafe(16), services.settings, services.parts.starts
    hosts = (base_url(request, settings), *settings.embed_origins)
    html = templates().get_template("chat.html").render(
        nonce=nonce, webchat=client.version(), ready=(settings.var / "webchat" / "webchat.js").exists(),
        max_text=MAX_TEXT, hours=settings.conversation_hours, elsewhere=settings.quick_exit_url,
        shared=shared is not None, host=host if host in hosts else "",
        desk=services.desk is not None, house=services.parts.house, start=starts.get(start, ""),
        starts=", ".join(starts) if start and start not in starts else "",
    )  # fmt: skip
    return HTMLResponse(html, headers={"Content-Security-Policy": _policy(nonce, hosts)})


def problem_page(told: Mapping[str, object], piece: bool = False) -> Response:
    """Tell a problem as a page, with ways on; or as a piece of one."""
    html = templates().get_template("problem_piece.html" if piece else "problem.html").render(told=told, style="")
    return HTMLResponse(html, int(str(told["status"])), {"Content-Security-Policy": READING})


@router.get("/uitleg")
async def explanation(services: ServicesDep) -> HTMLResponse:
    """Show all the rules behind the advice."""
    html = templates().get_template("explanation.html").render(page=services.parts.explanation, style="")
    return HTMLResponse(html, headers={"Content-Security-Policy": READING})


@router.get("/terug")
async def come_back(services: ServicesDep) -> HTMLResponse:
    """Ask for the code of a question, by which its conversation is found again."""
    if services.desk is None:
        raise Problem(problems.NOT_FOUND)
    html = templates().get_template("code.html").render(style="")
    return HTMLResponse(html, headers={"Content-Security-Policy": f"{READING}; script-src 'self'; connect-src 'self'"})


def _policy(nonce: str, hosts: Sequence[str]) -> str:
    """Return what the page may do; of the hosts that may have it in a frame, the first is its own address."""
    own = urlsplit(hosts[0]).netloc
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}' '{EMPTY}'",
            f"connect-src 'self' ws://{own} wss://{own}",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            " ".join(("frame-ancestors 'self'", *hosts[1:])),
        )
    )


@router.get("/huisstijl.css")
async def house_style(request: Request, services: ServicesDep) -> Response:
    """Give the tokens of the house style; asked about each time, for an organisation may change them."""
    sheet = services.parts.house.css()
    headers = {"Cache-Control": "no-cache", "ETag": f'"{hashlib.sha256(sheet.encode()).hexdigest()[:16]}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(sheet, media_type="text/css", headers=headers)


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """Serve a file of ours."""
    path = HERE / "static" / name
    if name not in {p.name for p in (HERE / "static").iterdir()}:
        raise Problem(problems.NOT_FOUND)
    policy = {"Content-Security-Policy": "default-src 'none'; script-src 'self'"}  # of a worker its own counts
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=_FOREVER | policy)


@router.get("/webchat/{version}/{name}")
async def webchat(request: Request, services: ServicesDep, version: str, name: str) -> Response:
    """Serve what browsers get of others, compressed beforehand."""
    path = services.settings.var / "webchat" / name
    if name not in client.names() or not path.exists():
        raise Problem(problems.NOT_FOUND)
    kind = _TYPES[path.suffix]
    headers, packed = _FOREVER | {"Vary": "Accept-Encoding"}, path.with_name(f"{name}.gz")
    if "gzip" in request.headers.get("accept-encoding", "") and packed.exists():
        return FileResponse(packed, media_type=kind, headers=headers | {"Content-Encoding": "gzip"})
    return FileResponse(path, media_type=kind, headers=headers)


@router.get("/samenvatting/{signed}/{version}.{form}")
async def summary(services: ServicesDep, signed: str, version: str, form: str) -> Response:
    """Make one version of the summary of the conversation in a signed address, as Markdown or DOCX."""
    try:
        conversation = services.tokens.read("summary", signed)
    except TokenError:
        raise Problem(problems.EXPIRED, "Vraag in het gesprek opnieuw om de samenvatting.") from None
    practice = (version, form) == sentences.PRACTICE_FILE
    if not practice and (version not in SUMMARY_VERSIONS or form not in {"md", "docx"}):
        raise Problem(problems.NOT_FOUND)
    await asyncio.to_thread(services.chat.store.check, conversation)  # the engine may still have to forget it
    slots = await services.parts.engine.slots(conversation)
    if practice:
        return await _practice_report(services, slots)
    case = case_of(slots)
    headers = {
        "Content-Disposition": f'attachment; filename="samenvatting-{version}.{form}"',
        "X-Robots-Tag": "noindex",
    }
    if form == "md":
        text = await asyncio.to_thread(services.parts.summary_markdown, case, version)
        return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)
    content = await asyncio.to_thread(services.parts.summary_docx, case, version)
    return Response(content, media_type=_DOCX, headers=headers)


async def _practice_report(services: Services, slots: Mapping[str, Any]) -> Response:
    """Make the report of the practice dialogue that is played in a conversation, as Markdown."""
    practice = await asyncio.to_thread(services.parts.practice)
    playable = await asyncio.to_thread(services.studio.store.playable)
    text = await asyncio.to_thread(practice.file, playable, slots.get(PRACTICE_SLOT))
    if text is None:
        raise Problem(problems.EXPIRED, "Dit oefengesprek is er niet meer. Typ in het gesprek: oefenen.")
    headers = {"Content-Disposition": 'attachment; filename="oefengesprek.md"', "X-Robots-Tag": "noindex"}
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


def case_of(slots: dict[str, Any]) -> dict[str, Any]:
    """Return the case among the slots. Raises UnknownConversationError when there is none yet."""
    case = slots.get(CASE_SLOT)
    if not isinstance(case, dict):
        raise UnknownConversationError("no case")
    return case


CASE_SLOT, PRACTICE_SLOT = "casus", "oefening"

"""The editor: a version of a dialogue with what is to be said of it, the map of its scenes, and a play from any of
them. What is written is checked and played as it is sent along; it is kept only when it is saved."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.practice import LEAST, MOST, SCHEMA, Dialogue, load_techniques, load_text
from bot.studio import SHIPPED, BadTextError, Ref, StaleError, whole
from bot.web import problems, webchat
from bot.web.pages import READING, asset
from bot.web.pieces import POLICY, go, page, piece
from bot.web.play import Shown, Step, taken
from bot.web.problems import Problem, problem_response, wants_page
from bot.web.services import Services, ServicesDep
from bot.web.staffed import SignedIn
from bot.web.studio.examining import Examination, examined
from bot.web.studio.trainers import Trainer
from bot.yamlfile import DataFileError

router = APIRouter(prefix="/studio/gesprekken", include_in_schema=False)

_MODULES: Final = ("complete.js", "map.js")  # of ours, that the editor imports
_FRAME: Final = f"{READING}; script-src 'self'; connect-src 'self'"


class Draft(BaseModel):
    """A dialogue as it stands in the editor."""

    text: str


class DraftStep(Step):
    """A step in a play of a draft: where it begins (an id of a place), and with which values."""

    text: str
    begin: str = ""
    values: dict[str, Annotated[int, Field(ge=LEAST, le=MOST)]] = Field(default_factory=dict)


@router.get("/{name}/{number:int}")
async def editor(services: ServicesDep, signed: SignedIn, staff: Trainer, name: str, number: int) -> Response:
    """Show a version: the newest to write on, every other to read."""
    ref = Ref(name, number)
    text = await asyncio.to_thread(services.studio.store.text, ref)
    return await _editor(services, signed, ref, text)


@router.post("/{name}/{number:int}/bewaar")
async def save(
    request: Request, services: ServicesDep, signed: SignedIn, staff: Trainer, name: str, number: int,
    tekst: Annotated[str, Form()] = "", notitie: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Keep a text as the version after this one. Of two who write on one version the second sees what the first saved,
    beside her own text."""
    text = tekst.replace("\r\n", "\n")
    try:
        new = await asyncio.to_thread(services.studio.store.save, staff, Ref(name, number), text, notitie)
    except StaleError as stale:
        if wants_page(request):
            return await _editor(services, signed, Ref(name, stale.number), text, stale.theirs, notitie, str(stale))
        return problem_response(
            problems.CONFLICT, request.state.request_id, str(stale), theirs=stale.theirs, number=stale.number
        )
    except BadTextError as error:
        if not wants_page(request):
            raise
        return await _editor(services, signed, Ref(name, number), text, note=notitie, told=str(error))
    if wants_page(request):
        return go(request, f"/studio/gesprekken/{name}/{new.number}")
    return JSONResponse({"number": new.number})


@router.post("/{name}/nakijken")
async def examine(services: ServicesDep, staff: Trainer, name: str, draft: Draft) -> Examination:
    """Say what is to be said of a draft, and how its scenes hang together."""
    return await asyncio.to_thread(examined, whole(draft.text), services.settings.data, name, services.parts.citable)


@router.get("/{name}/spelen")
async def play_page(staff: Trainer, name: str) -> Response:
    """Show the page, for in the editor, on which a draft is played."""
    return piece("studio/play.html", _FRAME, name=name)


@router.post("/{name}/spelen")
async def play(services: ServicesDep, staff: Trainer, name: str, step: DraftStep) -> Shown:
    """Take a step in a play of a draft."""

    async def find() -> Dialogue:
        try:
            return _begun(await asyncio.to_thread(load_text, whole(step.text), services.settings.data, name), step)
        except DataFileError as error:
            raise Problem(problems.INVALID, f"Regel {error.line}: {error.reason}") from None

    return await taken(services, step, find)


def _begun(dialogue: Dialogue, step: DraftStep) -> Dialogue:
    """Let a dialogue begin elsewhere, and with other values. Raises Problem."""
    begin = step.begin or dialogue.begin
    if begin not in dialogue.places:
        raise Problem(problems.INVALID, f"Er is geen scène {begin}. Kies waar je begint.")
    values = {name: step.values.get(name, value) for name, value in dialogue.state.items()}
    return replace(dialogue, begin=begin, state=values)


async def _editor(
    services: Services, signed: SignedIn, ref: Ref, text: str, theirs: str | None = None, note: str = "",
    told: str = "",
) -> Response:  # fmt: skip
    store = services.studio.store
    found = await asyncio.to_thread(store.all)
    listed = next(row for row in found if row.id == ref.dialogue)
    nonce = secrets.token_urlsafe(16)
    policy = f"{POLICY}; frame-src 'self'; worker-src 'self'"
    for what in ("script-src", "style-src"):  # an import map, and what the editor makes for itself
        policy = policy.replace(f"{what} 'self'", f"{what} 'self' 'nonce-{nonce}'")
    return page(
        "studio/editor.html", signed, "/studio", policy, nonce=nonce, ref=ref, listed=listed, text=text, theirs=theirs,
        note=note, told=told, writes=ref.number == listed.latest != SHIPPED, shipped=ref.number == SHIPPED,
        imports={"imports": webchat.modules() | {f"pluis/{name}": asset(name) for name in _MODULES}},
        help=await asyncio.to_thread(_help, services),
    )  # fmt: skip


def _help(services: Services) -> dict[str, Any]:
    """Return what the editor completes with: the schema, sources with their headings, and techniques by id."""
    citable, data = services.parts.citable(), services.settings.data
    sources = {one.id: {"title": one.title, "sections": citable.sections.get(one.id, ())} for one in citable.sources}
    techniques = {name: one.name for name, one in load_techniques(data).items()}
    schema = json.loads((data / SCHEMA).read_text(encoding="utf-8"))
    return {"schema": schema, "sources": sources, "techniques": techniques}

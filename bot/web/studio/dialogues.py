"""Dialogues in the studio: which there are, a new one, its versions, how two of them differ, and in or out of play."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from bot.staff import SignIn, Staff
from bot.studio import SHIPPED, BadTextError, Ref, Store, StudioError, UnplayableError, brought
from bot.web import problems
from bot.web.pieces import go, page, piece
from bot.web.problems import Problem, is_fragment
from bot.web.services import Services, ServicesDep
from bot.web.staffed import SignedIn
from bot.web.studio.shown import Origin, dialogue_of, difference_of, list_of
from bot.web.studio.trainers import Trainer

router = APIRouter(prefix="/studio", include_in_schema=False)

HERE_IS: Final = "/studio"
UNFIT: Final = 422
Text = Annotated[str, Form()]
Upload = Annotated[UploadFile | None, File()]


# -- all, and a new one ------------------------------------------------------------------------------------------------


@router.get("")
async def dialogues_page(
    services: ServicesDep, _: Trainer, signed: SignedIn, gesprek: str = "", versie: int = SHIPPED
) -> Response:
    """Show all dialogues; where one is named, the form is ready to copy it."""
    origin = Origin(kind="kopie", copy=f"{gesprek}/{versie}") if gesprek else Origin()
    return await _list(services, signed, origin)


@router.post("/gesprekken")
async def create(
    request: Request, services: ServicesDep, staff: Trainer, signed: SignedIn, titel: Text = "", notitie: Text = "",
    van: Text = "", kopie: Text = "", bestand: Upload = None,
) -> Response:  # fmt: skip
    """Make a dialogue of the example, of another or of a file; what was typed stays where it does not do."""
    origin = Origin(titel, notitie, van, kopie)
    name, content = (bestand.filename or "", await bestand.read()) if bestand else ("", b"")
    try:
        ref = await asyncio.to_thread(_create, services.studio.store, staff, origin, name, content)
    except StudioError as error:
        if is_fragment(request):
            raise Problem(problems.INVALID, str(error)) from None
        shown = await _list(services, signed, replace(origin, fault=str(error)))
        shown.status_code = UNFIT
        return shown
    return go(request, _address(ref.dialogue))


def _create(store: Store, staff: Staff, origin: Origin, name: str, content: bytes) -> Ref:
    title = origin.title
    match origin.kind:
        case "voorbeeld":
            text = store.example()
        case "kopie":
            text = store.text(Ref.parse(origin.copy))
        case "bestand":
            file = brought(name, content)
            title, text = title if title.strip() else file.title, file.text
        case _:
            raise BadTextError("Kies waarmee je begint: een voorbeeld, een kopie, of een bestand.")
    return store.create(staff, title, text, origin.note)


# -- one ---------------------------------------------------------------------------------------------------------------


@router.get("/gesprekken/{dialogue}")
async def dialogue_page(services: ServicesDep, _: Trainer, signed: SignedIn, dialogue: str) -> Response:
    """Show a dialogue with its versions."""
    return await _dialogue(services, signed, dialogue)


@router.get("/gesprekken/{dialogue}/verschil")
async def difference_page(
    services: ServicesDep, _: Trainer, signed: SignedIn, dialogue: str, van: int | None = None, naar: int | None = None
) -> Response:
    """Show how two versions differ."""
    values = await asyncio.to_thread(difference_of, services, dialogue, van, naar)
    return page("studio/difference.html", signed, HERE_IS, **values)


@router.get("/gesprekken/{dialogue}/{number:int}.yml")
async def file(services: ServicesDep, _: Trainer, dialogue: str, number: int) -> Response:
    """Give a version as a file."""
    text = await asyncio.to_thread(services.studio.store.text, Ref(dialogue, number))
    name = dialogue if number == SHIPPED else f"{dialogue}-versie-{number}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.yml"', "Cache-Control": "no-store"}
    return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)


@router.post("/gesprekken/{dialogue}/{number:int}/publiceren")
async def publish(
    request: Request, services: ServicesDep, staff: Trainer, signed: SignedIn, dialogue: str, number: int
) -> Response:
    """Make a version the one that trainees choose; what keeps it from that is told by line."""
    try:
        await asyncio.to_thread(services.studio.store.publish, staff, Ref(dialogue, number))
    except UnplayableError as error:
        refused = {"id": dialogue, "number": number, "faults": error.faults}
        if is_fragment(request):
            shown: Response = piece("studio/refused.html", refused=refused)
        else:
            shown = await _dialogue(services, signed, dialogue, refused)
        shown.status_code = UNFIT
        return shown
    return go(request, _address(dialogue))


@router.post("/gesprekken/{dialogue}/terugtrekken")
async def withdraw(request: Request, services: ServicesDep, staff: Trainer, dialogue: str) -> Response:
    """Take a dialogue out of play, also for groups."""
    await asyncio.to_thread(services.studio.store.withdraw, staff, Ref(dialogue, SHIPPED).dialogue)
    return go(request, _address(dialogue))


# -- inside ------------------------------------------------------------------------------------------------------------


async def _list(services: Services, signed: SignIn, origin: Origin) -> Response:
    return page("studio/list.html", signed, HERE_IS, **await asyncio.to_thread(list_of, services, origin))


async def _dialogue(
    services: Services, signed: SignIn, dialogue: str, refused: Mapping[str, object] | None = None
) -> Response:
    values = await asyncio.to_thread(dialogue_of, services, dialogue)
    return page("studio/dialogue.html", signed, HERE_IS, **values, refused=refused)


def _address(dialogue: str) -> str:
    return f"{HERE_IS}/gesprekken/{dialogue}"

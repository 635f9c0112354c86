"""A practice dialogue with the code of a group: `/studio/play/groep/CODE` opens the version that the trainer gave. At
the end the trainee may share how it went, without a word of what she typed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from bot.practice import Dialogue, ScriptChangedError, restored
from bot.studio import NotOpenError, UnknownVersionError, UnplayableError
from bot.web import problems
from bot.web.guard import may_play, may_share, opened_by
from bot.web.play import UNREADABLE, Shown, Step, listed, practice_of, shown_on, taken
from bot.web.problems import Problem
from bot.web.services import ServicesDep

router = APIRouter(prefix="/studio/play/groep", include_in_schema=False)

_CHANGED: Final = "Dit gesprek is intussen veranderd. Speel het opnieuw, en deel dat."


class Sharing(BaseModel):
    """A finished play, with the trainee's token in this group and the key of the play (`bot.studio.new_token`)."""

    session: dict[str, Any]
    token: str
    key: str


@dataclass(frozen=True)
class Shared:
    """Which try of this trainee it is, and that in words."""

    number: int
    told: str


@router.get("/{code}")
async def page(request: Request, services: ServicesDep, code: str) -> HTMLResponse:
    """Show the page on which the dialogue of a group is played; a code that opens nothing can be typed again."""
    try:
        group, dialogue = await opened_by(request, services, code, services.studio.groups.play)
    except NotOpenError as error:
        return await listed(services, code, str(error))
    return shown_on(await practice_of(services), dialogue, group)


@router.post("/{code}", dependencies=[Depends(may_play)])
async def play(request: Request, services: ServicesDep, code: str, step: Step) -> Shown:
    """Take a step in the dialogue of a group."""

    async def find() -> Dialogue:
        _, dialogue = await opened_by(request, services, code, services.studio.groups.play)
        return dialogue

    return await taken(services, step, find)


@router.post("/{code}/delen", dependencies=[Depends(may_share)])
async def share(request: Request, services: ServicesDep, code: str, sharing: Sharing) -> Shared:
    """Keep what was done in a finished play for the report of its group."""
    group = await opened_by(request, services, code, services.studio.groups.opened)
    session = restored(sharing.session)
    if session is None or session.dialogue != group.ref.dialogue:
        raise Problem(problems.INVALID, UNREADABLE)
    tries, told = services.studio.tries, (group.code, session.moves, sharing.token, sharing.key)
    try:
        number = await asyncio.to_thread(tries.share, *told)
    except ScriptChangedError:
        raise Problem(problems.CONFLICT, _CHANGED) from None
    except (UnknownVersionError, UnplayableError):  # whose faults are for trainers
        raise NotOpenError from None
    return Shared(number, f"Gedeeld. Dit was je {number}e poging in deze groep.")

"""`POST /api/messages`: where Microsoft Teams brings what is said to Pluis."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter, Request, Response

from bot.web import problems
from bot.web.guard import is_local, not_too_often
from bot.web.problems import Problem
from bot.web.services import ServicesDep

router = APIRouter(tags=["Microsoft Teams"])

ACCEPTED: Final = 202


def _is_no_page(request: Request) -> bool:
    """Tell whether a request is not from a page in a browser, which could be anyone's."""
    kind = request.headers.get("content-type", "")
    return kind.startswith("application/json") and not {"origin", "sec-fetch-site"} & set(request.headers.keys())


@router.post("/api/messages", status_code=ACCEPTED)
async def messages(request: Request, services: ServicesDep) -> Response:
    """Take in one activity from Teams; it is answered in the chat."""
    teams = services.teams
    if teams is None:
        raise Problem(problems.NO_KEY, "Teams is niet ingesteld. De beheerder leest in docs/teams.md hoe dat moet.")
    if services.settings.teams_trial and not (is_local(request) and _is_no_page(request)):
        raise Problem(problems.NOT_ADMITTED, "Uitproberen kan alleen op de machine van Pluis zelf.")
    address, activity, claims = await teams.admit(request)
    match await asyncio.to_thread(teams.chats.seen, address.id, activity):
        case "replayed":
            raise Problem(problems.NOT_ADMITTED, "Dit bericht is al eerder ontvangen.")
        case "again":
            return Response(status_code=ACCEPTED)
    await not_too_often(services, "messages", address.id)
    answer = await teams.agent.process(request, claims)
    await asyncio.to_thread(teams.chats.remember, address.id, activity)
    return answer

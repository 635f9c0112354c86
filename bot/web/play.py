"""Practice dialogues on a page: `/studio/play` and a page for each. The page keeps its play and sends it along with
each step, so that nothing is kept here. What is typed passes the privacy door and the safety net, as everywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from bot.channels import EngineError
from bot.studio import LEAST, NotOpenError
from bot.web import problems
from bot.web.api import danger_in, masked_text
from bot.web.guard import may_play, opened_by
from bot.web.pages import READING, templates
from bot.web.problems import Problem
from bot.web.services import Parts, Services, ServicesDep

if TYPE_CHECKING:
    from bot.practice import Dialogue
    from bot.studio import Group
    from bot.web.playing import Practice

router = APIRouter(prefix="/studio/play", include_in_schema=False)

_FORM: Final = READING.replace("form-action 'none'", "form-action 'self'")  # for the code of a group
_POLICY: Final = f"{READING}; script-src 'self'; connect-src 'self'"
UNREADABLE: Final = "Dit oefengesprek is niet meer te lezen, of het is te lang. Kies Opnieuw."
_GONE: Final = "Dit oefengesprek is er niet meer. Kies een ander bij Oefengesprekken."
_NET_OUT: Final = (
    "Ik kan nu niet nakijken of er gevaar is in wat je typt, dus ik speel het nog niet. Wat je typte staat er nog: "
    "probeer het zo opnieuw, of kies Toon antwoorden. Is er nu echt gevaar? Bel 112."
)


LONGEST_CODE: Final = 20  # characters that are shown again of what was typed


class Step(BaseModel):
    """What is done in a play; without one it begins. `practice`: who plays told that her words are not real."""

    session: dict[str, Any] | None = None
    do: Literal["show", "again", "say", "choose", "none", "back", "options", "hint"] = "show"
    words: str = ""  # of say
    option: str = ""  # of choose
    practice: bool = False


@dataclass(frozen=True)
class Offered:
    """An option that can be pressed."""

    id: str
    text: str


@dataclass(frozen=True)
class Shown:
    """Where a play stands; what is empty is not there. `danger` and `report` are HTML, `file` is Markdown, all else is
    text."""

    session: dict[str, Any]
    says: str
    words: str = ""  # what was said or chosen last
    understood: str = ""
    sure: str = ""  # how sure that is
    landed: str = ""
    thought: str = ""
    told: str = ""  # a hint, or that the script was changed
    asks: str = ""  # what the options are for
    options: tuple[Offered, ...] = ()
    danger: str = ""
    report: str = ""
    file: str = ""


@router.get("")
async def index(request: Request, services: ServicesDep, groep: str = "") -> Response:
    """Show the dialogues; with the code of a group, go to what it opens."""
    if not groep.strip():
        return await listed(services)
    try:
        group = await opened_by(request, services, groep, services.studio.groups.opened)
    except NotOpenError as error:
        return await listed(services, groep, str(error))
    return RedirectResponse(f"{router.prefix}/groep/{group.code}", 303)


@router.get("/{dialogue_id}")
async def page(services: ServicesDep, dialogue_id: str) -> HTMLResponse:
    """Show the page on which one is played."""
    practice = await practice_of(services)
    return shown_on(practice, await _dialogue(services, dialogue_id))


@router.post("/{dialogue_id}", dependencies=[Depends(may_play)])
async def play(services: ServicesDep, dialogue_id: str, step: Step) -> Shown:
    """Take a step, and say where the play stands then."""
    return await taken(services, step, lambda: _dialogue(services, dialogue_id))


# -- also for groups and drafts ----------------------------------------------------------------------------------------


async def listed(services: Services, code: str = "", told: str = "") -> HTMLResponse:
    """Show the dialogues, with a code that was typed and what is told of it."""
    playable = await asyncio.to_thread(services.studio.store.playable)
    own, shipped, status = playable.own(), playable.shipped(), 404 if told else 200
    return _page("play_list.html", _FORM, status, own=own, shipped=shipped, code=code[:LONGEST_CODE], told=told)


def shown_on(practice: Practice, dialogue: Dialogue, group: Group | None = None) -> HTMLResponse:
    """Show the page on which a dialogue is played, in a group or alone."""
    practice.listener.warm()
    return _page("play.html", dialogue=dialogue, group=group, least=LEAST)


async def taken(services: Services, step: Step, find: Callable[[], Awaitable[Dialogue]]) -> Shown:
    """Take a step in a dialogue. Words that point at danger are asked about first, also where there is nothing to play
    any more. Raises Problem, and what `find` raises."""
    parts, practice = services.parts, await practice_of(services)
    if step.do == "say":
        step = step.model_copy(update={"words": await masked_text(parts, step.words)})
        if not step.practice and (danger := await _danger_in(parts, step.words))["acute"]:
            return practice.asks_real(step.session or {}, step.words, danger)
    dialogue = await find()
    session = practice.session(dialogue, step.session)
    if session is None:
        raise Problem(problems.INVALID, UNREADABLE)
    return await asyncio.to_thread(practice.played, dialogue, session, step)


async def practice_of(services: Services) -> Practice:
    """Return what dialogues are played with; made at the first use."""
    return await asyncio.to_thread(services.parts.practice)


# -- inside ------------------------------------------------------------------------------------------------------------


async def _danger_in(parts: Parts, words: str) -> dict[str, Any]:
    try:
        return await danger_in(parts, words)
    except EngineError:
        raise Problem(problems.OUT, _NET_OUT) from None


async def _dialogue(services: Services, dialogue_id: str) -> Dialogue:
    playable = await asyncio.to_thread(services.studio.store.playable)
    if found := playable.find(dialogue_id):
        return found
    raise Problem(problems.NOT_FOUND, _GONE)


def _page(template: str, policy: str = _POLICY, status: int = 200, **shown: Any) -> HTMLResponse:
    html = templates().get_template(template).render(shown, style="")
    return HTMLResponse(html, status, {"Content-Security-Policy": policy})

"""The routes of the desk. Each asks for a permission; what is read and done is recorded by who does it (`Desk`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.channels import Desk, LeftOutError
from bot.helpdesk import LateError, QuestionRow, UnknownQuestionError
from bot.helpdesk.models import CLOSED
from bot.knowledge import KnowledgeError
from bot.staff import SignIn, Staff
from bot.web import problems
from bot.web.cookies import SIGN_IN
from bot.web.desk.pieces import left_out
from bot.web.desk.reading import (
    LOWER,
    READ,
    REASSIGN,
    WORK,
    colleagues_of,
    desk_of,
    first_waiting,
    question_of,
    queue_of,
    readable,
    run,
    said_in,
)
from bot.web.desk.teaching import PROPOSE, teach_of
from bot.web.pieces import form_key, go, page, piece
from bot.web.places import places_of
from bot.web.problems import Problem, is_fragment
from bot.web.services import Services, ServicesDep
from bot.web.staffed import OWN_PAGES, SignedIn, allowed

router = APIRouter(prefix="/desk", include_in_schema=False)

Reader = Annotated[Staff, Depends(allowed(READ))]
Worker = Annotated[Staff, Depends(allowed(WORK))]
Lowerer = Annotated[Staff, Depends(allowed(LOWER))]
Reassigner = Annotated[Staff, Depends(allowed(REASSIGN))]
PING: Final = 15.0
RESULTS: Final = 5


# -- pages -------------------------------------------------------------------------------------------------------------


@router.get("")
async def queue_page(services: ServicesDep, signed: SignedIn) -> Response:
    """Show the queue; who works elsewhere goes on to there."""
    places = places_of(signed.staff)
    if places and not signed.staff.may(READ):
        return RedirectResponse(places[0][0], 303, OWN_PAGES)
    staff = await allowed(READ)(signed, services)
    await asyncio.to_thread(desk_of(services).listed, staff)
    return await _page(services, staff, signed, None)


@router.get("/rij")
async def queuepiece(services: ServicesDep, staff: Reader, signed: SignedIn, vraag: str = "") -> Response:
    """Show the queue anew, for a page that is open."""
    await asyncio.to_thread(desk_of(services).listed, staff, again=True)
    shown_queue = await asyncio.to_thread(queue_of, services, staff)
    return piece("desk/queue.html", **shown_queue, open=vraag, csrf=signed.csrf)


@router.get("/vragen/{question}")
async def question_page(services: ServicesDep, staff: Reader, signed: SignedIn, question: str) -> Response:
    """Show one question with its conversation; that it was read is recorded."""
    row = await readable(services, staff, question)
    await asyncio.to_thread(desk_of(services).read, row.id, staff)
    await asyncio.to_thread(desk_of(services).listed, staff, again=True)  # the queue stands beside it
    return await _page(services, staff, signed, row)


@router.get("/vragen/{question}/stand")
async def questionpiece(services: ServicesDep, staff: Reader, signed: SignedIn, question: str) -> Response:
    """Show how a question stands, for a page that is open."""
    row = await readable(services, staff, question)
    await asyncio.to_thread(desk_of(services).read, row.id, staff, again=True)
    return piece("desk/question.html", **await asyncio.to_thread(question_of, services, staff, signed, row))


@router.get("/vragen/{question}/gesprek")
async def talk(services: ServicesDep, staff: Reader, question: str, na: int = 0) -> Response:
    """Show what was said after a number, for a page that is open."""
    row = await readable(services, staff, question)
    await asyncio.to_thread(desk_of(services).read, row.id, staff, again=True)
    found = await asyncio.to_thread(said_in, services, row.conversation_id, max(0, na))
    return piece("desk/talk.html", said=found, question=row, last=found[-1].number if found else na)


@router.get("/stroom", response_class=EventSourceResponse)
async def stream(
    request: Request, services: ServicesDep, staff: Reader, vraag: str = ""
) -> AsyncIterator[ServerSentEvent]:
    """Tell a page what is new, as long as its staff member is signed in."""
    row = await readable(services, staff, vraag) if vraag else None
    token = SIGN_IN.read(request, services.settings)
    assert services.board is not None
    with services.board.open(row.conversation_id if row else None) as page:
        yield ServerSentEvent(comment="open", retry=1000)
        while True:
            news = await page.news(PING)
            for what in sorted(news):
                yield ServerSentEvent(event=what, raw_data="1")
            if not news:
                if await asyncio.to_thread(services.staff.signins.find, token, renew=False) is None:
                    yield ServerSentEvent(event="afgemeld", raw_data="1")
                    return
                yield ServerSentEvent(comment="ping")


# -- working a question ------------------------------------------------------------------------------------------------

Text = Annotated[str, Form()]


@router.post("/eerste")
async def claim_first(request: Request, services: ServicesDep, staff: Worker) -> Response:
    """Take the most urgent question that waits; when a colleague is first, the next."""
    for _ in range(20):
        waiting = await asyncio.to_thread(first_waiting, services, staff)
        if waiting is None:
            raise Problem(problems.CONFLICT, "Er wacht nu niemand.")
        try:
            await asyncio.to_thread(desk_of(services).claim, waiting, staff)
        except (LateError, UnknownQuestionError):  # taken, or wiped meanwhile
            continue
        return go(request, f"/desk/vragen/{waiting}")
    raise Problem(problems.CONFLICT, "Collega's waren je steeds voor. Kijk in de rij.")


@router.post("/vragen/{question}/neem")
async def claim(request: Request, services: ServicesDep, staff: Worker, question: str) -> Response:
    """Take a question."""
    return await _do(request, services, staff, question, lambda desk: desk.claim(question, staff))


@router.post("/vragen/{question}/antwoord")
async def answer(
    request: Request, services: ServicesDep, staff: Worker, question: str, tekst: Text = "", sleutel: Text = "",
    zeker: Text = "",
) -> Response:  # fmt: skip
    """Say something to the user; what the privacy door would take out is shown first."""
    row = await readable(services, staff, question)
    desk = desk_of(services)
    try:
        await run(lambda: desk.answer(row.id, staff, tekst, form_key(sleutel), sure=zeker == "1"))
    except LeftOutError as left:
        return left_out(left, form="antwoordform", name="zeker", value="1")
    if is_fragment(request):  # the page stays, and hears of its own answer as of all others
        return Response(status_code=204, headers={"HX-Trigger": "pluis:sent"})
    return go(request, f"/desk/vragen/{row.id}")


@router.post("/vragen/{question}/typt", status_code=204)
async def types(services: ServicesDep, staff: Worker, question: str) -> None:
    """Show the user that a person is writing."""
    row = await readable(services, staff, question)
    desk = desk_of(services)
    await run(lambda: desk.types(row.id, staff))


@router.post("/vragen/{question}/notitie")
async def note(
    request: Request, services: ServicesDep, staff: Worker, question: str, tekst: Text = "", sleutel: Text = ""
) -> Response:
    """Write a note for colleagues."""
    return await _do(
        request, services, staff, question, lambda desk: desk.note(question, staff, tekst, form_key(sleutel))
    )


@router.post("/vragen/{question}/los")
async def release(request: Request, services: ServicesDep, staff: Worker, question: str) -> Response:
    """Put a question of one's own back in the queue."""
    return await _do(request, services, staff, question, lambda desk: desk.release(question, staff), wake=True)


@router.post("/vragen/{question}/weghalen")
async def take_away(request: Request, services: ServicesDep, staff: Reassigner, question: str) -> Response:
    """Put a colleague's question back in the queue."""
    return await _do(
        request, services, staff, question, lambda desk: desk.release(question, staff, anyones=True), wake=True
    )


@router.post("/vragen/{question}/vraag-collega")
async def offer(request: Request, services: ServicesDep, staff: Worker, question: str, collega: Text = "") -> Response:
    """Ask a colleague to take a question over."""
    row = await readable(services, staff, question)
    if collega not in await asyncio.to_thread(colleagues_of, services, staff, row):
        raise Problem(problems.INVALID, "Kies een collega die deze vraag mag behandelen.")
    return await _do(request, services, staff, question, lambda desk: desk.offer(question, staff, collega))


@router.post("/vragen/{question}/overnemen")
async def accept(request: Request, services: ServicesDep, staff: Worker, question: str) -> Response:
    """Take over a question that a colleague offered."""
    return await _do(request, services, staff, question, lambda desk: desk.accept(question, staff))


@router.post("/vragen/{question}/niet-overnemen")
async def refuse(request: Request, services: ServicesDep, staff: Worker, question: str) -> Response:
    """Leave a question with the colleague who offered it."""
    return await _do(request, services, staff, question, lambda desk: desk.refuse(question, staff))


@router.post("/vragen/{question}/sluit")
async def close(
    request: Request, services: ServicesDep, staff: Worker, question: str, categorie: Text = "", terug: Text = "",
    samenvatting: Text = "",
) -> Response:  # fmt: skip
    """Close a question, or give the conversation back to Pluis with a summary for the user (`terug`), also one of which
    the privacy door takes something out (`zeker`)."""
    if categorie not in services.parts.desk_content.categories:
        raise Problem(problems.INVALID, "Kies eerst waarmee je de vraag afsluit.")
    if not terug and samenvatting.strip():
        raise Problem(
            problems.INVALID,
            "Je samenvatting gaat alleen mee als je teruggeeft aan Pluis. Kies dat, of maak de samenvatting leeg.",
        )

    def do(desk: Desk) -> object:
        if terug:
            return desk.hand_back(question, staff, categorie, samenvatting, sure=terug == "zeker")
        return desk.close(question, staff, categorie)

    try:
        return await _do(request, services, staff, question, do, wake=True)
    except LeftOutError as left:
        return left_out(left, form="sluitform", name="terug", value="zeker")


# -- classes -----------------------------------------------------------------------------------------------------------


@router.post("/vragen/{question}/zwaarder")
async def raise_class(
    request: Request, services: ServicesDep, staff: Worker, question: str, klasse: Text = "", reden: Text = ""
) -> Response:
    """Make a question heavier."""
    return await _do(request, services, staff, question, lambda desk: desk.raise_by(question, staff, klasse, reden))


@router.post("/vragen/{question}/lichter")
async def lower(
    request: Request, services: ServicesDep, staff: Lowerer, question: str, klasse: Text = "", reden: Text = ""
) -> Response:
    """Make a question lighter; of the heaviest class a second person must agree."""
    return await _do(request, services, staff, question, lambda desk: desk.lower(question, staff, klasse, reden))


@router.post("/vragen/{question}/lichter/eens")
async def agree_lower(
    request: Request, services: ServicesDep, staff: Lowerer, question: str, klasse: Text = ""
) -> Response:
    """Agree as the second person to what she read."""
    return await _do(request, services, staff, question, lambda desk: desk.agree_lower(question, staff, klasse))


@router.post("/vragen/{question}/lichter/oneens")
async def keep_class(request: Request, services: ServicesDep, staff: Lowerer, question: str) -> Response:
    """Refuse that a question is made lighter."""
    return await _do(request, services, staff, question, lambda desk: desk.keep_class(question, staff))


# -- beside the conversation -------------------------------------------------------------------------------------------


@router.get("/antwoorden")
async def ready_answers(services: ServicesDep, staff: Worker, zoek: str = "") -> Response:
    """Find answers that stand ready."""
    return piece("desk/answers.html", answers=services.parts.desk_content.search(zoek[:200]))


@router.get("/kennis")
async def knowledge(services: ServicesDep, staff: Worker, zoek: str = "") -> Response:
    """Search the knowledge; what is found can be put in the answer, with its source."""
    found: list[dict[str, Any]] = []
    if zoek.strip():
        try:
            found = await asyncio.to_thread(services.parts.search, zoek[:400], RESULTS)
        except KnowledgeError:
            raise Problem(problems.OUT, "De kennis is even niet te doorzoeken.") from None
    return piece("desk/knowledge.html", found=found, searched=bool(zoek.strip()))


# -- inside ------------------------------------------------------------------------------------------------------------


async def _do(
    request: Request,
    services: Services,
    staff: Staff,
    question: str,
    work: Callable[[Desk], object],
    *,
    wake: bool = False,
) -> Response:
    """Do something with a question, and show how it stands then; the queue, when she may not see it any more."""
    row = await readable(services, staff, question)
    desk = desk_of(services)
    await run(lambda: work(desk))
    if wake:
        services.chat.runner.wake(row.conversation_id)
    try:
        await readable(services, staff, question)
    except Problem:
        return go(request, "/desk")
    return go(request, f"/desk/vragen/{row.id}")


async def _page(services: Services, staff: Staff, signed: SignIn, row: QuestionRow | None) -> Response:
    queue = await asyncio.to_thread(queue_of, services, staff)
    more: dict[str, Any] = {}
    if row is not None:
        more = await asyncio.to_thread(question_of, services, staff, signed, row)
        found = await asyncio.to_thread(said_in, services, row.conversation_id, 0)
        more |= {"said": found, "last": found[-1].number if found else 0}
        more["answers"] = services.parts.desk_content.answers
        if row.state == CLOSED and staff.may(PROPOSE):
            with suppress(Problem):  # the knowledge is away: the question can still be read
                more["teach"] = await asyncio.to_thread(teach_of, services, row)
    values = queue | more | {"open": row.id if row else ""}
    return page("desk/page.html", signed, "/desk", **values)

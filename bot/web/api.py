"""The three questions that other programs may ask: knowledge, analysis of a text, advice on a case."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request
from pydantic import BaseModel

from bot.channels import MAX_TEXT, EngineFaultError, clean
from bot.web import problems
from bot.web.guard import may_use_api
from bot.web.problems import Problem
from bot.web.services import BadInputError, Parts, ServicesDep

router = APIRouter(prefix="/api", tags=["API"], dependencies=[Depends(may_use_api)])


class Text(BaseModel):
    """A text to analyse."""

    text: str


@router.get("/knowledge/search")
async def search(
    services: ServicesDep, later: BackgroundTasks, q: str = "", limit: Annotated[int, Query(ge=1, le=20)] = 3
) -> dict[str, Any]:
    """Search the knowledge base; an empty list when nothing fits."""
    query = _checked_length(q)
    results = await asyncio.to_thread(services.parts.search, query, limit) if query else []
    if query and not results:
        later.add_task(_count_unanswered, services.parts, query)
    return {"query": query, "results": results}


@router.post("/analyse")
async def analyse(services: ServicesDep, body: Text) -> dict[str, Any]:
    """Say which statements, signals, forms of violence and danger are in a text."""
    return await analyse_text(services.parts, body.text)


@router.post("/advice")
async def advice(request: Request, services: ServicesDep, body: dict[str, Any]) -> dict[str, Any]:
    """Weigh a case along the tables of advice."""
    if twice := told_twice(await request.body()):
        raise Problem(problems.INVALID, "; ".join(f"{name} staat er twee keer; kies er een" for name in twice))
    try:
        return await asyncio.to_thread(services.parts.advise, body)
    except BadInputError as error:
        raise Problem(problems.INVALID, str(error)) from error


def told_twice(body: bytes) -> list[str]:
    """Return the names that stand more than once in one object: of such a pair a reader silently keeps the last."""
    twice: dict[str, None] = {}

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        counts = Counter(name for name, _ in pairs)
        twice.update(dict.fromkeys(name[:80] for name, count in counts.items() if count > 1))
        return dict(pairs)

    json.loads(body, object_pairs_hook=keep)
    return list(twice)


def _checked_length(text: str) -> str:
    text = clean(text)
    if len(text) > MAX_TEXT:
        raise Problem(problems.TEXT_TOO_LONG)
    return text


async def analyse_text(parts: Parts, text: str) -> dict[str, Any]:
    """Mask a text and say what is in it; the danger verdict is the engine's. Raises Problem or EngineError."""
    masked = await masked_text(parts, text)
    danger, analysis = await asyncio.gather(danger_in(parts, masked), asyncio.to_thread(parts.analyse, masked))
    return {"text_pseudonymised": masked, "danger": danger, **analysis}


async def masked_text(parts: Parts, text: str) -> str:
    """Return a text as it comes through the privacy door. Raises Problem when it is too long or has no words."""
    text = _checked_length(text)
    if not any(c.isalnum() for c in text):
        raise Problem(problems.EMPTY_TEXT)
    return await asyncio.to_thread(_masked, parts, text)


async def danger_in(parts: Parts, masked: str) -> dict[str, Any]:
    """Return the engine's verdict on danger in a masked text. Raises EngineError."""
    danger = (await parts.engine.parse(masked)).get("danger")
    if not isinstance(danger, dict):
        raise EngineFaultError("no danger in the parse")
    return danger


def _count_unanswered(parts: Parts, query: str) -> None:
    parts.unanswered(_masked(parts, query), True)


def _masked(parts: Parts, text: str) -> str:
    once = f"api-{uuid.uuid4()}"  # nobody in this text is anybody in another
    try:
        return parts.door.pseudonymise(once, text).text
    finally:
        parts.door.forget(once)

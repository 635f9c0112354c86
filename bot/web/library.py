"""The knowledge for those who would rather read: `/kennis` to search and browse, a page for each topic.
What is asked is looked up and forgotten, what finds nothing is counted; it stands in no log."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import HTMLResponse

from bot.case import told_date
from bot.channels import clean
from bot.knowledge import KnowledgeError, Topic
from bot.web.pages import READING, templates
from bot.web.services import Parts, ServicesDep, base_url

router = APIRouter(prefix="/kennis", include_in_schema=False)

MAX_QUERY = 400  # characters; the search reads no more
MAX_HITS = 10
_POLICY = READING.replace("form-action 'none'", "form-action 'self'")
_TOPICS = "topics"  # the kind that is written out


@dataclass(frozen=True)
class Shelf:
    """The topics of one kind in the order of their titles, under letters when there are many."""

    kind: str
    title: str
    size: int
    parts: tuple[tuple[str, tuple[Topic, ...]], ...]  # letter ("" when there are few), topics


@router.get("")
async def index(services: ServicesDep, later: BackgroundTasks, q: str = "") -> HTMLResponse:
    """Show what fits a question, and every topic there is."""
    asked = " ".join(clean(q).split())
    query = asked[:MAX_QUERY].rstrip()
    try:
        topics = await _topics(services.parts)
        found = await asyncio.to_thread(services.parts.search, query, MAX_HITS) if query else []
    except KnowledgeError:
        return _no_page("out", 503)
    if query and not found:
        later.add_task(services.parts.unanswered, query, False)
    return _page(
        "knowledge.html",
        query=query,
        cut=MAX_QUERY if len(asked) > MAX_QUERY else 0,
        hits=[topic for hit in found if (topic := topics.get(hit["topic"]))],
        size=len(topics),
        shelves=shelves(topics.values(), services.parts.kinds),
    )


@router.get("/{topic_id}")
async def topic(request: Request, services: ServicesDep, topic_id: str) -> HTMLResponse:
    """Show one topic, with all that is known about it."""
    try:
        topics = await _topics(services.parts)
    except KnowledgeError:
        return _no_page("out", 503)
    shown = topics.get(topic_id)
    if shown is None:
        return _no_page("unknown", 404)
    kind = _kind(shown, services.parts.kinds)
    return _page(
        "topic.html",
        topic=shown,
        kind=kind,
        heading=services.parts.kinds[kind],
        related=[topics[other] for other in shown.related if other in topics],
        review=told_date(shown.review),
        overdue=shown.review < date.today(),
        address=f"{base_url(request, services.settings)}/kennis/{shown.id}",
    )


def shelves(topics: Iterable[Topic], kinds: Mapping[str, str]) -> list[Shelf]:
    """Put topics on a shelf for each kind; a kind without a heading stands among the topics that are written out."""
    by_title = sorted(topics, key=lambda topic: _sorted_as(topic.title))
    made = []
    for kind, heading in kinds.items():
        rows = [topic for topic in by_title if _kind(topic, kinds) == kind]
        letters = groupby(rows, lambda topic: _letter(topic.title)) if kind == _TOPICS else [("", rows)]
        if rows:
            made.append(Shelf(kind, heading, len(rows), tuple((letter, tuple(part)) for letter, part in letters)))
    return made


async def _topics(parts: Parts) -> dict[str, Topic]:
    return {topic.id: topic for topic in await asyncio.to_thread(parts.topics)}


def _kind(topic: Topic, kinds: Mapping[str, str]) -> str:
    return topic.kind if topic.kind in kinds else _TOPICS


def _sorted_as(title: str) -> tuple[str, str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    return "".join(c for c in plain if c.isalnum() or c == " ").strip(), title


def _letter(title: str) -> str:
    first = _sorted_as(title)[0][:1]
    return first.upper() if first.isalpha() else "0-9"


def _no_page(why: str, status: int) -> HTMLResponse:
    return _page("no_topic.html", status, why=why, query="")


def _page(template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    html = templates().get_template(template).render(shown)
    return HTMLResponse(html, status, {"Content-Security-Policy": _POLICY})

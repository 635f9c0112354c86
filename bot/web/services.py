"""What the routes work with: the parts that are built once (in `wiring`, or by a test),
and what an application makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from bot.advice import Explanation
from bot.audit import Audit
from bot.channels import Chat, Clock, Desk, EngineClient, Pseudonymiser, Teaching
from bot.database import SessionFactory
from bot.helpdesk import Content, DeskRules
from bot.knowledge import Citable, Topic
from bot.settings import Settings
from bot.staff import StaffService
from bot.studio import Studio
from bot.web.house import House
from bot.web.metrics import Metrics
from bot.web.rates import Rates
from bot.web.teams import Teams
from bot.web.tokens import Tokens

if TYPE_CHECKING:
    from bot.web.desk.board import Board
    from bot.web.oidc import Oidc
    from bot.web.playing import Practice


class BadInputError(Exception):
    """A part cannot work with this input; the message says in Dutch what is wrong with it."""


@dataclass(frozen=True)
class Parts:
    """The parts of the domain that `web` needs, as plain callables."""

    sessions: SessionFactory
    engine: EngineClient
    door: Pseudonymiser
    search: Callable[[str, int], list[dict[str, Any]]]  # question, limit → results; raises KnowledgeError
    topics: Callable[[], Sequence[Topic]]  # raises KnowledgeError
    kinds: Mapping[str, str]  # kind of topic → heading, in the order in which they are shown
    unanswered: Callable[[str, bool], None]  # question without results, whether to keep its text (pseudonymised)
    analyse: Callable[[str], dict[str, Any]]  # pseudonymised text → statements, signals, forms
    advise: Callable[[Mapping[str, Any]], dict[str, Any]]  # raises BadInputError
    summary_markdown: Callable[[Mapping[str, Any], str], str]  # case, version → file
    summary_docx: Callable[[Mapping[str, Any], str], bytes]
    explanation: Explanation
    house: House
    starts: Mapping[str, str]  # what the conversation can open with → the title of that choice
    practice: Callable[[], Practice]  # made when it is first asked for
    citable: Callable[[], Citable]  # what dialogues may cite; read when it is first asked for
    desk: DeskRules | None = None  # None where there is no helpdesk
    desk_content: Content = field(default_factory=lambda: Content({}, ()))
    professions: Mapping[str, str] = field(default_factory=dict)  # id → what it is called
    warm: Callable[[Callable[[BaseException], None]], None] = lambda failed: None  # begins what is made later
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True)
class Services:
    """One application's own things."""

    settings: Settings
    parts: Parts
    chat: Chat
    tokens: Tokens
    metrics: Metrics
    rates: Rates
    audit: Audit
    staff: StaffService
    studio: Studio
    board: Board | None = None
    desk: Desk | None = None  # None where there is no helpdesk
    teaching: Teaching | None = None  # as there is a helpdesk
    oidc: Oidc | None = None
    teams: Teams | None = None
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))  # each takes 64 MB for a moment


def services(connection: HTTPConnection) -> Services:
    """Return the services of the application that handles this connection."""
    return cast(Services, connection.app.state.services)


ServicesDep = Annotated[Services, Depends(services)]


def base_url(connection: HTTPConnection, settings: Settings) -> str:
    """Return the address under which the user sees Pluis, as browsers write it, without a slash at the end."""
    if settings.public_url:
        return settings.public_url
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    return f"{scheme}://{connection.url.netloc}"

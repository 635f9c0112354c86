"""Makes the web application out of settings and parts; the only thing in `web` that ties them together.
`serve` runs it the way it must run."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE

from bot import logs
from bot.audit import Audit
from bot.channels import Chat, Desk, Hub, Patience, Store, Teaching, Terms, TurnRunner
from bot.channels.teams import Chats, Pace
from bot.retention import forget_old
from bot.settings import Settings, SettingsError
from bot.staff import Roles, UnknownRoleError, load_roles, make_staff
from bot.studio import make_studio
from bot.web import (
    api,
    desk,
    directline,
    figures,
    health,
    library,
    messages,
    pages,
    play,
    play_group,
    problems,
    signin,
    staffed,
    stream,
    studio,
    widget,
)
from bot.web.desk import Board
from bot.web.metrics import Metrics
from bot.web.middleware import BodyLimit, RequestContext
from bot.web.rates import Rates
from bot.web.services import Parts, Services
from bot.web.teams import check_teams, make_teams
from bot.web.tokens import Tokens
from bot.yamlfile import DataFileError

if TYPE_CHECKING:
    from bot.web.oidc import Oidc

log = logging.getLogger("pluis.web")

TAKES_NOTHING = 40.0  # seconds; as long as a stream that answers no ping


def _tell(error: BaseException) -> None:
    log.critical("what is made later failed", extra={"error": type(error).__name__})


def create_app(
    settings: Settings,
    parts: Parts | None = None,
    patience: Patience | None = None,
    pace: Pace | None = None,
    end: Callable[[BaseException], None] = _tell,
) -> FastAPI:
    """Make the application; `parts` and `patience` are given by tests, else built when it starts. `end` hears, in
    another thread, that what is made later cannot be made."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        built = parts or _build(settings)
        services = make_services(settings, built, metrics, patience, pace)
        app.state.services = services
        services.chat.runner.start()
        if services.teams is not None:
            services.teams.courier.start()
        if services.board is not None:
            services.board.start()
        built.warm(end)
        try:
            yield
        finally:
            await services.chat.runner.stop()
            if services.board is not None:
                await services.board.stop()
            if services.teams is not None:
                await services.teams.close()
            await built.engine.close()
            await services.rates.close()

    app = FastAPI(title="Pluis", version="0.1.0", docs_url=None, redoc_url=None, lifespan=lifespan)
    modules = (directline, stream, messages, api, health, pages, widget, library, figures, play, play_group, signin)
    for router in (*(module.router for module in modules), *desk.routers, *studio.routers):
        app.include_router(router)
    problems.install(app, pages.problem_page)
    staffed.install(app)
    app.add_middleware(BodyLimit, page=pages.problem_page)
    app.add_middleware(RequestContext, metrics=metrics)
    return app


def make_services(
    settings: Settings, parts: Parts, metrics: Metrics, patience: Patience | None = None, pace: Pace | None = None
) -> Services:
    """Tie the parts together for one application."""
    keep = settings.conversation_hours * 3600
    store, hub, chats = Store(parts.sessions, parts.clock), Hub(), Chats(parts.sessions, parts.clock)
    owner = f"{socket.gethostname()}:{settings.port}"

    def also_forget(seconds: float) -> None:
        forget_old(parts.sessions, seconds, settings)
        chats.tidy(seconds)  # also where Teams was switched off

    tokens = Tokens(
        settings.key("secret"), token_seconds=settings.token_minutes * 60, keep_seconds=keep, clock=store.clock
    )
    runner = TurnRunner(
        store,
        parts.engine,
        hub,
        owner=owner,
        reminders=chats,
        summary_link=_summary_link(tokens),
        forgotten=parts.door.forget,
        observe=metrics.turn,
        also_forget=also_forget,
        retention=keep,
        patience=patience or Patience(lease=settings.engine_timeout + 25),
    )
    metrics.watch_streams(lambda: hub.open_streams)
    audit = Audit(parts.sessions, parts.clock)
    helpdesk = _make_desk(settings, parts, store, hub, audit)
    runner.desk = helpdesk
    board = Board(helpdesk, hub, store, parts.sessions) if helpdesk is not None else None
    chat = Chat(store, hub, runner, parts.door, parts.engine, helpdesk)
    teams = make_teams(settings, chat, chats, owner=owner, keep=keep, observe=metrics.teams, pace=pace or Pace())
    staff = make_staff(
        parts.sessions, audit, load_roles(settings.data), idle=settings.staff_idle_minutes * 60.0, clock=parts.clock
    )
    oidc = make_oidc(settings, staff.roles, parts.clock)
    teaching = Teaching(parts.sessions, store, parts.door, audit, settings.data) if helpdesk is not None else None
    own = make_studio(parts.sessions, audit, settings.data, lambda *cited: parts.citable().fault(*cited), parts.clock)
    return Services(
        settings, parts, chat, tokens, metrics, Rates(settings), audit, staff, own, board, helpdesk, teaching, oidc,
        teams,
    )  # fmt: skip


def _make_desk(settings: Settings, parts: Parts, store: Store, hub: Hub, audit: Audit) -> Desk | None:
    """Make the helpdesk, where there is one."""
    if parts.desk is None:
        return None
    terms = Terms(silent=settings.desk_silent_minutes * 60.0, answer=settings.desk_answer_days * 86_400.0)
    return Desk(parts.sessions, store, hub, parts.door, parts.desk, terms, audit, settings.key("secret"))


def make_oidc(settings: Settings, roles: Roles, clock: Callable[[], float] = time.time) -> Oidc | None:
    """Make the client of the organisation's own sign-in, where there is one. Raises SettingsError."""
    if not settings.oidc_issuer:
        return None
    from bot.web.oidc import Oidc  # its libraries are for who uses it

    try:
        roles.check(role for role, _ in settings.oidc_roles)
    except UnknownRoleError as error:
        raise SettingsError(f"PLUIS_OIDC_ROLES: {error}") from None
    return Oidc(settings, clock)


def serve(settings: Settings) -> None:
    """Run `web` until it is told to stop; what it keeps is its owner's. A broken table ends it in one line."""
    os.umask(0o077)
    logs.configure("web", settings.log_level)
    check_teams(settings)
    try:
        make_oidc(settings, load_roles(settings.data))  # what is wrong with it is told before anything starts
        parts = _build(settings)
    except DataFileError as error:
        sys.exit(f"pluis: {error}")
    broken: list[BaseException] = []

    def end(error: BaseException) -> None:
        _tell(error)
        broken.append(error)
        server.should_exit = True

    config = uvicorn.Config(create_app(settings, parts, end=end), **server_options(settings))
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run([listen(config)])
    if broken:
        sys.exit(f"pluis: {broken[0] if isinstance(broken[0], DataFileError) else 'starten lukte niet; zie het log'}")
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def listen(config: uvicorn.Config, seconds: float = TAKES_NOTHING) -> socket.socket:
    """Open the port. A client that takes in nothing for so long, or is gone without a word, is let go with all that
    was held for it: the server by itself waits until everything is read."""
    opened = config.bind_socket()
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # where the system knows it: Linux
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
    return opened


def server_options(settings: Settings) -> dict[str, Any]:
    """Return how uvicorn must run: one log, no server header, forwarded addresses only from trusted proxies."""
    return {
        "host": settings.host,
        "port": settings.port,
        "log_config": None,
        "access_log": False,
        "http": "h11",  # refuses headers over 64 KiB; the quicker parser takes any number of them into memory
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": settings.trusted_proxies,
        "ws_max_size": 4096,
        "timeout_graceful_shutdown": 5,
    }


def _summary_link(tokens: Tokens) -> Callable[[str, str, str, str], str]:
    def link(base_url: str, conversation: str, version: str, form: str) -> str:
        return f"{base_url}/samenvatting/{tokens.make('summary', conversation)}/{version}.{form}"

    return link


def _build(settings: Settings) -> Parts:
    from bot.web.wiring import build_parts  # loads models and data: not before it is needed

    return build_parts(settings)

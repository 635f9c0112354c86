"""The composition root of the action server: makes the services once, from the settings."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError

from bot.advice import load_tables
from bot.analysis.analyser import Analyser
from bot.audit import Audit
from bot.case import Replies, Tools, load_replies, load_tools
from bot.database import make_engine, session_factory
from bot.encoder import E5Encoder
from bot.helpdesk import load_desk
from bot.knowledge import KnowledgeBase, load_citable
from bot.practice import Listener
from bot.settings import get_settings
from bot.statistics import Kind, count_one
from bot.studio import Playable, Store

log = logging.getLogger("pluis.actions")


@dataclass(frozen=True)
class Services:
    """What the actions work with."""

    tools: Tools
    replies: Replies
    knowledge: KnowledgeBase
    conversation_hours: int
    desk_answer_days: int
    count: Callable[[Kind, str], None]
    playable: Callable[[], Playable]  # what can be practised, read when it is asked
    listener: Listener


@lru_cache
def services() -> Services:
    """Make the services; called before the server says that it is ready."""
    settings = get_settings()
    tables = load_tables(settings.data, settings.organisation)  # first, for it is soon known when one is broken
    encoder = E5Encoder()
    analyser = Analyser(settings.data, encoder, settings.var / "cache")
    tools = load_tools(settings.data, analyser, tables, load_desk(settings, tables, analyser.urgency))
    sessions = session_factory(make_engine(settings.database))

    def count(kind: Kind, name: str) -> None:
        try:
            with sessions() as session, session.begin():
                count_one(session, kind, name)
        except SQLAlchemyError:  # a count that is lost costs the user nothing
            log.warning("a count is lost")

    knowledge = KnowledgeBase(
        sessions,
        encoder,
        data_root=settings.data,
        cache_dir=settings.var / "cache",
    )
    knowledge.refresh_if_changed()
    replies = load_replies(settings.data / "replies", tables.words)
    store = Store(sessions, Audit(sessions), settings.data, load_citable(settings.data).fault)
    store.playable()  # the first time takes longer
    return Services(
        tools, replies, knowledge, settings.conversation_hours, settings.desk_answer_days, count,
        store.playable, Listener(settings.data, encoder, settings.var / "cache"),
    )  # fmt: skip

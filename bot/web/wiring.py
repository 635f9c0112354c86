"""The composition root of `web`: builds the parts out of settings, once, when the application starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.advice import AdviceInputError, Tables, load_tables, parse_request
from bot.case import Sheet, Stamp, Tools, docx, load_lists, load_replies, load_starts, load_tools, make_sheet, markdown
from bot.channels import EngineClient
from bot.database import make_engine, session_factory
from bot.encoder import E5Encoder
from bot.helpdesk import load_content, load_desk
from bot.knowledge import KnowledgeBase, load_citable, load_kinds, load_sources, read_digest
from bot.privacy import Door
from bot.settings import Settings
from bot.web.explanation import explain_tables
from bot.web.house import load_house
from bot.web.later import Later
from bot.web.services import BadInputError, Parts

if TYPE_CHECKING:
    from bot.web.playing import Practice


def build_parts(settings: Settings) -> Parts:
    """Build everything `web` works with; what a conversation can begin without is made later (`warm`)."""
    tables = load_tables(settings.data, settings.organisation)  # first, for it is soon known when a table is broken
    explanation = explain_tables(settings.data, tables)
    house = load_house(settings.house_style)
    sessions = session_factory(make_engine(settings.database))
    encoder, cache = E5Encoder(), settings.var / "cache"
    knowledge = KnowledgeBase(sessions, encoder, data_root=settings.data, cache_dir=cache)

    def make_tools() -> Tools:
        # It takes seconds to load; of a conversation only `actions` needs it.
        from bot.analysis.analyser import Analyser

        return load_tools(settings.data, Analyser(settings.data, encoder, cache), tables)

    def make_practice() -> Practice:
        # What it learns with takes seconds to load, and most who come do not practise.
        from bot.practice import Listener
        from bot.web.playing import Practice

        return Practice(
            Listener(settings.data, encoder, cache),
            {source.id: source.title for source in load_sources(settings.data)},
            load_replies(settings.data / "replies", tables.words),
        )

    tools = Later(make_tools)

    def search(query: str, limit: int) -> list[dict[str, Any]]:
        return [hit.as_dict() for hit in knowledge.search(query, limit=limit)]

    def sheet(case: Mapping[str, Any], version: str) -> Sheet:
        return make_sheet(case, tools.get(), version, Stamp(date.today(), read_digest(sessions)[:12]))

    return Parts(
        sessions=sessions,
        engine=EngineClient(
            settings.engine_url,
            settings.key("engine_token"),
            actions_url=settings.actions_url,
            timeout=settings.engine_timeout,
        ),
        door=Door(cache / "deduce"),
        search=search,
        topics=knowledge.topics,
        kinds={kind.key: kind.label for kind in load_kinds(settings.data)},
        unanswered=lambda question, keep: knowledge.unanswered(question, keep=keep),
        analyse=lambda text: tools.get().analyser.analyse(text).as_dict(),
        advise=lambda body: _advise(tables, body),
        summary_markdown=lambda case, version: markdown(sheet(case, version)),
        summary_docx=lambda case, version: docx(sheet(case, version)),
        explanation=explanation,
        house=house,
        starts=load_starts(settings.data / "replies"),
        practice=Later(make_practice).get,
        citable=Later(lambda: load_citable(settings.data)).get,
        desk=load_desk(settings, tables),
        desk_content=load_content(settings.data),
        professions={row.id: row.title for row in load_lists(settings.data).professions},
        warm=tools.begin,
    )


def _advise(tables: Tables, body: Mapping[str, Any]) -> dict[str, Any]:
    try:
        request = parse_request(body)
    except AdviceInputError as error:
        raise BadInputError(str(error)) from error
    return tables.advise(request).as_dict()

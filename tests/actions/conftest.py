"""An action is called as the engine calls it: with a tracker; events and messages are read from what it returns.

The services are the real ones, without a server: only the knowledge is a small stand-in, because it needs a database.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions import base
from actions.wiring import Services
from bot.advice import load_tables
from bot.analysis.analyser import Analyser
from bot.case import Case, Tools, load_replies, load_tools
from bot.encoder import E5Encoder
from bot.knowledge import Answer, Citation, Hit, Topic
from bot.practice import Listener, load_dialogues
from bot.settings import ROOT
from bot.studio import Playable, Ref
from tests.unit.case.desk import TUESDAY, desk_of

DATA = ROOT / "data"
SHIPPED = Playable({Ref(name, 0): dialogue for name, dialogue in load_dialogues(DATA).items()})
HOUR = 3600.0


@dataclass(frozen=True)
class Done:
    """What an action returned."""

    events: Sequence[Mapping[str, Any]]
    messages: Sequence[Mapping[str, Any]]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def case(self) -> Case:
        """The case that was written; fails when none was."""
        return Case.from_slot(self.slots["casus"])

    @property
    def next(self) -> str:
        """The action that follows, or an empty text."""
        found = [event["name"] for event in self.events if event["event"] == "followup"]
        assert len(found) <= 1, f"twee vervolgacties: {found}"
        return str(found[0]) if found else ""

    @property
    def left_form(self) -> bool:
        return any(event["event"] == "active_loop" and event["name"] is None for event in self.events)

    @property
    def text(self) -> str:
        return "\n".join(str(message["text"]) for message in self.messages if message.get("text"))

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for message in self.messages for button in message.get("buttons") or ()]

    @property
    def custom(self) -> dict[str, Any]:
        """The one message with more than text and buttons."""
        (found,) = [message["custom"] for message in self.messages if message.get("custom")]
        assert isinstance(found, dict)
        return found

    @property
    def kinds(self) -> list[str]:
        return [message["custom"]["kind"] for message in self.messages if message.get("custom")]


class Knowledge:
    """Stands in for the knowledge base: two topics, and what it answers is set by the test."""

    def __init__(self) -> None:
        source = Citation("kenniskaart-2023", "Kenniskaart", "De Meldcode", 2023, "")
        self.known = Topic(
            id="kindcheck",
            kind="topics",
            title="De kindcheck",
            short="Vraag naar kinderen.",
            more="Ook elders.",
            doubt=None,
            sources=(source,),
            related=("huisverbod",),
            audience=(),
            review=date(2026, 1, 1),
            questions=(),
        )
        self.other = replace(self.known, id="huisverbod", title="Het huisverbod", more=None, related=())
        self.kind = "one"
        self.missed: list[tuple[str, str | None]] = []
        self.thumbs: list[tuple[str, bool, date | None]] = []

    def refresh_if_changed(self) -> bool:
        return False

    def topic(self, topic_id: str) -> Topic | None:
        return {topic.id: topic for topic in (self.known, self.other)}.get(topic_id)

    def answer(self, query: str, previous_topic: str | None = None) -> Answer:
        return Answer(self.kind, () if self.kind == "none" else (Hit(self.known, 0.9),))  # type: ignore[arg-type]

    def unanswered(self, question: str, conversation: str | None = None) -> None:
        self.missed.append((question, conversation))

    def judged(self, topic_id: str, up: bool, day: date, instead_of: date | None = None) -> None:
        assert day == date.today()
        self.thumbs.append((topic_id, up, instead_of))


@pytest.fixture(scope="session")
def tools() -> Tools:
    return load_tools(DATA, Analyser(DATA, E5Encoder(), ROOT / "var" / "cache"), load_tables(DATA))


@pytest.fixture(scope="session")
def listener() -> Listener:
    """One for all: it learns for seconds."""
    return Listener(DATA, E5Encoder(), ROOT / "var" / "cache")


@pytest.fixture
def knowledge() -> Knowledge:
    return Knowledge()


@pytest.fixture
def counted() -> list[tuple[str, str]]:
    """What the actions count, as (kind, name)."""
    return []


@pytest.fixture
def services(
    tools: Tools,
    listener: Listener,
    knowledge: Knowledge,
    counted: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> Services:
    """Services as the actions find them."""
    replies = load_replies(DATA / "replies", tools.tables.words)
    made = Services(
        tools, replies, knowledge, 24, 7, lambda *what: counted.append(what),  # type: ignore[arg-type]
        lambda: SHIPPED, listener,
    )  # fmt: skip
    monkeypatch.setattr(base, "services", lambda: made)
    return made


@pytest.fixture(scope="session")
def desk_tools(tools: Tools) -> Tools:
    return replace(tools, desk=desk_of(tools.tables))


@pytest.fixture
def desk(services: Services, desk_tools: Tools, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Services where there is a helpdesk, on a Tuesday at ten."""
    made = replace(services, tools=desk_tools)
    monkeypatch.setattr(base, "services", lambda: made)
    monkeypatch.setattr(time, "time", lambda: TUESDAY)
    return made


@pytest.fixture(scope="session")
def actions() -> Mapping[str, Any]:
    """Every action by name, found the way the action server finds them."""
    executor = ActionExecutor()
    executor.register_package("actions")
    found: Mapping[str, Any] = executor.actions
    return found


@pytest.fixture
def run(services: Services, actions: Mapping[str, Any]) -> Any:
    """Call an action on a tracker that the keywords describe."""

    def call(name: str, **state: Any) -> Done:
        dispatcher = CollectingDispatcher()
        events = asyncio.run(actions[name](dispatcher, tracker(**state), {}))
        return Done(events, dispatcher.messages)

    return call


def verdict(danger: Sequence[tuple[str, str]], net: float = 0.0) -> dict[str, Any]:
    """The danger of a parse."""
    triggers = [{"kind": kind, "quote": quote} for kind, quote in danger]
    return {"acute": bool(danger), "score": net, "triggers": triggers}


def tracker(
    *,
    text: str = "",
    intent: str = "",
    sure: float = 1.0,
    choice: str | None = None,
    form: str = "",
    case: Case | None = None,
    slots: Mapping[str, Any] | None = None,
    danger: Sequence[tuple[str, str]] = (),
    buttons: Sequence[Mapping[str, str]] = (),
    ran: Sequence[str] = (),
    silence: float = 1.0,
    before: str = "groet",
    said_before: str | None = "eerder",
    danger_before: Sequence[tuple[str, str]] = (),
    net: float = 0.0,
    topic_before: str = "",
) -> Tracker:
    """Make the tracker that the engine would send after this message."""
    message: dict[str, Any] = {
        "text": text or f"/{intent}",
        "intent": {"name": intent, "confidence": sure},
        "entities": [] if choice is None else [{"entity": "keuze", "value": choice}],
        "danger": verdict(danger, net),
    }
    earlier = {"intent": {"name": before}, "danger": verdict(danger_before)}
    slot = case.to_slot() if case and case.entries else None
    first = {"event": "user", "timestamp": 0.0, "text": said_before, "parse_data": earlier}
    events = [
        *([first] if said_before is not None else []),
        *([{"event": "slot", "name": "onderwerp", "value": topic_before, "timestamp": 0.4}] if topic_before else []),
        {"event": "bot", "timestamp": 0.5, "data": {"buttons": list(buttons)}},
        {"event": "user", "timestamp": silence, "text": message["text"], "parse_data": message},
        *({"event": "action", "name": name, "timestamp": silence} for name in ran),
    ]
    return Tracker(
        "gesprek",
        {"casus": slot, "antwoord": None, "niet_begrepen": 0, "onderwerp": topic_before or None, **(slots or {})},
        message,
        events,
        False,
        None,
        {"name": form} if form else {},
        "action_listen",
    )

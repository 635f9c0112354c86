"""A helpdesk in a database of its own: a desk that is always open, who work there, and what can be seen of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.advice import load_tables
from bot.audit import Audit, AuditError, Entry
from bot.audit.models import AuditRow
from bot.channels import Desk, Hub, Store, Terms, say
from bot.channels.models import Turn
from bot.database import Base, SessionFactory, make_engine, session_factory
from bot.helpdesk import DeskRules, NoteRow, QuestionRow, load_triage, questions
from bot.hours import read_hours
from bot.settings import ROOT
from bot.staff import Staff, load_roles
from tests.databases import fresh

from .fakes import FakeClock, FakeDoor

if TYPE_CHECKING:
    pass

BASE = "https://pluis.example"
MINUTE, DAY = 60.0, 86_400.0
SILENT, ANSWER_DAYS = 10 * MINUTE, 7
KEEP = DAY  # how long any conversation is kept


def staff(account: str, role: str = "helpdesk") -> Staff:
    """Return someone who works at the desk."""
    return load_roles(ROOT / "data").staff(account, f"Naam {account}", [role])


ANNA, BRAM, CARLA = staff("a1"), staff("b2"), staff("c3", "aandachtsfunctionaris")


@lru_cache
def always_open() -> DeskRules:
    """Return the rules of a desk that never closes but on holidays."""
    tables, hours = load_tables(ROOT / "data"), read_hours("ma-zo 0:00-24:00")
    assert hours is not None
    return DeskRules(load_triage(ROOT / "data", tables), tables, hours, {})


class Ledger(Audit):
    """The audit log, which fails on demand at the very end of a deed."""

    broken = False

    def record(self, session: Session, entry: Entry) -> int:
        """Add the entry; then fail."""
        number = super().record(session, entry)
        if self.broken:
            raise AuditError("broken")
        return number


@dataclass
class Place:
    """The desk, and the hands to see what it did."""

    engine: Engine
    sessions: SessionFactory
    clock: FakeClock
    store: Store
    hub: Hub
    door: FakeDoor
    audit: Ledger
    desk: Desk
    news: list[str] = field(default_factory=list)

    def begin(self, conversation: str = "c1", channel: str = "directline") -> str:
        """Begin a conversation in which nothing is left to answer."""
        assert self.store.create(conversation, channel, BASE, "/groet")
        self.answer_turn(conversation, "Welkom.")
        return conversation

    def answer_turn(self, conversation: str, text: str) -> bool:
        """Answer a turn as the engine would; False when that is not said."""
        work = self.store.next_turn(conversation)
        assert work is not None
        return self.store.finish(work, [say(text)])

    def hand_over(self, conversation: str = "c1", class_id: str = "P1", **changes: Any) -> list[str]:
        """Ask the desk something, and return what is said of it."""
        asked = {
            "class": class_id, "reasons": ["Uit elkaar gaan"], "ground": "asked", "asks": "Wat nu?",
            "facts": ["zwanger: ja"], "phase": "weging", "profession": "huisarts",
        }  # fmt: skip
        return [body["text"] for body in self.desk.hand_over(conversation, asked | changes)]

    def ask(self, conversation: str = "c1", class_id: str = "P1", **changes: Any) -> str:
        """Begin a conversation and ask the desk something; return the question."""
        self.begin(conversation)
        self.hand_over(conversation, class_id, **changes)
        with self.sessions() as session:
            row = questions.open_in(session, conversation)
        assert row is not None
        return row.id

    def claimed(self, conversation: str = "c1", class_id: str = "P1", by: Staff = ANNA) -> str:
        """Ask the desk something, and have it taken."""
        question = self.ask(conversation, class_id)
        self.desk.claim(question, by)
        return question

    def hear(self, text: str, conversation: str = "c1", key: str | None = None) -> None:
        """Let the user type something."""
        body = {"type": "message", "from": {"id": "u", "role": "user"}, "text": text}
        self.store.hear(conversation, body, key=key, turn=("text", text))

    def row(self, question: str) -> QuestionRow:
        """Return a question as it stands."""
        with self.sessions() as session:
            return questions.find(session, question)

    def notes(self, question: str) -> list[NoteRow]:
        """Return the notes of a question."""
        with self.sessions() as session:
            return list(questions.notes(session, question))

    def version(self) -> int:
        """Return the number of changes of the queue."""
        with self.sessions() as session:
            return questions.version(session)

    def bodies(self, conversation: str = "c1") -> list[dict[str, Any]]:
        """Return everything that was said."""
        return self.store.after(conversation, 0)[0]

    def said(self, conversation: str = "c1") -> list[str]:
        """Return the texts of everything that was said."""
        return [body["text"] for body in self.bodies(conversation)]

    def turns(self, conversation: str = "c1") -> list[Turn]:
        """Return the turns of a conversation, answered or not."""
        with self.sessions() as session:
            return list(session.scalars(select(Turn).where(Turn.conversation_id == conversation).order_by(Turn.number)))

    def waiting(self, conversation: str = "c1") -> list[str]:
        """Return what the engine is still to answer."""
        return [turn.content for turn in self.turns(conversation) if turn.state == "waiting"]

    def deeds(self) -> list[tuple[str, str, str, str]]:
        """Return what stands in the audit log: event, account, conversation, why."""
        with self.sessions() as session:
            rows = session.scalars(select(AuditRow).order_by(AuditRow.seq)).all()
        return [(row.event, row.account, row.object, row.why) for row in rows]

    def everything(self) -> dict[str, list[Any]]:
        """Return all that stands in the database."""
        with self.sessions() as session:
            return {
                table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
                for table in Base.metadata.sorted_tables
            }


@contextmanager
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Open a place in a database of the kind that a test is asked for."""
    engine = make_engine(fresh(request, tmp_path))
    sessions, clock, hub, door = session_factory(engine), FakeClock(), Hub(), FakeDoor()
    store, audit = Store(sessions, clock), Ledger(sessions, clock, "machine-1")
    terms = Terms(silent=SILENT, answer=ANSWER_DAYS * DAY)
    desk = Desk(sessions, store, hub, door, always_open(), terms, audit, "s" * 32)
    place = Place(engine, sessions, clock, store, hub, door, audit, desk)
    hub.watch(lambda conversation, _: place.news.append(conversation))
    yield place
    engine.dispose()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do things in as many threads, all let go at the same moment; return what each gave, or the error that it met."""
    gate = threading.Barrier(len(works))

    def do(work: Callable[[], Any]) -> Any:
        gate.wait(30)
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def kinds(results: Sequence[Any]) -> dict[str, int]:
    """Count what came out, by kind."""
    names = [type(result).__name__ for result in results]
    return {name: names.count(name) for name in sorted(set(names))}

"""The desk as the conversations know it: a question is handed over, a person takes the conversation, and gives it back.
Whatever is done to a question, what the user sees of it and the record of who did it are one transaction."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

from sqlalchemy.orm import Session

from bot.audit import SYSTEM, Audit, Entry, Event, Kind
from bot.case import HERE, told_moment
from bot.channels import sentences
from bot.channels.activities import BOT, say
from bot.channels.chat import Pseudonymiser
from bot.channels.hub import Hub
from bot.channels.masking import Masking
from bot.channels.store import Store
from bot.channels.text import clean, has_words
from bot.database import SessionFactory
from bot.helpdesk import WITHDRAWN, Asked, DeskError, DeskRules, Ground, QuestionRow, questions
from bot.helpdesk.models import CLOSED, WAITING, OutcomeRow
from bot.markdown import pressable
from bot.staff import Staff

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike
GROUPS, LETTERS_OF_A_GROUP = 3, 4  # 59 bits; who guesses is held back by a limit on tries
OPEN_DAYS = 30  # so long a conversation is kept for a question that nobody closed
GO_ON = "/herhaal"  # Pluis asks again what was open; her question is still with the helpdesk
GROUND_OF_WORK = "behandelt de vraag"
DAY = 86_400.0
MOST_READERS = 10_000
TYPES = 6.0  # seconds that someone is seen to be writing after a sign of that


@dataclass(frozen=True)
class Terms:
    """How long things may take, in seconds."""

    silent: float  # of an owner while the user waits
    answer: float  # that a conversation is kept after its question was closed


class Desk:
    """What the desk does to conversations."""

    def __init__(
        self,
        sessions: SessionFactory,
        store: Store,
        hub: Hub,
        door: Pseudonymiser,
        rules: DeskRules,
        terms: Terms,
        audit: Audit,
        secret: str,
    ) -> None:
        self._sessions, self._store, self._hub, self._masking = sessions, store, hub, Masking(door, store)
        self.rules, self._terms, self._audit, self._secret = rules, terms, audit, secret.encode()
        self._watchers: list[Callable[[], None]] = []
        self._readers: set[tuple[str, str]] = set()
        self._typing: dict[str, float] = {}  # conversations in which staff wrote here, and when last
        self.clock = store.clock

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have `watcher` hear, in whatever thread, that the queue changed here."""
        self._watchers.append(watcher)

    # -- what a conversation asks for ----------------------------------------------------------------------------------

    def hand_over(self, conversation: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Do what a conversation asks of the desk, and return what to say of it.

        `asked` holds the fields of `Asked`; or `withdraw`; or `raise`, with the least class that a question is to have.
        """
        if asked.get("withdraw"):
            return self._withdraw(conversation)
        if asked.get("raise"):
            self.raise_class(conversation, str(asked["class"]), [str(reason) for reason in asked["reasons"]])
            return []
        return self._ask(conversation, asked)

    def _ask(self, conversation: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        now, class_id = self.clock(), str(asked["class"])
        promised, channel = self.rules.promised(class_id, now), self._store.channel(conversation)
        wanted = Asked(
            class_id, tuple(asked["reasons"]), Ground(asked["ground"]), str(asked["asks"]), tuple(asked["facts"]),
            str(asked["phase"]), str(asked["profession"]),
        )  # fmt: skip
        with self._changing(conversation) as session:
            row, new = questions.add(
                session, wanted, conversation, channel, rank=self.rules.triage.rank(class_id), now=now,
                promised_at=promised, keep_until=now + OPEN_DAYS * DAY,
            )  # fmt: skip
            promised, code = row.promised_at, self._code(row.id)
            row.code = self.digest(code)
        handed = sentences.HANDED if new else sentences.HANDED_AGAIN
        said = [say(handed.format(moment=self.told(promised)))]
        if channel == "directline":
            said.append(say(sentences.HANDED_CODE.format(code=code, url=self._store.base_url(conversation))))
        return said

    def _withdraw(self, conversation: str) -> list[dict[str, Any]]:
        now = self.clock()
        with self._changing(conversation) as session:
            found = questions.open_in(session, conversation)
            if found is None or found.state != WAITING:  # of one that was taken meanwhile she can tell the person
                return [say(sentences.NOT_WITHDRAWN)]
            self._count(session, found, WITHDRAWN, now)
            questions.withdraw(session, conversation, WITHDRAWN, now, now)
        return [say(sentences.WITHDRAWN)]

    def raise_class(self, conversation: str, class_id: str, reasons: list[str]) -> bool:
        """Make the open question of a conversation heavier; a machine never makes it lighter."""
        now = self.clock()
        with self._changing(conversation) as session:
            row = questions.open_in(session, conversation)
            if row is None:
                return False
            rank, promised = self.rules.triage.rank(class_id), self.rules.promised(class_id, now)
            return questions.raise_class(session, row.id, class_id, rank, reasons, promised)

    def alarm(self, conversation: str, reason: str) -> bool:
        """Make the open question of a conversation as heavy as can be."""
        return self.raise_class(conversation, self.rules.triage.classes[0].id, [reason])

    def is_live(self, conversation: str) -> bool:
        """Tell whether a person has taken over a conversation."""
        with self._sessions() as session:
            return questions.is_live(session, conversation)

    def conversation_of(self, code: str) -> str | None:
        """Return the conversation that a code brings back."""
        with self._sessions() as session:
            return questions.conversation_of(session, self.digest(code))

    def digest(self, code: str) -> str:
        """Return what is kept of a code; how it is typed does not matter."""
        plain = "".join(letter for letter in code.upper() if letter in LETTERS)
        return self._signed(f"code {plain}").hexdigest()

    def _code(self, question: str) -> str:
        """Return the code by which the conversation of a question is found again: told once more, it is the same."""
        number = int.from_bytes(self._signed(f"question {question}").digest())
        letters = [LETTERS[number // len(LETTERS) ** at % len(LETTERS)] for at in range(GROUPS * LETTERS_OF_A_GROUP)]
        return "-".join(wrap("".join(letters), LETTERS_OF_A_GROUP))

    def _signed(self, text: str) -> hmac.HMAC:
        return hmac.new(self._secret, text.encode(), hashlib.sha256)

    # -- what staff do -------------------------------------------------------------------------------------------------

    def read(self, question: str, staff: Staff, *, again: bool = False) -> None:
        """Record that someone reads a question with its conversation; not `again` for what an open page asks on."""
        if again and (question, staff.id) in self._readers:
            return
        with self._sessions() as session, session.begin():
            self._record(session, Event.QUESTION_READ, staff, questions.find(session, question))
        self._reads(question, staff)

    def listed(self, staff: Staff, *, again: bool = False) -> None:
        """Record that someone opened the queue, in which the questions themselves stand; not `again` for what an open
        page asks on."""
        if again and ("", staff.id) in self._readers:
            return
        self._audit.note(Entry(Event.QUESTION_LISTED, staff.id, staff.roles, Kind.QUESTION, "", GROUND_OF_WORK))
        self._reads("", staff)

    def _reads(self, question: str, staff: Staff) -> None:
        if len(self._readers) > MOST_READERS:
            self._readers.clear()  # then what is read on is recorded once more
        self._readers.add((question, staff.id))

    def claim(self, question: str, staff: Staff) -> None:
        """Take a question: from here on Pluis says nothing, and the user sees that a person reads along."""
        with self._working(question) as session:
            questions.claim(session, question, staff.id, self.clock())
            row = questions.find(session, question)
            joined = sentences.JOINED.format(title=staff.title)
            self._say(session, row, say(joined) | _OF_PERSON, f"joined|{row.id}|{row.version}")
            if self._store.silence(session, row.conversation_id):  # words that nobody weighed: a person weighs them now
                heaviest, now = self.rules.triage.classes[0].id, self.clock()
                promised = self.rules.promised(heaviest, now)
                questions.raise_class(session, row.id, heaviest, 0, [sentences.NET_DEAF], promised)
            self._record(session, Event.QUESTION_CLAIMED, staff, row)
        self._hub.news(row.conversation_id)

    def answer(self, question: str, staff: Staff, text: str, key: str, *, sure: bool = False) -> None:
        """Say something to the user, once for its key and words. Raises LeftOutError with what would be sent, unless
        `sure`."""
        conversation = self._conversation(question)
        said, persons = self._masking.masked(conversation, text, sure=sure)
        body = say(f"**{staff.title}**\n\n{pressable(said)}") | _OF_PERSON | {"from": {**BOT, "name": staff.title}}
        with self._changing(conversation, persons) as session:
            questions.worked(session, question, staff.id, self.clock(), answered=True)
            row = questions.find(session, question)
            if self._say(session, row, body, f"desk|{key}|{hashlib.sha256(said.encode()).hexdigest()[:16]}"):
                self._record(session, Event.QUESTION_ANSWERED, staff, row)
        self._hub.typing.pop(conversation, None)
        self._hub.news(conversation)

    def types(self, question: str, staff: Staff) -> None:
        """Show the user that a person is writing."""
        with self._sessions() as session, session.begin():
            questions.worked(session, question, staff.id, self.clock())
            conversation = questions.find(session, question).conversation_id
        typing = {"type": "typing", "from": {**BOT, "name": staff.title}, "id": f"typing|{secrets.token_hex(6)}"}
        self._hub.typing[conversation], self._typing[conversation] = typing, self.clock()
        self._hub.news(conversation, typing)

    def note(self, question: str, staff: Staff, text: str, key: str) -> None:
        """Write a note for colleagues, through the privacy door."""
        said, persons = self._masking.masked(self._conversation(question), text, sure=True)
        with self._working(question, persons) as session:
            if questions.note(session, question, staff.id, key, said, self.clock()):
                self._record(session, Event.NOTE_WRITTEN, staff, questions.find(session, question))

    def offer(self, question: str, staff: Staff, colleague: str) -> None:
        """Ask a colleague to take a question over."""
        with self._working(question) as session:
            questions.offer(session, question, staff.id, colleague)
            self._record(session, Event.TRANSFER_OFFERED, staff, questions.find(session, question), colleague)

    def accept(self, question: str, staff: Staff) -> None:
        """Take over a question that a colleague offered; the user sees that."""
        with self._working(question) as session:
            questions.accept(session, question, staff.id, self.clock())
            row = questions.find(session, question)
            passed = sentences.PASSED_ON.format(title=staff.title)
            self._say(session, row, say(passed) | _OF_PERSON, f"passed|{row.id}|{row.version}")
            self._record(session, Event.TRANSFERRED, staff, row)
        self._hub.news(row.conversation_id)

    def refuse(self, question: str, staff: Staff) -> None:
        """Leave a question that was offered with its owner."""
        with self._working(question) as session:
            questions.refuse(session, question, staff.id)
            self._record(session, Event.TRANSFER_REFUSED, staff, questions.find(session, question))

    def release(self, question: str, staff: Staff, *, anyones: bool = False) -> None:
        """Put a question back in the queue: one's own, or `anyones`."""
        with self._working(question) as session:
            questions.release(session, question, None if anyones else staff.id)
            row = questions.find(session, question)
            self._alone(session, row)
            self._record(session, Event.RELEASED, staff, row)
        self._hub.news(row.conversation_id)

    def close(self, question: str, staff: Staff, category: str) -> str:
        """Close a question; Pluis is there again. Return its conversation, which is to go on."""
        days = round(self._terms.answer / DAY)
        return self._end(question, staff, category, say(sentences.DONE.format(days=days)), Event.CLOSED)

    def hand_back(self, question: str, staff: Staff, category: str, summary: str, *, sure: bool = False) -> str:
        """Close a question and let Pluis go on, with what was found in words for the user."""
        said, persons = "", 0
        if has_words(clean(summary)):
            said, persons = self._masking.masked(self._conversation(question), summary, sure=sure)
        told = sentences.GIVEN_BACK_SUMMARY.format(summary=pressable(said)) if said else sentences.GIVEN_BACK
        return self._end(question, staff, category, say(told), Event.HANDED_BACK, said, persons)

    def _end(
        self,
        question: str,
        staff: Staff,
        category: str,
        body: dict[str, Any],
        event: Event,
        summary: str = "",
        persons: int = 0,
    ) -> str:
        now = self.clock()
        with self._working(question, persons) as session:
            if summary:  # that is an answer too
                questions.worked(session, question, staff.id, now, answered=True)
            questions.close(session, question, staff.id, category, now, now + self._terms.answer)
            row = questions.find(session, question)
            self._say(session, row, body | _OF_PERSON, f"closed|{row.id}")
            self._count(session, row, category, now)
            self._store.resume(session, row.conversation_id, back_payload(summary))
            self._record(session, event, staff, row, category)
        self._hub.news(row.conversation_id)
        return row.conversation_id

    # -- classes -------------------------------------------------------------------------------------------------------

    def lower(self, question: str, staff: Staff, class_id: str, why: str) -> bool:
        """Make a question lighter, with a reason; of the heaviest class it waits for a second person: False then."""
        why, persons = self._masking.masked(self._conversation(question), why, sure=True)
        with self._working(question, persons) as session:
            row = questions.find(session, question)
            self._check_lighter(row, class_id)
            if row.rank == 0:
                questions.ask_lower(session, question, staff.id, class_id, why)
                self._record(session, Event.CLASS_CHANGE_ASKED, staff, row, f"{row.class_id} → {class_id}")
                return False
            questions.lower(session, row.id, class_id, self._rank(class_id), why)
            self._record(session, Event.CLASS_CHANGED, staff, row, f"{row.class_id} → {class_id}")
            return True

    def agree_lower(self, question: str, staff: Staff, class_id: str) -> None:
        """Agree as the second person that a question is made this much lighter. Raises DeskError to who asked."""
        with self._working(question) as session:
            row = _to_lower(session, question)
            if row.lower_by == staff.id:
                raise DeskError("Jij vroeg hierom. Een collega moet ermee instemmen.")
            if row.lower_to != class_id:
                raise questions.LateError("Er wordt intussen iets anders gevraagd. Lees het eerst.")
            before, wanted = row.class_id, str(row.lower_to)
            questions.lower(session, row.id, wanted, self._rank(wanted), str(row.lower_why))
            self._record(session, Event.CLASS_CHANGE_APPROVED, staff, row, f"{before} → {wanted}")

    def keep_class(self, question: str, staff: Staff) -> None:
        """Refuse that a question is made lighter."""
        with self._working(question) as session:
            row = _to_lower(session, question)
            questions.keep_class(session, question)
            self._record(session, Event.CLASS_CHANGE_REFUSED, staff, row)

    def raise_by(self, question: str, staff: Staff, class_id: str, why: str) -> None:
        """Make a question heavier by hand."""
        why, persons = self._masking.masked(self._conversation(question), why, sure=True)
        rank, promised = self._rank(class_id), self.rules.promised(class_id, self.clock())
        with self._working(question, persons) as session:
            row = questions.find(session, question)
            before = row.class_id
            if row.state == CLOSED:
                raise questions.LateError("Deze vraag is al afgesloten.")
            if not questions.raise_class(session, question, class_id, rank, [why], promised):
                raise questions.LateError("Deze vraag heeft die klasse al, of een zwaardere.")
            self._record(session, Event.CLASS_CHANGED, staff, row, f"{before} → {class_id}")

    def _check_lighter(self, row: QuestionRow, class_id: str) -> None:
        if self._rank(class_id) <= row.rank:
            raise DeskError("Dat is geen lichtere klasse.")

    def _rank(self, class_id: str) -> int:
        try:
            return self.rules.triage.rank(class_id)
        except KeyError:
            raise DeskError("Deze klasse bestaat niet.") from None

    # -- what time brings ----------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Put back what an owner left alone; what is late becomes a supervisor's, and who waits for it hears so."""
        now = self.clock()
        for conversation in [name for name, at in tuple(self._typing.items()) if now - at > TYPES]:
            del self._typing[conversation]
            self._hub.typing.pop(conversation, None)
        with self._sessions() as session:
            left = [(row.id, row.conversation_id) for row in questions.silent(session, now - self._terms.silent)]
            late = [(row.id, row.conversation_id) for row in questions.late(session, now)]
        for question, conversation in left:
            self._take_back(question, conversation, now - self._terms.silent)
        for question, conversation in late:
            self._escalate(question, conversation, now)

    def _escalate(self, question: str, conversation: str, now: float) -> None:
        with self._changing(conversation) as session:
            if not questions.escalate(session, question, now):
                return  # someone answered meanwhile, or another process was first
            self._say(session, questions.find(session, question), say(sentences.LATE) | _OF_PERSON, f"late|{question}")
        self._hub.news(conversation)

    def _take_back(self, question: str, conversation: str, before: float) -> None:
        with self._changing(conversation) as session:
            if question not in {row.id for row in questions.silent(session, before)}:
                return  # she did something meanwhile
            questions.release(session, question)
            row = questions.find(session, question)
            self._alone(session, row)
            self._audit.record(
                session, Entry(Event.RELEASED, SYSTEM, (), Kind.CONVERSATION, conversation, "de medewerker deed niets")
            )
        self._hub.news(conversation)

    # -- inside --------------------------------------------------------------------------------------------------------

    @contextmanager
    def _changing(self, conversation: str = "", persons: int = 0) -> Iterator[Session]:
        """Change the queue, with the conversation to oneself in which something is said or numbered."""
        with self._sessions() as session, session.begin():
            questions.touch(session)
            self._store.hold(session, conversation, persons)
            yield session
        for watcher in self._watchers:
            watcher()

    @contextmanager
    def _working(self, question: str, persons: int = 0) -> Iterator[Session]:
        with self._changing(self._conversation(question), persons) as session:
            yield session

    def _conversation(self, question: str) -> str:
        with self._sessions() as session:
            return questions.find(session, question).conversation_id

    def _record(self, session: Session, event: Event, staff: Staff, row: QuestionRow, why: str = "") -> None:
        """Write in the audit log what was done to a conversation, after all else of the transaction."""
        about = (why or GROUND_OF_WORK)[:200]
        self._audit.record(session, Entry(event, staff.id, staff.roles, Kind.CONVERSATION, row.conversation_id, about))

    def _say(self, session: Session, row: QuestionRow, body: dict[str, Any], key: str) -> bool:
        return self._store.say_in(session, row.conversation_id, body, key[:64])

    def _alone(self, session: Session, row: QuestionRow) -> None:
        self._say(session, row, say(sentences.LEFT_ALONE) | _OF_PERSON, f"alone|{row.id}|{row.version}")
        self._store.resume(session, row.conversation_id, GO_ON)

    def _count(self, session: Session, row: QuestionRow, category: str, now: float) -> None:
        until = row.answered_at or now
        session.add(
            OutcomeRow(
                day=datetime.fromtimestamp(now, UTC).date(), class_id=row.class_id, ground=row.ground,
                category=category, waited=self.rules.waited(row.created_at, until), within=until <= row.promised_at,
                answered=row.answered_at is not None,
            )
        )  # fmt: skip

    def told(self, moment: float) -> str:
        """Write a moment as the user reads it."""
        return told_moment(datetime.fromtimestamp(moment, HERE))


_OF_PERSON: dict[str, Any] = {"channelData": {"pluis": "person"}}


def _to_lower(session: Session, question: str) -> QuestionRow:
    row = questions.find(session, question)
    if row.lower_to is None:
        raise questions.LateError("Niemand vraagt meer om een lichtere klasse.")
    return row


def back_payload(summary: str) -> str:
    """Return what tells the engine that it goes on, with what the person found."""
    return "/helpdesk_terug" + (json.dumps({"keuze": summary}, ensure_ascii=False) if summary else "")

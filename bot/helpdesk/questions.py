"""What can be done with a question, each in the caller's transaction: a change is one statement that holds only while
the question is as it was thought to be, so that of two people who do the same at once one is told that she is late."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.counting import changed
from bot.database import SessionFactory
from bot.helpdesk.models import CLAIMED, CLOSED, WAITING, ChangeRow, NoteRow, OutcomeRow, QuestionRow


class DeskError(Exception):
    """Something cannot be done with a question; the message says in Dutch why not."""


class UnknownQuestionError(DeskError):
    """There is no such question, or not any more."""


class LateError(DeskError):
    """The question is not any more as it was: another was first, or it was closed."""


class Ground(StrEnum):
    """Why a question came to a person."""

    ASKED = "asked"  # she asked for one
    MISSED = "missed"  # Pluis did not understand her, twice
    UNANSWERED = "unanswered"  # the knowledge has no answer
    ADVISED = "advised"  # the advice says so
    DANGER = "danger"  # she confirmed danger, and called


@dataclass(frozen=True)
class Asked:
    """What is handed over with a question. Its texts have been through the privacy door."""

    class_id: str
    reasons: Sequence[str]
    ground: Ground
    asks: str
    facts: Sequence[str]
    phase: str
    profession: str


# -- reading -----------------------------------------------------------------------------------------------------------


def find(session: Session, question: str) -> QuestionRow:
    """Return a question. Raises UnknownQuestionError."""
    row = session.get(QuestionRow, question, populate_existing=True)
    if row is None:
        raise UnknownQuestionError("Deze vraag bestaat niet, of is gewist door wie haar stelde.")
    return row


def open_in(session: Session, conversation: str) -> QuestionRow | None:
    """Return the question of a conversation that is not closed yet."""
    return session.scalar(select(QuestionRow).where(QuestionRow.open_in == conversation))


def conversation_of(session: Session, code: str) -> str | None:
    """Return the conversation of the question with this digest of a code."""
    return session.scalar(select(QuestionRow.conversation_id).where(QuestionRow.code == code))


def is_live(session: Session, conversation: str) -> bool:
    """Tell whether a person has taken over a conversation: then Pluis says nothing in it."""
    query = select(QuestionRow.id).where(QuestionRow.open_in == conversation, QuestionRow.state == CLAIMED)
    return session.scalar(query) is not None


def queue(session: Session, ranks: Collection[int]) -> Sequence[QuestionRow]:
    """Return the questions of these ranks that are not closed, most urgent first: by class, then as was promised."""
    return session.scalars(_queue().where(QuestionRow.rank.in_(ranks))).all()


def closed_by(session: Session, staff: str, most: int) -> Sequence[QuestionRow]:
    """Return the questions that someone closed last, the latest first."""
    query = select(QuestionRow).where(QuestionRow.state == CLOSED, QuestionRow.owner == staff)
    return session.scalars(query.order_by(QuestionRow.closed_at.desc()).limit(most)).all()


def counts(session: Session) -> dict[int, int]:
    """Return how many questions wait, by the rank of their class."""
    query = select(QuestionRow.rank, func.count()).where(QuestionRow.state == WAITING).group_by(QuestionRow.rank)
    return {rank: number for rank, number in session.execute(query)}


def notes(session: Session, question: str) -> Sequence[NoteRow]:
    """Return the notes of a question, the oldest first."""
    return session.scalars(select(NoteRow).where(NoteRow.question_id == question).order_by(NoteRow.id)).all()


def version(session: Session) -> int:
    """Return the number of changes of the queue so far."""
    return session.scalar(select(ChangeRow.number)) or 0


def _queue() -> Select[QuestionRow]:
    return (
        select(QuestionRow)
        .where(QuestionRow.state != CLOSED)
        .order_by(QuestionRow.rank, QuestionRow.promised_at, QuestionRow.created_at)
    )


# -- changing ----------------------------------------------------------------------------------------------------------


def touch(session: Session) -> None:
    """Note that the queue changes. Comes first in each transaction that changes it."""
    if not changed(session.execute(update(ChangeRow).values(number=ChangeRow.number + 1))):
        session.add(ChangeRow(id=1, number=1))
        session.flush()


def touch_for(session: Session, conversation: str) -> None:
    """Note that the queue changes when this conversation goes, if it has a question there."""
    if open_in(session, conversation) is not None:
        touch(session)


def add(
    session: Session,
    asked: Asked,
    conversation: str,
    channel: str,
    *,
    rank: int,
    now: float,
    promised_at: float,
    keep_until: float,
) -> tuple[QuestionRow, bool]:
    """Put a question in the queue; when its conversation has one that is open, return that, and False."""
    if (known := open_in(session, conversation)) is not None:
        return known, False
    row = QuestionRow(
        id=secrets.token_hex(8), conversation_id=conversation, open_in=conversation, code=None, state=WAITING,
        class_id=asked.class_id, rank=rank, reasons=list(asked.reasons), ground=asked.ground.value, asks=asked.asks,
        facts=list(asked.facts), phase=asked.phase, profession=asked.profession, channel=channel, created_at=now,
        promised_at=promised_at, user_at=now, keep_until=keep_until, version=1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row, True


def claim(session: Session, question: str, staff: str, now: float) -> None:
    """Take a waiting question: of all who try at once, one. Raises LateError, UnknownQuestionError."""
    taken = {"state": CLAIMED, "owner": staff, "claimed_at": now, "staff_at": now, "offered_to": None}
    _change(session, question, QuestionRow.state == WAITING, **taken)


def release(session: Session, question: str, staff: str | None = None) -> None:
    """Put a claimed question back in the queue; with `staff`, only when it is hers."""
    mine = QuestionRow.state == CLAIMED if staff is None else _of(staff)
    _change(session, question, mine, state=WAITING, owner=None, claimed_at=None, staff_at=None, offered_to=None)


def offer(session: Session, question: str, staff: str, colleague: str) -> None:
    """Ask a colleague to take a question over; it stays with its owner until she does."""
    _change(session, question, _of(staff), offered_to=colleague)


def accept(session: Session, question: str, staff: str, now: float) -> None:
    """Take over a question that was offered."""
    taken = {"owner": staff, "offered_to": None, "claimed_at": now, "staff_at": now}
    _change(session, question, _offered(staff), **taken)


def refuse(session: Session, question: str, staff: str) -> None:
    """Leave a question that was offered with its owner."""
    _change(session, question, _offered(staff), offered_to=None)


def worked(session: Session, question: str, staff: str, now: float, *, answered: bool = False) -> None:
    """Note that the owner did something with a question."""
    said = {"answered_at": func.coalesce(QuestionRow.answered_at, now), "said_at": now} if answered else {}
    _change(session, question, _of(staff), staff_at=now, **said)


def close(session: Session, question: str, staff: str, category: str, now: float, keep_until: float) -> None:
    """Close a question of one's own; its conversation is kept until then, so that the answer is still there."""
    _change(session, question, _of(staff), **_closed(category, now, keep_until))


def withdraw(session: Session, conversation: str, category: str, now: float, keep_until: float) -> str | None:
    """Close a question that waits because she who asked it does not need it any more; return which."""
    row = open_in(session, conversation)
    if row is None:
        return None
    _change(session, row.id, QuestionRow.state == WAITING, **_closed(category, now, keep_until))
    return row.id


def kept(now: float) -> Select[str]:
    """Select the conversations that are kept for their question, however long ago their last message was."""
    return select(QuestionRow.conversation_id).where(QuestionRow.keep_until > now)


def heard(session: Session, conversation: str, now: float) -> None:
    """Note that the user said something."""
    session.execute(update(QuestionRow).where(QuestionRow.open_in == conversation).values(user_at=now))


def note(session: Session, question: str, staff: str, key: str, text: str, now: float) -> bool:
    """Write a note; False when the same form came before. An owner who writes one did something."""
    find(session, question)
    if session.scalar(select(NoteRow.id).where(NoteRow.key == key)) is not None:
        return False
    session.execute(update(QuestionRow).where(QuestionRow.id == question, _of(staff)).values(staff_at=now))
    session.add(NoteRow(question_id=question, key=key, author=staff, at=now, text=text))
    session.flush()
    return True


def raise_class(
    session: Session, question: str, class_id: str, rank: int, reasons: Sequence[str], promised_at: float
) -> bool:
    """Make a question heavier; False when it is as heavy already. What was promised only comes sooner. A
    request for a lighter class is over then, also where the question is as heavy as that."""
    row = find(session, question)
    sooner = case((QuestionRow.promised_at > promised_at, promised_at), else_=QuestionRow.promised_at)
    values = {
        "class_id": class_id, "rank": rank, "reasons": [*reasons, *(r for r in row.reasons if r not in reasons)],
        "promised_at": sooner, "lower_to": None, "lower_by": None, "lower_why": None,
    }  # fmt: skip
    as_heavy = (QuestionRow.rank == rank) & QuestionRow.lower_to.is_not(None)
    heavier = update(QuestionRow).where(
        QuestionRow.id == question, or_(QuestionRow.rank > rank, as_heavy), QuestionRow.state != CLOSED
    )
    return bool(changed(session.execute(heavier.values(**values, version=QuestionRow.version + 1))))


def lower(session: Session, question: str, class_id: str, rank: int, why: str) -> None:
    """Make a question lighter, with the reason shown first; what was promised stays."""
    row = find(session, question)
    values = {
        "class_id": class_id, "rank": rank, "reasons": [why, *row.reasons],
        "lower_to": None, "lower_by": None, "lower_why": None,
    }  # fmt: skip
    lighter = (QuestionRow.rank < rank) & (QuestionRow.version == row.version) & (QuestionRow.state != CLOSED)
    _change(session, question, lighter, **values)


def ask_lower(session: Session, question: str, staff: str, class_id: str, why: str) -> None:
    """Ask a second person whether a question may be made lighter."""
    _change(session, question, QuestionRow.state != CLOSED, lower_to=class_id, lower_by=staff, lower_why=why)


def keep_class(session: Session, question: str) -> None:
    """Refuse that a question is made lighter."""
    _change(session, question, QuestionRow.lower_to.is_not(None), lower_to=None, lower_by=None, lower_why=None)


# -- what time brings --------------------------------------------------------------------------------------------------


def silent(session: Session, before: float) -> Sequence[QuestionRow]:
    """Return the claimed questions in which the user waits, and whose owner did nothing since `before`."""
    waits = or_(QuestionRow.said_at.is_(None), QuestionRow.user_at > QuestionRow.said_at)
    query = select(QuestionRow).where(QuestionRow.state == CLAIMED, waits, QuestionRow.staff_at < before)
    return session.scalars(query).all()


def late(session: Session, now: float) -> Sequence[QuestionRow]:
    """Return the questions that nobody answered as promised, of which no supervisor knows yet."""
    return session.scalars(select(QuestionRow).where(_late(now))).all()


def escalate(session: Session, question: str, now: float) -> bool:
    """Call in a supervisor, once, while a question is late."""
    once = update(QuestionRow).where(QuestionRow.id == question, _late(now))
    return bool(changed(session.execute(once.values(late_at=now))))


def forget_outcomes(sessions: SessionFactory, before: date) -> int:
    """Delete what was counted before a day; return how many rows. Asked often: nothing is locked for nothing."""
    with sessions() as session:
        if session.scalar(select(OutcomeRow.id).where(OutcomeRow.day < before).limit(1)) is None:
            return 0
    with sessions() as session, session.begin():
        return changed(session.execute(delete(OutcomeRow).where(OutcomeRow.day < before)))


# -- inside ------------------------------------------------------------------------------------------------------------


def _of(staff: str) -> ColumnElement[bool]:
    return (QuestionRow.state == CLAIMED) & (QuestionRow.owner == staff)


def _late(now: float) -> ColumnElement[bool]:
    unanswered = (QuestionRow.state != CLOSED) & QuestionRow.answered_at.is_(None)
    return unanswered & QuestionRow.late_at.is_(None) & (QuestionRow.promised_at < now)


def _offered(staff: str) -> ColumnElement[bool]:
    return (QuestionRow.state == CLAIMED) & (QuestionRow.offered_to == staff)


def _closed(category: str, now: float, keep_until: float) -> dict[str, Any]:
    return {
        "state": CLOSED, "open_in": None, "category": category, "closed_at": now, "keep_until": keep_until,
        "offered_to": None, "lower_to": None,
    }  # fmt: skip


def _change(session: Session, question: str, holds: ColumnElement[bool], **values: Any) -> None:
    """Change a question while this holds. Raises LateError that says what is the matter, UnknownQuestionError."""
    statement = update(QuestionRow).where(QuestionRow.id == question, holds)
    statement = statement.execution_options(synchronize_session=False)
    if changed(session.execute(statement.values(**values, version=QuestionRow.version + 1))):
        return
    row = find(session, question)
    if row.state == CLOSED:
        raise LateError("Deze vraag is al afgesloten.")
    if row.state == CLAIMED:
        mine = row.owner == values.get("owner")
        raise LateError("Je hebt deze vraag al." if mine else "Een collega heeft deze vraag.")
    raise LateError("Deze vraag staat in de rij. Neem haar eerst.")

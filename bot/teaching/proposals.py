"""Proposals in the database, each change in the caller's transaction and only while the proposal is as it was."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.counting import changed
from bot.database import SessionFactory, empty_log
from bot.teaching.content import Content, Kind, TeachingError
from bot.teaching.models import ProposalRow, State


class UnknownProposalError(TeachingError):
    """There is no such proposal, or not any more."""


class JudgedError(TeachingError):
    """Another judged the proposal meanwhile."""


def add(
    session: Session, kind: Kind, content: Content, *, conversation: str, author: str, key: str, now: float
) -> str | None:
    """Keep a proposal and return its id; None when the same form came before. Its caller holds the conversation."""
    if session.scalar(select(ProposalRow.id).where(ProposalRow.key == key)) is not None:
        return None
    row = ProposalRow(
        id=secrets.token_hex(8), key=key, conversation_id=conversation, kind=kind.value, content=dict(content),
        state=State.OPEN.value, author=author, created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def find(session: Session, proposal: str) -> ProposalRow:
    """Return a proposal. Raises UnknownProposalError."""
    row = session.get(ProposalRow, proposal, populate_existing=True)
    if row is None:
        raise UnknownProposalError("Dit voorstel bestaat niet, of is gewist met het gesprek waar het uit kwam.")
    return row


def of(session: Session, states: Collection[State]) -> Sequence[ProposalRow]:
    """Return the proposals in these states, the oldest first."""
    query = select(ProposalRow).where(ProposalRow.state.in_([state.value for state in states]))
    return session.scalars(query.order_by(ProposalRow.created_at, ProposalRow.id)).all()


def of_conversation(session: Session, conversation: str) -> Sequence[ProposalRow]:
    """Return what was proposed from a conversation, the oldest first."""
    query = select(ProposalRow).where(ProposalRow.conversation_id == conversation)
    return session.scalars(query.order_by(ProposalRow.created_at, ProposalRow.id)).all()


def approve(session: Session, proposal: str, reviewer: str, content: Content, now: float) -> None:
    """Approve a proposal with the words that an editor gave it; it waits to be exported."""
    values = {"state": State.APPROVED.value, "content": dict(content), "reviewer": reviewer, "changed_at": now}
    _change(session, proposal, State.OPEN, **values)


def reject(session: Session, proposal: str, reviewer: str, why: str, now: float) -> None:
    """Reject a proposal, with the reason for who made it."""
    values = {"state": State.REJECTED.value, "why": why, "reviewer": reviewer, "changed_at": now}
    _change(session, proposal, State.OPEN, **values)


def reopen(session: Session, proposal: str, now: float) -> None:
    """Take back an approval while it is not exported."""
    _change(session, proposal, State.APPROVED, state=State.OPEN.value, reviewer=None, changed_at=now)


def exported(session: Session, row: ProposalRow, now: float) -> None:
    """Note that a proposal stands in a file as it was approved; not when it was approved anew with other words."""
    _change(session, row.id, State.APPROVED, row.changed_at, state=State.EXPORTED.value, changed_at=now)


def forget_of(session: Session, conversation: str) -> None:
    """Delete what was proposed from a conversation."""
    session.execute(delete(ProposalRow).where(ProposalRow.conversation_id == conversation))


def forget_proposals(sessions: SessionFactory, before: float) -> int:
    """Delete what nobody changed since `before`; return how many. Asked often: nothing is locked for nothing."""
    old = ProposalRow.changed_at < before
    with sessions() as session:
        if session.scalar(select(ProposalRow.id).where(old).limit(1)) is None:
            return 0
    with sessions() as session, session.begin():
        gone = changed(session.execute(delete(ProposalRow).where(old)))
    empty_log(sessions)
    return gone


def _change(session: Session, proposal: str, was: State, since: float | None = None, /, **values: object) -> None:
    statement = update(ProposalRow).where(ProposalRow.id == proposal, ProposalRow.state == was.value)
    if since is not None:
        statement = statement.where(ProposalRow.changed_at == since)
    if not changed(session.execute(statement.execution_options(synchronize_session=False).values(**values))):
        find(session, proposal)
        raise JudgedError("Dit voorstel is intussen veranderd. Open het opnieuw om te zien hoe het ervoor staat.")

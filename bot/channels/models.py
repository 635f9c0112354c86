"""The tables of the channels: conversations, what was said in them, the turns still to be answered,
and the quick replies that were handed out. All text in them has been through the privacy door."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.channels.activities import Offer
from bot.database import Base


class Conversation(Base):
    """One conversation; times are seconds since the epoch, UTC."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    base_url: Mapped[str] = mapped_column(String(300))  # where the user sees Pluis; for links in replies
    created_at: Mapped[float]
    touched_at: Mapped[float] = mapped_column(index=True)
    next_number: Mapped[int] = mapped_column(default=1)
    persons: Mapped[int] = mapped_column(default=0)  # highest [persoon N] used: no number is used twice
    open_offer: Mapped[int] = mapped_column(default=0)  # the replies that a typed text may choose from; 0 is none
    outage_told: Mapped[bool] = mapped_column(default=False)
    lease_owner: Mapped[str | None] = mapped_column(String(120))  # the web process that works on its turns
    lease_until: Mapped[float] = mapped_column(default=0.0)


class Activity(Base):
    """One thing said, by the user or by Pluis, as the client gets it."""

    __tablename__ = "activities"
    __table_args__ = (UniqueConstraint("conversation_id", "number"), UniqueConstraint("conversation_id", "message_key"))

    id: Mapped[str] = mapped_column(String(96), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    number: Mapped[int]  # the watermark
    message_key: Mapped[str | None] = mapped_column(String(64))  # the client's own key: a message sent twice is one
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class Turn(Base):
    """One thing the engine has to answer: stored first, answered once."""

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_waiting", "state", "conversation_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))  # text | payload
    content: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="waiting")  # waiting | done | failed
    attempt: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[float]


class Reply(Base):
    """One quick reply (or list to tick) that was handed out, with what it means to the engine."""

    __tablename__ = "replies"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    offer: Mapped[int]  # replies handed out in one turn share this number
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))  # choice | tick | row | aside
    title: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # of a list to tick: title and value
    used: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def of(cls, offer: Offer, conversation: str, number: int, position: int) -> Reply:
        """Make the row of an offer that is handed out."""
        values = {"kind": offer.kind, "title": offer.title, "payload": offer.payload, "used": False}
        choices = [dict(choice) for choice in offer.choices]
        return cls(
            id=offer.id, conversation_id=conversation, offer=number, position=position, choices=choices, **values
        )

    def as_offer(self) -> Offer:
        """Return the offer as it was handed out."""
        return Offer(self.id, self.title, self.payload, self.kind, tuple(self.choices))


class Wipe(Base):
    """The record that a conversation was forgotten, without content; also the engine's part still to do."""

    __tablename__ = "wipes"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_at: Mapped[float]
    engine_done_at: Mapped[float | None]

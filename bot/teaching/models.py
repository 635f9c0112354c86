"""The table of proposals. All text in it has been through the privacy door, and goes when its conversation is wiped."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base


class State(StrEnum):
    """How far a proposal is."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPORTED = "exported"


class ProposalRow(Base):
    """One proposal of staff; times are seconds since the epoch, UTC."""

    __tablename__ = "teaching_proposals"
    __table_args__ = (Index("ix_teaching_proposals_state", "state", "created_at"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)  # of the form: sent twice, it is one proposal
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    content: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8))
    author: Mapped[str] = mapped_column(String(64))  # the account of who proposed it
    reviewer: Mapped[str | None] = mapped_column(String(64))
    why: Mapped[str | None] = mapped_column(Text)  # why it was rejected
    created_at: Mapped[float]
    changed_at: Mapped[float]

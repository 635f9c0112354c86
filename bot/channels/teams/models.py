"""The tables of Teams: where each chat is and when it is to be reminded, and what came in already. None holds a name,
or a word of what was said."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base


class TeamsChat(Base):
    """One chat of someone with Pluis; times are seconds since the epoch, UTC."""

    __tablename__ = "teams_chats"

    id: Mapped[str] = mapped_column(String(255), primary_key=True)  # of the conversation, as Teams has it
    service_url: Mapped[str] = mapped_column(String(300))
    agent: Mapped[str] = mapped_column(String(255))
    tenant: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str | None] = mapped_column(String(64), unique=True)  # ours; none when that is forgotten
    heard_at: Mapped[float]
    remind_at: Mapped[float | None] = mapped_column(index=True)  # when she asked to hear from Pluis, not of what
    delivered: Mapped[int] = mapped_column(default=0)  # the number up to which all in the conversation was sent
    part: Mapped[int] = mapped_column(default=0)  # how many messages of the next one after it Teams has taken
    lease_owner: Mapped[str | None] = mapped_column(String(120))  # the web process that sends to it
    lease_until: Mapped[float] = mapped_column(default=0.0)


class TeamsSeen(Base):
    """A digest of an activity that came in, so that it does nothing when it comes again."""

    __tablename__ = "teams_seen"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    content: Mapped[str] = mapped_column(String(32))
    at: Mapped[float] = mapped_column(index=True)

"""The knowledge as the database keeps it: what is current, every version of a topic that was ever given, what
was asked in vain, and which answers got a thumb. Files under `data/` are the original of the knowledge; only `load`
writes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, DateTime, ForeignKey, ForeignKeyConstraint, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base

VERSION_ID = 1


class KnowledgeVersionRow(Base):
    """The one row that says which knowledge the database holds; a new digest makes processes rebuild their index."""

    __tablename__ = "knowledge_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_from: Mapped[str] = mapped_column(String(64), default="")  # the files and the code that it was made with
    loaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), onupdate=func.now())


class SourceRow(Base):
    """A source that topics cite."""

    __tablename__ = "knowledge_source"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str] = mapped_column(Text)
    year: Mapped[int | None]
    url: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    checked: Mapped[date] = mapped_column(Date)


class TopicRow(Base):
    """A topic as it is now."""

    __tablename__ = "knowledge_topic"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    short: Mapped[str] = mapped_column(Text)
    more: Mapped[str | None] = mapped_column(Text)
    doubt: Mapped[str | None] = mapped_column(Text)
    review: Mapped[date] = mapped_column(Date)
    questions: Mapped[list[str]] = mapped_column(JSON)
    related: Mapped[list[str]] = mapped_column(JSON)
    audience: Mapped[list[str]] = mapped_column(JSON)
    links: Mapped[list[TopicSourceRow]] = relationship(
        order_by="TopicSourceRow.position", cascade="all, delete-orphan", lazy="selectin"
    )


class TopicSourceRow(Base):
    """Where in which source a topic rests."""

    __tablename__ = "knowledge_topic_source"

    topic_id: Mapped[str] = mapped_column(ForeignKey("knowledge_topic.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source_id: Mapped[str] = mapped_column(ForeignKey("knowledge_source.id"), index=True)
    section: Mapped[str] = mapped_column(Text)
    source: Mapped[SourceRow] = relationship(lazy="joined")


class TopicVersionRow(Base):
    """What a topic said at some time, kept so that it can be said later what an advice rested on."""

    __tablename__ = "knowledge_topic_version"

    topic_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class TopicPeriodRow(Base):
    """From when to when a version stood; one that was taken back and came again has two of them."""

    __tablename__ = "knowledge_topic_period"
    __table_args__ = (ForeignKeyConstraint(["topic_id", "digest"], [TopicVersionRow.topic_id, TopicVersionRow.digest]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(String(80), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    gone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[TopicVersionRow] = relationship(lazy="joined")


class GapRow(Base):
    """How often on a day a question got no answer while this topic came nearest; nothing of who asked or what."""

    __tablename__ = "knowledge_gap"

    topic_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int]


class ThumbRow(Base):
    """How often on a day the answer of a topic got a thumb up, or down; nothing of who gave it or what was asked."""

    __tablename__ = "knowledge_thumb"

    topic_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    up: Mapped[bool] = mapped_column(primary_key=True)
    count: Mapped[int]


class GapQuestionRow(Base):
    """A question that got no answer, pseudonymised. It goes with the conversation that it was asked in."""

    __tablename__ = "knowledge_gap_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(String(80), index=True)
    conversation_id: Mapped[str | None] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    text: Mapped[str] = mapped_column(Text)

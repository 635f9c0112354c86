"""The tables of the studio: what trainers write, to whom they give it, and what trainees share; not who they are."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base


class DialogueRow(Base):
    """A dialogue that a trainer made: its newest version, and the one that trainees choose."""

    __tablename__ = "studio_dialogues"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(80))  # as the newest version has it, where that can be read
    latest: Mapped[int]
    published: Mapped[int | None]


class VersionRow(Base):
    """A version, which never changes but for whether it is in play; `at` is seconds since the epoch, UTC."""

    __tablename__ = "studio_versions"

    dialogue: Mapped[str] = mapped_column(ForeignKey("studio_dialogues.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(64))  # the account of who saved it
    at: Mapped[float]
    in_play: Mapped[bool] = mapped_column(default=False)  # it was published, and not taken out of play since


class GroupRow(Base):
    """A version that was given to a group of trainees, open up to and including a day."""

    __tablename__ = "studio_groups"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    dialogue: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    author: Mapped[str] = mapped_column(String(64))  # the account of who gave it
    until: Mapped[date] = mapped_column(Date, index=True)


class TryRow(Base):
    """A finished play that a trainee shared, without a word of what was typed. There is no number that counts all
    tries: their order would tell who sat beside whom."""

    __tablename__ = "studio_tries"

    group_id: Mapped[str] = mapped_column(ForeignKey("studio_groups.id", ondelete="CASCADE"), primary_key=True)
    trainee: Mapped[str] = mapped_column(String(64), primary_key=True)  # a digest, of this group alone
    number: Mapped[int] = mapped_column(primary_key=True)  # of this trainee in this group, from 1
    key: Mapped[str] = mapped_column(String(64), unique=True)  # a digest of that of the play: sent twice, it is one try
    moves: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # scene, and option or techniques
    ending: Mapped[str] = mapped_column(String(40))
    goals: Mapped[dict[str, list[int]]] = mapped_column(JSON)  # points, and how many there were to get
    day: Mapped[date] = mapped_column(Date)

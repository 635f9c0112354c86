"""The tables of accounts and of who is signed in. No password and no token stands in them, only their digests."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base


class Account(Base):
    """Someone who can sign in: with a username and a password, or by the organisation's own (issuer and subject)."""

    __tablename__ = "staff_accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    username: Mapped[str | None] = mapped_column(String(64), unique=True)
    issuer: Mapped[str | None] = mapped_column(String(300))
    subject: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(80))  # for colleagues
    roles: Mapped[str] = mapped_column(String(200))  # with commas
    password_hash: Mapped[str | None] = mapped_column(String(200))
    disabled: Mapped[bool]
    failures: Mapped[int]  # tries since the last that was good
    locked_until: Mapped[float | None]
    created_at: Mapped[float]

    @property
    def role_ids(self) -> tuple[str, ...]:
        """Return the ids of the roles."""
        return tuple(role for role in self.roles.split(",") if role)


class SignInRow(Base):
    """One sign-in: the digest of its token, and since when."""

    __tablename__ = "staff_signins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[float]
    seen_at: Mapped[float]

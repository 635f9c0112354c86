"""The tables of the audit log. The migration adds triggers that refuse to change or delete them."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from sqlalchemy import BigInteger, String, event, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.audit.entries import LONGEST
from bot.database import Base

NOTHING: Final = "0" * 64  # what the first entry follows on
HEAD: Final = 1  # the only row of its table


class AuditRow(Base):
    """One entry, with the digest of all it says and of the entry before it."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(24))  # ISO 8601 in UTC, with milliseconds
    event: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(LONGEST["account"]))
    roles: Mapped[str] = mapped_column(String(LONGEST["roles"]))  # with commas
    kind: Mapped[str] = mapped_column(String(20))
    object: Mapped[str] = mapped_column(String(LONGEST["object"]))
    why: Mapped[str] = mapped_column(String(LONGEST["why"]))
    outcome: Mapped[str] = mapped_column(String(10))
    request: Mapped[str] = mapped_column(String(32))
    machine: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def as_dict(self) -> dict[str, Any]:
        """Return all that the entry holds, by column."""
        return {column.name: getattr(self, column.name) for column in self.__table__.columns}

    def digest(self, seq: int | None = None) -> str:
        """Compute the digest of what the entry says; at another place in the log when `seq` is given."""
        said = self.as_dict() | {"seq": self.seq if seq is None else seq}
        del said["hash"]
        return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


class AuditHead(Base):
    """Where the log ends: one row, updated first by whoever adds an entry, so that entries are added one by one."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class AuditCut(Base):
    """Up to where the log was trimmed when its entries were past their term."""

    __tablename__ = "audit_cuts"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))  # of the last entry that was removed
    at: Mapped[str] = mapped_column(String(24))


# The log has an end from the beginning, also where tables are made without the migration.
_BEGIN: Final[Any] = text(f"INSERT INTO audit_head (id, seq, hash) VALUES ({HEAD}, 0, '{NOTHING}')")
event.listen(AuditHead.__table__, "after_create", lambda _table, connection, **_: connection.execute(_BEGIN))

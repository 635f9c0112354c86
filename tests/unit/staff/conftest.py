"""Accounts and sign-ins in a database of their own, made by the migrations, on SQLite and on PostgreSQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from bot.audit import Audit, Verdict, verify
from bot.audit.models import AuditRow
from bot.database import SessionFactory, make_engine, session_factory
from bot.settings import ROOT
from bot.staff import Account, Accounts, By, Roles, SignIns, load_roles
from bot.staff.passwords import Passwords
from tests.databases import KINDS, fresh
from tests.unit.channels.fakes import FakeClock

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # what is slow is argon2's own, and tested there
PASSWORD = "een heel lang wachtwoord"
BY = By("cli", "opdracht van root")
IDLE = 1800.0


@dataclasses.dataclass
class Desk:
    """All that has to do with staff, and what the audit log says of it."""

    engine: Engine
    sessions: SessionFactory
    clock: FakeClock
    roles: Roles
    accounts: Accounts
    signins: SignIns

    def add(self, username: str = "fatima", *roles: str) -> Account:
        """Add an account."""
        return self.accounts.add(username, "Fatima J.", roles or ("helpdesk",), PASSWORD, BY)

    def logged(self) -> list[str]:
        """Return what was recorded, in order."""
        with self.sessions() as session:
            rows = session.scalars(select(AuditRow).order_by(AuditRow.seq))
            said = [(row.event, row.account, row.object, row.outcome, row.why) for row in rows]
        return [" ".join(part for part in each if part) for each in said]

    def verify(self) -> Verdict:
        """Verify the audit log."""
        return verify(self.sessions)


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    engine = make_engine(fresh(request, tmp_path))
    sessions, clock, roles = session_factory(engine), FakeClock(), load_roles(ROOT / "data")
    audit = Audit(sessions, clock, "machine-1")
    accounts = Accounts(sessions, audit, roles, clock, Passwords(QUICK))
    yield Desk(engine, sessions, clock, roles, accounts, SignIns(sessions, audit, roles, idle=IDLE, clock=clock))
    engine.dispose()

"""Who works at the desk and in the studio: what each role may do, their accounts, and who is signed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.audit import Audit
from bot.database import SessionFactory
from bot.staff.accounts import LOCKED, LONGEST, SHORTEST, TRIES, Accounts, By
from bot.staff.errors import (
    AccountExistsError,
    BadNameError,
    NotLocalError,
    StaffError,
    UnknownAccountError,
    UnknownRoleError,
    WeakPasswordError,
)
from bot.staff.models import Account
from bot.staff.roles import PERMISSIONS, Role, Roles, Staff, load_roles
from bot.staff.signins import MAX_SECONDS, SignIn, SignIns, forget_signins

__all__ = [
    "LOCKED",
    "LONGEST",
    "MAX_SECONDS",
    "PERMISSIONS",
    "SHORTEST",
    "TRIES",
    "Account",
    "AccountExistsError",
    "Accounts",
    "BadNameError",
    "By",
    "NotLocalError",
    "Role",
    "Roles",
    "SignIn",
    "SignIns",
    "Staff",
    "StaffError",
    "StaffService",
    "UnknownAccountError",
    "UnknownRoleError",
    "WeakPasswordError",
    "forget_signins",
    "load_roles",
    "make_staff",
]


@dataclass(frozen=True)
class StaffService:
    """All that has to do with staff, over one database."""

    roles: Roles
    accounts: Accounts
    signins: SignIns


def make_staff(
    sessions: SessionFactory, audit: Audit, roles: Roles, *, idle: float, clock: Callable[[], float] = time.time
) -> StaffService:
    """Tie accounts and sign-ins together; `idle` is after how many seconds without a request a sign-in ends."""
    return StaffService(
        roles, Accounts(sessions, audit, roles, clock), SignIns(sessions, audit, roles, idle=idle, clock=clock)
    )

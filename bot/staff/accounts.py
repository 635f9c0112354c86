"""Accounts, each change with its entry in the audit log, and the check of a password.

Every transaction begins with its write. A try is counted before its password is looked at, so that tries at the same
moment, in whatever process, are each counted, and no more than five of them are looked at."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, case, delete, false, null, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.audit import SYSTEM, Audit, Entry, Event, Kind, Outcome
from bot.counting import changed
from bot.database import SessionFactory
from bot.staff.errors import AccountExistsError, BadNameError, NotLocalError, UnknownAccountError
from bot.staff.models import Account, SignInRow
from bot.staff.passwords import LONGEST, SHORTEST, Passwords
from bot.staff.roles import Roles

__all__ = ["LOCKED", "LONGEST", "SHORTEST", "TRIES", "Accounts", "By"]

TRIES: Final = 5
LOCKED: Final = 15 * 60.0  # seconds after so many tries in a row
LONGEST_NAME: Final = 80
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")


@dataclass(frozen=True)
class By:
    """Who changes an account, and why: an account, or `cli`."""

    account: str
    why: str = ""
    roles: tuple[str, ...] = ()


class Accounts:
    """The accounts in the database. What names one is its username or its id."""

    def __init__(
        self,
        sessions: SessionFactory,
        audit: Audit,
        roles: Roles,
        clock: Callable[[], float] = time.time,
        passwords: Passwords | None = None,
    ) -> None:
        self._sessions, self._audit, self._roles, self._clock = sessions, audit, roles, clock
        self._passwords = passwords or Passwords()

    def all(self) -> list[Account]:
        """Return every account, in the order of their names."""
        with self._sessions() as session:
            return sorted(session.scalars(select(Account)), key=lambda one: (one.username or one.name, one.id))

    def find(self, key: str) -> Account:
        """Return an account. Raises UnknownAccountError."""
        with self._sessions() as session:
            return _found(session, key)

    def is_locked(self, account: Account) -> bool:
        """Tell whether an account is closed for now because of tries that failed."""
        return account.locked_until is not None and 0 < account.locked_until - self._clock() <= LOCKED

    # -- changes ---------------------------------------------------------------------------------------------------

    def add(self, username: str, name: str, roles: Collection[str], password: str, by: By) -> Account:
        """Add a local account. Raises StaffError."""
        username, has = username.lower(), ",".join(self._roles.check(roles))
        if not _USERNAME.fullmatch(username):
            raise BadNameError(
                "een gebruikersnaam is 2 tot 64 tekens lang: kleine letters zonder accent, cijfers en . _ @ + -, "
                "en begint met een letter of cijfer"
            )
        account = self._make(_checked(name), has, username=username)
        account.password_hash = self._passwords.make(password, username)
        try:
            with self._sessions() as session, session.begin():
                session.add(account)
                session.flush()
                self._record(session, Event.ACCOUNT_ADDED, account, by, f"rollen {has}")
        except IntegrityError:
            raise AccountExistsError(f"de gebruikersnaam ‘{username}’ is er al; kies een andere") from None
        return account

    def set_roles(self, key: str, roles: Collection[str], by: By) -> Account:
        """Give an account other roles; who is signed in with it has to do so again. Raises StaffError."""
        has = ",".join(self._roles.check(roles))
        return self._change(key, by, f"rollen {has}", local=True, roles=has)

    def set_password(self, key: str, password: str, by: By) -> Account:
        """Give an account another password, and end its sign-ins. Raises StaffError."""
        account = self.find(key)
        digest = self._passwords.make(password, account.username or "")
        open_again = {"failures": 0, "locked_until": None}
        return self._change(key, by, "wachtwoord", local=True, password_hash=digest, **open_again)

    def set_disabled(self, key: str, disabled: bool, by: By) -> Account:
        """Close an account, ending its sign-ins, or open it again. Raises UnknownAccountError."""
        return self._change(key, by, "uitgezet" if disabled else "aangezet", local=False, disabled=disabled)

    def remove(self, key: str, by: By) -> None:
        """Remove an account and its sign-ins; what it did stays in the audit log. Raises UnknownAccountError."""
        with self._sessions() as session, session.begin():
            _touch(session, key)
            account = _found(session, key)
            _end_signins(session, account.id)
            session.execute(delete(Account).where(Account.id == account.id))
            self._record(session, Event.ACCOUNT_REMOVED, account, by)

    def from_provider(self, issuer: str, subject: str, name: str, roles: Collection[str]) -> Account | None:
        """Return the account of someone whom the organisation's own sign-in let through, as it is said to be now.

        None when there is no role for it, or when it was disabled here.
        """
        has = ",".join(self._roles.check(roles)) if roles else ""
        shown = " ".join(name.split())[:LONGEST_NAME]
        for _ in range(2):
            try:
                account = self._refreshed(issuer, subject, shown, has)
            except IntegrityError:  # it signed in for the first time twice, just now
                continue
            return account if account is not None and has and not account.disabled else None
        return None

    # -- the check of a password -----------------------------------------------------------------------------------

    def check(self, username: str, password: str) -> Account | None:
        """Return the account of this username and password; None when there is none, or when it is closed.

        It takes as long whatever is wrong, and leaves in the log only that it failed.
        """
        account = None
        if len(password) <= LONGEST:
            tried = self._count_try(username.strip().lower())
            if self._passwords.matches(tried.password_hash if tried else None, password) and tried is not None:
                account = self._welcome(tried, password)
        if account is None:
            self._audit.note(Entry(Event.SIGN_IN_FAILED, outcome=Outcome.REFUSED))
        return account

    def _count_try(self, username: str) -> Account | None:
        """Count a try, and return the account when its password may be looked at."""
        if not _USERNAME.fullmatch(username):
            username = ""  # is nobody's, and costs as much
        now, counted = self._clock(), Account.failures + 1
        # One that ends later than any that is given is from before the clock was put back.
        over = or_(Account.locked_until <= now, Account.locked_until > now + LOCKED)
        locks = and_(Account.locked_until.is_(None), counted >= TRIES)
        count = update(Account).where(Account.username == username)
        count = count.values(
            failures=case((over, 1), else_=counted),
            locked_until=case((over, null()), (locks, now + LOCKED), else_=Account.locked_until),
        )
        with self._sessions() as session, session.begin():
            session.execute(count.execution_options(synchronize_session=False))
            account = session.scalar(select(Account).where(Account.username == username))
        return account if account is not None and account.failures <= TRIES and not account.disabled else None

    def _welcome(self, tried: Account, password: str) -> Account | None:
        """Forget the tries; None when the account became another meanwhile."""
        seen = tried.password_hash or ""
        digest = self._passwords.renewed(seen, password)
        same = and_(Account.id == tried.id, Account.password_hash == seen, Account.disabled == false())
        forget = update(Account).where(same).values(failures=0, locked_until=None, password_hash=digest)
        with self._sessions() as session, session.begin():
            if changed(session.execute(forget.execution_options(synchronize_session=False))) != 1:
                return None
            return session.get(Account, tried.id)

    # -- inside a transaction --------------------------------------------------------------------------------------

    def _make(self, name: str, roles: str, **more: str) -> Account:
        return Account(
            id=secrets.token_hex(8),
            name=name,
            roles=roles,
            disabled=False,
            failures=0,
            created_at=self._clock(),
            **more,
        )

    def _change(self, key: str, by: By, what: str, *, local: bool, **values: Any) -> Account:
        with self._sessions() as session, session.begin():
            _touch(session, key)
            account = _found(session, key)
            if local and account.username is None:
                raise NotLocalError("dit account komt uit de aanmelding van je organisatie; verander het daar")
            for name, value in values.items():
                setattr(account, name, value)
            _end_signins(session, account.id)
            session.flush()
            self._record(session, Event.ACCOUNT_CHANGED, account, by, what)
            return account

    def _refreshed(self, issuer: str, subject: str, name: str, roles: str) -> Account | None:
        theirs = and_(Account.issuer == issuer, Account.subject == subject)
        by = By(SYSTEM, "aanmelding van de organisatie")
        with self._sessions() as session, session.begin():
            session.execute(update(Account).where(theirs).values(name=name))
            account = session.scalar(select(Account).where(theirs))
            if account is None and roles:
                account = self._make(name, roles, issuer=issuer, subject=subject)
                session.add(account)
                session.flush()
                self._record(session, Event.ACCOUNT_ADDED, account, by, f"rollen {roles}")
            elif account is not None and account.roles != roles:
                account.roles = roles
                _end_signins(session, account.id)
                session.flush()
                self._record(session, Event.ACCOUNT_CHANGED, account, by, f"rollen {roles or 'geen'}")
            return account

    def _record(self, session: Session, event: Event, account: Account, by: By, what: str = "") -> None:
        why = "; ".join(part for part in (what, by.why) if part)[:200]
        self._audit.record(session, Entry(event, by.account, by.roles, Kind.ACCOUNT, account.id, why))


def _named(key: str) -> Any:
    return or_(Account.username == key.lower(), Account.id == key)


def _touch(session: Session, key: str) -> None:
    """Begin with a write, so that nobody else changes the account until this is done."""
    same = update(Account).where(_named(key)).values(disabled=Account.disabled)
    session.execute(same.execution_options(synchronize_session=False))


def _found(session: Session, key: str) -> Account:
    account = session.scalar(select(Account).where(_named(key)))
    if account is None:
        raise UnknownAccountError(f"er is geen account ‘{key}’; `pluis user list` noemt ze allemaal")
    return account


def _end_signins(session: Session, account: str) -> None:
    session.execute(delete(SignInRow).where(SignInRow.account_id == account))


def _checked(name: str) -> str:
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise BadNameError(f"een naam is één regel van ten hoogste {LONGEST_NAME} tekens, en niet leeg")
    return shown

"""Who is signed in. The token is the browser's alone: here is its digest, so who reads the database is not let in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, or_, select, update

from bot.audit import Audit, Entry, Event, Kind
from bot.database import SessionFactory
from bot.staff.models import Account, SignInRow
from bot.staff.roles import Roles, Staff

MAX_SECONDS: Final = 10 * 3600.0  # a working day; after it one signs in anew, whatever was done
SEEN_EVERY: Final = 60.0  # seconds between two writings of when someone was last seen


@dataclass(frozen=True)
class SignIn:
    """One sign-in as it is at this request, and what its forms have to carry."""

    staff: Staff
    csrf: str


class SignIns:
    """The sign-ins in the database."""

    def __init__(
        self,
        sessions: SessionFactory,
        audit: Audit,
        roles: Roles,
        *,
        idle: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sessions, self._audit, self._roles, self._idle, self._clock = sessions, audit, roles, idle, clock

    def begin(self, account: Account, how: str, before: str = "") -> str:
        """Sign an account in, and return the new token; the sign-in of the token `before` ends."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._sessions() as session, session.begin():
            session.execute(delete(SignInRow).where(SignInRow.digest == _digest(before)))
            session.add(SignInRow(digest=_digest(token), account_id=account.id, created_at=now, seen_at=now))
            session.flush()
            self._audit.record(session, _entry(Event.SIGNED_IN, account, how))
        return token

    def find(self, token: str, *, renew: bool = True) -> SignIn | None:
        """Return the sign-in of a token, with the roles that its account has now; None when it is over.

        What a page asks by itself is not to `renew` it: then nobody may be there.
        """
        now, digest = self._clock(), _digest(token)
        query = select(SignInRow, Account).join(Account, Account.id == SignInRow.account_id)
        with self._sessions() as session:
            found = session.execute(query.where(SignInRow.digest == digest)).first()
        if found is None:
            return None
        row, account = found
        # Both ways: of a sign-in that is from later than now, the clock was put back.
        if account.disabled or abs(now - row.seen_at) > self._idle or abs(now - row.created_at) > MAX_SECONDS:
            return None
        if renew and abs(now - row.seen_at) > SEEN_EVERY:
            self._seen(digest, row.seen_at, now)
        return SignIn(self._roles.staff(account.id, account.name, account.role_ids), csrf_token(token))

    def end(self, token: str) -> None:
        """End a sign-in, if it is there."""
        with self._sessions() as session, session.begin():
            gone = delete(SignInRow).where(SignInRow.digest == _digest(token)).returning(SignInRow.account_id)
            account_id = session.scalar(gone)
            account = session.get(Account, account_id) if account_id is not None else None
            if account is not None:
                self._audit.record(session, _entry(Event.SIGNED_OUT, account, "zelf afgemeld"))

    def _seen(self, digest: str, last: float, now: float) -> None:
        """Write that someone is still there, unless another request just did."""
        renew = update(SignInRow).where(SignInRow.digest == digest, SignInRow.seen_at == last)
        with self._sessions() as session, session.begin():
            session.execute(renew.values(seen_at=now))


def csrf_token(token: str) -> str:
    """Return what the forms of a sign-in carry; the token itself cannot be found from it."""
    return hmac.new(token.encode(), b"pluis.csrf", hashlib.sha256).hexdigest()


def forget_signins(sessions: SessionFactory, idle: float, clock: Callable[[], float] = time.time) -> None:
    """Delete the sign-ins that are over. Asked often: nothing is locked for nothing."""
    now = clock()
    over = or_(SignInRow.seen_at < now - idle, SignInRow.created_at < now - MAX_SECONDS)
    with sessions() as session:
        if session.scalar(select(SignInRow.digest).where(over).limit(1)) is None:
            return
    with sessions() as session, session.begin():
        session.execute(delete(SignInRow).where(over))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _entry(event: Event, account: Account, why: str) -> Entry:
    return Entry(event, account.id, account.role_ids, Kind.ACCOUNT, account.id, why)

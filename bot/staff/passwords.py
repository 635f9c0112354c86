"""Passwords: which will do, and their argon2id digests. Nothing is asked of the network."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.staff.errors import WeakPasswordError

SHORTEST: Final = 12
LONGEST: Final = 256  # a longer one is refused unread: hashing it would be work for whoever asks


class Passwords:
    """Makes and compares digests; a comparison with nothing costs the same."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def nobodys(self) -> str:
        """A digest that no password has."""
        return self._hasher.hash(secrets.token_bytes(32))

    def make(self, password: str, username: str) -> str:
        """Make the digest of a new password. Raises WeakPasswordError."""
        if len(password) > LONGEST:
            raise WeakPasswordError(f"het wachtwoord is te lang: ten hoogste {LONGEST} tekens")
        if len(password) < SHORTEST:
            raise WeakPasswordError(
                f"het wachtwoord is te kort: ten minste {SHORTEST} tekens. Een paar losse woorden achter elkaar is goed"
            )
        if password.casefold() == username.casefold():
            raise WeakPasswordError("het wachtwoord is gelijk aan de gebruikersnaam; kies iets anders")
        return self._hasher.hash(_bytes(password))

    def matches(self, digest: str | None, password: str) -> bool:
        """Compare a password with a digest, or with that of nobody."""
        nobodys = self.nobodys  # made before the first comparison, whichever that is
        try:
            return self._hasher.verify(digest or nobodys, _bytes(password)) and digest is not None
        except (VerificationError, InvalidHashError):
            return False

    def renewed(self, digest: str, password: str) -> str:
        """Return the digest as it would be made today."""
        return self._hasher.hash(_bytes(password)) if self._hasher.check_needs_rehash(digest) else digest


def _bytes(password: str) -> bytes:
    """Write a password in one way, however a keyboard makes its accents."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")

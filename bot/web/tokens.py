"""Signs what a client carries: the key of one conversation, the key to resume it, a ticket for one stream,
an address of one summary. Each has a purpose of its own, so that none can stand in for another."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, Literal

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

Purpose = Literal["conversation", "resume", "stream", "summary"]
STREAM_SECONDS = 120


class TokenError(Exception):
    """A token is expired, made for something else, or not ours."""


class Tokens:
    """Makes and reads signed tokens that each hold one conversation id."""

    def __init__(
        self, secret: str, *, token_seconds: int, keep_seconds: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._secret, self._clock = secret, clock
        self.seconds: dict[Purpose, int | None] = {
            "conversation": token_seconds,
            "resume": None,  # as long as the conversation is kept, which its last message decides
            "stream": STREAM_SECONDS,
            "summary": keep_seconds,
        }

    def make(self, purpose: Purpose, conversation: str) -> str:
        """Sign a token for one conversation."""
        return self._serializer(purpose).dumps(conversation)

    def read(self, purpose: Purpose, token: str) -> str:
        """Return the conversation of a token. Raises TokenError.

        One that we signed later than now, before the clock was put back, is good.
        """
        try:
            conversation, made = self._serializer(purpose).loads(token, return_timestamp=True)
        except BadSignature as error:
            raise TokenError(purpose) from error
        seconds = self.seconds[purpose]
        expired = seconds is not None and int(self._clock()) - made.timestamp() > seconds
        if expired or not isinstance(conversation, str):
            raise TokenError(purpose)
        return conversation

    def _serializer(self, purpose: Purpose) -> URLSafeTimedSerializer:
        salt, signer = f"pluis.{purpose}", {"clock": self._clock}
        return URLSafeTimedSerializer(self._secret, salt=salt, signer=_Signer, signer_kwargs=signer)


class _Signer(TimestampSigner):
    """Signs with the time of a clock that is given."""

    def __init__(self, *args: Any, clock: Callable[[], float], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock = clock

    def get_timestamp(self) -> int:
        """Return the seconds since the epoch."""
        return int(self._clock())


def new_conversation_id() -> str:
    """Return a conversation id that cannot be guessed."""
    return secrets.token_hex(16)

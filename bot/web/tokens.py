"""Signs what a client carries: the key of one conversation, the key to resume it, a ticket for one stream,
an address of one summary. Each has a purpose of its own, so that none can stand in for another."""

from __future__ import annotations

import secrets
from typing import Literal

from itsdangerous import BadSignature, URLSafeTimedSerializer

Purpose = Literal["conversation", "resume", "stream", "summary"]
STREAM_SECONDS = 120


class TokenError(Exception):
    """A token is expired, made for something else, or not ours."""


class Tokens:
    """Makes and reads signed tokens that each hold one conversation id."""

    def __init__(self, secret: str, *, token_seconds: int, keep_seconds: int) -> None:
        self._secret = secret
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
        """Return the conversation of a token. Raises TokenError."""
        try:
            conversation = self._serializer(purpose).loads(token, max_age=self.seconds[purpose])
        except BadSignature as error:  # an expired one is one too
            raise TokenError(purpose) from error
        if not isinstance(conversation, str):
            raise TokenError(purpose)
        return conversation

    def _serializer(self, purpose: Purpose) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret, salt=f"pluis.{purpose}")


def new_conversation_id() -> str:
    """Return a conversation id that cannot be guessed."""
    return secrets.token_hex(16)

"""What can go wrong on the way between a user and the engine, by name,
so that each adapter can say the right thing about it."""

from __future__ import annotations


class ChannelError(Exception):
    """The base of every error of this package."""


class UnknownConversationError(ChannelError):
    """The conversation does not exist (any more): unknown, wiped or past its retention."""


class EngineError(ChannelError):
    """The base of every failure of the engine."""


class EngineUnavailableError(EngineError):
    """The engine, or a part behind it, is out for a moment; the same turn may be sent again."""


class EngineRefusedError(EngineError):
    """The engine does not accept this turn; sending it again will not help."""


class EngineFaultError(EngineError):
    """The engine answered with something that is no answer; a second try may help."""

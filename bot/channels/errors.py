"""What can go wrong on the way between a user and the engine, by name,
so that each adapter can say the right thing about it."""

from __future__ import annotations


class ChannelError(Exception):
    """The base of every error of this package."""


class UnknownConversationError(ChannelError):
    """The conversation does not exist (any more): unknown, wiped or past its retention."""


class NotRemindedError(ChannelError):
    """In this conversation's channel Pluis never speaks first, so it can remind nobody."""


class EngineError(ChannelError):
    """The base of every failure of the engine."""


class EngineUnavailableError(EngineError):
    """The engine, or a part behind it, is out for a moment; the same turn may be sent again."""


class EngineRefusedError(EngineError):
    """The engine does not accept this turn; sending it again will not help."""


class ConnectorError(ChannelError):
    """A channel does not take a message now; `retry_after` is how many seconds it asks to wait, 0 when it does not."""

    def __init__(self, kind: str, retry_after: float = 0.0) -> None:
        super().__init__(kind)
        self.retry_after = retry_after


class ConnectorRefusedError(ConnectorError):
    """A channel does not take this message, whenever it is sent."""


class ConnectorGoneError(ConnectorError):
    """A channel has this conversation no more: the user took Pluis away, or blocked it."""


class EngineFaultError(EngineError):
    """The engine answered with something that is no answer; a second try may help."""

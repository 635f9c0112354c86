"""Conversations as every channel sees them: what a user sends, what Pluis answers, and the turns in between.
Others use only the names below; the database tables are in `models`."""

from bot.channels.activities import SUMMARY_VERSIONS, Offer, Rendered, goodbye, render, say
from bot.channels.chat import Chat, Incoming, Masked, Pseudonymiser, TextTooLongError
from bot.channels.clock import Clock
from bot.channels.desk import Desk, Terms
from bot.channels.engine import EngineClient
from bot.channels.errors import (
    ChannelError,
    EngineError,
    EngineFaultError,
    EngineRefusedError,
    EngineUnavailableError,
    UnknownConversationError,
)
from bot.channels.forgetting import forget, purge
from bot.channels.hub import Hub
from bot.channels.masking import EmptyError, LeftOutError, Masking, TooLongError
from bot.channels.sentences import MAX_TEXT
from bot.channels.store import Store
from bot.channels.teaching import Teaching
from bot.channels.text import clean
from bot.channels.turns import Patience, TurnRunner

__all__ = [
    "MAX_TEXT",
    "SUMMARY_VERSIONS",
    "ChannelError",
    "Chat",
    "Clock",
    "Desk",
    "EmptyError",
    "EngineClient",
    "EngineError",
    "EngineFaultError",
    "EngineRefusedError",
    "EngineUnavailableError",
    "Hub",
    "Incoming",
    "LeftOutError",
    "Masked",
    "Masking",
    "Offer",
    "Patience",
    "Pseudonymiser",
    "Rendered",
    "Store",
    "Teaching",
    "Terms",
    "TextTooLongError",
    "TooLongError",
    "TurnRunner",
    "UnknownConversationError",
    "clean",
    "forget",
    "goodbye",
    "purge",
    "render",
    "say",
]  # fmt: skip

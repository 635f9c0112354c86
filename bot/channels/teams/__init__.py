"""Microsoft Teams as a channel: what its activities say, what Teams can show, where its chats are, and the courier
that brings answers there. Knows no SDK: what speaks with Microsoft is a `Connector`."""

from bot.channels.teams.chats import Chats
from bot.channels.teams.courier import CHANNEL, Connector, Courier, Pace
from bot.channels.teams.reading import Address, NotAnAddressError, address_of, incoming, is_private, key_of, members
from bot.channels.teams.writing import plain_form, teams_forms

__all__ = [
    "CHANNEL",
    "Address",
    "Chats",
    "Connector",
    "Courier",
    "NotAnAddressError",
    "Pace",
    "address_of",
    "incoming",
    "is_private",
    "key_of",
    "members",
    "plain_form",
    "teams_forms",
]  # fmt: skip

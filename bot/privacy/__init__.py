"""The privacy door: personal data is left out before a message is stored, logged or sent on."""

from bot.privacy.cleaning import clean
from bot.privacy.door import Door, Found, Masked
from bot.privacy.lists import build_cache
from bot.privacy.spans import KINDS

__all__ = ["KINDS", "Door", "Found", "Masked", "build_cache", "clean"]

"""Text as the encoder reads it."""

from __future__ import annotations

import re

# What no reader sees; the channel puts a zero-width space before typed text.
_UNSEEN = re.compile("[\x00\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060\ufe0f\ufeff]")

# The encoder knows few pictures, and the letters none: what people put in the place of a word is read as that word.
_PICTURES = {
    **dict.fromkeys("🔪🗡", "mes"),
    "🔫": "pistool",
    "💣": "bom",
    "🪓": "bijl",
    "🔨": "hamer",
    "🩸": "bloed",
    **dict.fromkeys("💀☠⚰", "dood"),
    **dict.fromkeys("👊🤛🤜", "vuist"),
    "🤕": "gewond",
    "🚑": "ambulance",
    **dict.fromkeys("🚓🚔👮", "politie"),
    "🔒": "op slot",
}
_SPELLED = str.maketrans({picture: f" {word} " for picture, word in _PICTURES.items()})


def clean(text: str) -> str:
    """Take out what no reader sees and the encoder cannot read; words in capitals alone are read as any other."""
    plain = _UNSEEN.sub("", text).strip()
    return plain.lower() if plain.isupper() else plain


def spelled(text: str) -> str:
    """Return a text as it is read: clean, and with words for the pictures that stand for one."""
    return clean(clean(text).translate(_SPELLED))

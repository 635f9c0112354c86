"""What can be said of the texts of a dialogue without understanding them: long sentences, and signs that are shown as
they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

LONG = 25  # words: in B1 a sentence has some ten, and one in two hundred of those that came first has more than this
SHOWN = 5  # so many words of a long sentence are quoted
OWN = frozenset({"about", "situation", "hint", "feedback", "better"})  # what Pluis says; a client talks as she talks
_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n")
_WORD = re.compile(r"\w[\w'’-]*")
_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")

Keys: TypeAlias = tuple[str | int, ...]


def find_wording(row: Any) -> Iterator[tuple[Keys, str]]:
    """Return what is to be said of a text: where it stands, and the remark."""
    for keys, text in _texts(row):
        if "<" in text and (found := _HTML.search(text)):
            yield keys, f"{found[0]} staat er zo, met de haakjes; haal het weg"
        if keys[-1] in OWN and text.count(" ") >= LONG:  # else no sentence can be that long
            for sentence in _END.split(text):
                words = _WORD.findall(sentence)
                if len(words) > LONG:
                    start = " ".join(sentence.split()[:SHOWN])
                    yield keys, f"deze zin is lang ({len(words)} woorden); knip hem: ‘{start} …’"


def _texts(node: Any, at: Keys = ()) -> Iterator[tuple[Keys, str]]:
    for key, child in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(child, str):
            yield (*at, key), child
        elif isinstance(child, dict | list):
            yield from _texts(child, (*at, key))

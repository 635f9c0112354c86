"""The privacy door: every message passes here before anything is stored, logged or sent on."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from bot.privacy.addresses import Addresses
from bot.privacy.cleaning import clean
from bot.privacy.lists import load_lists
from bot.privacy.names import Names
from bot.privacy.places import Places
from bot.privacy.roles import Roles
from bot.privacy.spans import Span, resolve
from bot.privacy.structured import Structured
from bot.privacy.view import View, look
from bot.privacy.words import is_dutch, load_words

_DATA = Path(__file__).resolve().parents[2] / "data" / "privacy"
_NUMBERED = re.compile(r"\[persoon (\d{1,6})\]")
_LINKED_AFTER = re.compile(r"\s+(?:is|was|=)\s+\[?persoon (\d{1,6})\b\]?", re.IGNORECASE)
_LINKED_BEFORE = re.compile(r"\[?persoon (\d{1,6})\]?\s+(?:is|was|=|heet)\s+$", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """One thing that was left out: its kind and what stands in its place. Never the thing itself."""

    kind: str
    placeholder: str


@dataclass(frozen=True)
class Masked:
    """A message as it may go on."""

    text: str
    found: tuple[Found, ...]


class Door:
    """Cleans and pseudonymises messages. Thread-safe; the names live in this object only."""

    def __init__(self, cache_dir: Path, data: Path = _DATA, conversations: int = 5_000) -> None:
        words, lists = load_words(data), load_lists(cache_dir)
        is_dutch("huis")  # reads the dictionary now rather than at the first message
        self._words, self._lists = words, lists
        self._structured, self._names, self._places = Structured(words), Names(words, lists), Places(words, lists)
        self._addresses = Addresses(words)
        self._open: OrderedDict[str, Roles] = OrderedDict()
        self._limit = conversations
        self._lock = threading.Lock()

    def pseudonymise(self, conversation_id: str, text: str, start_number: int = 1) -> Masked:
        """Return the message without what identifies people; new people are numbered from `start_number` at least."""
        view = look(clean(text), self._words)
        with self._lock:
            roles = self._roles(conversation_id)
            roles.start_at(start_number)
            for number in _NUMBERED.findall(view.plain):
                roles.start_at(int(number) + 1)
            return _replace(view, self._find(view, roles), roles)

    def remembers(self, conversation_id: str) -> bool:
        """Tell whether names of this conversation are in memory (not after a restart)."""
        with self._lock:
            return conversation_id in self._open and bool(self._open[conversation_id].people)

    def forget(self, conversation_id: str) -> None:
        """Drop the names of a conversation."""
        with self._lock:
            self._open.pop(conversation_id, None)

    def _roles(self, conversation_id: str) -> Roles:
        """Return the people of a conversation, dropping the conversation that was quiet for longest when full."""
        roles = self._open.setdefault(conversation_id, Roles(self._words.cues["infixes"]))
        self._open.move_to_end(conversation_id)
        while len(self._open) > self._limit:
            self._open.popitem(last=False)
        return roles

    def _find(self, view: View, roles: Roles) -> list[Span]:
        annotations = self._lists.annotate(view.plain)
        spans = self._structured.find(view)
        spans += self._names.find(view, annotations, roles.names())
        spans += self._addresses.find(view)
        spans += self._places.find(view, annotations)
        return resolve(spans)


def _replace(view: View, spans: list[Span], roles: Roles) -> Masked:
    """Put placeholders in; what a sentence says about roles counts for the whole message."""
    people = [span for span in spans if span.kind == "persoon"]
    for span in people:
        _link(view, span, roles)
    for span in sorted(people, key=lambda span: not span.client):
        if span.client:
            roles.placeholder(view.plain[span.start : span.end], span.gender, client=True)
    pieces, found, last = [], [], 0
    for span in spans:
        name = view.plain[span.start : span.end]
        placeholder = roles.placeholder(name, span.gender) if span.kind == "persoon" else f"[{span.kind}]"
        pieces += [view.text[last : span.start], placeholder]
        found.append(Found(span.kind, placeholder))
        last = span.end
    return Masked(clean("".join(pieces) + view.text[last:]), tuple(found))


def _link(view: View, span: Span, roles: Roles) -> None:
    """ "Fatima is persoon 1" gives a name back its number."""
    match = _LINKED_AFTER.match(view.plain, span.end) or _LINKED_BEFORE.search(view.plain[: span.start])
    if match:
        roles.link(view.plain[span.start : span.end], int(match.group(1)))

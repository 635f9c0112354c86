"""Takes in what a user sends, whatever the channel: cleans and pseudonymises it, keeps it once,
and decides whether it is a pressed choice, a text for the engine, or something `web` answers itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.channels import sentences
from bot.channels.activities import Offer, say, tick_payload, tick_sentence
from bot.channels.engine import EngineClient
from bot.channels.errors import ChannelError, EngineError
from bot.channels.hub import Hub
from bot.channels.keyed import logged
from bot.channels.store import Store, offer_again
from bot.channels.text import as_plain, clean, comparable, has_words
from bot.channels.turns import TurnRunner

WELCOME = "/groet"
WIPE = "wis dit gesprek"
CLIENT = "[cliënt]"
_ONLY_ROLES = re.compile(
    r"\[(?:persoon (\d+)\] (?:is|was|=) \[?persoon \1\]?|cliënt\] (?:is|was|=) (?:de|mijn) cli[ëe]nte?)[.!]?",
    re.IGNORECASE,
)
UNNEEDED = (sentences.NO_WORDS, sentences.ROLE_KEPT)  # while a person answers
TURN = "turn"  # marks a message after which nothing that was offered before can be answered


class TextTooLongError(ChannelError):
    """The text is longer than `sentences.MAX_TEXT` characters; the user was told in the conversation."""


class Found(Protocol):
    """One thing that was left out."""

    @property
    def kind(self) -> str:
        """What kind of thing, never the thing itself."""


class Masked(Protocol):
    """A text without personal data."""

    @property
    def text(self) -> str:
        """The text with placeholders."""

    @property
    def found(self) -> Sequence[Found]:
        """What was left out, in order."""


class Live(Protocol):
    """The helpdesk, as far as what is said there matters here."""

    def is_live(self, conversation: str) -> bool:
        """Tell whether a person has taken over a conversation."""

    def alarm(self, conversation: str, reason: str) -> bool:
        """Make the open question of a conversation as heavy as can be."""


class Pseudonymiser(Protocol):
    """The privacy door, as far as the channels know it."""

    def pseudonymise(self, conversation_id: str, text: str, start_number: int = 1) -> Masked:
        """Replace personal data in a text by placeholders."""

    def remembers(self, conversation_id: str) -> bool:
        """Tell whether it still knows who is who in a conversation."""

    def forget(self, conversation_id: str) -> None:
        """Forget who is who in a conversation."""


@dataclass(frozen=True)
class Incoming:
    """What a client sends, after its shape was checked; `key` is the client's own name for this message."""

    text: str = ""
    value: Any = None
    key: str | None = None
    client_id: str | None = None
    sender: str = "user"
    has_files: bool = False


@dataclass(frozen=True)
class Heard:
    """What an incoming message turned out to be."""

    shown: str
    turn: tuple[str, str] | None = None  # kind and content for the engine
    pressed: str | None = None
    sentence: str | None = None  # said by `web` itself
    persons: int = 0
    left_out: tuple[str, ...] = ()  # the kinds of what the privacy door took out
    wipe: bool = False


class Chat:
    """One conversation service for every channel."""

    def __init__(
        self,
        store: Store,
        hub: Hub,
        runner: TurnRunner,
        door: Pseudonymiser,
        engine: EngineClient,
        desk: Live | None = None,
    ) -> None:
        self.store, self.hub, self.runner, self._door, self._engine = store, hub, runner, door, engine
        self._desk, self._watching = desk, set[asyncio.Task[None]]()

    async def begin(
        self, conversation: str, channel: str, base_url: str, opening: Sequence[dict[str, Any]] = ()
    ) -> bool:
        """Begin a conversation: what `web` says first, then Pluis' welcome; False when it was there already."""
        new = await asyncio.to_thread(self.store.create, conversation, channel, base_url, WELCOME, opening)
        if new:
            self.runner.wake(conversation)
        return new

    async def speak(self, conversation: str, activity: dict[str, Any], key: str | None = None) -> None:
        """Say something that nobody asked for now, once for its key, and offer the open choices again under it."""
        offers = await asyncio.to_thread(self.store.open_offers, conversation)
        await asyncio.to_thread(self.store.say_once, conversation, offer_again(activity, offers), key)
        self.hub.news(conversation)

    async def receive(self, conversation: str, incoming: Incoming) -> str:
        """Keep a message and have it answered; return its id, the same one when it is sent twice.

        Raises UnknownConversationError, and TextTooLongError after telling the user so.
        """
        await asyncio.to_thread(self.store.check, conversation)
        text = clean(incoming.text)
        if len(text) > sentences.MAX_TEXT:
            # not kept, so that the client still has it: only the sentence is
            await asyncio.to_thread(self.store.say_once, conversation, say(sentences.TOO_LONG), incoming.key)
            self.hub.news(conversation)
            raise TextTooLongError(conversation)
        activity = None
        while activity is None:  # understood anew when another message took the choice that this one made
            heard = await asyncio.to_thread(self._understand, conversation, incoming, text)
            activity = await asyncio.to_thread(self._keep, conversation, incoming, heard)
        self.hub.news(conversation)
        if heard.wipe:
            await self.runner.forget(conversation)
        elif heard.turn is not None:
            self.runner.wake(conversation)
            if heard.turn[0] == "text" and await self._is_live(conversation):
                self._watch(conversation, heard.turn[1])
        return activity

    async def _is_live(self, conversation: str) -> bool:
        return await asyncio.to_thread(self._has_person, conversation)

    def _has_person(self, conversation: str) -> bool:
        return self._desk is not None and self._desk.is_live(conversation)

    def _watch(self, conversation: str, text: str) -> None:
        """Let the safety net read along while a person answers; nobody waits for it."""
        task = asyncio.create_task(self._raise_in_danger(conversation, text), name=f"danger {conversation}")
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def _raise_in_danger(self, conversation: str, text: str) -> None:
        assert self._desk is not None
        with logged("danger"):
            try:
                reason = sentences.NET_HEARD if await self._is_acute(text) else ""
            except EngineError:
                reason = sentences.NET_DEAF
            if reason:
                await asyncio.to_thread(self._desk.alarm, conversation, reason)

    async def amend(self, conversation: str, incoming: Incoming) -> None:
        """Take in that a message was changed in the user's own client. With danger in it, it is heard as a new message
        (also when that cannot be told now); else she hears what counts.

        Raises UnknownConversationError, and TextTooLongError after telling the user so.
        """
        await asyncio.to_thread(self.store.check, conversation)
        text = clean(incoming.text)
        dangerous = has_words(text) and await self._is_dangerous(conversation, text)
        if len(text) > sentences.MAX_TEXT or dangerous or await self._is_live(conversation):
            await self.receive(conversation, incoming)
        else:
            await self.speak(conversation, say(sentences.EDITED), incoming.key)

    async def _is_dangerous(self, conversation: str, text: str) -> bool:
        used = await asyncio.to_thread(self.store.persons, conversation)
        masked = await asyncio.to_thread(self._door.pseudonymise, conversation, text, used + 1)
        try:
            return await self._is_acute(as_plain(masked.text))
        except EngineError:
            return True

    async def _is_acute(self, text: str) -> bool:
        """Tell whether the safety net hears danger. Raises EngineError."""
        parsed = await self._engine.parse(text)
        return bool(parsed.get("danger", {}).get("acute", True))

    async def withdraw(self, conversation: str, key: str) -> None:
        """Take in that a message was removed in the user's own client: its words go here too, and she hears what
        counts, unless a person answers."""
        await asyncio.to_thread(self.store.withdraw, conversation, key)
        if not await self._is_live(conversation):
            await self.speak(conversation, say(sentences.DELETED), f"{key[:56]}|gone")

    def _keep(self, conversation: str, incoming: Incoming, heard: Heard) -> str | None:
        channel_data: dict[str, Any] = {"clientActivityID": incoming.client_id, "pluisMessage": incoming.key}
        if heard.turn is not None:
            channel_data["pluis"] = TURN
        channel_data["pluisPressed"] = isinstance(incoming.value, Mapping) or None
        channel_data["pluisLeftOut"] = list(heard.left_out) or None
        body: dict[str, Any] = {
            "type": "message",
            "from": {"id": incoming.sender, "role": "user"},
            "text": heard.shown,
            "textFormat": "plain",
            "channelData": {k: v for k, v in channel_data.items() if v is not None},
        }
        answer = []
        if heard.sentence is not None and not (heard.sentence in UNNEEDED and self._has_person(conversation)):
            answer = [offer_again(say(heard.sentence), self.store.open_offers(conversation))]
        return self.store.hear(
            conversation, body, key=incoming.key, persons=heard.persons, turn=heard.turn, pressed=heard.pressed,
            answer=answer,
        )  # fmt: skip

    def _understand(self, conversation: str, incoming: Incoming, text: str) -> Heard:
        if isinstance(incoming.value, Mapping) and "reply" in incoming.value:
            return self._pressed(conversation, incoming.value)
        if not has_words(text):
            return Heard(text or "…", sentence=sentences.NO_FILES if incoming.has_files else sentences.NO_WORDS)
        if comparable(text) == WIPE and self._has_person(conversation):
            return self._wiping(conversation, text, incoming.key)
        heard = self._typed_choice(conversation, text) or self._written(conversation, text)
        if not incoming.has_files:
            return heard
        return replace(heard, sentence="\n\n".join(said for said in (sentences.NO_FILES, heard.sentence) if said))

    def _wiping(self, conversation: str, text: str, key: str | None) -> Heard:
        """Take “wis dit gesprek” while a person answers and Pluis cannot ask whether that is sure: twice, it is."""
        again = self.store.is_kept(conversation, key)  # a message that is sent twice was typed once
        sure = comparable(self.store.last_said(conversation)) == WIPE and not again
        return Heard(text, wipe=True) if sure else Heard(text, sentence=sentences.WIPE_SURE)

    def _written(self, conversation: str, text: str) -> Heard:
        """Let the privacy door read a text. When it no longer knows who was who, as after a restart, a name that it
        meets may be of someone who has a number already: only the user can tell."""
        used, knows = self.store.persons(conversation), self._door.remembers(conversation)
        masked = self._door.pseudonymise(conversation, text, start_number=used + 1)
        highest = highest_person(masked.text)
        asks = highest > used and not knows and (used > 0 or self.store.says(conversation, CLIENT))
        if masked.found and _ONLY_ROLES.fullmatch(masked.text):
            return Heard(masked.text, sentence=sentences.ROLE_KEPT, persons=highest)
        return Heard(
            masked.text,
            turn=("text", as_plain(masked.text)),
            sentence=sentences.WHO_WAS_WHO.format(number=used + 1) if asks else None,
            persons=highest,
            left_out=tuple(dict.fromkeys(found.kind for found in masked.found)),
        )

    def _pressed(self, conversation: str, value: Mapping[str, Any]) -> Heard:
        handed = self.store.reply(conversation, clean(str(value["reply"]))[:64])
        if handed is None:
            return Heard("…", sentence=sentences.UNKNOWN_REPLY)
        offer = handed.offer
        if offer.kind == "aside":
            return Heard(offer.title, turn=("payload", offer.payload))
        if handed.used:
            return Heard(offer.title, sentence=sentences.USED_REPLY)
        if not handed.current:
            return Heard(offer.title, sentence=sentences.OLD_REPLY)
        if offer.kind in {"choice", "row"}:
            return Heard(offer.title, turn=("payload", offer.payload), pressed=offer.id)
        return _ticked(offer, str(value.get("keuze") or "").split(","))

    def _typed_choice(self, conversation: str, text: str) -> Heard | None:
        offers = self.store.open_offers(conversation)
        said = comparable(text)
        for offer in offers:
            if offer.kind == "choice" and comparable(offer.title) == said:
                return Heard(offer.title, turn=("payload", offer.payload), pressed=offer.id)
        for offer in offers:
            if offer.kind == "tick" and (values := typed_ticks(offer, text)) is not None:
                return _ticked(offer, values)
        return None


def typed_ticks(offer: Offer, text: str) -> list[str] | None:
    """Return the values that a typed answer to a list ticks ("1, 3", a title, "geen"), or None when it is no such."""
    said = comparable(text)
    if said in {"geen", "niets", "geen van deze", "geen van alle"}:
        return []
    for choice in offer.choices:
        if comparable(choice["title"]) == said:
            return [choice["value"]]
    words = [w for w in said.split() if w != "en"]
    if not words or not all(re.fullmatch(r"[0-9]{1,2}", w) for w in words):
        return None
    numbers = [int(w) for w in words]
    if not all(1 <= n <= len(offer.choices) for n in numbers):
        return None
    return [offer.choices[n - 1]["value"] for n in numbers]


def highest_person(text: str) -> int:
    """Return the highest N of [persoon N] in a text, 0 when there is none."""
    return max((int(n) for n in re.findall(r"\[persoon ([0-9]{1,4})\]", text)), default=0)


def _ticked(offer: Offer, values: list[str]) -> Heard:
    values = [v.strip() for v in values if v.strip()]
    payload = tick_payload(offer, values)
    if payload is None:
        return Heard("…", sentence=sentences.UNKNOWN_REPLY)
    return Heard(tick_sentence(offer, values), turn=("payload", payload), pressed=offer.id)

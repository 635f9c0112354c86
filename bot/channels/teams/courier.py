"""Brings what Pluis says to the chats of Teams: in order, each once, again and again until Teams takes it.
What is to be sent stands in the database, so it survives a restart; sent twice is only what Teams took in the moment
in which this process ended."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.exc import OperationalError

from bot.channels.activities import BOT, say
from bot.channels.chat import Chat
from bot.channels.errors import ConnectorError, ConnectorGoneError, ConnectorRefusedError
from bot.channels.keyed import Keyed, ever_longer, logged
from bot.channels.sentences import REMINDED, SUMMARY_OF_MESSAGE, UNSHOWN
from bot.channels.teams.chats import Chats, Due, Parcel
from bot.channels.teams.reading import Address
from bot.channels.teams.writing import plain_form, teams_forms

log = logging.getLogger("pluis.teams")

CHANNEL = "msteams"
MOST_ASKED = 300.0  # seconds; who asks for more is asked again earlier


class Connector(Protocol):
    """Microsoft's side, as far as the courier knows it."""

    async def send(self, address: Address, activity: dict[str, Any]) -> None:
        """Send one activity to a chat. Raises ConnectorError."""


@dataclass(frozen=True)
class Pace:
    """How long to wait and how often to try, in seconds; tests use shorter ones."""

    first_wait: float = 1.0
    longest_wait: float = 60.0
    lease: float = 45.0
    typing_after: float = 0.4
    follow: float = 600.0  # of what is said later the sweep hears
    sweep_every: float = 5.0

    def wait(self, attempt: int, asked: float) -> float:
        """Return how long to wait after this attempt: what Teams asked, else ever longer, never quite the same."""
        own = ever_longer(self.first_wait, self.longest_wait, attempt)
        return max(min(asked, MOST_ASKED), own * random.uniform(0.5, 1.0))


class Courier:
    """Sends to all chats; one task for each to which something is to be said."""

    def __init__(
        self,
        chats: Chats,
        chat: Chat,
        connector: Connector,
        *,
        owner: str,
        keep: float,
        observe: Callable[[str], None] = lambda _outcome: None,
        pace: Pace | None = None,
    ) -> None:
        self._chats, self._chat, self._connector = chats, chat, connector
        self._owner, self._keep = owner, keep
        self._pace = pace or Pace()
        self._observe = observe
        self._refused: dict[str, tuple[str, int, int]] = {}  # what Teams does not take as it is, by chat
        self._held: dict[str, tuple[str, int, int]] = {}  # what waits until she writes, by chat
        self._sending = Keyed("teams", self._send_all)
        self._typing: dict[str, asyncio.Task[None]] = {}
        self._followed: dict[str, tuple[Address, float]] = {}  # of what this process heard, and until when
        self._always: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin: also with what an earlier process left."""
        self._chat.hub.watch(self._news)
        self._always = asyncio.create_task(self._sweep(), name="teams sweep")

    async def stop(self) -> None:
        """Stop at once; what was not sent stays in the database."""
        tasks = [task for task in (self._always, *self._typing.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(self._sending.stop(), *tasks, return_exceptions=True)

    def follow(self, conversation: str, address: Address) -> None:
        """Send what is said in a conversation as soon as it is said here."""
        self._followed[conversation] = address, time.monotonic() + self._pace.follow
        self._sending.wake(address.id)

    def _news(self, conversation: str, passing: bool) -> None:
        address, _ = self._followed.get(conversation, (None, 0.0))
        if address is None:
            return  # of another channel, or heard by another process: the sweep finds it
        if not passing:
            self._sending.wake(address.id)
        elif address.id not in self._typing:
            task = asyncio.create_task(self._type(conversation, address), name=f"typing {conversation}")
            self._typing[address.id] = task
            task.add_done_callback(lambda _: self._typing.pop(address.id, None))

    async def _type(self, conversation: str, address: Address) -> None:
        """Show that Pluis is writing, when the answer is not there at once."""
        await asyncio.sleep(self._pace.typing_after)
        if conversation in self._chat.hub.typing:
            with suppress(ConnectorError):
                await self._connector.send(address, {"type": "typing", "from": BOT})

    async def _send_all(self, chat: str) -> None:
        attempt, wait = 0, 0.0
        try:
            while await asyncio.to_thread(self._chats.take, chat, self._owner, wait + self._pace.lease):
                await asyncio.sleep(wait)  # then all is looked at again: it may be wiped, or heard meanwhile
                parcel = await asyncio.to_thread(self._chats.next, chat, self._keep)
                if parcel is None or self._is_held(parcel):
                    break
                if typing := self._typing.get(chat):
                    typing.cancel()
                    await asyncio.gather(typing, return_exceptions=True)
                asked = await self._send(parcel)
                wait = 0.0 if asked is None else self._pace.wait(attempt, asked)
                attempt = 0 if asked is None else attempt + 1
        finally:
            with suppress(OperationalError):
                self._chats.give_back(chat, self._owner)

    async def _send(self, parcel: Parcel) -> float | None:
        """Send the next message of a parcel; return None when that is done, else for how long Teams asks to wait."""
        forms = teams_forms(parcel.activity, discreet=parcel.discreet)[parcel.part :]
        name = (parcel.conversation, parcel.number, parcel.part)
        refused = self._refused.get(parcel.address.id) == name
        try:
            if forms:
                await self._connector.send(parcel.address, _plainer(forms[0], parcel.discreet) if refused else forms[0])
        except ConnectorGoneError as error:
            self._told("gone", error)
            await asyncio.to_thread(self._chats.drop, parcel.address.id)
            return None
        except ConnectorRefusedError as error:
            self._told("refused", error)
            if not refused:
                self._refused[parcel.address.id] = name
                return 0.0
        except ConnectorError as error:
            self._told("retried", error)
            return error.retry_after
        else:
            self._observe("sent")
        if refused and parcel.discreet:
            self._held[parcel.address.id] = name  # she was told that there is something: it is shown when she writes
            return None
        self._refused.pop(parcel.address.id, None)
        await asyncio.to_thread(self._chats.taken, parcel, parcel.part + len(forms))
        return None

    def _is_held(self, parcel: Parcel) -> bool:
        """Whether she was told of this and has not written since."""
        name = (parcel.conversation, parcel.number, parcel.part)
        return parcel.discreet and self._held.get(parcel.address.id) == name

    def _told(self, outcome: str, error: ConnectorError) -> None:
        log.log(logging.WARNING if outcome == "retried" else logging.ERROR, "teams", extra={
            "outcome": outcome, "error": str(error),
        })  # fmt: skip
        self._observe(outcome)

    async def _sweep(self) -> None:
        while True:
            with logged("teams sweep"):
                for chat in await asyncio.to_thread(self._chats.behind):
                    if chat not in self._sending:
                        self._sending.wake(chat)
                for conversation, (_, until) in tuple(self._followed.items()):
                    if until < time.monotonic():
                        del self._followed[conversation]
                for due in await asyncio.to_thread(self._chats.due):
                    with logged("teams reminder"):
                        await self._remind(due)
            await asyncio.sleep(self._pace.sweep_every)

    async def _remind(self, due: Due) -> None:
        """Say in a chat that its moment has come, and no more: whoever sees the screen learns nothing. What cannot be
        said now is tried again when the claim is over."""
        claimed = await asyncio.to_thread(self._chats.claim, due)
        if claimed is None:
            return
        try:
            for form in teams_forms(say(REMINDED), discreet=True):
                await self._connector.send(due.address, form)
        except ConnectorGoneError as error:
            self._told("gone", error)
            await asyncio.to_thread(self._chats.drop, due.address.id)
        except ConnectorError as error:
            self._told("retried", error)
        else:
            self._observe("sent")
            await asyncio.to_thread(self._chats.given, claimed)


def _plainer(form: dict[str, Any], discreet: bool) -> dict[str, Any]:
    """Return what to send in place of a message that Teams refused: its words, or that there is something to read."""
    return say(UNSHOWN) | {"summary": SUMMARY_OF_MESSAGE} if discreet else plain_form(form)

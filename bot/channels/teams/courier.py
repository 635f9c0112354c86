"""Brings what Pluis says to the chats of Teams: in order, each once, again and again until Teams takes it.
What is to be sent stands in the database, so it survives a restart; sent twice is only what Teams took in the moment
in which this process ended."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.exc import OperationalError

from bot.channels.activities import BOT, say
from bot.channels.chat import Chat
from bot.channels.errors import ConnectorError, ConnectorGoneError, ConnectorRefusedError
from bot.channels.keyed import Keyed, logged
from bot.channels.sentences import REMINDED
from bot.channels.teams.chats import Chats, Due, Parcel
from bot.channels.teams.reading import Address
from bot.channels.teams.writing import plain_forms, teams_forms

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
        own: float = min(self.longest_wait, self.first_wait * 2 ** min(attempt, 16))
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
        begin: Callable[[str, str, Sequence[dict[str, Any]]], Awaitable[bool]],
        new_id: Callable[[], str],
        pace: Pace | None = None,
    ) -> None:
        self._chats, self._chat, self._connector = chats, chat, connector
        self._owner, self._keep, self._begin, self._new_id = owner, keep, begin, new_id
        self._pace = pace or Pace()
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
        try:
            while await asyncio.to_thread(self._chats.take, chat, self._owner, self._pace.lease):
                parcel = await asyncio.to_thread(self._chats.next, chat, self._keep)
                if parcel is None:
                    break
                if typing := self._typing.get(chat):
                    typing.cancel()
                    await asyncio.gather(typing, return_exceptions=True)
                if not await self._send(parcel):
                    break
        finally:
            with suppress(OperationalError):
                self._chats.give_back(chat, self._owner)

    async def _send(self, parcel: Parcel) -> bool:
        """Send one thing; False when it cannot be sent by this process."""
        try:
            sent = await self._try(parcel, teams_forms(parcel.activity, discreet=parcel.discreet))
        except ConnectorRefusedError as error:
            log.error("teams refused a message", extra={"error": str(error)})
            try:
                sent = await self._try(parcel, plain_forms(parcel.activity))
            except ConnectorRefusedError as again:
                log.error("teams refused it in plain words", extra={"error": str(again)})
                sent = True  # what comes after it may well be taken
            except ConnectorGoneError:
                return await self._gone(parcel)
        except ConnectorGoneError:
            return await self._gone(parcel)
        if sent:
            await asyncio.to_thread(self._chats.delivered, parcel)
        return sent

    async def _try(self, parcel: Parcel, forms: list[dict[str, Any]]) -> bool:
        """Send each form until Teams takes it; False when another process took over meanwhile."""
        chat = parcel.address.id
        for form in forms:
            attempt = 0
            while True:
                try:
                    await self._connector.send(parcel.address, form)
                except (ConnectorRefusedError, ConnectorGoneError):
                    raise
                except ConnectorError as error:
                    wait = self._pace.wait(attempt, error.retry_after)
                    log.warning("teams does not take it now", extra={"error": str(error), "wait_s": round(wait, 1)})
                    attempt += 1
                    lease = wait + self._pace.lease
                    if not await asyncio.to_thread(self._chats.take, chat, self._owner, lease):
                        return False
                    await asyncio.sleep(wait)
                else:
                    break
        return True

    async def _gone(self, parcel: Parcel) -> bool:
        """Forget where a chat is that is no more; what was said is kept as long as any."""
        log.warning("teams has this chat no more")
        await asyncio.to_thread(self._chats.drop, parcel.address.id)
        return False

    async def _sweep(self) -> None:
        while True:
            with logged("teams sweep"):
                for chat in await asyncio.to_thread(self._chats.behind):
                    if chat not in self._sending:
                        self._sending.wake(chat)
                for due in await asyncio.to_thread(self._chats.due):
                    await self._remind(due)
                await asyncio.to_thread(self._chats.tidy, self._keep)
                for conversation, (_, until) in tuple(self._followed.items()):
                    if until < time.monotonic():
                        del self._followed[conversation]
            await asyncio.sleep(self._pace.sweep_every)

    async def _remind(self, due: Due) -> None:
        """Say in a chat that its moment has come; the reminder is forgotten after that, so that none is lost."""
        conversation = await asyncio.to_thread(self._chats.resume, due.chat, self._new_id())
        if conversation is not None:
            if not await self._begin(conversation, due.base_url, [say(REMINDED)]):
                await self._chat.speak_and_go_on(conversation, say(REMINDED), f"reminder {due.at}")
            self._sending.wake(due.chat)
        await asyncio.to_thread(self._chats.reminded, due)

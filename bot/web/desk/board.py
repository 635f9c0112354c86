"""Tells the open pages of staff what is new: that the queue changed, that something was said, that someone types.
It also looks in the database now and then, for what another web process did and for what only time brings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bot.channels import Desk, Hub, Store
from bot.channels.keyed import logged
from bot.database import SessionFactory
from bot.helpdesk import questions

LOOK_EVERY: Final = 2.0
CALM: Final = 1.0  # seconds between two looks of one page at the queue, however much happens in it
QUEUE, TALK, TYPES = "rij", "gesprek", "typt"


class Page:
    """One open page of a staff member, with the conversation that it shows, if any."""

    def __init__(self, conversation: str | None) -> None:
        self.conversation = conversation
        self.length: int | None = None  # of the conversation, when this was last looked at
        self._news: set[str] = set()
        self._event = asyncio.Event()
        self._queue_at = 0.0

    def tell(self, what: str) -> None:
        """Note that there is something new."""
        self._news.add(what)
        self._event.set()

    async def news(self, seconds: float) -> set[str]:
        """Return what is new, waiting for it at most some seconds; the queue not sooner than is calm."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            now = loop.time()
            ready = {what for what in self._news if what != QUEUE or now >= self._queue_at}
            if ready or now >= until:
                self._news -= ready
                if QUEUE in ready:
                    self._queue_at = now + CALM
                return ready
            self._event.clear()
            wait = min(until, self._queue_at) if QUEUE in self._news else until
            try:
                async with asyncio.timeout(max(0.0, wait - now)):
                    await self._event.wait()
            except TimeoutError:
                continue


class Board:
    """The open pages of this process."""

    def __init__(self, desk: Desk, hub: Hub, store: Store, sessions: SessionFactory) -> None:
        self._desk, self._store, self._sessions = desk, store, sessions
        self._pages: set[Page] = set()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._seen = -1
        hub.watch(self._said)
        desk.watch(self._changed)

    def start(self) -> None:
        """Begin to look."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._look(), name="desk")

    async def stop(self) -> None:
        """Stop at once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @contextmanager
    def open(self, conversation: str | None) -> Iterator[Page]:
        """Keep a page informed for as long as the block runs."""
        page = Page(conversation)
        page.tell(QUEUE)  # what changed while its line was away
        self._pages.add(page)
        try:
            yield page
        finally:
            self._pages.discard(page)

    @property
    def pages(self) -> int:
        """Return how many pages are open."""
        return len(self._pages)

    def types(self, conversation: str) -> None:
        """Tell that a user is typing."""
        self._tell(conversation, TYPES)

    def _said(self, conversation: str, passing: bool) -> None:
        if not passing:
            self._tell(conversation, TALK)

    def _tell(self, conversation: str, what: str) -> None:
        for page in tuple(self._pages):
            if page.conversation == conversation:
                page.tell(what)

    def _changed(self) -> None:
        """Hear of a change, in whatever thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._all)

    def _all(self) -> None:
        for page in tuple(self._pages):
            page.tell(QUEUE)

    async def _look(self) -> None:
        while True:
            with logged("desk"):
                await asyncio.to_thread(self._desk.look)
                number = await asyncio.to_thread(self._version)
                if number != self._seen:
                    self._seen = number
                    self._all()
                await self._look_in_conversations()
            await asyncio.sleep(LOOK_EVERY)

    async def _look_in_conversations(self) -> None:
        """Tell pages of what another process said."""
        shown = {page.conversation for page in self._pages if page.conversation}
        if not shown:
            return
        lengths = await asyncio.to_thread(self._store.lengths, shown)
        for page in tuple(self._pages):
            if page.conversation and (length := lengths.get(page.conversation)) != page.length:
                page.length = length
                page.tell(TALK)

    def _version(self) -> int:
        with self._sessions() as session:
            return questions.version(session)

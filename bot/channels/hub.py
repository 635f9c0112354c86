"""Tells the open streams of this process that there is something new, without keeping anything.
Other replicas' streams find it by looking in the database now and then."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Listener:
    """One open stream: wakes when there is something new, and gets passing activities, of which the newest counts."""

    def __init__(self) -> None:
        self._passing: dict[str, Any] | None = None
        self._event = asyncio.Event()

    def wake(self, passing: dict[str, Any] | None = None) -> None:
        """Wake the stream."""
        if passing is not None:
            self._passing = passing
        self._event.set()

    def take(self) -> list[dict[str, Any]]:
        """Return what is passing and was not taken yet."""
        passing, self._passing = self._passing, None
        return [] if passing is None else [passing]

    async def wait(self, seconds: float) -> bool:
        """Wait for news, at most some seconds; tell whether there was any."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Hub:
    """The open streams of this process, by conversation."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._watchers: list[Callable[[str, bool], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.typing: dict[str, dict[str, Any]] = {}

    def start(self) -> None:
        """Tell all news in this loop from now on, whatever thread brings it."""
        self._loop = asyncio.get_running_loop()

    def watch(self, watcher: Callable[[str, bool], None]) -> None:
        """Have `watcher` hear of all news: of which conversation, and whether it only passes."""
        self._watchers.append(watcher)

    @contextmanager
    def listen(self, conversation: str) -> Iterator[Listener]:
        """Open a listener for as long as the block runs."""
        listener = Listener()
        self._listeners[conversation].add(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation].discard(listener)
            if not self._listeners[conversation]:
                del self._listeners[conversation]

    def news(self, conversation: str, passing: dict[str, Any] | None = None) -> None:
        """Wake the streams of a conversation; a passing activity is shown and not kept."""
        if self._loop is None or self._loop is _running():
            self._tell(conversation, passing)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, conversation, passing)

    def _tell(self, conversation: str, passing: dict[str, Any] | None) -> None:
        for listener in tuple(self._listeners.get(conversation, ())):
            listener.wake(passing)
        for watcher in self._watchers:
            watcher(conversation, passing is not None)

    def streams_of(self, conversation: str) -> int:
        """Return how many streams of a conversation are open."""
        return len(self._listeners.get(conversation, ()))

    @property
    def open_streams(self) -> int:
        """Return how many streams are open."""
        return sum(len(listeners) for listeners in self._listeners.values())


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None

"""Work that is done for one key at a time (a conversation, a chat), and once more when it is asked for meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from bot.channels.errors import UnknownConversationError

log = logging.getLogger("pluis.turns")


class Keyed:
    """Runs `work(key)`, one task for each key at most."""

    def __init__(self, name: str, work: Callable[[str], Awaitable[None]]) -> None:
        self._name, self._work = name, work
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._tasks

    def wake(self, key: str) -> None:
        """Work for a key, now or as soon as the present work for it is done."""
        if key in self._tasks:
            self._again.add(key)
            return
        task = asyncio.create_task(self._run(key), name=f"{self._name} {key}")
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._done(key))

    def cancel(self, key: str) -> None:
        """Stop the work for a key, unless it is what asks."""
        task = self._tasks.get(key)
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    async def stop(self) -> None:
        """Stop all at once."""
        self._again.clear()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, key: str) -> None:
        with logged(self._name):
            await self._work(key)

    def _done(self, key: str) -> None:
        self._tasks.pop(key, None)
        if key in self._again:
            self._again.discard(key)
            self.wake(key)


def ever_longer(first: float, longest: float, attempt: int) -> float:
    """Return twice as many seconds for each attempt, from `first` at attempt 0 to `longest`."""
    return float(min(longest, first * 2 ** min(attempt, 16)))


@contextmanager
def logged(what: str) -> Iterator[None]:
    """The outer edge of a background task: what goes wrong is logged by its kind, and tried again by the sweeper."""
    try:
        yield
    except UnknownConversationError:
        pass  # wiped meanwhile: nothing is left to answer
    except Exception as error:
        log.error("background task failed", extra={"task": what, "error": type(error).__name__})

"""What a process can begin without: it is made in the background, and who needs it before waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A thing that is made once, when it is first asked for. Thread-safe."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: Future[T] = Future()
        self._begun = Lock()

    def begin(self, failed: Callable[[BaseException], None] | None = None) -> None:
        """Have it made in a thread of its own, unless that has begun; `failed` hears, in there, what went wrong."""
        if failed:
            self._made.add_done_callback(lambda made: (error := made.exception()) and failed(error))
        if self._begun.acquire(blocking=False):
            Thread(target=self._run, name="later", daemon=True).start()

    def get(self) -> T:
        """Return it, when it is there. Raises whatever making it raised."""
        self.begin()
        return self._made.result()

    def _run(self) -> None:
        try:
            made = self._make()
        except BaseException as error:  # for who asks
            self._made.set_exception(error)
        else:
            self._made.set_result(made)

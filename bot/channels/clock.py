"""What time it is. Any machine's clock is put right now and then, and what was stamped before then seems older or
younger than it is: what depends on that asks here by how much."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

_PASSING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # goes on while the machine sleeps, and never jumps
_SEEN = 1.0  # seconds; less is the time that two readings take


class Clock:
    """Seconds since the epoch; `passing` measures what really passes."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        passing: Callable[[], float] = lambda: time.clock_gettime(_PASSING),
    ) -> None:
        self._wall, self._passing = wall, passing
        self._ahead = wall() - passing()
        self._jumps: list[tuple[float, float]] = []  # when, and by how much

    def __call__(self) -> float:
        """Return the seconds since the epoch."""
        return self._wall()

    def stamp(self) -> str:
        """Return the time as an activity holds it."""
        return datetime.fromtimestamp(self._wall(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def put_forward(self, within: float) -> float:
        """Return by how many seconds the clock was put forward in the last so many; it sees a jump when it is asked.

        So long everything stamped before seems that much older. After it, all of that is as old as it seems.
        """
        now = self._passing()
        ahead = self._wall() - now
        if abs(jump := ahead - self._ahead) > _SEEN:
            self._ahead = ahead
            self._jumps.append((now, jump))
        self._jumps = [(at, jump) for at, jump in self._jumps if now - at < within]
        return max(0.0, sum(jump for _, jump in self._jumps))

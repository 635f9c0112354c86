"""How often is too often: messages by conversation, new conversations by address, `/api` by key or address, signing in
by address and by username, and codes of groups that open nothing, and what is shared in groups, by address.

The counts are in memory and bounded, or in Redis, where several web processes share them. While Redis is gone each
counts for itself: nobody is refused because a counter is away. Who is counted is a digest: no address and no key is
kept."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from typing import TYPE_CHECKING, Any, Final, Literal

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from bot.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool

log = logging.getLogger("pluis.web")

Kind = Literal["messages", "conversations", "api", "signins", "groups"]
MAX_COUNTS: Final = 20_000  # some 8 MB; with more at once, the oldest begin anew
PATIENCE: Final = 0.3  # seconds that a message may wait for Redis
ASK_AGAIN: Final = 30.0  # seconds after which Redis is asked again


class BoundedMemory(MemoryStorage):
    """Counts in this process, at most `MAX_COUNTS`: a flood of addresses costs neither memory nor time."""

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a count; the library's own sweeps all counts each time. Nothing here waits, so no lock is needed."""
        count = await self.get(key)
        if count == 0:
            self.expirations[key] = time.time() + expiry
            while len(self.expirations) > MAX_COUNTS:
                await self.clear(next(iter(self.expirations)))
        self.storage[key] = count + amount
        return count + amount


class Rates:
    """Counts what is done, and says when it is too often."""

    def __init__(self, settings: Settings) -> None:
        self._limits: dict[Kind, RateLimitItem] = {
            "messages": RateLimitItemPerMinute(settings.messages_per_minute, namespace="pluis"),
            "conversations": RateLimitItemPerMinute(settings.conversations_per_minute, namespace="pluis"),
            "api": RateLimitItemPerMinute(settings.api_per_minute, namespace="pluis"),
            "signins": RateLimitItemPerMinute(settings.signins_per_minute, namespace="pluis"),
            "groups": RateLimitItemPerMinute(settings.groups_per_minute, namespace="pluis"),
        }
        self._secret = hashlib.sha256(settings.key("secret").encode()).digest()
        self._own = SlidingWindowCounterRateLimiter(BoundedMemory())
        self._pool = _redis(settings.redis_url.get_secret_value())
        self._shared = _counting_in(self._pool) if self._pool is not None else None
        self._away, self._ask_at = False, 0.0

    async def seconds_to_wait(self, kind: Kind, whom: str, *, count: bool = True) -> int:
        """Count one for someone, or only look; return 0, or after how many seconds to try again when it is one too
        many."""
        limit = self._limits[kind]
        who = hashlib.blake2b(whom.encode(), key=self._secret, digest_size=16).hexdigest()
        if self._shared is not None and time.monotonic() >= self._ask_at:
            self._ask_at = time.monotonic() + ASK_AGAIN if self._away else 0.0  # one asks whether it is back
            try:
                async with asyncio.timeout(PATIENCE):
                    seconds = await _count(self._shared, limit, kind, who, count)
            except (StorageError, TimeoutError, OSError) as error:
                self._lost(error)
            else:
                self._found()
                return seconds
        return await _count(self._own, limit, kind, who, count)

    async def close(self) -> None:
        """Close the connections with Redis."""
        if self._pool is not None:
            await self._pool.aclose()

    def _lost(self, error: Exception) -> None:
        self._ask_at = time.monotonic() + ASK_AGAIN
        if not self._away:
            cause = error.storage_error if isinstance(error, StorageError) else error
            log.warning("redis lost, counting here", extra={"error": type(cause).__name__})
        self._away = True

    def _found(self) -> None:
        self._ask_at = 0.0
        if self._away:
            log.warning("redis found, counting together")
        self._away = False


async def _count(
    counter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, kind: Kind, who: str, count: bool
) -> int:
    if await (counter.hit if count else counter.test)(limit, kind, who):
        return 0
    reset, _ = await counter.get_window_stats(limit, kind, who)
    return max(1, int(reset - time.time()) + 1)


def _redis(url: str) -> ConnectionPool | None:
    """Return connections to an address, none of them open yet. The library is loaded only for who uses it."""
    if not url:
        return None
    from redis.asyncio import ConnectionPool

    return ConnectionPool.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def _counting_in(pool: ConnectionPool) -> SlidingWindowCounterRateLimiter:
    how: dict[str, Any] = {"implementation": "redispy", "connection_pool": pool, "key_prefix": "pluis"}
    return SlidingWindowCounterRateLimiter(RedisStorage("async+redis://", wrap_exceptions=True, **how))

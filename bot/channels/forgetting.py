"""Forgets conversations, in the database and in the engine; what the engine misses now it is asked again later.
`web` does so while it runs (see `turns`); these are for commands, in a process of their own."""

from __future__ import annotations

import asyncio

from bot.channels.engine import EngineClient
from bot.channels.errors import EngineError
from bot.channels.store import Store


async def forget(store: Store, engine: EngineClient, conversation: str) -> bool:
    """Forget one conversation; False when neither the database nor the engine had it.

    Raises EngineError when the engine does not answer: `web` then asks it again until it does.
    """
    known = await asyncio.to_thread(store.wipe, conversation)
    return await _forget_in_engine(store, engine, conversation) or known


async def purge(store: Store, engine: EngineClient, seconds: float) -> int:
    """Forget every conversation whose last message is longer ago than `seconds`, and return how many.

    Raises EngineError as `forget` does, after forgetting all of them here.
    """
    old = await asyncio.to_thread(store.past_retention, seconds)
    for conversation in old:
        await asyncio.to_thread(store.wipe, conversation, seconds)
    await settle(store, engine)
    return len(old)


async def settle(store: Store, engine: EngineClient) -> None:
    """Have the engine forget all that it still has to, each once and the latest first, also of those that come now.

    Raises the last EngineError, after asking for all.
    """
    failure: EngineError | None = None
    asked: set[str] = set()
    while left := [one for one in await asyncio.to_thread(store.engine_wipes) if one not in asked]:
        asked.add(left[0])
        try:
            await _forget_in_engine(store, engine, left[0])
        except EngineError as error:
            failure = error
    if failure is not None:
        raise failure


async def _forget_in_engine(store: Store, engine: EngineClient, conversation: str) -> bool:
    deleted = await engine.forget(conversation)
    await asyncio.to_thread(store.engine_wiped, conversation)
    return deleted > 0

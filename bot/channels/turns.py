"""Answers the stored turns: per conversation in order, again and again until the engine is back, each once.
A turn survives a restart of this process, because it stands in the database before anything is done with it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy.exc import OperationalError

from bot.case import HERE, told_moment
from bot.channels import sentences
from bot.channels.activities import BOT, render, say
from bot.channels.engine import EngineClient, Message
from bot.channels.errors import EngineError, EngineFaultError, EngineRefusedError, NotRemindedError
from bot.channels.forgetting import settle
from bot.channels.hub import Hub
from bot.channels.keyed import Keyed, ever_longer, logged
from bot.channels.store import Store, Work

log = logging.getLogger("pluis.turns")


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try; tests use shorter ones."""

    first_wait: float = 0.5
    longest_wait: float = 10.0
    told_after: float = 10.0
    typing_every: float = 4.0
    sweep_every: float = 5.0
    lease: float = 45.0
    faults: int = 3  # answers that are no answers, before giving up
    refusals_in_health: int = 30  # "out for a moment" while everything is healthy: the turn itself is the cause

    def wait(self, attempt: int) -> float:
        """Return the seconds to wait after this attempt."""
        return ever_longer(self.first_wait, self.longest_wait, attempt - 1)


class Reminders(Protocol):
    """When someone is to be reminded, in channels in which Pluis can speak first; each raises NotRemindedError in
    others. Moments are seconds since the epoch."""

    def remind(self, conversation: str, at: float) -> float | None:
        """Note a moment in place of an earlier one; return that, or the same moment when there was none."""

    def reminder(self, conversation: str) -> float | None:
        """Return the moment, if any."""

    def forget_reminder(self, conversation: str) -> bool:
        """Take it away; False when there was none."""


class Handing(Protocol):
    """The helpdesk, as far as the turns know it."""

    def hand_over(self, conversation: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Do what a conversation asks of the helpdesk, and return what to say of it."""


class TurnRunner:
    """Works on the turns of all conversations; one task per conversation that has any."""

    def __init__(
        self,
        store: Store,
        engine: EngineClient,
        hub: Hub,
        *,
        owner: str,
        summary_link: Callable[[str, str, str, str], str],
        forgotten: Callable[[str], None] = lambda _conversation: None,
        observe: Callable[[str, float], None] = lambda _outcome, _seconds: None,
        reminders: Reminders | None = None,
        desk: Handing | None = None,
        also_forget: Callable[[float], object] = lambda _seconds: None,
        retention: float = 24 * 3600.0,
        patience: Patience | None = None,
        at_once: int = 8,
    ) -> None:
        self._store, self._engine, self._hub = store, engine, hub
        self._owner = owner
        self._summary_link, self._forgotten, self._observe = summary_link, forgotten, observe
        self._also_forget, self._retention = also_forget, retention
        self._reminders, self.desk = reminders, desk
        self._patience = patience or Patience()
        self._slots = asyncio.Semaphore(at_once)
        self._turns = Keyed("turns", self._run)
        self._always: list[asyncio.Task[None]] = []
        self._wiped = asyncio.Event()

    def start(self) -> None:
        """Begin: also with what an earlier process left."""
        self._hub.start()
        for task, name in ((self._sweep(), "sweep"), (self._settle(), "settle")):
            self._always.append(asyncio.create_task(task, name=name))

    async def stop(self) -> None:
        """Stop at once; what is not answered stays in the database."""
        for task in self._always:
            task.cancel()
        await asyncio.gather(self._turns.stop(), *self._always, return_exceptions=True)

    def wake(self, conversation: str) -> None:
        """Work on a conversation's turns, now or as soon as the present one is done."""
        self._turns.wake(conversation)

    async def forget(self, conversation: str, idle: float | None = None) -> bool:
        """Wipe a conversation everywhere: here at once, in the engine as soon as it answers; not when something was
        said in it within the last `idle` seconds."""
        known = await asyncio.to_thread(self._store.wipe, conversation, idle)
        if idle is not None and not known:
            return False
        self._turns.cancel(conversation)
        self._forgotten(conversation)
        self._hub.typing.pop(conversation, None)
        self._hub.news(conversation)  # its streams find it gone, and say so
        self._wiped.set()
        return known

    async def _sweep(self) -> None:
        while True:
            with logged("sweep"):
                for conversation in await asyncio.to_thread(self._store.waiting):
                    if conversation not in self._turns:
                        self.wake(conversation)
                skipped = self._store.clock.put_forward(self._retention)
                lately = await asyncio.to_thread(self._store.wiped_lately, 4 * self._patience.sweep_every + skipped)
                for conversation in lately:
                    self._forgotten(conversation)  # also when another process wiped it
                if lately:
                    await asyncio.to_thread(self._store.empty_log)
                for conversation in await asyncio.to_thread(self._store.past_retention, self._retention):
                    await self.forget(conversation, self._retention)
                await asyncio.to_thread(self._also_forget, self._retention + skipped)
            await asyncio.sleep(self._patience.sweep_every)

    async def _settle(self) -> None:
        """Have the engine forget what was wiped: the only task that asks, so that it is asked once and nobody waits."""
        while True:
            self._wiped.clear()
            with logged("settle"), suppress(EngineError):
                await settle(self._store, self._engine)
            with suppress(TimeoutError):  # then those of other processes, and those that failed
                async with asyncio.timeout(self._patience.sweep_every):
                    await self._wiped.wait()

    async def _run(self, conversation: str) -> None:
        try:
            while await asyncio.to_thread(self._store.take, conversation, self._owner, self._patience.lease):
                work = await asyncio.to_thread(self._store.next_turn, conversation)
                if work is None:
                    break
                await self._try(work)
        finally:
            with suppress(OperationalError):
                self._store.give_back(conversation, self._owner)

    async def _try(self, work: Work) -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        try:
            async with self._slots:
                messages = await self._ask(work)
        except EngineError as error:
            log.warning("turn failed", extra={"conversation": work.conversation, "error": type(error).__name__})
            self._observe("retried", loop.time() - begin)
            await self._after_failure(work, error)
            return
        self._observe("answered", loop.time() - begin)
        await self._answer(work, messages)

    async def _ask(self, work: Work) -> list[Message]:
        content = {"payload" if work.kind == "payload" else "text": work.content}
        call = asyncio.create_task(self._engine.turn(work.conversation, work.id, work.attempt, **content))
        shown = 0.0
        try:
            while True:
                if work.attempt == 1:  # who tries again, and said so, is not writing
                    self._show_typing(work)
                done, _ = await asyncio.wait({call}, timeout=self._patience.typing_every)
                if done:
                    return call.result()
                shown += self._patience.typing_every
                if shown >= self._patience.told_after:
                    await self._tell(work.conversation, sentences.SLOW)
        finally:
            call.cancel()
            self._hub.typing.pop(work.conversation, None)

    def _show_typing(self, work: Work) -> None:
        # without a time: the client then puts it after all that was said; earlier, what was said ends it at once
        typing = {"type": "typing", "from": BOT, "id": f"typing|{secrets.token_hex(6)}"}
        self._hub.typing[work.conversation] = typing
        self._hub.news(work.conversation, typing)

    async def _answer(self, work: Work, messages: list[Message]) -> None:
        base_url = await asyncio.to_thread(self._store.base_url, work.conversation)
        rendered = render(messages, partial(self._summary_link, base_url, work.conversation), base_url)
        said, offers = rendered.activities, rendered.offers
        if rendered.reminder is not None:
            sentence = await asyncio.to_thread(self._remind, work.conversation, rendered.reminder)
            if rendered.reminder.get("when") and sentence:
                said, offers = [], []  # then it is of no use to ask when
            said = [*([say(sentence)] if sentence else ()), *said]
        if rendered.handover is not None and self.desk is not None:
            said = [*await asyncio.to_thread(self.desk.hand_over, work.conversation, rendered.handover), *said]
        await asyncio.to_thread(self._store.finish, work, said, offers)
        self._hub.news(work.conversation)
        if rendered.wipe:
            await asyncio.to_thread(self._remind, work.conversation, {"cancel": True})
            await self.forget(work.conversation)

    def _remind(self, conversation: str, asked: Mapping[str, Any]) -> str:
        """Do what was asked about a reminder, and return what to say of it; nothing where only the moment is wanted."""
        try:
            if self._reminders is None:
                raise NotRemindedError(conversation)
            if asked.get("cancel"):
                gone = self._reminders.forget_reminder(conversation)
                return sentences.REMINDER_GONE if gone else sentences.REMINDER_NONE
            if asked.get("at") is None:
                at = self._reminders.reminder(conversation)
                if asked.get("when"):
                    return ""
                return sentences.REMINDER_NONE if at is None else sentences.REMINDER_SET.format(moment=_moment(at))
            at = float(asked["at"])
            before = self._reminders.remind(conversation, at)
            said = sentences.REMINDER_SET if before == at else sentences.REMINDER_MOVED
            return said.format(moment=_moment(at))
        except NotRemindedError:
            return sentences.REMINDER_NOT_HERE

    async def _after_failure(self, work: Work, error: EngineError) -> None:
        if await self._hopeless(work, error):
            number = uuid.uuid4().hex[:8]
            log.error("turn given up", extra={"conversation": work.conversation, "error_id": number})
            sentence = say(sentences.GIVEN_UP.format(number=number))
            await asyncio.to_thread(self._store.finish, work, [sentence], failed=True)
            self._observe("given up", 0.0)
            self._hub.news(work.conversation)
            return
        await self._tell(work.conversation, sentences.OUTAGE)
        await asyncio.sleep(self._patience.wait(work.attempt))

    async def _hopeless(self, work: Work, error: EngineError) -> bool:
        if isinstance(error, EngineRefusedError):
            return True
        if isinstance(error, EngineFaultError):
            return work.attempt >= self._patience.faults
        if work.attempt < self._patience.refusals_in_health:
            return False
        return all((await self._engine.health()).values())

    async def _tell(self, conversation: str, sentence: str) -> None:
        if await asyncio.to_thread(self._store.tell_outage, conversation, say(sentence)):
            self._hub.news(conversation)


def _moment(at: float) -> str:
    return told_moment(datetime.fromtimestamp(at, HERE))

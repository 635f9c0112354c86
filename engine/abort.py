"""A turn is saved whole or not at all: what stops a turn, and where a failing action server raises it.

Rasa catches every `Exception` on the way (its fail-safe tracker store falls back to memory and loses the turn),
so the signal that stops a turn is a `BaseException`; `engine.channel` is the only place that catches it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError

if TYPE_CHECKING:
    from rasa.core.agent import Agent


class TurnAborted(BaseException):
    """Stops a turn before anything of it is saved; `part` is `actions` or `tracker`."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def guard_actions(agent: Agent) -> None:
    """Make every call to the action server stop the turn when the server fails (once per agent)."""
    endpoint = agent.processor.action_endpoint
    if getattr(endpoint, "stops_turns", False):
        return
    original = endpoint.request

    async def request(*args: Any, **kwargs: Any) -> Any:
        try:
            return await original(*args, **kwargs)
        except ClientResponseError as error:
            if error.status == 400:  # an action that refuses to run: Rasa's own way, no failure
                raise
            raise TurnAborted("actions") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise TurnAborted("actions") from error

    endpoint.request = request
    endpoint.stops_turns = True

"""Does what the studio is asked, and tells what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Final, TypeVar

from fastapi import Depends

from bot.staff import Staff
from bot.studio import BadTextError, Ref, StudioError, UnknownGroupError, UnknownVersionError, UnplayableError
from bot.web import problems
from bot.web.problems import Problem
from bot.web.staffed import allowed

T = TypeVar("T")
Trainer = Annotated[Staff, Depends(allowed("practice.write"))]
_MOST: Final = 10**9  # versions of a dialogue


async def run(work: Callable[[], T]) -> T:
    """Do something in a thread; what the studio refuses becomes a problem."""
    try:
        return await asyncio.to_thread(work)
    except StudioError as error:
        raise refused(error) from None


def refused(error: StudioError) -> Problem:
    """Return the problem that tells why the studio refused."""
    kinds = {UnknownVersionError: problems.NOT_FOUND, UnknownGroupError: problems.NOT_FOUND,
             BadTextError: problems.INVALID, UnplayableError: problems.INVALID}  # fmt: skip
    return Problem(kinds.get(type(error), problems.CONFLICT), str(error))


def asked(dialogue: str, number: int) -> Ref:
    """Return the version that is asked for. Raises UnknownVersionError for what can be none: no database sees it."""
    if not dialogue.isprintable() or number > _MOST:
        raise UnknownVersionError
    return Ref(dialogue, number)

"""Every table stands in `docs/privacy/stores.md`; what the processes write beside them is held by the live tests."""

from __future__ import annotations

import bot.web  # noqa: F401  every table of ours is known after this
from bot.database import Base
from tests.live.stores import KEPT, RASA, listed


def test_every_table_is_told() -> None:
    assert set(Base.metadata.tables) <= listed()


def test_no_table_is_told_that_is_not_there() -> None:
    told = {name for name in listed() if not name.startswith("PLUIS_")}
    assert told == set(Base.metadata.tables) | RASA | KEPT

"""The studio as one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.audit import Audit
from bot.database import SessionFactory
from bot.practice import CitationFault
from bot.studio.groups import Groups
from bot.studio.store import Store
from bot.studio.tries import Tries


@dataclass(frozen=True)
class Studio:
    """Dialogues, the groups they are given to, and what those share."""

    store: Store
    groups: Groups
    tries: Tries


def make_studio(
    sessions: SessionFactory, audit: Audit, data: Path, fault: CitationFault, clock: Callable[[], float] = time.time
) -> Studio:
    """Make the studio over one database and the dialogues under `data`; `fault` as of `Store`."""
    store = Store(sessions, audit, data, fault, clock)
    groups = Groups(sessions, audit, store, clock)
    return Studio(store, groups, Tries(sessions, store, groups))

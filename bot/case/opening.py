"""Opening the way to the helpdesk: also what the user decides may do so."""

from __future__ import annotations

from bot.case.record import Case, Entry
from bot.helpdesk import Ground

BEGIN = "helpdesk.begin"
STATE, GROUND, WORDS, CALL = "desk", "desk_ground", "desk_asks", "desk_called"
OPEN = "open"
DONE, WAITS = "yes", "waits"  # she called, or we wait until she did


def opened(case: Case, ground: Ground, *, called: bool = False, asks: str = "") -> Case:
    """Open the way to the helpdesk; `asks` is what is asked when that is not hers to word."""
    fields = {STATE: OPEN, GROUND: ground.value, WORDS: asks, CALL: DONE if called else ""}
    return case.add(Entry(question=BEGIN, fields=fields, silent=True))

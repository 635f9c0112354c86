"""What must be true of the tables before anyone is advised by them. The tests prove more; this is what `pluis check`
and a server that starts look at, so that a row that is well written but wrong is told with its line."""

from __future__ import annotations

from collections.abc import Mapping

from bot.advice.conditions import VALUES, AllOf, Always, AnyOf, Condition, Is, Not, Word
from bot.advice.records import OUTCOMES, TableData
from bot.advice.request import FIELDS
from bot.yamlfile import Loaded


def check_sound(tables: TableData, loaded: Mapping[str, Loaded]) -> None:
    """Every row can decide, the heaviest stands first, and rows of one level agree. Raises DataFileError."""
    for name, rows in (("levels", tables.levels), ("setups", tables.setups)):
        whens = [row.when for row in rows]
        for index, when in enumerate(whens):
            if not can_hold(AllOf((when, Not(AnyOf(tuple(whens[:index])))))):
                raise loaded[name].error("deze rij beslist nooit: wat erboven staat, vangt alles af", "table", index)
    for index, row in enumerate(tables.levels):
        heaviest = min(OUTCOMES.index(outcome) for outcome in (row.outcome, *(each for _, each in row.stricter)))
        for above in tables.levels[:index]:
            if heaviest < OUTCOMES.index(above.outcome):
                raise loaded["levels"].error(f"zwaarder dan {above.id}, en staat eronder", "table", index, "outcome")
            differ = above.outcome == row.outcome and above.help != row.help
            if differ and can_hold(AllOf((above.when, row.when))):
                raise loaded["levels"].error(f"spreekt {above.id} tegen over hulp", "table", index, "help")


def can_hold(goal: Condition, known: Mapping[str, str] | None = None) -> bool:
    """Tell whether there is a case in which this holds: try the values of what is still open, one name at a time."""
    known = known or {}
    told, name = _told(goal, known)
    if told is not None:
        return told
    return any(can_hold(goal, {**known, name: value}) for value in FIELDS.get(name, VALUES))


def _told(condition: Condition, known: Mapping[str, str]) -> tuple[bool | None, str]:
    """Return whether a condition holds as far as is known; where that is open, None and a name that may settle it."""
    match condition:
        case Always():
            return True, ""
        case Is(name, accepted):
            return (known[name] in accepted, "") if name in known else (None, name)
        case Word(_, part):
            return _told(part, known)
        case Not(part):
            told, name = _told(part, known)
            return None if told is None else not told, name
        case AnyOf(parts) | AllOf(parts):
            settles, open_names = isinstance(condition, AnyOf), []
            for told, name in (_told(part, known) for part in parts):
                if told is settles:
                    return settles, ""
                open_names += [name] if told is None else []
            return (None, open_names[0]) if open_names else (not settles, "")
    raise TypeError(f"unknown kind of condition: {type(condition).__name__}")

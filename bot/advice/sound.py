"""What must be true of the tables before anyone is advised by them. The tests prove more; this is what `pluis check`
and a server that starts look at, so that a row that is well written but wrong is told with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.advice.conditions import VALUES, AllOf, Always, AnyOf, Condition, Is, Not, Word
from bot.advice.records import OUTCOMES, SETUPS, TableData
from bot.advice.request import GROUPS
from bot.yamlfile import Loaded

UPWARD = ({"yes"}, {"yes", "unknown"}, set(VALUES))  # what may count as danger: yes before unknown before no


def check_sound(tables: TableData, loaded: Mapping[str, Loaded]) -> None:
    """Every row can decide, the heaviest stands first, rows of one level agree, and more danger makes nothing lighter.

    Raises DataFileError for the first row of which that is not so.
    """
    _check_rows(tables, loaded)
    _check_danger(tables, loaded)


def _check_rows(tables: TableData, loaded: Mapping[str, Loaded]) -> None:
    for name, rows in (("levels", tables.levels), ("setups", tables.setups)):
        if (hidden := first_hidden([row.when for row in rows])) is not None:
            raise loaded[name].error("deze rij beslist nooit: wat erboven staat, vangt alles af", "table", hidden)
    for index, row in enumerate(tables.levels):
        heaviest = min(OUTCOMES.index(outcome) for outcome in (row.outcome, *(each for _, each in row.stricter)))
        for above in tables.levels[:index]:
            if heaviest < OUTCOMES.index(above.outcome):
                raise loaded["levels"].error(f"zwaarder dan {above.id}, en staat eronder", "table", index, "outcome")
            differ = above.outcome == row.outcome and above.help != row.help
            if differ and can_hold(AllOf((above.when, row.when))):
                raise loaded["levels"].error(f"spreekt {above.id} tegen over hulp", "table", index, "help")


def _check_danger(tables: TableData, loaded: Mapping[str, Loaded]) -> None:
    """Hold every row against the way it is written: one may be refused of which another row would make up for it."""
    for name, rows in (("levels", tables.levels), ("setups", tables.setups), ("cautions", tables.cautions)):
        for index, when in enumerate(row.when for row in rows):
            if wrong := sorted(set(_wrong_way(when))):
                reason = f"meer gevaar maakt het hier lichter: {', '.join(wrong)}"
                raise loaded[name].error(reason, "table", index, "when")
    for index, row in enumerate(tables.setups):
        most_careful = min(SETUPS.index(each.setup) for each in tables.setups[index:])
        if row.when.names() & set(GROUPS["danger"]) and most_careful < SETUPS.index(row.setup):
            raise loaded["setups"].error("leest gevaar, en een rij eronder is voorzichtiger", "table", index, "setup")


def first_hidden(whens: Sequence[Condition]) -> int | None:
    """Return the place of the first condition that never decides: those above it hold wherever it does."""
    decides = (can_hold(AllOf((when, Not(AnyOf(tuple(whens[:at])))))) for at, when in enumerate(whens))
    return next((at for at, can in enumerate(decides) if not can), None)


def can_hold(goal: Condition, known: Mapping[str, str] | None = None) -> bool:
    """Tell whether there is a case in which this holds: try the values of what is still open, one name at a time."""
    known = known or {}
    told, settles = _told(goal, known)
    if told is not None or settles is None:
        return bool(told)
    return any(can_hold(goal, {**known, settles.name: value}) for value in settles.known)


def _told(condition: Condition, known: Mapping[str, str]) -> tuple[bool | None, Is | None]:
    """Return whether a condition holds as far as is known; where that is open, None and a part that may settle it."""
    match condition:
        case Always():
            return True, None
        case Is(name, accepted):
            return (known[name] in accepted, None) if name in known else (None, condition)
        case Word(_, part):
            return _told(part, known)
        case Not(part):
            told, open_part = _told(part, known)
            return None if told is None else not told, open_part
        case AnyOf(parts) | AllOf(parts):
            settles, open_parts = isinstance(condition, AnyOf), []
            for told, open_part in (_told(part, known) for part in parts):
                if told is settles:
                    return settles, None
                open_parts += [open_part] if told is None else []
            return (None, open_parts[0]) if open_parts else (not settles, None)
    raise TypeError(f"unknown kind of condition: {type(condition).__name__}")


def _wrong_way(condition: Condition, *, turned: bool = False) -> Iterator[str]:
    """Yield the danger facts that would count for less when they are yes than when they are no or unknown."""
    match condition:
        case Is(name, accepted) if name in GROUPS["danger"]:
            counts = set(VALUES) - set(accepted) if turned else set(accepted)
            if counts and counts not in UPWARD:
                yield name
        case Word(_, part):
            yield from _wrong_way(part, turned=turned)
        case Not(part):
            yield from _wrong_way(part, turned=not turned)
        case AnyOf(parts) | AllOf(parts):
            for part in parts:
                yield from _wrong_way(part, turned=turned)

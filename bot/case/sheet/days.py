"""Turns the words for a day (“over een week”, “volgende week dinsdag”, “12 juni”) into a date; today is an argument."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from bot.case.tools import folded

MONTHS = tuple(
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ]
)
WEEKDAYS = tuple(["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"])
NUMBERS = dict(
    zip(["een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"], range(1, 11), strict=True)
)
_NEAR = {
    **dict.fromkeys(("vandaag", "straks", "vanmiddag", "vanavond"), 0),
    **dict.fromkeys(("morgen", "morgenochtend", "morgenmiddag", "morgenavond"), 1), "overmorgen": 2,
}  # fmt: skip
_SPAN = re.compile(rf"\b(\d{{1,2}}|{'|'.join(NUMBERS)}) (dag|dagen|week|weken|maand|maanden)\b")
_NAMED = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}))?\b")


def told_day(day: date) -> str:
    """Write a date in full, with the day of the week."""
    return f"{WEEKDAYS[day.weekday()]} {told_date(day)}"


def told_date(day: date) -> str:
    """Write a date with the name of its month."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_meant(words: str, today: date) -> date | None:
    """Return the day that the words mean, never one before today; None when they name no day."""
    spoken = folded(words)
    if found := _NUMERIC.search(words):
        return _on(int(found[1]), int(found[2]), found[3], today)
    if found := _NAMED.search(spoken):
        return _on(int(found[1]), MONTHS.index(found[2]) + 1, found[3], today)
    if found := _SPAN.search(spoken):
        count = NUMBERS.get(found[1]) or int(found[1])
        return _months_on(today, count) if found[2].startswith("maand") else today + _span(count, found[2])
    near = next((days for word, days in _NEAR.items() if word in spoken.split()), None)
    return today + timedelta(days=near) if near is not None else _weekday(spoken, today)


def _span(count: int, unit: str) -> timedelta:
    return timedelta(weeks=count) if unit.startswith("we") else timedelta(days=count)


def _on(day: int, month: int, year: str | None, today: date) -> date | None:
    """Return the next such day; one that cannot be, or is over, is none."""
    try:
        found = date(int(year) if year else today.year, month, day)
        found = found.replace(year=today.year + 1) if not year and found < today else found
    except ValueError:
        return None
    return found if found >= today else None


def _months_on(today: date, count: int) -> date:
    month = today.month - 1 + count
    year, month = today.year + month // 12, month % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _weekday(spoken: str, today: date) -> date | None:
    """Return the day of a weekday by name: the first one after today, or that of next week."""
    words = spoken.split()
    next_week = "volgende week" in spoken
    named = next((index for index, name in enumerate(WEEKDAYS) if name in words), None)
    if named is None:
        return today + timedelta(weeks=1) if next_week else None
    if next_week:
        return today + timedelta(days=7 - today.weekday() + named)
    return today + timedelta(days=(named - today.weekday() - 1) % 7 + 1)

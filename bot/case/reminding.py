"""Understands when someone wants to be reminded (“donderdag om half tien”, “over een uurtje”), or that she no longer
does; now is an argument. What it is about is not asked: nothing of it would be kept."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.case.sheet.days import NUMBERS, WEEKDAYS, day_meant, told_day
from bot.case.tools import folded

HERE: Final = ZoneInfo("Europe/Amsterdam")
FURTHEST: Final = timedelta(days=366)
MORNING: Final = time(9)
_SOON: Final = timedelta(hours=1)  # “straks”, and “vandaag” when nine o'clock is past
_NUMBERS = NUMBERS | {"elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15, "twintig": 20}
_NUMBER = rf"\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_PARTS = {
    "ochtend": MORNING, "ochtends": MORNING, "morgenvroeg": MORNING, "morgens": MORNING, "voormiddag": MORNING,
    "middag": time(14), "middags": time(14), "namiddag": time(14), "avond": time(19), "avonds": time(19),
    "nacht": time(23), "nachts": time(23),
}  # fmt: skip
_PART = re.compile(r"\b\w*?(ochtends?|morgenvroeg|morgens|voormiddag|namiddag|middags?|avonds?|nachts?)\b")
_AFTER_NOON = {"middag", "middags", "namiddag", "avond", "avonds"}
_IN = re.compile(
    rf"\b(?:over|binnen) (?:een )?(?:(half(?:uur\w*)?|kwartier\w*)\b|({_NUMBER}|een)\b)"
    r" ?(kwartier\w*|min\w*|uur\w*|uren)?"
)
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.uh]([0-5]\d)\b")
_MOVED = re.compile(r".*\b(?:verzet|verplaats|schuif|verschuif)\b.*?\bnaar\b")  # only what comes after it counts
_HALF = re.compile(rf"\bhalf ({_NUMBER})\b")
_QUARTER = re.compile(rf"\b(kwart|tien|vijf) (over|voor) (half )?({_NUMBER})\b")
_HOUR = re.compile(
    rf"\b(?:om|tegen|rond|vanaf) (?:een uur of )?({_NUMBER})\b(?! (?:dagen|weken|maanden))|\b({_NUMBER}) ?(?:uur|u)\b"
)
_CANCELS = re.compile(
    r"\b(?:wis|wissen|verwijder|verwijderen|annuleer|annuleren|schrap|schrappen|weghalen|intrekken|stop)\b"
    r"|\b(?:haal|doe) .*\bweg\b|\bweg doen\b|\b(?:herinnering|reminder) uit\b"
    r"|\bniet meer\b|\btoch (?:maar )?niet\b|\bhoeft? niet\b|\bgeen .*\bmeer\b|\blaat .*\bzitten\b"
)
_ASKS = re.compile(r"\b(?:staat er|welke|had ik|heb ik|wanneer ging|hoe laat krijg|genoteerd|ingesteld)\b")


def cancels(words: str) -> bool:
    """Tell whether someone no longer wants to be reminded."""
    return bool(_CANCELS.search(folded(words)))


def asks(words: str) -> bool:
    """Tell whether someone asks what she is going to be reminded of."""
    return bool(_ASKS.search(folded(words)))


def moment_meant(words: str, now: datetime) -> datetime | None:
    """Return the moment that the words mean, in the zone of `now`; None when they name none, or one that is over or
    more than a year away. Without a time of day it is nine in the morning."""
    words = _MOVED.sub("", words.lower())
    spoken = folded(words).replace("voor de middag", "voormiddag")
    if (span := _span(spoken)) is not None:
        return now + span
    if re.search(r"\b(?:straks|subiet|zo meteen|zometeen|dadelijk)\b", spoken):
        return now + _SOON
    day, clock, part = _day(words, spoken, now), _clock(words, spoken), _part(spoken)
    if day is None and clock is None and part is None:
        return None
    moment = datetime.combine(day or now.date(), clock or part or MORNING, now.tzinfo)
    if day is None and moment <= now:
        moment += timedelta(days=1)  # half past eight, said at nine, is tomorrow's
    if moment <= now and clock is None:
        moment = now + _SOON  # “vanmiddag”, said at three
    return moment if now < moment <= now + FURTHEST else None


def told_moment(moment: datetime) -> str:
    """Write a moment in full."""
    return f"{told_day(moment.date())} om {moment.hour}.{moment.minute:02} uur"


def _day(words: str, spoken: str, now: datetime) -> date | None:
    """Return the day that is named; a time such as “14.15” is no date."""
    today = now.date()
    if found := re.search(r"\b(?:de )?(\d{1,2})e\b", spoken):
        return _next_with_number(int(found[1]), today)
    if re.search(r"\b(?:na het weekend|begin volgende week)\b", spoken):
        return day_meant("maandag", today)
    if re.search(r"\beind(?:e)? (?:van )?(?:de|vd) week\b", spoken):
        return day_meant("vrijdag", today)
    if re.search(r"\bvolgende maand\b", spoken):
        return day_meant("over een maand", today)
    if "morgenvroeg" in spoken.split():
        return today + timedelta(days=1)
    named = day_meant(_CLOCK.sub(" ", words), today)
    weekday = re.search(rf"\b({'|'.join(WEEKDAYS)})(?:\w*(?:ochtend|middag|avond|nacht))\b", spoken)
    return named or (day_meant(weekday[1], today) if weekday else None)


def _next_with_number(number: int, today: date) -> date | None:
    """Return the next day of a month with this number."""
    for ahead in range(62):
        day = today + timedelta(days=ahead)
        if day.day == number and ahead:
            return day
    return None


def _span(spoken: str) -> timedelta | None:
    """Return how far ahead “over een half uur” is; days and weeks are days of the calendar."""
    found = _IN.search(spoken)
    if found is None:
        return None
    if found[1]:
        return timedelta(minutes=30 if found[1].startswith("half") else 15)
    count, unit = 1 if found[2] == "een" else _number(found[2]), found[3] or ""
    if unit.startswith("kwartier"):
        return timedelta(minutes=15 * count)
    if unit.startswith("min"):
        return timedelta(minutes=count)
    return timedelta(hours=count) if unit.startswith(("uur", "uren")) else None


def _clock(words: str, spoken: str) -> time | None:
    """Return the time of day that is named; “half vier” at work is in the afternoon."""
    part = _PART.search(spoken)
    later = bool(part and part[1] in _AFTER_NOON)
    early = bool(part and _PARTS[part[1]] == MORNING)
    if found := _CLOCK.search(words):
        return time(int(found[1]), int(found[2]))
    if found := _QUARTER.search(spoken):
        minutes = {"kwart": 15, "tien": 10, "vijf": 5}[found[1]] * (1 if found[2] == "over" else -1)
        return _at(_number(found[4]), minutes - (30 if found[3] else 0), later, early)
    if found := _HALF.search(spoken):
        return _at(_number(found[1]), -30, later, early)
    if found := _HOUR.search(spoken):
        return _at(_number(found[1] or found[2]), 0, later, early)
    return None


def _part(spoken: str) -> time | None:
    """Return when a part of the day begins, at work."""
    found = _PART.search(spoken)
    return _PARTS[found[1]] if found else None


def _at(hour: int, minutes: int, later: bool, early: bool) -> time | None:
    """Return a time by the clock on the wall: before seven it is of the afternoon, unless a morning is named."""
    if hour > 24:
        return None
    wall = hour * 60 + minutes
    if (later or (hour < 7 and not early)) and hour < 12:
        wall += 12 * 60
    return time(wall // 60 % 24, wall % 60)


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]

"""Understands when someone wants to be reminded (“donderdag om half tien”, “over een uurtje”), or that she no longer
does; now is an argument. What it is about is not asked: nothing of it would be kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.case.sheet.days import MONTHS, NUMBERS, WEEKDAYS, day_meant, told_day
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
_DAYS = (*WEEKDAYS, *(month for month in MONTHS if len(month) > 4), "vandaag", "overmorgen")
_ALIKE = 85  # per cent of the letters
_LONG = re.compile(r"[a-z]{6,}")
_AFTER_NOON = {"middag", "middags", "namiddag", "avond", "avonds"}
_EARLY = {name for name, begins in _PARTS.items() if begins in {MORNING, time(23)}}  # then six is six
_IN = re.compile(
    rf"\b(?:over|binnen) (?:een )?(?:(half(?:uur\w*)?|kwartier\w*)\b|({_NUMBER}|een)\b|(\d{{1,2}})(?=u\b)) ?"
    r"(kwartier\w*|min\w*|uur\w*|uren|u\b)?"
)
_HALVES = re.compile(r"\b(?:over|binnen) (?:(\d{1,2})[.,]5|anderhalf) ?(?:uur|u\b)")
_CLOCK = re.compile(r"(?<!op )\b([01]?\d|2[0-3])[:.uh]([0-5]\d)\b")
_HALF = re.compile(rf"\bhalf ({_NUMBER})\b")
_QUARTER = re.compile(rf"\b(kwart|tien|vijf|10|5) (over|voor) (half )?({_NUMBER})\b")
_NO_HOUR = rf"(?! (?:dagen|weken|maanden|{'|'.join(MONTHS)}))"
_HOUR = re.compile(rf"\b(?:om|tegen|rond|vanaf) (?:een uur of )?({_NUMBER})\b{_NO_HOUR}|\b({_NUMBER}) ?(?:uur|u)\b")
_NUMBERED = re.compile(r"\b(\d{1,2})e(?: even| nog| graag| aub| op het| om| s | van de maand|$)")
_MOVED = re.compile(r".*\b(?:verzet|verplaats|schuif|verschuif)\b.*?\bnaar\b")  # only what comes after it counts
_IT = r"(?:h\w*r?i?n\w*ering\w*|reminders?|seintjes?|berichtjes?|bericht|melding|wekker|verwittiging)"
_AWAY = r"(?:wis|wissen|verwijder|verwijderen|annuleer|annuleren|schrap|schrappen|weghalen|intrekken|stop)"
_CANCELS_IT = re.compile(  # that it is to go, whatever moment is named with it
    rf"\b(?:{_AWAY}|haal|doe)\b(?: \w+){{0,3}} {_IT}\b|\b{_IT}\b(?: \w+){{0,8}}(?<! te) {_AWAY}\b|\bgeen {_IT} meer\b"
    rf"|\b{_IT}\b(?: \w+){{0,4}} (?:hoeft niet|niet meer|weg|uit|zitten)\b|\btoch (?:maar )?niet\b"
    r"|\bhoeft? (?:me|mij|mn|ons)\b.*\bniet\b"
)
_CANCELS = re.compile(rf"\b{_AWAY}\b|\b(?:hoeft niet|niet meer)\b")  # said alone, it can mean nothing else
_ASKS_IT = re.compile(
    rf"\b(?:staat er|welke|had ik|heb ik|hebt ge|heb je|wanneer|hoe laat)\b(?: \w+){{0,4}} {_IT}\b|\bwanneer ging\b"
)
_ASKS = re.compile(r"\b(?:staat er|welke|genoteerd|ingesteld)\b")


def cancels(words: str, now: datetime) -> bool:
    """Tell whether someone no longer wants to be reminded."""
    spoken = folded(words)
    return bool(_CANCELS_IT.search(spoken) or (_CANCELS.search(spoken) and moment_meant(words, now) is None))


def asks(words: str, now: datetime) -> bool:
    """Tell whether someone asks when she is to be reminded."""
    spoken = folded(words)
    return bool(_ASKS_IT.search(spoken) or (_ASKS.search(spoken) and moment_meant(words, now) is None))


def moment_meant(words: str, now: datetime) -> datetime | None:
    """Return the moment that the words mean, in the zone of `now`; None when they name none, more than one, or one that
    is over or more than a year away. Without a time of day it is nine in the morning."""
    words = _mended(_MOVED.sub("", words.lower()))
    spoken = folded(words).replace("voor de middag", "voormiddag")
    day, clock, part = _day(words, spoken, now), _clock(words, spoken), _part(spoken)
    if (span := _span(words, spoken)) is not None:
        return None if day not in {None, now.date()} else (now.astimezone(UTC) + span).astimezone(now.tzinfo)
    if clock is None and re.search(r"\b(?:straks|subiet|zo meteen|zometeen|dadelijk)\b", spoken):
        return now + _SOON
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


def _mended(words: str) -> str:
    """Return the words with the typing errors out of the names of days and months."""

    def mend(found: re.Match[str]) -> str:
        near = process.extractOne(found[0], _DAYS, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return near[0] if near else found[0]

    return _LONG.sub(mend, words)


def _day(words: str, spoken: str, now: datetime) -> date | None:
    """Return the day that is named; a time such as “14.15” is no date."""
    today = now.date()
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
    if named is None and weekday is not None:
        named = day_meant(weekday[1], today)
    numbered = _NUMBERED.search(spoken)
    return _next_with_number(int(numbered[1]), today) if numbered and named is None else named


def _next_with_number(number: int, today: date) -> date | None:
    """Return the next day of a month with this number."""
    for ahead in range(62):
        day = today + timedelta(days=ahead)
        if day.day == number and ahead:
            return day
    return None


def _span(words: str, spoken: str) -> timedelta | None:
    """Return how far ahead “over een half uur” is; days and weeks are days of the calendar."""
    if found := _HALVES.search(words):
        return timedelta(hours=int(found[1] or 1) + 0.5)
    found = _IN.search(spoken)
    if found is None:
        return None
    if found[1]:
        return timedelta(minutes=30 if found[1].startswith("half") else 15)
    said = found[2] or found[3]
    count, unit = 1 if said == "een" else _number(said), found[4] or ""
    if unit.startswith("kwartier"):
        return timedelta(minutes=15 * count)
    if unit.startswith("min"):
        return timedelta(minutes=count)
    return timedelta(hours=count) if unit.startswith("u") else None


def _clock(words: str, spoken: str) -> time | None:
    """Return the time of day that is named; “half vier” at work is in the afternoon."""
    part = _PART.search(spoken)
    later = bool(part and part[1] in _AFTER_NOON)
    early = bool(part and part[1] in _EARLY)
    if found := _CLOCK.search(words):
        return time(int(found[1]), int(found[2]))
    if found := _QUARTER.search(spoken):
        minutes = {"kwart": 15, "tien": 10, "vijf": 5, "10": 10, "5": 5}[found[1]] * (1 if found[2] == "over" else -1)
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
    if (later or (0 < hour < 7 and not early)) and hour < 12:
        wall += 12 * 60
    return time(wall // 60 % 24, wall % 60)


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]

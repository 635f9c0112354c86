"""When a desk is open, and so by when an answer can be promised: minutes are counted in opening hours alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
LOOK_AHEAD = 60  # days; a desk that is closed for longer promises nothing
_PART = re.compile(r"(ma|di|wo|do|vr|za|zo)(?:\s*-\s*(ma|di|wo|do|vr|za|zo))?\s+([\d:.]+)\s*-\s*([\d:.]+)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?")
ZONE = ZoneInfo("Europe/Amsterdam")


class HoursError(ValueError):
    """Opening hours cannot be read; the message says in Dutch what is wrong and how they are written."""


@dataclass(frozen=True)
class Hours:
    """Opening hours by weekday (0 is Monday), each day in order and apart; closed on public holidays of the
    Netherlands and on the days in `closed`."""

    week: Mapping[int, Sequence[tuple[time, time]]]
    closed: Collection[date] = field(default_factory=frozenset)

    def is_open(self, now: datetime) -> bool:
        """Tell whether the desk is open."""
        return any(begin <= now < end for begin, end in self._of_day(now.astimezone(ZONE).date()))

    def after(self, now: datetime, minutes: float) -> datetime | None:
        """Return the moment at which so many minutes of opening hours have passed; None when that is too far ahead."""
        left = timedelta(minutes=minutes)
        for begin, end in self._ahead(now):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return None

    def minutes_between(self, begin: datetime, end: datetime) -> float:
        """Return how many minutes of opening hours lie between two moments."""
        spans = self._ahead(begin, (end.astimezone(ZONE).date() - begin.astimezone(ZONE).date()).days + 1)
        return sum(max(timedelta(), min(till, end) - since).total_seconds() for since, till in spans) / 60

    def _ahead(self, now: datetime, days: int = LOOK_AHEAD) -> Iterator[tuple[datetime, datetime]]:
        today, now = now.astimezone(ZONE).date(), now.astimezone(UTC)
        for ahead in range(days):
            for begin, end in self._of_day(today + timedelta(days=ahead)):
                if end > (since := max(begin, now)):
                    yield since, end

    def _of_day(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans of a day in UTC: by the clock on the wall an hour is not always an hour."""
        if day in self.closed or is_holiday(day):
            return
        for begin, end in self.week.get(day.weekday(), ()):
            yield datetime.combine(day, begin, ZONE).astimezone(UTC), datetime.combine(day, end, ZONE).astimezone(UTC)


def read_hours(text: str, closed: Collection[date] = ()) -> Hours | None:
    """Read opening hours such as “ma-vr 9:00-17:00, za 10:00-13:00”; None when nothing is written.

    Raises HoursError.
    """
    week: dict[int, list[tuple[time, time]]] = {}
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        found = _PART.fullmatch(part.lower())
        if found is None:
            raise HoursError(f"‘{part}’ lees ik niet. Schrijf bijvoorbeeld: ma-vr 9:00-17:00, za 10:00-13:00")
        begin, end = _clock(found[3], part), _clock(found[4], part)
        if begin >= end:
            raise HoursError(f"‘{part}’: het einde ligt voor het begin. Gaat het over middernacht? Schrijf twee delen.")
        first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
        for day in range(first, (last if last >= first else last + 7) + 1):
            week.setdefault(day % 7, []).append((begin, end))
    for day, spans in week.items():
        spans.sort()
        if any(before[1] > after[0] for before, after in pairwise(spans)):
            raise HoursError(f"op {DAYS[day]} vallen twee tijden over elkaar heen. Schrijf ze als één.")
    return Hours(week, frozenset(closed)) if week else None


def _clock(text: str, part: str) -> time:
    found = _CLOCK.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if (hour, minute) == (24, 0):
        return time.max
    if hour > 23 or minute > 59:
        raise HoursError(f"‘{part}’: ‘{text}’ is geen tijd. Schrijf bijvoorbeeld 9:00 of 17:30.")
    return time(hour, minute)


@lru_cache(maxsize=1024)
def is_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday in the Netherlands."""
    from holidays import country_holidays  # only for who has a desk

    return day in country_holidays("NL", years=day.year)

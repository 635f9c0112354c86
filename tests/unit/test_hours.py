"""When a desk is open and what it can promise: weekends, holidays, days it is closed, and nights in which the clock
changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import ZONE, Hours, HoursError, is_holiday, read_hours
from bot.settings import Settings

OFFICE = "ma-vr 9:00-17:00, za 10:00-13:00"
ALWAYS = "ma-zo 0:00-24:00"


def hours(text: str = OFFICE, closed: Collection[date] = ()) -> Hours:
    read = read_hours(text, closed)
    assert read is not None
    return read


def at(text: str, fold: int = 0) -> datetime:
    """Return a moment by the clock of Amsterdam; `fold` is 1 for the second time that the clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold)


def told(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"


# -- how hours are written ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "open_at", "shut_at"),
    [
        ("ma 9-17", "2026-11-02 09:00", "2026-11-02 17:00"),
        ("ma 9.30-17.15", "2026-11-02 17:14", "2026-11-02 09:29"),
        ("  MA - WO   9:00 - 17:00  ", "2026-11-04 12:00", "2026-11-05 12:00"),
        ("vr-ma 9:00-17:00", "2026-11-08 12:00", "2026-11-03 12:00"),  # over the weekend
        ("ma 9:00-12:00, ma 12:00-17:00", "2026-11-02 12:00", "2026-11-02 08:59"),  # these touch
        ("ma 13:00-17:00, ma 9:00-12:00,", "2026-11-02 11:59", "2026-11-02 12:30"),  # in any order
        ("ma 0:00-24:00", "2026-11-02 23:59:59.9", "2026-11-03 00:00"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, open_at: str, shut_at: str) -> None:
    assert hours(text).is_open(at(open_at))
    assert not hours(text).is_open(at(shut_at))


@pytest.mark.parametrize("text", ["", "   ", ",", " , "])
def test_where_nothing_is_written_there_is_no_desk(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("maandag 9:00-17:00", "‘maandag 9:00-17:00’ lees ik niet. Schrijf bijvoorbeeld: ma-vr 9:00-17:00"),
        ("ma-vr", "‘ma-vr’ lees ik niet"),
        ("ma 9:00-17:00, altijd", "‘altijd’ lees ik niet"),
        ("ma 17:00-9:00", "het einde ligt voor het begin. Gaat het over middernacht? Schrijf twee delen."),
        ("ma 9:00-9:00", "het einde ligt voor het begin"),
        ("ma 9:00-25:00", "‘25:00’ is geen tijd. Schrijf bijvoorbeeld 9:00 of 17:30."),
        ("ma 9:60-17:00", "‘9:60’ is geen tijd"),
        ("ma 9:0-17:00", "‘9:0’ is geen tijd"),
        ("ma 9:00-24:01", "‘24:01’ is geen tijd"),
        ("ma-vr 9:00-17:00, wo 16:59-20:00", "op wo vallen twee tijden over elkaar heen. Schrijf ze als één."),
        ("ma 20:00-24:00, ma 22:00-23:00", "op ma vallen twee tijden over elkaar heen"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_with_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(HoursError) as refused:
        read_hours(text)
    assert said in str(refused.value)


def test_settings_with_hours_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(ValueError, match="‘ma’ lees ik niet"):
        Settings(_env_file=None, desk_hours="ma")


def test_settings_give_the_hours_with_the_days_that_the_desk_is_closed() -> None:
    settings = Settings(_env_file=None, desk_hours=OFFICE, desk_closed="2026-11-03, 2026-11-04")
    assert settings.opening_hours == hours(closed={date(2026, 11, 3), date(2026, 11, 4)})
    assert Settings(_env_file=None).opening_hours is None


# -- when it is open ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-02 08:59:59", False),
        ("2026-11-02 09:00", True),
        ("2026-11-02 16:59:59", True),
        ("2026-11-02 17:00", False),
        ("2026-11-07 12:59", True),
        ("2026-11-07 13:00", False),
        ("2026-11-08 12:00", False),
    ],
)
def test_a_desk_is_open_from_its_first_moment_and_not_at_its_last(moment: str, is_open: bool) -> None:
    assert hours().is_open(at(moment)) is is_open


def test_hours_are_those_of_amsterdam_wherever_the_machine_stands() -> None:
    for moment in (at("2026-07-01 09:00"), at("2026-12-01 09:00")):
        for zone in (UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-8))):
            assert hours().is_open(moment.astimezone(zone))
            assert not hours().is_open((moment - timedelta(minutes=1)).astimezone(zone))


@pytest.mark.parametrize(
    "day",
    [
        "2027-01-01",  # New Year's Day
        "2027-03-29",  # Easter Monday
        "2027-04-27",  # King's day
        "2027-05-06",  # Ascension Day
        "2027-05-17",  # Whit Monday
        "2025-12-25",  # Christmas
        "2025-12-26",
        "2025-05-05",  # Liberation Day, once in five years
    ],
)
def test_a_desk_is_closed_on_public_holidays_of_the_netherlands(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5  # else it proves nothing
    assert is_holiday(date.fromisoformat(day))
    assert not hours().is_open(at(f"{day} 12:00"))


@pytest.mark.parametrize("day", ["2026-05-05", "2026-12-24", "2026-12-31", "2027-04-26", "2026-11-11"])
def test_a_desk_is_open_on_days_that_are_no_public_holiday(day: str) -> None:
    assert hours().is_open(at(f"{day} 12:00"))


def test_when_kings_day_falls_on_a_sunday_it_is_the_day_before() -> None:
    assert not hours().is_open(at("2025-04-26 12:00"))
    assert hours().is_open(at("2025-04-28 12:00"))


def test_a_desk_is_closed_on_the_days_that_it_says() -> None:
    shut = hours(closed={date(2026, 11, 3)})
    assert not shut.is_open(at("2026-11-03 12:00"))
    assert shut.is_open(at("2026-11-04 12:00"))
    assert told(shut.after(at("2026-11-02 16:50"), 15)) == "2026-11-04 09:05"


# -- what it promises --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "minutes", "by"),
    [
        ("2026-11-02 10:00", 15, "2026-11-02 10:15"),
        ("2026-11-02 16:00", 60, "2026-11-02 17:00"),  # just fits
        ("2026-11-02 16:50", 60, "2026-11-03 09:50"),  # the rest is of the next day
        ("2026-11-02 06:00", 15, "2026-11-02 09:15"),
        ("2026-11-02 17:00", 15, "2026-11-03 09:15"),
        ("2026-11-06 16:50", 15, "2026-11-07 10:05"),  # Friday, Saturday
        ("2026-11-07 12:50", 15, "2026-11-09 09:05"),  # over Sunday
        ("2026-11-06 16:00", 240 + 60, "2026-11-09 10:00"),  # an hour, all of Saturday, an hour
        ("2026-11-02 09:00", 960, "2026-11-03 17:00"),  # two days
        ("2025-12-24 16:50", 15, "2025-12-27 10:05"),  # over Christmas
        ("2027-04-26 16:30", 60, "2027-04-28 09:30"),  # over King's day
    ],
)
def test_a_promise_counts_opening_hours_alone(now: str, minutes: int, by: str) -> None:
    assert told(hours().after(at(now), minutes)) == by


def test_a_desk_that_is_closed_for_long_promises_nothing() -> None:
    begin = date(2026, 11, 6)
    shut = hours(closed={begin + timedelta(days=ahead) for ahead in range(60)})
    assert shut.after(at("2026-11-06 10:00"), 15) is None
    nearly = hours(closed={begin + timedelta(days=ahead) for ahead in range(59)})
    assert told(nearly.after(at("2026-11-06 10:00"), 15)) == "2027-01-04 09:15"


def test_a_desk_that_never_closes_goes_on_over_midnight() -> None:
    assert told(hours(ALWAYS).after(at("2026-11-02 23:50"), 15)) == "2026-11-03 00:05"
    assert told(hours(ALWAYS).after(at("2026-11-02 12:00"), 3 * 24 * 60)) == "2026-11-05 12:00"


@pytest.mark.parametrize(
    ("now", "fold", "by"),
    [
        ("2026-03-29 01:50", 0, "2026-03-29 03:05"),  # at 2.00 it becomes 3.00
        ("2026-10-25 01:50", 0, "2026-10-25 02:05"),  # at 3.00 it becomes 2.00
        ("2026-10-25 02:50", 0, "2026-10-25 02:05"),
        ("2026-10-25 02:50", 1, "2026-10-25 03:05"),
    ],
)
def test_where_the_clock_changes_a_quarter_of_an_hour_stays_one(now: str, fold: int, by: str) -> None:
    asked = at(now, fold)
    promised = hours(ALWAYS).after(asked, 15)
    assert told(promised) == by
    assert promised is not None
    assert promised.timestamp() - asked.timestamp() == pytest.approx(15 * 60)


def test_over_the_night_in_which_the_clock_changes_office_hours_stay_what_they_are() -> None:
    for friday, monday in (("2026-03-27", "2026-03-30"), ("2026-10-23", "2026-10-26")):
        week = hours("ma-vr 9:00-17:00")
        assert told(week.after(at(f"{friday} 16:50"), 15)) == f"{monday} 09:05"
        assert week.minutes_between(at(f"{friday} 16:50"), at(f"{monday} 09:05")) == 15


def test_hours_that_the_clock_skips_count_for_nothing() -> None:
    night = hours("zo 2:00-3:00, ma 9:00-17:00")
    assert night.minutes_between(at("2026-03-29 00:00"), at("2026-03-29 12:00")) == 0
    assert told(night.after(at("2026-03-29 00:00"), 15)) == "2026-03-30 09:15"
    assert told(hours("zo 2:30-3:00, ma 9:00-17:00").after(at("2026-03-29 00:00"), 15)) == "2026-03-30 09:15"
    assert night.minutes_between(at("2026-10-25 00:00"), at("2026-10-25 12:00")) == 120  # there they come twice


# -- how long someone waited -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        ("2026-11-02 10:00", "2026-11-02 10:15", 15),
        ("2026-11-02 06:00", "2026-11-02 09:15", 15),
        ("2026-11-02 16:50", "2026-11-03 09:05", 15),
        ("2026-11-07 12:50", "2026-11-09 09:05", 15),
        ("2026-11-07 14:00", "2026-11-08 14:00", 0),
        ("2025-12-24 16:50", "2025-12-27 10:05", 15),
        ("2026-11-02 10:15", "2026-11-02 10:00", 0),
        ("2026-11-04 10:00", "2026-11-02 10:00", 0),
    ],
)
def test_who_waits_while_it_is_closed_does_not_wait(begin: str, end: str, minutes: float) -> None:
    assert hours().minutes_between(at(begin), at(end)) == minutes
    assert hours().minutes_between(at(begin).astimezone(UTC), at(end).astimezone(UTC)) == minutes


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.integers(1, 3000),
    st.sampled_from([OFFICE, ALWAYS, "vr-ma 1:30-3:30, wo 0:00-2:30, wo 22:00-24:00"]),
)
def test_between_asking_and_what_is_promised_lies_just_what_is_promised(now: datetime, minutes: int, text: str) -> None:
    desk = hours(text)
    promised = desk.after(now, minutes)
    assert promised is not None
    assert promised > now
    assert desk.minutes_between(now, promised) == pytest.approx(minutes, abs=0.001)
    later = desk.after(now, minutes + 1)
    assert later is not None
    assert later > promised

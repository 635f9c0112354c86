"""Words for a day become a date, and never one that is over."""

from __future__ import annotations

from datetime import date

import pytest

from bot.case.sheet.days import day_meant, told_day

TODAY = date(2025, 3, 4)  # a Tuesday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Vandaag nog", date(2025, 3, 4)),
        ("Morgen", date(2025, 3, 5)),
        ("overmorgen", date(2025, 3, 6)),
        ("Over een week", date(2025, 3, 11)),
        ("Over twee weken", date(2025, 3, 18)),
        ("over 10 dagen", date(2025, 3, 14)),
        ("over één maand", date(2025, 4, 4)),
        ("vanmiddag nog", date(2025, 3, 4)),
        ("volgende week", date(2025, 3, 11)),
        ("dinsdag", date(2025, 3, 11)),
        ("woensdag", date(2025, 3, 5)),
        ("volgende week woensdag", date(2025, 3, 12)),
        ("volgende week maandag", date(2025, 3, 10)),
        ("12 juni", date(2025, 6, 12)),
        ("3 maart", date(2026, 3, 3)),
        ("op 12-3", date(2025, 3, 12)),
        ("12/04/2025", date(2025, 4, 12)),
        ("29 februari", None),
        ("31-04", None),
        ("12-3-2024", None),
        ("als ik meer weet", None),
        ("", None),
    ],
)
def test_the_day_that_is_meant(words: str, day: date | None) -> None:
    assert day_meant(words, TODAY) == day


def test_a_month_on_ends_with_the_month() -> None:
    assert day_meant("over een maand", date(2025, 1, 31)) == date(2025, 2, 28)
    assert day_meant("over twee maanden", date(2025, 12, 5)) == date(2026, 2, 5)


def test_a_date_in_full() -> None:
    assert told_day(date(2025, 10, 1)) == "woensdag 1 oktober 2025"

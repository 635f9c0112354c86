"""When someone wants to be reminded, in the words that people use for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.case import HERE, asks, cancels, moment_meant, told_moment
from bot.settings import ROOT
from bot.yamlfile import read_yaml

NOW = datetime(2026, 11, 27, 15, 20, tzinfo=HERE)  # a Friday
MOMENTS = read_yaml(ROOT / "tests" / "unit" / "case" / "moments.yml").data["moments"]


@pytest.mark.parametrize("row", MOMENTS, ids=lambda row: row["text"])
def test_the_moment_that_is_meant(row: dict[str, str]) -> None:
    moment = moment_meant(row["text"], NOW)
    assert (moment.strftime("%Y-%m-%dT%H:%M") if moment else "none") == row["moment"]


@pytest.mark.parametrize(
    "words",
    [
        "wis mijn herinnering", "die herinnering hoeft niet meer", "herinner me toch maar niet", "reminder uit",
        "haal die reminder van vrijdag weg", "laat dat seintje van morgen maar zitten", "schrap die melding maar",
        "geen berichtje meer nodig maandag", "je hoeft me donderdag niet meer te pingen",
    ],
)  # fmt: skip
def test_who_wants_it_no_longer(words: str) -> None:
    assert cancels(words, NOW)


@pytest.mark.parametrize(
    "words",
    [
        "morgenvroeg om zes graag, voor ik de weg op ga", "volgende week remindertje, dag maakt niet uit",
        "laat me dit niet vergeten", "ik wil hem niet vergeten, herinner me morgen",
        "herinner me morgen dat hij niet meer thuis woont", "herinner me donderdag, er is geen geld meer",
        "herinner me vrijdag, ik stop nu", "herinner me woensdag aan het verwijderen van de foto's",
        "herinner me morgen, ik doe de map weg", "reminder morgen om de foto's te verwijderen",
    ],
)  # fmt: skip
def test_who_wants_it_all_the_same(words: str) -> None:
    assert not cancels(words, NOW)


@pytest.mark.parametrize("words", ["staat er nog een herinnering?", "welke reminders heb ik lopen"])
def test_who_asks_what_stands(words: str) -> None:
    assert asks(words, NOW)
    assert not asks("herinner me morgen om 9 uur, dan heb ik een gesprek met de moeder", NOW)


@pytest.mark.parametrize(
    "words", ["gisteren", "1 januari 2020", "over 9 jaar", "31 februari", "", "om 99 uur", "13-13"]
)
def test_what_is_no_moment_ahead_is_none(words: str) -> None:
    assert moment_meant(words, NOW) is None


def test_no_moment_is_over_or_more_than_a_year_away() -> None:
    for hour in range(24):
        now = NOW.replace(hour=hour)
        for row in MOMENTS:
            moment = moment_meant(row["text"], now)
            assert moment is None or now < moment <= now + timedelta(days=366)


def test_summer_time_is_told_as_the_clock_on_the_wall() -> None:
    moment = moment_meant("herinner me 8 juli om 9 uur", NOW)
    assert moment is not None
    assert told_moment(datetime.fromtimestamp(moment.timestamp(), HERE)) == "donderdag 8 juli 2027 om 9.00 uur"

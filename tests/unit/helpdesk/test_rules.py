"""What a desk promises, and what its settings may say of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.advice import AdviceRequest, Tables
from bot.helpdesk import DeskRules, Situation, load_desk
from bot.hours import LOOK_AHEAD, ZONE
from bot.settings import Settings, SettingsError
from bot.yamlfile import DataFileError

OFFICE = "ma-vr 9:00-17:00"


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)


def loaded(tables: Tables, **changes: Any) -> DeskRules:
    rules = load_desk(settings(**{"desk_hours": OFFICE} | changes), tables)
    assert rules is not None
    return rules


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


def test_without_hours_there_is_no_desk(tables: Tables) -> None:
    assert load_desk(settings(), tables) is None


def test_a_desk_promises_what_the_table_says_of_a_class(tables: Tables) -> None:
    rules, now = loaded(tables), seconds("2026-11-06 16:50")  # a Friday
    promised = {name: rules.promised(name, now) for name in ("S", "P1", "P2", "U")}
    assert promised == {
        "S": seconds("2026-11-09 09:05"),
        "P1": seconds("2026-11-09 09:50"),
        "P2": seconds("2026-11-09 12:50"),
        "U": seconds("2026-11-10 16:50"),
    }
    assert rules.is_open(now)
    assert not rules.is_open(now + 600)


def test_an_organisation_promises_what_it_says_itself(tables: Tables) -> None:
    rules, now = loaded(tables, desk_minutes="S=10, P1=45"), seconds("2026-11-02 10:00")
    assert [(rules.promised(name, now) - now) / 60 for name in ("S", "P1", "P2")] == [10, 45, 240]


def test_minutes_for_a_class_that_is_not_there_are_refused(tables: Tables) -> None:
    with pytest.raises(SettingsError, match="PLUIS_DESK_MINUTES: P3 is geen klasse; kies uit S, P1, P2, U"):
        loaded(tables, desk_minutes="S=10,P3=45")


def test_a_desk_that_is_closed_for_long_promises_the_end_of_what_it_looks_ahead(tables: Tables) -> None:
    now = seconds("2026-11-02 10:00")
    days = [f"2026-{month}-{day:02}" for month, last in ((11, 30), (12, 31)) for day in range(1, last + 1)]
    shut = loaded(tables, desk_closed=",".join([*days, *(f"2027-01-{day:02}" for day in range(1, 32))]))
    assert shut.promised("S", now) == now + LOOK_AHEAD * 86_400


def test_who_waits_while_it_is_closed_does_not_wait(tables: Tables) -> None:
    assert loaded(tables).waited(seconds("2026-11-06 16:50"), seconds("2026-11-09 09:05")) == 15 * 60


def test_what_a_story_sounds_like_is_asked_once_it_is_told(tables: Tables) -> None:
    heard: list[str] = []

    def urgency(text: str) -> Mapping[str, float]:
        heard.append(text)
        return {"S": 0.0, "P1": 0.7, "P2": 0.2, "U": 0.1}

    rules = load_desk(settings(desk_hours=OFFICE), tables, urgency)
    assert rules is not None
    assert heard == ["Gevaar"]  # what it has to load is loaded
    assert rules.decide(Situation(AdviceRequest())).class_id == "P2"
    assert rules.decide(Situation(AdviceRequest(), "hij volgt haar")).class_id == "P1"
    assert rules.decide(Situation(AdviceRequest(), "hij volgt haar", net=1.0)).class_id == "P1"
    assert heard[1:] == ["hij volgt haar"] * 2
    assert loaded(tables).decide(Situation(AdviceRequest(), "hij volgt haar", net=1.0)).class_id == "P2"


def test_the_net_and_the_story_together_make_danger(tables: Tables) -> None:
    rules = load_desk(settings(desk_hours=OFFICE), tables, lambda _: {"S": 0.2, "P1": 0.2, "P2": 0.3, "U": 0.3})
    assert rules is not None
    assert rules.decide(Situation(AdviceRequest(), "een verhaal")).class_id == "P2"
    assert rules.decide(Situation(AdviceRequest(), "een verhaal", net=0.9)).class_id == "S"


def test_a_broken_table_is_refused_where_there_is_a_desk(tables: Tables, tmp_path: Path) -> None:
    assert load_desk(settings(data=tmp_path), tables) is None
    with pytest.raises(DataFileError):
        load_desk(settings(data=tmp_path, desk_hours=OFFICE), tables)

"""The figures of the overview: the queue now, and of closed questions how long they waited and why they came."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.helpdesk import Answered, Overview, Waiting, questions, read_overview
from bot.helpdesk.models import OutcomeRow
from tests.unit.channels.desks import ANNA, BRAM, CARLA, MINUTE, Place

TODAY = date(2026, 11, 25)  # a Wednesday
SINCE = TODAY - timedelta(days=29)


def closed(place: Place, *waits: float, **changes: Any) -> None:
    """Count closed questions that waited so many minutes."""
    values: dict[str, Any] = {
        "day": TODAY, "class_id": "P1", "ground": "asked", "category": "beantwoord", "within": True, "answered": True,
    }  # fmt: skip
    with place.sessions() as session, session.begin():
        session.add_all(OutcomeRow(waited=wait * MINUTE, **values | changes) for wait in waits)


def read(place: Place, since: date = SINCE, today: date = TODAY) -> Overview:
    return read_overview(place.sessions, since, today, place.clock())


def test_nothing_happened_yet(place: Place) -> None:
    found = read(place, TODAY, TODAY)
    assert (found.now, found.classes, found.grounds, found.categories) == ({}, {}, {}, {})
    assert (found.asked, found.by_person, found.weeks) == (0, 0, {date(2026, 11, 23): 0})


def test_a_class_tells_what_was_promised_and_how_long_half_and_nine_of_ten_waited(place: Place) -> None:
    closed(place, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    closed(place, 100, within=False)
    closed(place, 999, answered=False)  # nobody answered: within the promise or not, that was not kept
    closed(place, 0, 0, category="ingetrokken", answered=False)
    closed(place, 30, class_id="U")
    closed(place, 20, class_id="P2", answered=False, within=False)
    closed(place, 5, class_id="S", category="ingetrokken", answered=False)
    found = read(place).classes
    assert set(found) == {"S", "P1", "P2", "U"}
    one = found["P1"]
    assert (one.closed, one.within, one.half) == (11, 9, 5 * MINUTE)
    assert one.most == 9 * MINUTE
    assert found["U"] == Answered(closed=1, answered=1, within=1, half=30 * MINUTE, most=30 * MINUTE)
    assert found["P2"] == Answered(closed=1, answered=0, within=0, half=0.0, most=0.0)
    assert found["S"].closed == 0


def test_grounds_categories_and_totals_count_every_closed_question(place: Place) -> None:
    closed(place, 1, 2, ground="danger", category="naar_112")
    closed(place, 3)
    closed(place, 4, ground="missed", category="ingetrokken", answered=False)
    found = read(place)
    assert found.grounds == {"danger": 2, "asked": 1, "missed": 1}
    assert found.categories == {"naar_112": 2, "beantwoord": 1, "ingetrokken": 1}
    assert (found.asked, found.by_person) == (4, 3)


def test_a_period_holds_its_first_and_its_last_day_and_every_week_between(place: Place) -> None:
    closed(place, 1, 1, day=SINCE - timedelta(days=1), ground="missed", class_id="S")
    closed(place, 1, day=SINCE)
    closed(place, 1, 1, 1, day=TODAY)
    closed(place, 1, day=date(2026, 11, 22))  # a Sunday
    closed(place, 1, 1, day=TODAY + timedelta(days=1), ground="missed", class_id="S")
    found = read(place)
    assert (found.since, found.asked, found.grounds, set(found.classes)) == (SINCE, 5, {"asked": 5}, {"P1"})
    assert list(found.weeks.items()) == [
        (date(2026, 10, 26), 1), (date(2026, 11, 2), 0), (date(2026, 11, 9), 0), (date(2026, 11, 16), 1),
        (date(2026, 11, 23), 3),
    ]  # fmt: skip


def test_the_queue_is_as_it_is_now(place: Place) -> None:
    place.ask("a", "P1")
    place.clock.passes(10 * MINUTE)
    first = place.clock()
    place.ask("b", "S")
    place.clock.passes(5 * MINUTE)
    place.ask("c", "S")
    place.claimed("d", "S", CARLA)
    answered = place.claimed("e", "S", CARLA)
    place.desk.answer(answered, CARLA, "Ik lees mee", "key-1")
    place.desk.close(place.claimed("f", "S", CARLA), CARLA, "beantwoord")
    place.claimed("g", "U")
    place.desk.claim(questions_of(place, "a"), ANNA)
    assert read(place).now == {
        "S": Waiting(waiting=2, late=0, since=first), "P1": Waiting(0, 0, None), "U": Waiting(0, 0, None),
    }  # fmt: skip
    place.clock.passes(12 * MINUTE)  # now what was asked at `first` is late, and what came after it is not
    assert read(place).now["S"] == Waiting(waiting=2, late=1, since=first)
    place.clock.passes(5 * MINUTE)
    assert read(place).now["S"] == Waiting(waiting=2, late=3, since=first)  # not the one that was answered
    assert read(place).now["P1"].late == 0


def questions_of(place: Place, conversation: str) -> str:
    """Return the open question of a conversation."""
    with place.sessions() as session:
        row = questions.open_in(session, conversation)
    assert row is not None
    return row.id


@pytest.mark.parametrize(("minutes", "within"), [(59, 1), (61, 0)])
def test_what_the_desk_closes_is_counted(place: Place, minutes: int, within: int) -> None:
    today = datetime.fromtimestamp(place.clock(), UTC).date()
    question = place.ask("a", "P1", ground="unanswered")
    place.clock.passes(minutes * MINUTE)
    place.desk.claim(question, BRAM)
    place.desk.answer(question, BRAM, "Ik lees mee", "key-1")
    place.clock.passes(30 * MINUTE)  # how long it took after the answer is no waiting
    place.desk.close(question, BRAM, "naar_112")
    place.ask("b", "P1")
    place.desk.hand_over("b", {"withdraw": True})
    found = read(place, today, today)
    assert found.now == {}
    assert found.classes == {"P1": Answered(1, 1, within, minutes * MINUTE, minutes * MINUTE)}
    assert (found.asked, found.by_person) == (2, 1)
    assert found.grounds == {"unanswered": 1, "asked": 1}
    assert found.categories == {"naar_112": 1, "ingetrokken": 1}

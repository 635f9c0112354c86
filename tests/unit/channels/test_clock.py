"""A clock that is put back an hour or forward a day: nothing is forgotten early, held too long, or out of order."""

from __future__ import annotations

from bot.channels import Clock, Store

from .fakes import FakeClock
from .test_store import clock, store

__all__ = ["clock", "store"]  # the fixtures

HOUR, DAY = 3600.0, 86400.0


def test_a_clock_that_only_runs_is_never_put_forward() -> None:
    assert Clock().put_forward(DAY) == 0
    clock = FakeClock()
    clock.passes(3 * DAY)  # also while the machine slept
    assert clock.put_forward(DAY) == 0


def test_what_the_clock_skipped_counts_for_a_while() -> None:
    clock = FakeClock()
    clock.jumps(DAY)
    clock.passes(HOUR)
    assert clock.put_forward(2 * HOUR) == DAY
    clock.passes(HOUR)
    assert clock.put_forward(2 * HOUR) == DAY  # seen an hour ago
    clock.passes(HOUR)
    assert clock.put_forward(2 * HOUR) == 0


def test_a_clock_that_is_put_back_gives_back_what_it_skipped_and_no_more() -> None:
    clock = FakeClock()
    clock.jumps(-HOUR)
    assert clock.put_forward(DAY) == 0
    clock.jumps(DAY)
    assert clock.put_forward(DAY) == DAY - HOUR
    clock.jumps(-DAY)
    assert clock.put_forward(DAY) == 0


def test_a_day_skipped_wipes_nobody_before_a_day_has_passed(store: Store, clock: FakeClock) -> None:
    clock.passes(DAY - HOUR)
    clock.jumps(DAY)
    assert store.past_retention(DAY) == []
    store.create("c2", "directline", "http://x", "/groet")
    clock.passes(HOUR - 1)
    assert store.past_retention(DAY) == []
    clock.passes(2)
    assert store.past_retention(DAY) == ["c1"]
    store.wipe("c1")
    clock.passes(DAY - HOUR - 2)
    assert store.past_retention(DAY) == []
    clock.passes(2)
    assert store.past_retention(DAY) == ["c2"]


def test_an_hour_back_keeps_nobody_longer_than_an_hour(store: Store, clock: FakeClock) -> None:
    clock.jumps(-HOUR)
    clock.passes(DAY - 1)
    assert store.past_retention(DAY) == []
    clock.passes(HOUR + 2)
    assert store.past_retention(DAY) == ["c1"]


def test_what_was_said_while_the_clock_ran_ten_years_ahead_is_kept_no_longer_for_that(
    store: Store, clock: FakeClock
) -> None:
    clock.jumps(3650 * DAY)
    store.hear("c1", {"type": "message", "text": "x"}, key=None)
    clock.jumps(-3650 * DAY)
    assert store.past_retention(DAY) == []
    clock.passes(DAY + 1)
    assert store.past_retention(DAY) == ["c1"]


def test_another_process_takes_over_soon_also_when_the_clock_was_put_back(store: Store, clock: FakeClock) -> None:
    assert store.take("c1", "a", 30)
    clock.jumps(-20)  # no more than two machines may differ
    assert not store.take("c1", "b", 30)
    clock.jumps(-HOUR)
    assert store.take("c1", "b", 30)
    assert not store.take("c1", "a", 30)
    clock.passes(31)
    assert store.take("c1", "a", 30)


def test_what_is_said_stands_in_the_order_of_saying_whatever_the_clock_says(store: Store, clock: FakeClock) -> None:
    for jump in (0, -HOUR, DAY, -DAY):
        clock.jumps(jump)
        store.hear("c1", {"type": "message", "text": str(jump)}, key=str(jump))
    first = {"type": "message", "channelData": {"clientActivityID": "again"}}
    store.hear("c1", first, key="0")  # sent twice: its echo goes out again
    said, _ = store.after("c1", 0)
    placed = sorted(said, key=lambda one: one["channelData"]["webchat:sequence-id"])
    assert [one["text"] for one in placed] == ["0", str(-HOUR), str(DAY), str(-DAY)]
    assert said[-1]["text"] == "0"

"""Many chats open at once on one `web`: each hears all of its own, once. `make load` does the same with two hundred."""

from __future__ import annotations

import pytest

from tests.live.site import Site
from tools.desk_load import measure_desk
from tools.load import TEXT, measure, measure_teams

pytestmark = pytest.mark.live

SOCKETS, QUIET, CHATS = 25, 3, 100


async def test_many_chats_at_once_each_hear_all_of_their_own_once(pluis: Site) -> None:
    pluis.said.append(TEXT)
    found = await measure(pluis.url, pluis.pid("web"), SOCKETS, QUIET, within=180)
    assert (found["lost"], found["twice"]) == (0, 0)
    assert found["activities"] >= 4 * SOCKETS  # at the least: two of the welcome, a message, its answer
    assert found[f"one at a time ({QUIET}), s"]["echo"]["slowest"] < 5


async def test_many_chats_in_teams_at_once_each_get_all_of_their_own_once(pluis: Site) -> None:
    pluis.said.append(TEXT)
    found = await measure_teams(pluis, CHATS, rounds=3, talkers=5, within=180)
    assert (found["lost"], found["twice"]) == (0, 0)
    assert found["messages"] >= 4 * CHATS


async def test_a_helpdesk_at_work_loses_nothing_while_web_starts_anew(pluis: Site) -> None:
    found = await measure_desk(pluis, asked=15, members=4, seconds=16, within=240)
    assert (found["lost"], found["twice"], found["claims"]) == (0, 0, 15)
    assert found["messages"] > 80
    assert found["claim, s"]["median"] < 1
    assert found["user to staff's screen, s"]["median"] < 1

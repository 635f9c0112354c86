"""What users say stands in no log, also when a turn goes wrong; and a log in which it does stand is noticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.test_faults import locked
from tests.live.logs import check_logs
from tests.live.site import PARTS, Site
from tests.live.talk import Talk

pytestmark = pytest.mark.live

CANARIES = ("kwartelkoning", "zilverplevier")


@pytest.fixture
def told(pluis: Site) -> Site:
    """Return the processes after a talk in which a turn went wrong."""
    with Talk(pluis) as talk:
        talk.say(f"{CANARIES[0]} {CANARIES[1]}: haar man antwoordt voor haar.")
        with locked(pluis):
            number = talk.send(f"{CANARIES[0]} wijkverpleegkundige")
            talk.outage_told()
        talk.answer_to(number)
    return pluis


def test_nothing_that_was_said_stands_in_a_log(told: Site) -> None:
    with told.tracker_db.open("rb") as kept:
        assert CANARIES[0].encode() in kept.read() or _in_wal(told), "de toets kijkt niet waar iets staat"
    assert "turn aborted" in (told.logs / "engine.log").read_text(encoding="utf-8"), "er is niets misgegaan"
    check_logs(told)


@pytest.fixture
def written(told: Site) -> Iterator[Site]:
    """Return the processes, to write in their logs; afterwards the logs are as they were."""
    before = {part: (told.logs / f"{part}.log").stat().st_size for part in PARTS}
    yield told
    for part, size in before.items():
        with (told.logs / f"{part}.log").open("r+b") as log:
            log.truncate(size)


@pytest.mark.parametrize(
    "line", ['{"event": "kwartelkoning"}', '{"event": "haar man antwoordt"}', "Traceback (most recent call last):"]
)
@pytest.mark.parametrize("part", PARTS)
def test_a_log_in_which_it_stands_is_noticed(written: Site, part: str, line: str) -> None:
    with (written.logs / f"{part}.log").open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")
    with pytest.raises((AssertionError, ValueError)):
        check_logs(written)


def _in_wal(site: Site) -> bool:
    wal = site.tracker_db.with_name(f"{site.tracker_db.name}-wal")
    return wal.exists() and CANARIES[0].encode() in wal.read_bytes()

"""Comes last: reads every log of the whole run, in which everything went wrong at least once,
and finds no word of what was said; nor in the counts of `GET /metrics`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT
from tests.integration.test_faults import locked
from tests.live.conversation import FOLDER
from tests.live.site import PARTS, Site
from tests.live.talk import Talk

pytestmark = pytest.mark.live

WORD = re.compile(r"[a-zà-ÿ]{5,}")
CANARIES = ("kwartelkoning", "zilverplevier")


def words_of(text: str) -> set[str]:
    """Return the words of at least five letters."""
    return set(WORD.findall(text.casefold()))


def own_words() -> set[str]:
    """Return the words that our own code says in a log: names of actions, intents, routes, modules, events."""
    code = [path for folder in ("bot", "actions", "engine") for path in (ROOT / folder).rglob("*.py")]
    return words_of(
        "\n".join(path.read_text(encoding="utf-8") for path in [*code, ROOT / "domain.yml", Path(__file__)])
    )


def test_nothing_that_was_said_stands_in_a_log(pluis: Site) -> None:
    with Talk(pluis) as talk:
        talk.say(f"{CANARIES[0]} {CANARIES[1]}: haar man antwoordt voor haar.")
        with locked(pluis):  # at least one failure in these logs, whichever tests ran before
            number = talk.send(f"{CANARIES[0]} wijkverpleegkundige")
            talk.outage_told()
        talk.answer_to(number)
    with pluis.tracker_db.open("rb") as kept:
        assert CANARIES[0].encode() in kept.read() or _in_wal(pluis), "de toets kijkt niet waar iets staat"
    logs = {part: (pluis.logs / f"{part}.log").read_text(encoding="utf-8", errors="replace") for part in PARTS}
    metrics = httpx.get(f"{pluis.url}/metrics", trust_env=False, timeout=10).text
    assert "turn aborted" in logs["engine"], "er is in deze ronde niets misgegaan"
    said = set().union(*map(words_of, pluis.said))
    for name, text in (logs | {"metrics": metrics}).items():
        for canary in CANARIES:
            assert canary not in text.casefold(), f"{canary} staat in {name}"
        found = (said - own_words()) & words_of(text)
        assert not found, f"in {name} staan woorden van gebruikers: {sorted(found)}"


def test_nothing_in_the_logs_is_anything_but_json(pluis: Site) -> None:
    for part in PARTS:
        for line in (pluis.logs / f"{part}.log").read_text(encoding="utf-8").splitlines():
            assert isinstance(json.loads(line), dict), f"{part}: {line}"


def test_nothing_in_the_logs_comes_from_the_scripts(pluis: Site) -> None:
    """No three words in a row of any conversation script stand in a log."""
    said = " ".join(pluis.said).casefold()
    written = " ".join(path.read_text(encoding="utf-8").casefold() for path in FOLDER.glob("*.yml"))
    logs = "\n".join((pluis.logs / f"{part}.log").read_text(encoding="utf-8").casefold() for part in PARTS)
    spoken = " ".join(re.findall(r"\w+", f"{said} {written}")).split()
    logged = " ".join(re.findall(r"\w+", logs))
    threes = {" ".join(spoken[at : at + 3]) for at in range(len(spoken) - 2)}
    assert not [three for three in threes if f" {three} " in f" {logged} "]


def _in_wal(site: Site) -> bool:
    wal = site.tracker_db.with_name(f"{site.tracker_db.name}-wal")
    return wal.exists() and CANARIES[0].encode() in wal.read_bytes()

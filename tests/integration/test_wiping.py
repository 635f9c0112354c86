"""Wiping leaves nothing of a conversation, in the database of `web` and in the engine's tracker, nor in their files."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.integration.test_faults import begun, rows_about
from tests.live.site import Site, wait_for
from tests.live.talk import BASE, Talk

pytestmark = pytest.mark.live

WORD = "paraplubak"  # nobody else says it


def holding(site: Site, word: str) -> list[Path]:
    """Return the files of both databases, their write-ahead logs too, in which a word stands."""

    def holds(path: Path) -> bool:
        try:
            return word.encode() in path.read_bytes()
        except FileNotFoundError:  # SQLite takes away its log when the last connection closes
            return False

    return [path for name in ("pluis.db*", "tracker.db*") for path in site.settings.var.glob(name) if holds(path)]


def gone(site: Site, talk: Talk) -> None:
    """Assert that nothing is left, and that the conversation is over for its user."""
    wait_for(lambda: not any(rows_about(site, talk.id).values()), 30, f"gewist: {rows_about(site, talk.id)}")
    assert site.slots(talk.id) == {}
    answer = httpx.get(
        f"{site.url}{BASE}/conversations/{talk.id}", headers={"Authorization": f"Bearer {talk.token}"}, trust_env=False
    )
    assert answer.status_code == 404
    renewed = httpx.post(
        f"{site.url}{BASE}/tokens/refresh", headers={"Authorization": f"Bearer {talk.resume}"}, trust_env=False
    )
    assert renewed.status_code in (403, 404)


def test_the_word_wipes_after_asking_once(pluis: Site) -> None:
    with begun(pluis) as talk:
        assert any(rows_about(pluis, talk.id).values())
        asked = talk.say("wis dit gesprek")
        assert "zeker" in asked.text
        assert any(rows_about(pluis, talk.id).values()), "gewist zonder te vragen"
        talk.press("Ja, wis alles")
        assert "gewist" in talk.last.text
        gone(pluis, talk)


def test_no_word_is_left_in_any_file(pluis: Site) -> None:
    """Deleted rows stay readable in a database's own file, and in its write-ahead log, unless they are overwritten."""
    with Talk(pluis) as talk:
        talk.say(f"Zij had een blauwe plek en hield haar {WORD} vast.")
        assert {path.name.split(".")[0] for path in holding(pluis, WORD)} == {"pluis", "tracker"}
        assert talk.wipe().status_code == 204
        assert not [path for path in holding(pluis, WORD) if path.name.startswith("pluis")]
        gone(pluis, talk)
        wait_for(lambda: not holding(pluis, WORD), 30, f"op schijf: {holding(pluis, WORD)}")


def test_the_button_of_the_page_wipes(pluis: Site) -> None:
    with begun(pluis) as talk:
        assert talk.wipe().status_code == 204
        gone(pluis, talk)


def test_someone_else_who_writes_can_wipe_at_once(pluis: Site) -> None:
    with Talk(pluis) as talk:
        talk.say("mijn man slaat mij")
        talk.press("Wis dit gesprek")
        assert "gewist" in talk.last.text
        gone(pluis, talk)


def test_wiped_while_the_engine_is_out_is_forgotten_there_later(pluis: Site) -> None:
    with begun(pluis) as talk:
        pluis.stop("engine")
        try:
            assert talk.wipe().status_code == 204
            left = rows_about(pluis, talk.id)
            assert left.pop("events") > 0
            assert not any(left.values()), left
        finally:
            pluis.start("engine")
        gone(pluis, talk)

"""`/cijfers`: counts without text; a small one is not shown, not even by the length of its bar."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy.orm import Session

from bot.advice import OUTCOMES as ALL_OUTCOMES
from bot.case import PHASES as ALL_PHASES
from bot.statistics import Kind, count_one
from bot.web.figures import OUTCOMES, PHASES

from .conftest import Site


def count(site: Site, kind: Kind, name: str, times: int) -> None:
    session: Session
    with site.app.state.services.parts.sessions() as session, session.begin():
        for _ in range(times):
            count_one(session, kind, name, datetime.now(UTC).date())


async def read(site: Site, query: str = "") -> str:
    answer = await site.http.get(f"/cijfers{query}")
    assert answer.status_code == 200
    assert "style-src 'self'" in answer.headers["content-security-policy"]
    return answer.text


def row(html: str, label: str) -> tuple[str, str]:
    """Return the length of a bar and what is written beside it."""
    found = re.search(rf'<th scope="row">{label}</th>.*?width="([\d.]+)".*?<span>([^<]*)</span>', unescape(html), re.S)
    assert found, label
    return found[1], found[2]


async def test_nothing_was_counted(site: Site) -> None:
    html = await read(site)
    assert "nog niet" in html
    assert row(html, "Melden bij Veilig Thuis") == ("0.0", "0")


async def test_large_counts_are_shown_and_small_ones_are_not(site: Site) -> None:
    count(site, Kind.OUTCOME, "report", 10)
    count(site, Kind.OUTCOME, "consult", 5)
    count(site, Kind.OUTCOME, "observe", 4)
    html = await read(site)
    assert row(html, "Melden bij Veilig Thuis") == ("100.0", "10")
    assert row(html, "Overleggen met een collega") == ("50.0", "5")
    assert row(html, "Verder kijken") == ("0.0", "minder dan 5")


async def test_a_conversation_that_begins_is_counted(site: Site) -> None:
    for _ in range(6):
        token = (await site.http.post("/v3/directline/tokens/generate")).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert (await site.http.post("/v3/directline/conversations", headers=headers)).status_code == 201
    assert row(await read(site), "Op een webpagina") == ("100.0", "6")


@pytest.mark.parametrize(("query", "period"), [("", "30"), ("?dagen=365", "365"), ("?dagen=7777", "30")])
async def test_the_period_can_be_chosen(site: Site, query: str, period: str) -> None:
    html = await read(site, query)
    assert re.findall(r'dagen=(\d+)" aria-current="page"', html) == [period]


def test_every_outcome_and_phase_has_a_name() -> None:
    assert set(OUTCOMES) == set(ALL_OUTCOMES)
    assert set(PHASES) - {"case", "advies"} <= set(ALL_PHASES)

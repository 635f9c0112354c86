"""The overview: the same numbers for the eye and for a spreadsheet, and nothing of whom."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bot.audit.models import AuditRow
from bot.helpdesk.models import OutcomeRow
from bot.knowledge.gaps import record_gap
from bot.statistics import Kind, count_one
from bot.web import app as application
from bot.web.charts import Bar, chart
from bot.web.desk import overview
from tests.unit.channels.fakes import FakeClock

from .desks import Browser, Desk, running_desk

TODAY = date(2026, 11, 25)  # a Wednesday
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
Rows = dict[str, dict[str, tuple[str, str]]]  # by title and label: the length of the bar, and what stands beside it


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at noon."""
    return FakeClock(NOON.timestamp())


@pytest.fixture
async def desk(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Run a site with a helpdesk on one day."""
    monkeypatch.setattr(overview, "_today", lambda: TODAY)
    monkeypatch.setattr(application, "forget_old", lambda *_: None)  # it knows no other day than the real one
    async with running_desk(tmp_path, clock=clock) as made:
        yield made


def closed(desk: Desk, times: int = 1, *, ago: int = 0, minutes: float = 10, **changes: Any) -> None:
    """Count questions that were closed some days ago."""
    values: dict[str, Any] = {
        "class_id": "P2", "ground": "asked", "category": "beantwoord", "within": True, "answered": True,
    }  # fmt: skip
    with desk.services.parts.sessions() as session, session.begin():
        day = TODAY - timedelta(days=ago)
        session.add_all(OutcomeRow(day=day, waited=minutes * 60, **values | changes) for _ in range(times))


async def show(browser: Browser, query: str = "") -> tuple[str, Rows]:
    """Open the overview; return the page and the rows of its charts."""
    answer = await browser.get(f"/overzicht{query}")
    assert answer.status_code == 200
    found = Rows()
    for part in re.findall(r"<section.*?</section>", answer.text, re.S):
        title = re.search(r"<h2 [^>]*>(.*?)</h2>", part)
        assert title
        rows = re.findall(r'<th scope="row">(.*?)</th>.*?width="([\d.]+)".*?<span>(.*?)</span>', part, re.S)
        found[unescape(title[1])] = {unescape(label): (width, unescape(told)) for label, width, told in rows}
    return answer.text, found


async def table(browser: Browser, query: str = "") -> list[dict[str, str]]:
    """Read the overview as a file."""
    answer = await browser.get(f"/overzicht.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


async def test_where_nothing_happened_every_row_is_there_and_empty(desk: Desk) -> None:
    carla = await desk.signed_in("carla")
    _, found = await show(carla)
    assert [title for title, _ in overview.TEXTS.values()] == list(found)
    assert {name: told for name, (_, told) in found["Nu in de rij"].items()} == dict.fromkeys(
        ("S Gevaar", "P1 Grote zorg", "P2 Twijfel", "U Kennisvraag"), "0"
    )
    for title in ("Binnen de beloofde tijd", "Hoe lang de vrager wachtte"):
        assert {told for _, told in found[title].values()} == {"geen afgesloten vragen"}
    assert set(found["Waarmee afgesloten"]) == set(desk.services.parts.desk_content.categories.values())
    assert found["Wat er in de kennis ontbreekt"] == {}
    assert {width for rows in found.values() for width, _ in rows.values()} == {"0.0"}


async def test_the_page_and_the_file_tell_the_same_of_a_period(desk: Desk, clock: FakeClock) -> None:
    sessions = desk.services.parts.sessions
    closed(desk, 6, minutes=10)
    closed(desk, 3, minutes=200, within=False, category="naar_112", ground="danger")
    closed(desk, 1, answered=False, category="geen_contact")
    closed(desk, 5, answered=False, category="ingetrokken")
    for within in (True, False):
        closed(desk, 1, ago=8, class_id="U", category="oud_woord", ground="oude_reden", within=within)
    closed(desk, 3, ago=29, class_id="S", minutes=3)
    closed(desk, 1, ago=29, class_id="S", minutes=3, within=False)
    closed(desk, 7, ago=30, class_id="S", minutes=3)
    for ago, times, topic in ((0, 2, "meldcode"), (29, 3, "weg_ermee"), (30, 9, "meldcode")):
        for _ in range(times):
            record_gap(sessions, topic, None, at=NOON - timedelta(days=ago))
    with sessions() as session, session.begin():
        for ago, times in ((0, 2), (29, 1), (30, 5)):
            for _ in range(times):
                count_one(session, Kind.OPENED, "msteams", TODAY - timedelta(days=ago))
        for kind, name, times in ((Kind.ANSWERED, "knowledge", 4), (Kind.OUTCOME, "consult", 2)):
            for _ in range(times):
                count_one(session, kind, name, TODAY)
    await desk.ask(**{"class": "P1"})
    clock.jumps(90 * 60)
    await desk.ask(**{"class": "P1"})
    await desk.ask(**{"class": "U"})
    clock.jumps(25 * 60)
    carla = await desk.signed_in("carla")

    html, found = await show(carla)
    assert "Vanaf 27 oktober 2026." in html
    assert found["Nu in de rij"] == {
        "S Gevaar": ("0.0", "0"),
        "P1 Grote zorg": ("100.0", "2; 1 te laat (ook die bij collega's); de eerste wacht al 115 min"),
        "P2 Twijfel": ("0.0", "0"), "U Kennisvraag": ("50.0", "1; de eerste wacht al 25 min"),
    }  # fmt: skip
    assert found["Binnen de beloofde tijd"] == {
        "S Gevaar": ("75.0", "75% (3 van 4)"), "P1 Grote zorg": ("0.0", "geen afgesloten vragen"),
        "P2 Twijfel": ("60.0", "60% (6 van 10)"), "U Kennisvraag": ("50.0", "50% (1 van 2)"),
    }  # fmt: skip
    assert found["Hoe lang de vrager wachtte"] == {
        "S Gevaar": ("30.0", "3 min; negen van de tien niet langer dan 3 min"),
        "P1 Grote zorg": ("0.0", "geen afgesloten vragen"),
        "P2 Twijfel": ("100.0", "10 min; negen van de tien niet langer dan 3 uur"),
        "U Kennisvraag": ("100.0", "10 min; negen van de tien niet langer dan 10 min"),
    }
    told = {title: {label: told for label, (_, told) in rows.items()} for title, rows in found.items()}
    assert told["Pluis of een mens"] == {
        "Gesprekken met Pluis": "6", "Kennisvragen, beantwoord door Pluis": "4", "Adviezen, gegeven door Pluis": "2",
        "Vragen, beantwoord door een mens": "15", "Vragen, afgesloten zonder antwoord": "6",
    }  # fmt: skip
    assert {label: number for label, number in told["Waarom bij een mens"].items() if number != "0"} == {
        "Vroeg zelf om een mens": "16", "Er was gevaar, en er is gebeld": "3", "Oude_reden": "2",
    }  # fmt: skip
    assert {label: number for label, number in told["Waarmee afgesloten"].items() if number != "0"} == {
        "Beantwoord": "10", "Naar 112 of de politie": "3", "De vrager kwam niet terug": "1", "Oud_woord": "2",
        "Ingetrokken": "5",
    }  # fmt: skip
    assert list(told["Afgesloten per week"].items()) == [
        ("26 oktober 2026", "4"), ("2 november 2026", "0"), ("9 november 2026", "0"), ("16 november 2026", "2"),
        ("23 november 2026", "15"),
    ]  # fmt: skip
    assert list(told["Wat er in de kennis ontbreekt"].items()) == [("weg_ermee", "3"), ("meldcode", "2")]

    rows = await table(carla)
    assert list(rows[0]) == ["onderdeel", "wat", "getal", "eenheid", "toelichting"]
    assert [(row["onderdeel"], row["wat"], row["toelichting"]) for row in rows] == [
        (title, label, text) for title, labels in told.items() for label, text in labels.items()
    ]
    units = {row["onderdeel"]: row["eenheid"] for row in rows}
    assert {title: unit for title, unit in units.items() if unit != "aantal"} == {
        "Binnen de beloofde tijd": "%", "Hoe lang de vrager wachtte": "minuten",
    }  # fmt: skip
    numbers = {(row["onderdeel"], row["wat"]): row["getal"] for row in rows}
    assert numbers["Binnen de beloofde tijd", "P2 Twijfel"] == "60"
    assert numbers["Hoe lang de vrager wachtte", "P2 Twijfel"] == "10"
    assert numbers["Nu in de rij", "P1 Grote zorg"] == "2"
    closed(desk, 1, class_id="P1", minutes=2.5)
    halved = {(row["onderdeel"], row["wat"]): row["getal"] for row in await table(carla)}
    assert halved["Hoe lang de vrager wachtte", "P1 Grote zorg"] == "2,5"


async def test_the_period_can_be_chosen_and_each_reading_is_recorded(desk: Desk) -> None:
    closed(desk, 1, ago=0)
    closed(desk, 1, ago=89)
    closed(desk, 1, ago=364)
    closed(desk, 1, ago=365)
    carla = await desk.signed_in("carla")
    for query, days, number in (
        ("", 30, 1), ("?dagen=30", 30, 1), ("?dagen=90", 90, 2), ("?dagen=365", 365, 3), ("?dagen=7", 30, 1),
        ("?dagen=-1", 30, 1), ("?dagen=100000", 30, 1),
    ):  # fmt: skip
        html, found = await show(carla, query)
        assert re.findall(r'dagen=(\d+)" aria-current="page"', html) == [str(days)], query
        assert f'href="/desk/overzicht.csv?dagen={days}"' in html
        assert found["Pluis of een mens"]["Vragen, beantwoord door een mens"][1] == str(number)
        rows = {(row["onderdeel"], row["wat"]): row["getal"] for row in await table(carla, query)}
        assert rows["Pluis of een mens", "Vragen, beantwoord door een mens"] == str(number)
    assert desk.events("30 dagen") == ["overview_read"] * 10
    assert desk.events("90 dagen") == desk.events("365 dagen") == ["overview_read"] * 2
    file = await carla.get("/overzicht.csv?dagen=90")
    assert file.headers["content-disposition"] == 'attachment; filename="overzicht-2026-08-28.csv"'
    assert file.headers["cache-control"] == "no-store"
    account = next(account.id for account in desk.services.staff.accounts.all() if account.name == "Carla")
    with desk.services.parts.sessions() as session:
        read = session.query(AuditRow).where(AuditRow.event == "overview_read").all()
    assert {(row.account, row.roles, row.kind) for row in read} == {(account, "supervisor", "overview")}
    assert (await carla.get("/overzicht?dagen=veel")).status_code == 422


async def test_nothing_stands_in_it_of_whom_or_of_what_was_said(desk: Desk) -> None:
    bram = await desk.signed_in("bram")
    words = {"asks": "zilverplevier", "facts": ["kwartelkoning"], "reasons": ["wulpenroep"], "phase": "tureluur"}
    question, conversation = await desk.closed(bram, "roerdomp", **words)
    await bram.post(f"/vragen/{question}/leer/sentence", text="grutto", means="topic:meldcode", sleutel="leren-111")
    record_gap(desk.services.parts.sessions, "meldcode", "kievitsei", conversation, at=NOON)
    still, talk = await desk.ask(**words)
    await bram.post(f"/vragen/{still}/neem")
    await bram.post(f"/vragen/{still}/notitie", tekst="scholekster", sleutel="notitie-1")
    carla = await desk.signed_in("carla")
    account = desk.row(still).owner
    assert account
    hidden = (
        "zilverplevier", "kwartelkoning", "wulpenroep", "tureluur", "roerdomp", "grutto", "kievitsei", "scholekster",
        "Bram", "verpleging", question, conversation, still, talk, account,
    )  # fmt: skip
    html, found = await show(carla)
    file = (await carla.get("/overzicht.csv")).text
    assert found["Pluis of een mens"]["Vragen, beantwoord door een mens"][1] == "1"
    assert [word for word in hidden if word in html or word in file] == []


async def test_only_the_ten_largest_gaps_are_shown_and_a_title_stays_text(desk: Desk) -> None:
    for number in range(12):
        for _ in range(12 - number):
            record_gap(desk.services.parts.sessions, f'<img src=x>";{number}', None, at=NOON)
    carla = await desk.signed_in("carla")
    html, found = await show(carla)
    names = [f'<img src=x>";{number}' for number in range(10)]
    assert list(found["Wat er in de kennis ontbreekt"]) == names
    assert "<img src=x" not in html
    rows = [row["wat"] for row in await table(carla) if row["onderdeel"] == "Wat er in de kennis ontbreekt"]
    assert rows == names


# -- charts ------------------------------------------------------------------------------------------------------------


def test_the_largest_bar_is_full_and_the_others_are_a_share_of_it() -> None:
    made = chart("weken", "Per week", "Uitleg", [("a", 10, "tien"), ("b", 5, "vijf"), ("c", 0, "geen")])
    assert (made.id, made.title, made.text) == ("weken", "Per week", "Uitleg")
    assert made.bars == (Bar("a", 10, "tien", 100.0), Bar("b", 5, "vijf", 50.0), Bar("c", 0, "geen", 0.0))


def test_what_is_most_is_full_when_that_is_told() -> None:
    assert [bar.share for bar in chart("x", "", "", [("a", 25, ""), ("b", 50, "")], most=100).bars] == [25.0, 50.0]


@pytest.mark.parametrize("rows", [[], [("a", 0, "0")]])
def test_a_chart_of_nothing_has_no_bars(rows: list[tuple[str, float, str]]) -> None:
    assert [bar.share for bar in chart("x", "", "", iter(rows)).bars] == [0.0] * len(rows)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0 min"), (29, "0 min"), (31, "1 min"), (119 * 60, "119 min"), (120 * 60, "2 uur")]
)
def test_how_long_is_told_in_minutes_or_hours(seconds: float, told: str) -> None:
    assert overview._duration(seconds) == told

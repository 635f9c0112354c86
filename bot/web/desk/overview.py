"""The overview for who leads the helpdesk: the queue now, what was promised and kept, and where the knowledge ends."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from bot.audit import Entry, Event, Kind
from bot.case import told_date
from bot.helpdesk import Answered, Overview, Waiting, read_overview
from bot.knowledge import read_gaps
from bot.staff import Staff
from bot.statistics import Kind as Counted
from bot.statistics import read_figures
from bot.web.charts import Chart, chart
from bot.web.desk.reading import desk_of
from bot.web.desk.shown import GROUNDS
from bot.web.figures import PERIODS
from bot.web.pieces import page
from bot.web.services import Services, ServicesDep
from bot.web.staffed import SignedIn, allowed

router = APIRouter(prefix="/desk", include_in_schema=False)

OVERVIEW: Final = "overview.read"
HERE_IS: Final = "/desk/overzicht"
GAPS: Final = 10
NONE: Final = "geen afgesloten vragen"
TEXTS: Final = {
    "rij": ("Nu in de rij", "Hoeveel vragen er per klasse wachten, en hoe lang de eerste al wacht."),
    "belofte": ("Binnen de beloofde tijd", "Van de afgesloten vragen: hoeveel een mens op tijd beantwoordde."),
    "wachten": (
        "Hoe lang de vrager wachtte",
        "In openingstijd, tot een mens antwoordde: de helft wachtte niet langer dan dit.",
    ),
    "wie": (
        "Pluis of een mens",
        "Wat Pluis zelf beantwoordde, en wat er werd van de afgesloten vragen aan de helpdesk.",
    ),
    "waarom": ("Waarom bij een mens", "Waardoor de vraag bij de helpdesk kwam."),
    "waarmee": ("Waarmee afgesloten", "De categorie die de medewerker koos, of ingetrokken door de vrager."),
    "weken": ("Afgesloten per week", "Een week begint op maandag."),
    "ontbreekt": (
        "Wat er in de kennis ontbreekt",
        "Vragen waarop Pluis geen antwoord had, bij het onderwerp dat het dichtst in de buurt kwam.",
    ),
}
UNITS: Final = {"belofte": "%", "wachten": "minuten"}  # of the numbers of a chart, where it is no count
Overseer = Annotated[Staff, Depends(allowed(OVERVIEW))]


@router.get("/overzicht")
async def overview_page(services: ServicesDep, staff: Overseer, signed: SignedIn, dagen: int = 30) -> Response:
    """Show the figures of a period; of an unknown period those of 30 days."""
    days = _days(dagen)
    charts = await _charts(services, staff, days)
    since = told_date(_since(days))
    return page("desk/overview.html", signed, HERE_IS, charts=charts, days=days, periods=PERIODS, since=since)


@router.get("/overzicht.csv")
async def overview_file(services: ServicesDep, staff: Overseer, dagen: int = 30) -> Response:
    """Give the same figures as a file that spreadsheets read."""
    days = _days(dagen)
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";")
    rows.writerow(("onderdeel", "wat", "getal", "eenheid", "toelichting"))
    for one in await _charts(services, staff, days):
        unit = UNITS.get(one.id, "aantal")
        rows.writerows((one.title, bar.label, f"{bar.number:g}".replace(".", ","), unit, bar.told) for bar in one.bars)
    name = f"overzicht-{_since(days)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(f"\ufeff{written.getvalue()}", media_type="text/csv; charset=utf-8", headers=headers)


async def _charts(services: Services, staff: Staff, days: int) -> list[Chart]:
    """Read the figures and draw them; that they were read is recorded."""
    desk, sessions, since, today = desk_of(services), services.parts.sessions, _since(days), _today()
    entry = Entry(Event.OVERVIEW_READ, staff.id, staff.roles, Kind.OVERVIEW, f"{days} dagen")
    read, figures, gaps, _ = await asyncio.gather(
        asyncio.to_thread(read_overview, sessions, since, today, services.chat.store.clock()),
        asyncio.to_thread(read_figures, sessions, since, today),
        asyncio.to_thread(read_gaps, sessions, since),
        asyncio.to_thread(services.audit.note, entry),
    )
    classes = {one.id: f"{one.id} {one.title}" for one in desk.rules.triage.classes}
    who = {
        "Gesprekken met Pluis": sum(figures.counts[Counted.OPENED].values()),
        "Kennisvragen, beantwoord door Pluis": sum(figures.counts[Counted.ANSWERED].values()),
        "Adviezen, gegeven door Pluis": sum(figures.counts[Counted.OUTCOME].values()),
        "Vragen, beantwoord door een mens": read.by_person,
        "Vragen, afgesloten zonder antwoord": read.asked - read.by_person,
    }
    counts = {
        "wie": who,
        "waarom": _named(GROUNDS, read.grounds),
        "waarmee": _named(services.parts.desk_content.categories, read.categories),
        "weken": {told_date(monday): number for monday, number in read.weeks.items()},
        "ontbreekt": {gap.title or gap.topic: gap.count for gap in gaps[:GAPS]},
    }
    counted = [_chart(anchor, [(label, number, str(number)) for label, number in rows.items()])
               for anchor, rows in counts.items()]  # fmt: skip
    return [*_of_classes(read, classes, services.chat.store.clock()), *counted]


def _of_classes(read: Overview, classes: Mapping[str, str], now: float) -> list[Chart]:
    queue = [(label, read.now.get(name)) for name, label in classes.items()]
    closed = [(label, read.classes.get(name)) for name, label in classes.items()]
    return [
        _chart("rij", [(label, one.waiting if one else 0, _waiting(one, now)) for label, one in queue]),
        _chart("belofte", [(label, *_kept(one)) for label, one in closed], most=100),
        _chart("wachten", [(label, *_waited(one)) for label, one in closed]),
    ]


def _chart(anchor: str, rows: Iterable[tuple[str, float, str]], most: float | None = None) -> Chart:
    title, text = TEXTS[anchor]
    return chart(anchor, title, text, rows, most)


def _kept(one: Answered | None) -> tuple[float, str]:
    if one is None or not one.closed:
        return 0.0, NONE
    share = 100 * one.within / one.closed
    return share, f"{share:.0f}% ({one.within} van {one.closed})"


def _waited(one: Answered | None) -> tuple[float, str]:
    if one is None or not one.closed:
        return 0.0, NONE
    if not one.answered:
        return 0.0, "geen antwoord van een mens"
    return one.half / 60, f"{_duration(one.half)}; negen van de tien niet langer dan {_duration(one.most)}"


def _waiting(one: Waiting | None, now: float) -> str:
    if one is None:
        return "0"
    late = f"; {one.late} te laat (ook die bij collega's)" if one.late else ""
    since = f"; de eerste wacht al {_duration(now - one.since)}" if one.since is not None else ""
    return f"{one.waiting}{late}{since}"


def _named(names: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, int]:
    """Put the counts under their Dutch names, in the order of these; what has no name stands under its own."""
    known = {label: counts.get(name, 0) for name, label in names.items()}
    return known | {name.capitalize(): number for name, number in counts.items() if name not in names}


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} uur"


def _days(asked: int) -> int:
    return asked if asked in PERIODS else min(PERIODS)


def _today() -> date:
    return datetime.now(UTC).date()


def _since(days: int) -> date:
    return _today() - timedelta(days=days - 1)

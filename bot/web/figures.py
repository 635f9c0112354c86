"""`/cijfers`: how Pluis is used, in counts without text; what is small enough to point to someone is not shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from bot.case import told_date
from bot.knowledge import read_totals
from bot.statistics import LEAST, Figures, Kind, read_figures, shown
from bot.web.charts import Chart, chart
from bot.web.pages import READING, templates
from bot.web.services import ServicesDep

router = APIRouter(include_in_schema=False)

PERIODS = {30: "30 dagen", 90: "3 maanden", 365: "een jaar"}
PHASES = {
    "case": "Een casus begonnen",
    "gevoel": "Verteld om wie het gaat",
    "feiten": "Feiten verzameld",
    "weging": "Gewogen",
    "advies": "Advies gekregen",
    "besluit": "Zelf besloten",
    "opzet": "Gesprek voorbereid",
    "afronding": "Afgerond",
}
OUTCOMES = {
    "call_112": "Bel 112",
    "acute_contact": "Vandaag Veilig Thuis, met spoed",
    "honour_expert": "Deskundige eergerelateerd geweld",
    "report": "Melden bij Veilig Thuis",
    "ask_advice_now": "Advies vragen aan Veilig Thuis",
    "consult": "Overleggen met een collega",
    "observe": "Verder kijken",
}
CHANNELS = {"directline": "Op een webpagina", "msteams": "In Teams"}


@router.get("/cijfers")
async def figures(services: ServicesDep, dagen: int = 30) -> HTMLResponse:
    """Show the counts of a period; of an unknown period those of 30 days."""
    days = dagen if dagen in PERIODS else min(PERIODS)
    today = datetime.now(UTC).date()
    since = today - timedelta(days=days - 1)
    sessions = services.parts.sessions
    read, totals = await asyncio.gather(
        asyncio.to_thread(read_figures, sessions, since, today), asyncio.to_thread(read_totals, sessions, since)
    )
    answered = sum(read.counts[Kind.ANSWERED].values())
    knowledge = {
        "Beantwoord in een gesprek": answered,
        "Vragen zonder antwoord": totals.unanswered,
        "Duim omhoog": totals.up,
        "Duim omlaag": totals.down,
    }
    html = templates().get_template("figures.html").render(
        charts=[*_charts(read), _chart("kennis", "Kennis", "Vragen over de kennis, en wat men van de antwoorden vond.",
                                       knowledge.items())],
        days=days, periods=PERIODS, least=LEAST, since=told_date(since), kept=services.settings.statistics_days,
        opened=shown(sum(read.counts[Kind.OPENED].values())),
    )  # fmt: skip
    return HTMLResponse(html, headers={"Content-Security-Policy": READING})


def _charts(read: Figures) -> list[Chart]:
    return [
        _chart("weken", "Gesprekken per week", "Hoe vaak Pluis werd geopend. Een week begint op maandag.",
               ((told_date(monday), number) for monday, number in read.weeks.items())),
        _chart("kanalen", "Waar", "Waar Pluis werd geopend.", _named(CHANNELS, read.counts[Kind.OPENED])),
        _chart("fasen", "Hoe ver men komt", "Hoe vaak een casus in een fase kwam. Wie teruggaat, kan twee keer tellen.",
               _named(PHASES, read.counts[Kind.REACHED], others=False)),
        _chart("uitkomsten", "Welk advies", "Hoe vaak een advies is gegeven, ook na een gesprek opnieuw.",
               _named(OUTCOMES, read.counts[Kind.OUTCOME])),
    ]  # fmt: skip


def _named(names: Mapping[str, str], counts: Mapping[str, int], *, others: bool = True) -> list[tuple[str, int]]:
    """Put the counts under their Dutch names, in the order of these; the rest together as “Anders”."""
    rest = sum(number for name, number in counts.items() if name not in names) if others else 0
    return [(label, counts.get(name, 0)) for name, label in names.items()] + ([("Anders", rest)] if rest else [])


def _chart(anchor: str, title: str, text: str, rows: Iterable[tuple[str, int]]) -> Chart:
    numbers = [(label, shown(number)) for label, number in rows]
    few = f"minder dan {LEAST}"
    return chart(anchor, title, text, [(label, number or 0, few if number is None else str(number))
                                       for label, number in numbers])  # fmt: skip

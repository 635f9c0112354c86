"""Groups as pages for trainers: to whom a dialogue is given, the code to hand out, and how it went without names."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request, Response

from bot.audit import Entry, Event, Kind
from bot.case import told_date
from bot.practice import Dialogue, slug
from bot.staff import Staff
from bot.studio import (
    LONGEST_NAME,
    LONGEST_OPEN,
    OPEN_DAYS,
    SHIPPED,
    Group,
    NotInPlayError,
    Ref,
    Report,
    Row,
    State,
    StudioError,
    TooFew,
    UnknownVersionError,
    UnplayableError,
    ending_rows,
    goal_rows,
    group_report,
    progress_rows,
    scene_rows,
)
from bot.web import problems
from bot.web.pieces import go, page
from bot.web.problems import Problem
from bot.web.services import Services, ServicesDep, base_url
from bot.web.staffed import SignedIn, names_of
from bot.web.studio.reporting import cells, told
from bot.web.studio.trainers import Trainer

router = APIRouter(prefix="/studio/groepen", include_in_schema=False)

HERE_IS: Final = "/studio/groepen"
PARTS: Final[Mapping[str, tuple[str, Callable[[Report], Sequence[Row]]]]] = {  # files, and what they are called
    "scenes": ("scènes", scene_rows), "leerdoelen": ("leerdoelen", goal_rows), "eindes": ("eindes", ending_rows),
    "pogingen": ("vaker oefenen", progress_rows),
}  # fmt: skip
NO_DAY: Final = "Kies een dag, bijvoorbeeld 2027-03-31."
Text = Annotated[str, Form()]


@router.get("")
async def groups_page(
    services: ServicesDep, staff: Trainer, signed: SignedIn, gesprek: str = "", versie: int = SHIPPED
) -> Response:
    """Show the groups, and the form to give a dialogue to one; `gesprek` and `versie` are chosen in it."""
    values = await asyncio.to_thread(_listed, services, staff)
    chosen = str(Ref(gesprek, versie)) if gesprek else ""
    offered = {value for _, options in values["offered"] for value, _ in options}
    fault = str(NotInPlayError()) if chosen and chosen not in offered else ""
    return page("studio/groups.html", signed, HERE_IS, chosen=chosen, fault=fault, **values)


@router.post("")
async def give(
    request: Request, services: ServicesDep, staff: Trainer, gesprek: Text = "", naam: Text = "", tot: Text = ""
) -> Response:
    """Give a dialogue to a group."""
    group = await asyncio.to_thread(services.studio.groups.give, staff, Ref.parse(gesprek), naam, _day(tot))
    return go(request, f"{HERE_IS}/{group.id}")


@router.get("/{group_id}")
async def group_page(
    request: Request, services: ServicesDep, staff: Trainer, signed: SignedIn, group_id: str
) -> Response:
    """Show a group: how to hand it out, and its report; that this was read is recorded."""
    group = await asyncio.to_thread(services.studio.groups.find, group_id)
    values = await asyncio.to_thread(_shown, services, staff, group)
    link = f"{base_url(request, services.settings)}/studio/play/groep/{group.code}"
    return page("studio/group.html", signed, HERE_IS, link=link, **values)


@router.get("/{group_id}/{part}.csv")
async def group_file(services: ServicesDep, staff: Trainer, group_id: str, part: str) -> Response:
    """Give a part of the report as a file that spreadsheets read."""
    if part not in PARTS:
        raise Problem(problems.NOT_FOUND)
    _, rows = PARTS[part]
    group = await asyncio.to_thread(services.studio.groups.find, group_id)
    _, report = await asyncio.to_thread(_report, services, staff, group)
    if isinstance(report, TooFew):
        raise Problem(problems.CONFLICT, report.notice)
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(cells(rows(report)))
    name = f"{slug(group.name, 'groep')}-{part}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(f"\ufeff{written.getvalue()}", media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/{group_id}/sluit")
async def close(request: Request, services: ServicesDep, staff: Trainer, group_id: str) -> Response:
    """Close a group now."""
    await asyncio.to_thread(services.studio.groups.close, staff, group_id)
    return go(request, f"{HERE_IS}/{group_id}")


# -- inside ------------------------------------------------------------------------------------------------------------


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Problem(problems.INVALID, NO_DAY) from None


def _listed(services: Services, staff: Staff) -> dict[str, Any]:
    """Return all groups, this trainer's first, and what can be given to one."""
    groups, names, today = services.studio.groups, names_of(services), services.studio.groups.today()
    titles, counts = {one.id: one.title for one in services.studio.store.all()}, services.studio.tries.counts()
    rows = [
        {**_row(group, today), "mine": group.author == staff.id, "by": names.get(group.author, "een collega"),
         "title": titles.get(group.ref.dialogue, group.ref.dialogue), "shared": counts.get(group.id, 0)}
        for group in groups.all()
    ]  # fmt: skip
    return {
        "parts": [
            ("Jouw groepen", [row for row in rows if row["mine"]]),
            ("Groepen van collega's", [row for row in rows if not row["mine"]]),
        ],
        "offered": list(_offered(services)),
        "longest": LONGEST_NAME,
        "today": today,
        "until": today + timedelta(days=OPEN_DAYS),
        "last": today + timedelta(days=LONGEST_OPEN),
    }


def _row(group: Group, today: date) -> dict[str, Any]:
    return {
        "id": group.id, "name": group.name, "code": f"{group.code[:4]}-{group.code[4:]}",
        "open": group.is_open(today), "until": told_date(group.until), "version": group.ref.number,
    }  # fmt: skip


def _offered(services: Services) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield what comes with Pluis and what of trainers is in play, each as a version and what it is called."""
    store = services.studio.store
    listed = store.all()
    yield "Van Pluis", [(str(Ref(one.id, SHIPPED)), one.title) for one in listed if one.state is State.SHIPPED]
    yield "Van trainers", [
        (str(version.ref), f"{one.title} (versie {version.ref.number})")
        for one in listed if one.state is State.PUBLISHED for version in store.versions(one.id) if version.in_play
    ]  # fmt: skip


def _shown(services: Services, staff: Staff, group: Group) -> dict[str, Any]:
    """Return a group with its report, or with why there is none."""
    names, today = names_of(services), services.studio.groups.today()
    values = {
        "group": _row(group, today), "by": "" if group.author == staff.id else names.get(group.author, "een collega"),
        "days": services.settings.group_days, "playable": _playable(services, group),
        "parts": {part: name for part, (name, _) in PARTS.items()},
    }  # fmt: skip
    try:
        dialogue, report = _report(services, staff, group)
    except (UnknownVersionError, UnplayableError) as error:
        return values | {"title": group.ref.dialogue, "notice": str(error), "report": None}
    if isinstance(report, TooFew):
        return values | {"title": dialogue.title, "notice": report.notice, "report": None}
    return values | {"title": dialogue.title, "notice": "", "report": told(dialogue, report)}


def _playable(services: Services, group: Group) -> bool:
    try:
        services.studio.store.play(group.ref)
    except StudioError:
        return False
    return True


def _report(services: Services, staff: Staff, group: Group) -> tuple[Dialogue, Report | TooFew]:
    """Return the version of a group and its report; that figures were read is recorded. Raises UnknownVersionError,
    UnplayableError."""
    dialogue = services.studio.store.dialogue(group.ref)
    report = group_report(dialogue, services.studio.tries.of(group.id))
    if isinstance(report, Report):
        services.audit.note(Entry(Event.OVERVIEW_READ, staff.id, staff.roles, Kind.PRACTICE, group.id))
    return dialogue, report

"""Reads what the pages of the desk show, of what this staff member may see; to others a question does not exist."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any, Final, TypeVar

from bot.channels import Desk, EmptyError, LeftOutError, TooLongError
from bot.helpdesk import DeskError, QuestionRow, UnknownQuestionError, questions
from bot.helpdesk.models import CLAIMED, CLOSED, WAITING
from bot.staff import SignIn, Staff
from bot.web import problems
from bot.web.desk.shown import CHANNELS, GROUNDS, PHASES, Said, groups, said, shown
from bot.web.problems import Problem
from bot.web.services import Services
from bot.web.staffed import names_of

T = TypeVar("T")
READ: Final = "question.read"
URGENT: Final = "question.read_urgent"
WORK: Final = "question.work"
LOWER: Final = "question.lower"
REASSIGN: Final = "question.reassign"


def desk_of(services: Services) -> Desk:
    """Return the desk. Raises Problem where there is none."""
    if services.desk is None:
        raise Problem(
            problems.NOT_FOUND, "Er is hier geen helpdesk. De beheerder zet openingstijden in PLUIS_DESK_HOURS."
        )
    return services.desk


def _ranks(services: Services, staff: Staff) -> list[int]:
    classes = desk_of(services).rules.triage.classes
    return [rank for rank, one in enumerate(classes) if staff.may(URGENT) or not one.urgent]


async def readable(services: Services, staff: Staff, question: str) -> QuestionRow:
    """Return a question that this staff member may see; to others it does not exist."""
    ranks = _ranks(services, staff)

    def find() -> QuestionRow:
        with services.parts.sessions() as session:
            row = questions.find(session, question)
        if row.rank not in ranks and staff.id not in (row.owner, row.offered_to):
            raise UnknownQuestionError("Deze vraag bestaat niet, of is voor een andere rol.")
        return row

    return await run(find)


async def run(work: Callable[[], T]) -> T:
    """Do something with the desk, in a thread; what it refuses becomes a problem."""
    try:
        return await asyncio.to_thread(work)
    except UnknownQuestionError as error:
        raise Problem(problems.NOT_FOUND, str(error)) from None
    except (EmptyError, TooLongError) as error:
        raise Problem(problems.INVALID, str(error)) from None
    except LeftOutError:
        raise
    except DeskError as error:
        raise Problem(problems.CONFLICT, str(error)) from None


def queue_of(services: Services, staff: Staff) -> dict[str, Any]:
    """Return the queue as this staff member sees it."""
    desk, ranks, now = desk_of(services), _ranks(services, staff), services.chat.store.clock()
    names = names_of(services)
    with services.parts.sessions() as session:
        rows = [shown(row, desk.rules.triage, staff.id, names, now) for row in questions.queue(session, ranks)]
        closed = [
            shown(row, desk.rules.triage, staff.id, names, now) for row in questions.closed_by(session, staff.id, 5)
        ]
        waiting = questions.counts(session)
    hidden = sum(number for rank, number in waiting.items() if rank not in ranks)
    late = sum(row.late for row in rows)
    return {
        "groups": [*groups(rows), *([("Door jou afgesloten", closed)] if closed else ())],
        "hidden": hidden,
        "late": late,
        "waiting": sum(row.state == WAITING for row in rows),
        "staff": staff,
        "any": bool(rows),
    }


def first_waiting(services: Services, staff: Staff) -> str | None:
    """Return the question that waits and has most haste."""
    with services.parts.sessions() as session:
        rows = questions.queue(session, _ranks(services, staff))
        return next((row.id for row in rows if row.state == WAITING), None)


def colleagues_of(services: Services, staff: Staff, row: QuestionRow) -> dict[str, str]:
    """Return the colleagues who may work on a question, by account."""
    urgent = desk_of(services).rules.triage.named(row.class_id).urgent
    found = {}
    for account in services.staff.accounts.all():
        other = services.staff.roles.staff(account.id, account.name, account.role_ids)
        fits = other.may(WORK) and (other.may(URGENT) or not urgent)
        if fits and not account.disabled and account.id != staff.id:
            found[account.id] = f"{account.name} ({other.title})"
    return found


def said_in(services: Services, conversation: str, after: int) -> list[Said]:
    """Return what was said in a conversation after a number, as it is read."""
    return said(bodies_in(services, conversation, after))


def bodies_in(services: Services, conversation: str, after: int = 0) -> list[dict[str, Any]]:
    """Return what was said in a conversation after a number, as activities."""
    store, found = services.chat.store, list[dict[str, Any]]()
    while True:
        bodies, reached = store.after(conversation, after)
        found += bodies
        if not bodies or reached == after:
            return found
        after = reached


def question_of(services: Services, staff: Staff, signed: SignIn, row: QuestionRow) -> dict[str, Any]:
    """Return how a question stands, and what this staff member can do with it."""
    desk, names = desk_of(services), names_of(services)
    with services.parts.sessions() as session:
        notes = questions.notes(session, row.id)
    classes, at = desk.rules.triage.classes, row.rank
    professions = {**services.parts.professions, "": "niet gezegd"}
    return {
        "question": row,
        "shown": shown(row, desk.rules.triage, staff.id, names, services.chat.store.clock()),
        "notes": [(names.get(note.author, "een collega"), desk.told(note.at), note.text) for note in notes],
        "heavier": classes[:at],
        "lighter": classes[at + 1 :],
        "lower_by": names.get(row.lower_by or "", "een collega"),
        "may_agree": staff.may(LOWER) and row.lower_by != staff.id,
        "staff": staff,
        "colleagues": colleagues_of(services, staff, row),
        "offered_name": names.get(row.offered_to or "", ""),
        "categories": services.parts.desk_content.categories,
        "facts": {
            "Waarom bij een mens": GROUNDS.get(row.ground, row.ground),
            "Beroep": professions.get(row.profession, row.profession),
            "Waar in het gesprek": PHASES.get(row.phase, "aan het begin"),
            "Kanaal": CHANNELS.get(row.channel, row.channel),
        },
        "is_mine": row.state == CLAIMED and row.owner == staff.id,
        "is_closed": row.state == CLOSED,
        "csrf": signed.csrf,
        "key": secrets.token_urlsafe(12),
    }

"""What the pages of the desk show of a question and of what was said, in words for who works there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup

from bot.case import HERE, told_moment
from bot.helpdesk import Class, QuestionRow, TriageTable
from bot.helpdesk.models import CLAIMED, CLOSED, WAITING
from bot.web.rendering import rendered

CHANNELS: Final = {"directline": "Op een webpagina", "msteams": "In Teams"}
GROUNDS: Final = {
    "asked": "Vroeg zelf om een mens",
    "missed": "Pluis begreep het twee keer niet",
    "unanswered": "Geen antwoord in de kennis",
    "advised": "Het advies noemt een mens",
    "danger": "Er was gevaar, en er is gebeld",
}
PHASES: Final = {
    "kennismaking": "kennismaking", "gevoel": "onderbuikgevoel", "feiten": "feiten verzamelen", "weging": "weging",
    "besluit": "besluit na het advies", "opzet": "gesprek voorbereiden", "afronding": "afronding",
}  # fmt: skip
SHORT: Final = 90


@dataclass(frozen=True)
class Shown:
    """A question as it stands in the queue."""

    id: str
    label: Class
    asks: str
    promised_at: float
    promised: str
    arrived: str
    state: str
    mine: bool
    offered: bool
    owner: str
    late: bool
    escalated: bool
    unread: bool
    lower: bool


@dataclass(frozen=True)
class Said:
    """One thing that was said: by whom, when, as safe HTML, and the buttons that came with it."""

    number: int
    who: str  # user | pluis | person
    name: str
    time: str
    html: Markup
    choices: tuple[str, ...]


def shown(row: QuestionRow, table: TriageTable, staff: str, names: Mapping[str, str], now: float) -> Shown:
    """Put a question in words; `names` are those of colleagues, by account."""
    answered = row.answered_at is not None
    return Shown(
        id=row.id,
        label=table.named(row.class_id),
        asks=shortened(row.asks),
        promised_at=0.0 if answered or row.state == CLOSED else row.promised_at,
        promised=told_moment(datetime.fromtimestamp(row.promised_at, HERE)),
        arrived=told_moment(datetime.fromtimestamp(row.created_at, HERE)),
        state=row.state,
        mine=row.state == CLAIMED and row.owner == staff,
        offered=row.state == CLAIMED and row.offered_to == staff,
        owner=names.get(row.owner or "", "een collega") if row.state == CLAIMED else "",
        late=row.promised_at < now and not answered and row.state != CLOSED,
        escalated=row.late_at is not None and not answered,
        unread=row.state == CLAIMED and row.user_at > (row.staff_at or 0.0),
        lower=row.lower_to is not None,
    )


def groups(rows: Sequence[Shown]) -> list[tuple[str, list[Shown]]]:
    """Order the queue as it is worked: what is asked of me, what is mine, what waits, what others have."""
    asked = [row for row in rows if row.offered]
    mine = [row for row in rows if row.mine]
    waiting = [row for row in rows if row.state == WAITING]
    others = [row for row in rows if row.state == CLAIMED and not row.mine and not row.offered]
    named = (("Aan jou gevraagd", asked), ("Van jou", mine), ("Wacht", waiting), ("Bij een collega", others))
    return [(name, found) for name, found in named if found]


def said(activities: Iterable[Mapping[str, Any]]) -> list[Said]:
    """Put what was said in the form in which it is read."""
    return [made for body in activities if (made := _said(body)) is not None]


def _said(body: Mapping[str, Any]) -> Said | None:
    if body.get("type") != "message":
        return None
    text, by_user = str(body.get("text") or ""), body["from"].get("role") == "user"
    cards = [str(card.get("content", {}).get("fallbackText") or "") for card in body.get("attachments") or ()]
    shown_text = "\n\n".join(part for part in (text, *cards) if part.strip())
    actions = (body.get("suggestedActions") or {}).get("actions") or ()
    choices = tuple(str(action["title"]) for action in actions)
    if not shown_text and not choices:
        return None
    person = (body.get("channelData") or {}).get("pluis") == "person"
    who = "user" if by_user else "person" if person else "pluis"
    html = plain(shown_text) if by_user else rendered(shown_text)
    moment = datetime.fromisoformat(str(body["timestamp"])).astimezone(HERE)
    name = {"user": "De vrager", "person": "Helpdesk", "pluis": "Pluis"}[who]
    number = int(str(body["id"]).rsplit("|", 1)[1])
    return Said(number, who, name, f"{moment.hour}.{moment.minute:02}", html, choices)


def plain(text: str) -> Markup:
    """Show what someone typed as it was typed."""
    return Markup("<p>{}</p>").format(Markup("<br>").join(text.splitlines()))


def shortened(text: str) -> str:
    """Shorten a text at a word."""
    flat = " ".join(text.split())
    return flat if len(flat) <= SHORT else flat[:SHORT].rsplit(" ", 1)[0] + " …"

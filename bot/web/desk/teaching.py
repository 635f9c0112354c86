"""Teaching the bot, as pages: what staff propose from a closed question, and what an editor does with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Form, Request, Response

from bot.case import HERE, told_moment
from bot.channels import LeftOutError, Teaching
from bot.helpdesk import QuestionRow
from bot.knowledge import KnowledgeError, Topic, load_sources
from bot.markdown import typed
from bot.staff import Staff
from bot.teaching import FIELDS, Field, Kind, ProposalRow, State, TeachingError, title_of
from bot.teaching.proposals import JudgedError, UnknownProposalError
from bot.web import problems
from bot.web.desk.pieces import left_out
from bot.web.desk.reading import bodies_in, readable, run
from bot.web.desk.shown import shortened
from bot.web.pieces import form_key, go, page
from bot.web.problems import Problem
from bot.web.services import Services, ServicesDep
from bot.web.staffed import SignedIn, allowed, names_of

router = APIRouter(prefix="/desk", include_in_schema=False)

T = TypeVar("T")
PROPOSE: Final = "proposal.write"
REVIEW: Final = "proposal.review"
HERE_IS: Final = "/desk/voorstellen"
NEAR: Final = 5
LONGEST: Final = next(field.most for field in FIELDS[Kind.TOPIC] if field.name == "short")
LABELS: Final = {
    Kind.TOPIC: "Nieuw onderwerp",
    Kind.SENTENCE: "Zin die Pluis moet begrijpen",
    Kind.WRONG: "Een antwoord van Pluis klopt niet",
}
STATES: Final = {
    State.OPEN: "wacht op een redacteur",
    State.APPROVED: "goedgekeurd",
    State.REJECTED: "afgewezen",
    State.EXPORTED: "staat in de bestanden van Pluis",
}
NOT_RIGHT: Final = "De helpdesk gaf in een gesprek een ander antwoord."

Choices = Sequence[
    tuple[str, Sequence[tuple[str, str]]]
]  # groups with a title, each of values with what they are called
Proposer = Annotated[Staff, Depends(allowed(PROPOSE))]
Reviewer = Annotated[Staff, Depends(allowed(REVIEW))]
Text = Annotated[str, Form()]


@dataclass(frozen=True)
class TeachForm:
    """One kind of proposal as a form, with what is known of the conversation filled in."""

    kind: Kind
    label: str
    fields: tuple[Field, ...]
    values: Mapping[str, str]
    choices: Mapping[str, Choices]


# -- proposing ---------------------------------------------------------------------------------------------------------


@router.post("/vragen/{question}/leer/{kind}")
async def propose(
    request: Request, services: ServicesDep, staff: Proposer, question: str, kind: Kind, sleutel: Text = "",
    zeker: Text = "",
) -> Response:  # fmt: skip
    """Propose something from a closed question."""
    row = await readable(services, staff, question)
    mine = {field.name for field in FIELDS[kind] if not field.review}
    given = {name: value for name, value in (await _given(request)).items() if name in mine}
    await asyncio.to_thread(_check_choices, services, given)

    def do() -> None:
        _teaching(services).propose(row.id, staff, kind, given, form_key(sleutel), sure=zeker == "1")

    try:
        await _run(do)
    except LeftOutError as left:
        return left_out(left, sends="Zo voorstellen", form=f"leer-{kind}-form", name="zeker", value="1")
    return go(request, f"/desk/vragen/{row.id}")


def teach_of(services: Services, row: QuestionRow) -> dict[str, Any]:
    """Return what can be proposed from a closed question, and what was."""
    bodies = bodies_in(services, row.conversation_id)
    topics, near = _topics(services), _near(services, row.asks)
    told = [topic for topic in topics if any(_tells(body, topic) for body in bodies)]
    answers = [answer for body in bodies if 0 < len(answer := _answer(body)) <= LONGEST]
    asks = " ".join(row.asks.split())
    values: Mapping[Kind, Mapping[str, str]] = {
        Kind.TOPIC: {"title": asks[:100], "short": max(answers, key=len, default=""), "questions": asks[:500]},
        Kind.SENTENCE: {"text": asks[:500], "means": f"topic:{near[0].id}" if near else ""},
        Kind.WRONG: {"topic": told[-1].id if told else "", "what": NOT_RIGHT},
    }  # fmt: skip
    choices = {"means": _meanings(services, [*told, *near]), "topic": _choices_of(told, topics)}
    forms = [
        TeachForm(kind, LABELS[kind], tuple(one for one in FIELDS[kind] if not one.review), values[kind], choices)
        for kind in Kind
    ]
    made = [
        f"Voorgesteld: {_lower(LABELS[Kind(one.kind)])}. {_upper(STATES[State(one.state)])}."
        + (f" Reden: {one.why}" if one.why else "")
        for one in _teaching(services).of_conversation(row.conversation_id)
    ]
    return {"forms": forms, "made": made}


def _tells(body: Mapping[str, Any], topic: Topic) -> bool:
    """Tell whether Pluis told a topic here: it begins with its title."""
    return body["from"].get("role") != "user" and str(body.get("text") or "").startswith(f"**{topic.title}**")


def _answer(body: Mapping[str, Any]) -> str:
    """Return the words of an answer of staff, which stand beneath their title."""
    if (body.get("channelData") or {}).get("pluis") != "person":
        return ""
    head, _, words = str(body.get("text") or "").partition("\n\n")
    return typed(words.strip()) if head == f"**{body['from'].get('name')}**" else ""


# -- reviewing ---------------------------------------------------------------------------------------------------------


@router.get("/voorstellen")
async def proposals_page(services: ServicesDep, staff: Reviewer, signed: SignedIn) -> Response:
    """Show what was proposed; that it was listed is recorded."""
    await asyncio.to_thread(_teaching(services).listed, staff)
    groups = await asyncio.to_thread(_groups, services)
    return page("desk/proposals.html", signed, HERE_IS, groups=groups, proposal=None)


@router.get("/voorstellen/{proposal}")
async def proposal_page(services: ServicesDep, staff: Reviewer, signed: SignedIn, proposal: str) -> Response:
    """Show one proposal; that it was read is recorded."""
    row = await _run(lambda: _teaching(services).read(proposal, staff))
    groups, values = await asyncio.to_thread(lambda: (_groups(services), _judged(services, row)))
    return page("desk/proposals.html", signed, HERE_IS, groups=groups, proposal=row, **values)


@router.post("/voorstellen/{proposal}/goed")
async def approve(
    request: Request, services: ServicesDep, staff: Reviewer, proposal: str, zeker: Text = ""
) -> Response:
    """Approve a proposal as it now reads; whatever does not fit in the files is told."""
    given = await _given(request)
    await asyncio.to_thread(_check_choices, services, given)
    try:
        await _run(lambda: _teaching(services).approve(proposal, staff, given, sure=zeker == "1"))
    except LeftOutError as left:
        return left_out(left, sends="Zo goedkeuren", form="voorstelform", name="zeker", value="1")
    return go(request, HERE_IS)


@router.post("/voorstellen/{proposal}/af")
async def reject(request: Request, services: ServicesDep, staff: Reviewer, proposal: str, reden: Text = "") -> Response:
    """Reject a proposal, with a reason."""
    await _run(lambda: _teaching(services).reject(proposal, staff, reden))
    return go(request, HERE_IS)


@router.post("/voorstellen/{proposal}/terug")
async def reopen(request: Request, services: ServicesDep, staff: Reviewer, proposal: str) -> Response:
    """Take back an approval."""
    await _run(lambda: _teaching(services).reopen(proposal, staff))
    return go(request, f"{HERE_IS}/{proposal}")


# -- inside ------------------------------------------------------------------------------------------------------------


def _teaching(services: Services) -> Teaching:
    if services.teaching is None:
        raise Problem(problems.NOT_FOUND, "Er is hier geen helpdesk.")
    return services.teaching


async def _run(work: Callable[[], T]) -> T:
    """Do something with a proposal, in a thread; what it refuses becomes a problem."""
    try:
        return await run(work)
    except UnknownProposalError as error:
        raise Problem(problems.NOT_FOUND, str(error)) from None
    except JudgedError as error:
        raise Problem(problems.CONFLICT, str(error)) from None
    except TeachingError as error:
        raise Problem(problems.INVALID, str(error)) from None


async def _given(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _check_choices(services: Services, given: Mapping[str, str]) -> None:
    """Raise Problem when something was chosen that is not offered: what is chosen goes through no privacy door."""
    topics = {topic.id for topic in _topics(services)}
    means = {f"topic:{name}" for name in topics} | {f"intent:{name}" for name in services.parts.desk_content.intents}
    for name, offered in (("topic", topics), ("means", means)):
        if (chosen := given.get(name, "").strip()) and chosen not in offered:
            raise Problem(problems.INVALID, "Kies iets uit de lijst.")


def _groups(services: Services) -> list[tuple[str, list[dict[str, str]]]]:
    names, by_id = names_of(services), {topic.id: topic for topic in _topics(services)}
    return [
        (title, [
            {"id": row.id, "label": LABELS[Kind(row.kind)], "title": shortened(_title(row, by_id)),
             "when": f"{_told(row.created_at)}, {names.get(row.author, 'een collega')}"}
            for row in rows
        ])
        for title, rows in _teaching(services).all()
    ]  # fmt: skip


def _judged(services: Services, row: ProposalRow) -> dict[str, Any]:
    kind, names, values = Kind(row.kind), names_of(services), dict(row.content)
    topics = _topics(services)
    by_id = {topic.id: topic for topic in topics}
    meant = by_id.get(values.get("means", "").removeprefix("topic:"))
    near = _near(services, title_of(kind, values))
    if kind is Kind.TOPIC and not values.get("related"):
        values["related"] = "\n".join(topic.id for topic in near)
    sources = [(source.id, source.title) for source in load_sources(services.settings.data)]
    judged = f" Beoordeeld door {names.get(row.reviewer, 'een collega')}." if row.reviewer else ""
    return {
        "label": LABELS[kind],
        "title": _title(row, by_id),
        "told": f"{_upper(STATES[State(row.state)])}. Voorgesteld door {names.get(row.author, 'een collega')}, "
                f"{_told(row.created_at)}.{judged}",
        "fields": FIELDS[kind],
        "values": values,
        "choices": {
            "means": _meanings(services, [*([meant] if meant else []), *near]),
            "topic": _choices_of([], topics),
            "source": [("Bronnen", sources)],
        },
    }  # fmt: skip


def _title(row: ProposalRow, topics: Mapping[str, Topic]) -> str:
    """Return what a proposal is about; a topic by its title, while it is there."""
    told = title_of(Kind(row.kind), row.content)
    return topics[told].title if row.kind == Kind.WRONG and told in topics else told


def _meanings(services: Services, topics: Sequence[Topic]) -> Choices:
    each = {topic.id: topic for topic in topics}
    rest = sorted((topic.title, topic.id) for topic in _topics(services) if topic.id not in each)
    return [
        ("Vraagt naar dit onderwerp", [(f"topic:{topic.id}", topic.title) for topic in each.values()]),
        (
            "Doet of wil iets anders",
            [(f"intent:{name}", told) for name, told in services.parts.desk_content.intents.items()],
        ),
        ("Vraagt naar een ander onderwerp", [(f"topic:{name}", title) for title, name in rest]),
    ]


def _choices_of(first: Sequence[Topic], topics: Sequence[Topic]) -> Choices:
    rest = sorted((topic.title, topic.id) for topic in topics if topic not in first)
    return [
        ("In dit gesprek verteld", [(topic.id, topic.title) for topic in first]),
        ("Alle onderwerpen", [(name, title) for title, name in rest]),
    ]


def _topics(services: Services) -> Sequence[Topic]:
    try:
        return services.parts.topics()
    except KnowledgeError:
        raise Problem(problems.OUT, "De kennis is even niet te lezen.") from None


def _near(services: Services, text: str) -> list[Topic]:
    """Return the topics that come nearest to a text; none when the knowledge cannot be searched now."""
    by_id = {topic.id: topic for topic in _topics(services)}
    try:
        found = services.parts.search(text[:400], NEAR) if text.strip() else []
    except KnowledgeError:
        return []
    return [by_id[hit["topic"]] for hit in found if hit["topic"] in by_id]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _told(moment: float) -> str:
    return told_moment(datetime.fromtimestamp(moment, HERE))

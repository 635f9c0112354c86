"""Teaching as the conversations know it: what staff propose from a closed question goes through the privacy door, an
editor judges it, and who did what is recorded in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from bot.audit import Audit, Entry, Event
from bot.audit import Kind as Subject
from bot.channels.chat import Pseudonymiser, highest_person
from bot.channels.masking import EmptyError, LeftOutError, Masking
from bot.channels.store import Store
from bot.database import SessionFactory
from bot.helpdesk import LateError, questions
from bot.helpdesk.models import CLOSED
from bot.staff import Staff
from bot.teaching import FIELDS, Kind, ProposalRow, State, TeachingError, check, fill, proposals
from bot.teaching.content import Shape

LONGEST_WHY = 300
LAST = 50  # judged proposals that are shown


class Teaching:
    """What staff propose, and what becomes of it."""

    def __init__(self, sessions: SessionFactory, store: Store, door: Pseudonymiser, audit: Audit, data: Path) -> None:
        self._sessions, self._store, self._audit, self._data = sessions, store, audit, data
        self._masking, self.clock = Masking(door, store), store.clock

    def propose(
        self, question: str, staff: Staff, kind: Kind, given: Mapping[str, str], key: str, *, sure: bool = False
    ) -> None:
        """Keep a proposal from a closed question, once for its key.

        Raises TeachingError that names the field, LateError while the question is open, and unless `sure` LeftOutError
        when the privacy door takes something out.
        """
        content = fill(kind, given)
        with self._sessions() as session:
            row = questions.find(session, question)
        if row.state != CLOSED:
            raise LateError("Sluit de vraag eerst af. Daarna kun je iets voorstellen.")
        masked = _masked(kind, content, lambda text: self._masking.masked(row.conversation_id, text, sure=sure)[0])
        with self._changing() as session:
            persons = max(map(highest_person, masked.values()))
            self._store.hold(session, row.conversation_id, persons)  # two at once come one by one
            questions.find(session, question)
            made = proposals.add(
                session, kind, masked, conversation=row.conversation_id, author=staff.id, key=key, now=self.clock()
            )
            if made is not None:
                self._record(session, Event.PROPOSAL_WRITTEN, staff, made, kind.value)

    def listed(self, staff: Staff) -> None:
        """Record that someone opened the list, in which words of proposals stand."""
        self._audit.note(Entry(Event.PROPOSAL_READ, staff.id, staff.roles, Subject.PROPOSAL, "", "opent de lijst"))

    def read(self, proposal: str, staff: Staff) -> ProposalRow:
        """Return a proposal, and record that this staff member read it. Raises TeachingError when there is none."""
        with self._changing() as session:
            row = proposals.find(session, proposal)
            self._record(session, Event.PROPOSAL_READ, staff, proposal, "beoordeelt het voorstel")
            session.expunge(row)
        return row

    def approve(self, proposal: str, staff: Staff, given: Mapping[str, str], *, sure: bool = False) -> None:
        """Approve a proposal with the words that an editor gave it, when it fits in the files.

        Raises TeachingError with what is wrong; LeftOutError as `propose` does.
        """
        row = self.find(proposal)
        kind = Kind(row.kind)
        content = _masked(kind, fill(kind, given, review=True), lambda text: self._masking.alone(text, sure=sure))
        fill(kind, content, review=True)  # also of what the door made of it
        check(self._data, kind, content, date.today())
        with self._changing() as session:
            proposals.approve(session, proposal, staff.id, content, self.clock())
            self._record(session, Event.PROPOSAL_REVIEWED, staff, proposal, "goedgekeurd")

    def reject(self, proposal: str, staff: Staff, why: str) -> None:
        """Reject a proposal, with the reason for who made it. Raises EmptyError, TooLongError."""
        if len(why) > LONGEST_WHY:
            raise TeachingError(f"De reden is te lang: {len(why)} tekens, en er passen er {LONGEST_WHY} in.")
        masked = self._masking.alone(why, sure=True)
        with self._changing() as session:
            proposals.reject(session, proposal, staff.id, masked, self.clock())
            self._record(session, Event.PROPOSAL_REVIEWED, staff, proposal, "afgewezen")

    def reopen(self, proposal: str, staff: Staff) -> None:
        """Take back an approval that was not exported yet."""
        with self._changing() as session:
            proposals.reopen(session, proposal, self.clock())
            self._record(session, Event.PROPOSAL_REVIEWED, staff, proposal, "teruggenomen")

    def find(self, proposal: str) -> ProposalRow:
        """Return a proposal. Raises TeachingError when there is none."""
        with self._sessions() as session:
            return proposals.find(session, proposal)

    def all(self) -> list[tuple[str, list[ProposalRow]]]:
        """Return the proposals in the order in which an editor works, in groups with a title."""
        with self._sessions() as session:
            rows = proposals.of(session, list(State))
        ended = {State.REJECTED.value, State.EXPORTED.value}
        found = [
            ("Te beoordelen", [row for row in rows if row.state == State.OPEN.value]),
            ("Goedgekeurd, nog niet in de bestanden", [row for row in rows if row.state == State.APPROVED.value]),
            ("Afgehandeld", [row for row in reversed(rows) if row.state in ended][:LAST]),
        ]
        return [(title, group) for title, group in found if group]

    def of_conversation(self, conversation: str) -> list[ProposalRow]:
        """Return what was proposed from a conversation."""
        with self._sessions() as session:
            return list(proposals.of_conversation(session, conversation))

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        with self._sessions() as session, session.begin():
            yield session

    def _record(self, session: Session, event: Event, staff: Staff, proposal: str, why: str) -> None:
        self._audit.record(session, Entry(event, staff.id, staff.roles, Subject.PROPOSAL, proposal, why))


def _masked(kind: Kind, content: Mapping[str, str], through: Callable[[str], str]) -> dict[str, str]:
    """Take all that was typed through the door, and tell of all at once what it takes out."""
    found, left = dict(content), []
    for field in FIELDS[kind]:
        if field.shape is Shape.CHOICE or not found[field.name]:
            continue
        try:
            found[field.name] = through(found[field.name])
        except EmptyError as error:
            raise TeachingError(f"{field.label}: schrijf hier iets.") from error
        except LeftOutError as error:
            left.append(f"{field.label}: {error.text}")
    if left:
        raise LeftOutError("\n".join(left))
    return found

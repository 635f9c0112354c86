"""All reading and writing of conversations, one short transaction each.
Every transaction begins with its write, so that SQLite never has to refuse an upgrade of a read lock."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Update, case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.channels.activities import Offer, attach_choices
from bot.channels.clock import Clock
from bot.channels.errors import UnknownConversationError
from bot.channels.models import Activity, Conversation, Reply, Turn, Wipe
from bot.database import SessionFactory, empty_log
from bot.helpdesk import questions
from bot.statistics import Kind, count_one
from bot.teaching import proposals

PAGE = 200
_FIRST_PLACE = 4_000_000_000_000  # after every time in ms, by which the client sorts what has no place


@dataclass(frozen=True)
class Work:
    """A turn to send to the engine."""

    id: str
    conversation: str
    kind: str
    content: str
    attempt: int


@dataclass(frozen=True)
class Handed:
    """A reply that was handed out, and whether it still belongs to the present question."""

    offer: Offer
    current: bool
    used: bool


class Store:
    """The conversations in the database."""

    def __init__(self, sessions: SessionFactory, clock: Clock | None = None) -> None:
        self._sessions = sessions
        self.clock = clock or Clock()

    # -- conversations ---------------------------------------------------------------------------------------------

    def create(
        self,
        conversation: str,
        channel: str,
        base_url: str,
        first_payload: str,
        opening: Sequence[dict[str, Any]] = (),
    ) -> bool:
        """Begin a conversation with what `web` says first and a first turn; False when it is there already.

        Raises UnknownConversationError when it was wiped.
        """
        try:
            return self._create(conversation, channel, base_url, first_payload, opening)
        except IntegrityError:
            return False  # another began it at the same moment

    def _create(
        self, conversation: str, channel: str, base_url: str, first_payload: str, opening: Sequence[dict[str, Any]]
    ) -> bool:
        now = self.clock()
        with self._sessions() as session, session.begin():
            if session.get(Wipe, conversation) is not None:
                raise UnknownConversationError(conversation)
            if session.get(Conversation, conversation) is not None:
                return False
            row = Conversation(id=conversation, channel=channel, base_url=base_url, created_at=now, touched_at=now)
            session.add(row)
            session.flush()
            for said in opening:
                self._add_activity(session, conversation, said)
            self._add_turn(session, conversation, "payload", first_payload)
            count_one(session, Kind.OPENED, channel, datetime.fromtimestamp(now, UTC).date())
            return True

    def check(self, conversation: str) -> None:
        """Raise UnknownConversationError when there is no such conversation."""
        self.base_url(conversation)

    def is_wiped(self, conversation: str) -> bool:
        """Tell whether a conversation with this id was forgotten."""
        with self._sessions() as session:
            return session.get(Wipe, conversation) is not None

    def base_url(self, conversation: str) -> str:
        """Return the address under which this user sees Pluis."""
        with self._sessions() as session:
            url = session.scalar(select(Conversation.base_url).where(Conversation.id == conversation))
        if url is None:
            raise UnknownConversationError(conversation)
        return url

    def channel(self, conversation: str) -> str:
        """Return by which channel this user speaks with Pluis."""
        with self._sessions() as session:
            name = session.scalar(select(Conversation.channel).where(Conversation.id == conversation))
        if name is None:
            raise UnknownConversationError(conversation)
        return name

    def persons(self, conversation: str) -> int:
        """Return the highest number of a [persoon N] in this conversation."""
        with self._sessions() as session:
            return session.scalar(select(Conversation.persons).where(Conversation.id == conversation)) or 0

    def says(self, conversation: str, words: str) -> bool:
        """Tell whether these words stand in a message of this conversation."""
        query = select(Activity.body).where(Activity.conversation_id == conversation)
        with self._sessions() as session:
            return any(words in str(body.get("text")) for body in session.scalars(query))

    def lengths(self, conversations: Collection[str]) -> dict[str, int]:
        """Return how far each of these conversations is; a number that only grows."""
        query = select(Conversation.id, Conversation.next_number).where(Conversation.id.in_(conversations))
        with self._sessions() as session:
            return {name: number for name, number in session.execute(query)}

    def last_said(self, conversation: str) -> str:
        """Return what the user said last; an empty text when that is nothing yet."""
        query = select(Activity.body).where(Activity.conversation_id == conversation).order_by(Activity.number.desc())
        with self._sessions() as session:
            said = (str(body.get("text")) for body in session.scalars(query) if body["from"].get("role") == "user")
            return next(said, "")

    def is_kept(self, conversation: str, key: str | None) -> bool:
        """Tell whether the message with this key came before."""
        with self._sessions() as session:
            return self._said_before(session, conversation, key) is not None

    def after(self, conversation: str, watermark: int) -> tuple[list[dict[str, Any]], int]:
        """Return at most PAGE activities after `watermark`, and the new watermark. Raises UnknownConversationError."""
        self.check(conversation)
        query = select(Activity.number, Activity.body).where(
            Activity.conversation_id == conversation, Activity.number > watermark
        )
        with self._sessions() as session:
            rows = session.execute(query.order_by(Activity.number).limit(PAGE)).all()
        return [_placed(body) for _, body in rows], rows[-1][0] if rows else watermark

    # -- what the user says ----------------------------------------------------------------------------------------

    def hear(
        self,
        conversation: str,
        body: dict[str, Any],
        *,
        key: str | None,
        persons: int = 0,
        turn: tuple[str, str] | None = None,
        pressed: str | None = None,
        answer: Sequence[dict[str, Any]] = (),
    ) -> str | None:
        """Keep what the user said, in one go with the turn it makes or the answer that `web` gives by itself.

        A message that came before, by its key, is not kept again; its echo goes out again. While a person has the
        conversation, it makes no turn: she answers. None, and nothing kept, when the replies of which one was pressed
        have meanwhile been answered.
        """
        with self._sessions() as session, session.begin():
            self.hold(session, conversation, persons, touched_at=self.clock())  # from here on nothing else is heard
            if (known := self._said_before(session, conversation, key)) is not None:
                return self._echo(session, known, body)
            if pressed is not None and not self._claim(session, conversation, pressed):
                session.rollback()
                return None
            activity = self._add_activity(session, conversation, body, key)
            questions.heard(session, conversation, self.clock())
            if turn is not None and not questions.is_live(session, conversation):
                self._add_turn(session, conversation, *turn)
                session.execute(_of(conversation).values(open_offer=0))
            for said in answer:
                self._add_activity(session, conversation, said)
            return activity

    def say_once(self, conversation: str, body: dict[str, Any], key: str | None) -> None:
        """Say something by `web` itself, once for the message with this key."""
        with self._sessions() as session, session.begin():
            self.say_in(session, conversation, body, key)

    def hold(self, session: Session, conversation: str, persons: int = 0, **values: Any) -> None:
        """Have a conversation to oneself until the caller's transaction ends, and note the highest N of a [persoon N]
        in what is written of it. Comes before what hangs on it is changed, or two may wait for each other."""
        highest = case((Conversation.persons < persons, persons), else_=Conversation.persons)
        session.execute(_of(conversation).values(persons=highest, **values))

    def say_in(self, session: Session, conversation: str, body: dict[str, Any], key: str | None = None) -> bool:
        """Say something in the caller's transaction, once for its key; False when it was said before."""
        self.hold(session, conversation, touched_at=self.clock())
        if self._said_before(session, conversation, key) is not None:
            return False
        self._add_activity(session, conversation, body, key)
        return True

    def silence(self, session: Session, conversation: str) -> bool:
        """Let Pluis say nothing more of what it was asked, in the caller's transaction; tell whether there were words
        among that, which nothing weighed for danger yet."""
        waiting = (Turn.conversation_id == conversation) & (Turn.state == "waiting")
        has_words = session.scalar(select(Turn.id).where(waiting, Turn.kind == "text").limit(1)) is not None
        session.execute(update(Turn).where(waiting).values(state="done", content=""))
        session.execute(_of(conversation).values(open_offer=0))
        return has_words

    def resume(self, session: Session, conversation: str, payload: str) -> None:
        """Let Pluis go on by itself, in the caller's transaction."""
        self._add_turn(session, conversation, "payload", payload)

    def withdraw(self, conversation: str, key: str) -> None:
        """Leave nothing here of the words of a message, nor of what it was changed to: keys that begin with its own."""
        query = select(Activity).where(
            Activity.conversation_id == conversation, Activity.message_key.startswith(key, autoescape=True)
        )
        with self._sessions() as session, session.begin():
            session.execute(_of(conversation).values(touched_at=self.clock()))
            for said in session.scalars(query):
                if said.body["from"].get("role") == "user":
                    said.body = said.body | {"text": "…"}

    def reply(self, conversation: str, reply: str) -> Handed | None:
        """Return the reply with this id if it was handed out in this conversation."""
        query = select(Reply, Conversation.open_offer).join(Conversation, Conversation.id == Reply.conversation_id)
        with self._sessions() as session:  # one reading: a press at the same moment changes both
            found = session.execute(query.where(Reply.id == reply, Reply.conversation_id == conversation)).first()
            return Handed(found[0].as_offer(), found[0].offer == found[1], found[0].used) if found else None

    def open_offers(self, conversation: str) -> list[Offer]:
        """Return the replies of the last answer, in order, as long as nothing was said since."""
        number = select(Conversation.open_offer).where(Conversation.id == conversation).scalar_subquery()
        query = select(Reply).where(Reply.conversation_id == conversation, Reply.offer == number)
        with self._sessions() as session:
            return [row.as_offer() for row in session.scalars(query.order_by(Reply.position))]

    # -- turns -----------------------------------------------------------------------------------------------------

    def waiting(self) -> list[str]:
        """Return the conversations with a turn to answer."""
        with self._sessions() as session:
            return list(session.scalars(select(Turn.conversation_id).where(Turn.state == "waiting").distinct()))

    def take(self, conversation: str, owner: str, seconds: float) -> bool:
        """Claim a conversation's turns for one process, for some seconds; False when another has them.

        A claim far beyond any that is given is from before the clock was put back, and binds nobody.
        """
        now = self.clock()
        over = (Conversation.lease_until < now) | (Conversation.lease_until > now + 2 * seconds)
        free = over | (Conversation.lease_owner == owner)
        with self._sessions() as session, session.begin():
            query = _of(conversation).where(free).values(lease_owner=owner, lease_until=now + seconds)
            return _count(session, query) == 1

    def give_back(self, conversation: str, owner: str) -> None:
        """End a claim."""
        with self._sessions() as session, session.begin():
            session.execute(_of(conversation).where(Conversation.lease_owner == owner).values(lease_until=0.0))

    def next_turn(self, conversation: str) -> Work | None:
        """Count an attempt on the oldest waiting turn and return it."""
        query = select(Turn).where(Turn.conversation_id == conversation, Turn.state == "waiting").order_by(Turn.number)
        with self._sessions() as session, session.begin():
            turn = session.scalar(query.limit(1))
            if turn is None:
                return None
            turn.attempt += 1
            return Work(turn.id, conversation, turn.kind, turn.content, turn.attempt)

    def finish(
        self, work: Work, activities: Iterable[dict[str, Any]], offers: Sequence[Offer] = (), *, failed: bool = False
    ) -> bool:
        """Keep the answer of a turn and close it; False when it was answered before, wiped, or taken over meanwhile."""
        state = "failed" if failed else "done"
        close = update(Turn).where(Turn.id == work.id, Turn.state == "waiting").values(state=state, content="")
        with self._sessions() as session, session.begin():
            self.hold(session, work.conversation)
            if _count(session, close) != 1:
                return False
            number = 0
            for body in activities:
                self._add_activity(session, work.conversation, body)
            if offers:
                number = self._number(session, work.conversation)
            for position, offer in enumerate(offers):
                session.add(Reply.of(offer, work.conversation, number, position))
            session.execute(_of(work.conversation).values(outage_told=False, open_offer=number))
            return True

    def tell_outage(self, conversation: str, body: dict[str, Any]) -> bool:
        """Say that a part is out, unless that was said since the last answer."""
        with self._sessions() as session, session.begin():
            once = _of(conversation).where(Conversation.outage_told.is_(False)).values(outage_told=True)
            if _count(session, once) != 1 or questions.is_live(session, conversation):
                return False
            self._add_activity(session, conversation, body)
            return True

    # -- forgetting ------------------------------------------------------------------------------------------------

    def wipe(self, conversation: str, idle: float | None = None) -> bool:
        """Forget a conversation and note that the engine must too; False when it was not there, or with `idle` when
        something was said within so many seconds or it is kept for a question."""
        this = delete(Conversation).where(Conversation.id == conversation)
        if idle is not None:
            now = self.clock()
            this = this.where(Conversation.touched_at < now - idle - self.clock.put_forward(idle))
            this = this.where(Conversation.id.not_in(questions.kept(now)))
        with self._sessions() as session, session.begin():
            questions.touch_for(session, conversation)
            if idle is None:  # who wipes a conversation takes back what was to be learnt from it, also this moment
                self.hold(session, conversation, 0)
                proposals.forget_of(session, conversation)
            gone = _count(session, this) == 1
            if gone and session.get(Wipe, conversation) is None:
                session.add(Wipe(conversation_id=conversation, asked_at=self.clock()))
        if gone:
            self.empty_log()
        return gone

    def empty_log(self) -> None:
        """Leave no wiped text on disk: also to be asked some time after a wipe, when all others were busy then."""
        empty_log(self._sessions)

    def past_retention(self, seconds: float) -> list[str]:
        """Return the conversations whose last message is longer ago than `seconds`, whatever was done to the clock,
        and that are not kept for a question.

        One that was touched later than now, by a clock that ran ahead, counts from now.
        """
        now = self.clock()  # first: a jump after this does not count, and one before it is seen
        seconds += self.clock.put_forward(seconds)
        ahead = update(Conversation).where(Conversation.touched_at > now).values(touched_at=now)
        with self._sessions() as session, session.begin():
            if (session.scalar(select(func.max(Conversation.touched_at))) or 0.0) > now:
                session.execute(ahead)
            old = select(Conversation.id).where(Conversation.touched_at < now - seconds)
            return list(session.scalars(old.where(Conversation.id.not_in(questions.kept(now)))))

    def engine_wipes(self) -> list[str]:
        """Return the wiped conversations that the engine has not yet forgotten, the latest first."""
        query = select(Wipe.conversation_id).where(Wipe.engine_done_at.is_(None)).order_by(Wipe.asked_at.desc())
        with self._sessions() as session:
            return list(session.scalars(query))

    def wiped_lately(self, seconds: float) -> list[str]:
        """Return the conversations that were wiped within the last `seconds`."""
        with self._sessions() as session:
            query = select(Wipe.conversation_id).where(Wipe.asked_at > self.clock() - seconds)
            return list(session.scalars(query))

    def engine_wiped(self, conversation: str) -> None:
        """Note that the engine forgot a conversation."""
        with self._sessions() as session, session.begin():
            done = update(Wipe).where(Wipe.conversation_id == conversation).values(engine_done_at=self.clock())
            session.execute(done)

    # -- inside a transaction --------------------------------------------------------------------------------------

    def _number(self, session: Session, conversation: str) -> int:
        count = _of(conversation).values(next_number=Conversation.next_number + 1).returning(Conversation.next_number)
        number = session.scalar(count)
        if number is None:
            raise UnknownConversationError(conversation)
        return number - 1

    def _said_before(self, session: Session, conversation: str, key: str | None) -> Activity | None:
        if key is None:
            return None
        query = select(Activity).where(Activity.conversation_id == conversation, Activity.message_key == key)
        return session.scalar(query)

    def _echo(self, session: Session, activity: Activity, body: dict[str, Any]) -> str:
        """Let the echo of a message go out again, under the name that its client has for it now."""
        name = body.get("channelData", {}).get("clientActivityID")
        if name is not None:
            channel_data = activity.body.get("channelData", {}) | {"clientActivityID": name}
            activity.body = activity.body | {"channelData": channel_data}
            activity.number = self._number(session, activity.conversation_id)
        return activity.id

    def _claim(self, session: Session, conversation: str, reply: str) -> bool:
        """Take the present replies for one of them, so that no other is pressed; False when they are answered."""
        offer = select(Reply.offer).where(Reply.id == reply).scalar_subquery()
        if _count(session, _of(conversation).where(Conversation.open_offer == offer).values(open_offer=0)) != 1:
            return False
        session.execute(update(Reply).where(Reply.id == reply).values(used=True))
        return True

    def _add_activity(self, session: Session, conversation: str, body: dict[str, Any], key: str | None = None) -> str:
        number = self._number(session, conversation)
        name = f"{conversation}|{number:07d}"
        full = body | {"id": name, "timestamp": self.clock.stamp(), "channelId": "directline", "locale": "nl-NL"}
        full |= {"conversation": {"id": conversation}}
        session.add(Activity(id=name, conversation_id=conversation, number=number, message_key=key, body=full))
        session.flush()
        return name

    def _add_turn(self, session: Session, conversation: str, kind: str, content: str) -> None:
        values = {"id": str(uuid.uuid4()), "conversation_id": conversation, "kind": kind, "content": content}
        number = self._number(session, conversation)
        now = self.clock()
        session.execute(insert(Turn).values(**values, number=number, state="waiting", attempt=0, created_at=now))


def offer_again(activity: dict[str, Any], offers: Sequence[Offer]) -> dict[str, Any]:
    """Put the present choices under a sentence that would otherwise hide them."""
    attach_choices([activity], [o for o in offers if o.kind == "choice"])
    return activity


def _placed(body: dict[str, Any]) -> dict[str, Any]:
    """Say where an activity stands, also when it goes out again, in the name that Microsoft's client sorts by."""
    place = _FIRST_PLACE + int(body["id"].rsplit("|", 1)[1])
    return body | {"channelData": body.get("channelData", {}) | {"webchat:sequence-id": place}}


def _of(conversation: str) -> Update:
    return update(Conversation).where(Conversation.id == conversation)


def _count(session: Session, statement: Any) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount

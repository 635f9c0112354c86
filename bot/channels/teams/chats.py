"""All reading and writing of where chats in Teams are, one short transaction each, as in `bot.channels.store`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from sqlalchemy import CursorResult, Update, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.channels.activities import goodbye, say
from bot.channels.clock import Clock
from bot.channels.errors import NotRemindedError
from bot.channels.models import Activity, Conversation, Wipe
from bot.channels.sentences import PRESSED, TEAMS_WIPED
from bot.channels.teams.models import TeamsChat, TeamsSeen
from bot.channels.teams.reading import Address
from bot.channels.text import has_words
from bot.database import SessionFactory
from bot.markdown import literal

Seen = Literal["new", "again", "replayed"]
KEEP_SEEN: Final = 26 * 3600.0  # seconds; longer than a token of Microsoft is good for, so that none opens it again
RETRIES: Final = 60.0  # seconds in which Microsoft sends an activity again when our answer did not reach it
UNASKED: Final = 60.0  # seconds after someone's last message; who hears later may have put the screen away
CLAIM: Final = 60.0  # seconds in which a reminder that was claimed is given
FAREWELL: Final = -1  # the number of what is said of a conversation that is gone


@dataclass(frozen=True)
class Parcel:
    """One thing to send to a chat: `number` is its place in the conversation, `part` how many of its messages Teams has
    taken. Sent discreetly when it comes unasked."""

    address: Address
    conversation: str
    number: int
    part: int
    activity: dict[str, Any]
    discreet: bool


@dataclass(frozen=True)
class Due:
    """A reminder to give now, and where."""

    address: Address
    at: float


class Chats:
    """The chats of Teams in the database."""

    def __init__(self, sessions: SessionFactory, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    # -- what comes in ---------------------------------------------------------------------------------------------

    def seen(self, chat: str, activity: Mapping[str, Any]) -> Seen:
        """Tell whether an activity came before: sent again at once is Microsoft's, changed or later it is a replay."""
        if not activity.get("id"):
            return "new"  # what has no name is nobody's repeat
        with self._sessions() as session:
            row = session.get(TeamsSeen, _name(chat, activity))
        if row is None:
            return "new"
        soon = abs(self._clock() - row.at) < RETRIES
        return "again" if soon and row.content == _digest(activity) else "replayed"

    def remember(self, chat: str, activity: Mapping[str, Any]) -> None:
        """Note that an activity was taken in."""
        if not activity.get("id"):
            return
        row = TeamsSeen(id=_name(chat, activity), content=_digest(activity), at=self._clock())
        with suppress(IntegrityError), self._sessions() as session, session.begin():
            session.add(row)  # it is there when the same came twice at one moment

    def open(self, address: Address, new: str, *, heard: bool = True) -> str:
        """Note where a chat is, and whether someone was heard there; return its conversation, `new` if it has none."""
        while True:
            try:
                with self._sessions() as session, session.begin():
                    return self._open(session, address, new, heard)
            except IntegrityError:
                continue  # another message of this chat made the row at the same moment

    def _open(self, session: Session, address: Address, new: str, heard: bool) -> str:
        now = self._clock()
        where = {"service_url": address.service_url, "agent": address.agent, "tenant": address.tenant}
        if _count(session, _of(address.id).values(**where, **({"heard_at": now} if heard else {}))) == 0:
            heard_at = now if heard else now - 2 * UNASKED  # what is said now comes unasked
            row = {"id": address.id, "conversation_id": new, "heard_at": heard_at, "delivered": 0, "part": 0}
            session.execute(insert(TeamsChat).values(**row, **where))
            return new
        present = session.scalar(select(TeamsChat.conversation_id).where(TeamsChat.id == address.id))
        if present is not None and session.get(Wipe, present) is None:
            return present
        session.execute(_of(address.id).values(conversation_id=new, delivered=0, part=0))
        return new

    def conversation(self, chat: str) -> str | None:
        """Return the conversation of a chat."""
        with self._sessions() as session:
            return session.scalar(select(TeamsChat.conversation_id).where(TeamsChat.id == chat))

    def leave(self, chat: str) -> str | None:
        """Forget a chat and, in one go, wipe its conversation, of which nothing more is said; return that, if any."""
        with self._sessions() as session, session.begin():
            gone = delete(TeamsChat).where(TeamsChat.id == chat).returning(TeamsChat.conversation_id)
            conversation = session.scalar(gone)
            if conversation is not None and session.get(Wipe, conversation) is None:
                session.execute(delete(Conversation).where(Conversation.id == conversation))
                session.add(Wipe(conversation_id=conversation, asked_at=self._clock()))
        return conversation

    def drop(self, chat: str) -> None:
        """Forget where a chat is, with its reminders."""
        with self._sessions() as session, session.begin():
            session.execute(delete(TeamsChat).where(TeamsChat.id == chat))

    # -- what goes out ---------------------------------------------------------------------------------------------

    def behind(self) -> list[str]:
        """Return the chats in which something may have to be said."""
        later = exists().where(
            Conversation.id == TeamsChat.conversation_id, Conversation.next_number <= TeamsChat.delivered + 1
        )
        with self._sessions() as session:
            query = select(TeamsChat.id).where(TeamsChat.conversation_id.is_not(None), ~later)
            return list(session.scalars(query))

    def take(self, chat: str, owner: str, seconds: float) -> bool:
        """Claim the sending to a chat for one process, for some seconds; False when another has it, or it is gone.

        A claim far beyond any that is given is from before the clock was put back, and binds nobody.
        """
        now = self._clock()
        over = (TeamsChat.lease_until < now) | (TeamsChat.lease_until > now + 10 * seconds)
        free = over | (TeamsChat.lease_owner == owner)
        with self._sessions() as session, session.begin():
            return _count(session, _of(chat).where(free).values(lease_owner=owner, lease_until=now + seconds)) == 1

    def give_back(self, chat: str, owner: str) -> None:
        """End a claim."""
        with self._sessions() as session, session.begin():
            session.execute(_of(chat).where(TeamsChat.lease_owner == owner).values(lease_until=0.0))

    def next(self, chat: str, keep: float) -> Parcel | None:
        """Return the first thing that was not sent yet; `keep` is how long a conversation is kept, in seconds.

        Of a conversation that someone wiped that is said, once; one whose time was over goes without a word.
        """
        with self._sessions() as session:
            row = session.get(TeamsChat, chat)
            if row is None or row.conversation_id is None:
                return None
            conversation, address = row.conversation_id, _address(row)
            discreet = self._clock() - row.heard_at > UNASKED
            reached = session.scalar(select(Conversation.next_number).where(Conversation.id == conversation))
            if reached is None:
                wipe = session.get(Wipe, conversation)
                if wipe is None:
                    return None  # it is being begun
                if wipe.asked_at - row.heard_at < keep:
                    gone = goodbye(conversation) | say(TEAMS_WIPED)
                    return Parcel(address, conversation, FAREWELL, 0, gone, discreet)
            else:
                later = select(Activity.number, Activity.body).where(
                    Activity.conversation_id == conversation, Activity.number > row.delivered
                )
                for number, body in session.execute(later.order_by(Activity.number)):
                    if (shown := _shown(body)) is not None:
                        return Parcel(address, conversation, number, row.part, shown, discreet)
        if reached is None:
            self._change(_of(chat, conversation).values(conversation_id=None))
        else:
            self._reach(chat, conversation, reached - 1)
        return None

    def taken(self, parcel: Parcel, of: int) -> None:
        """Note that Teams took the next message of `of` that a parcel is; after a farewell nothing of the chat is
        kept. What meanwhile became another conversation's is left alone."""
        chat, conversation = parcel.address.id, parcel.conversation
        if parcel.number == FAREWELL:
            gone = delete(TeamsChat).where(TeamsChat.id == chat, TeamsChat.conversation_id == conversation)
            self._change(gone)
        elif parcel.part + 1 < of:
            same = _of(chat, conversation).where(TeamsChat.part == parcel.part)
            self._change(same.values(part=parcel.part + 1))
        else:
            self._reach(chat, conversation, parcel.number)

    def _reach(self, chat: str, conversation: str, number: int) -> None:
        later = _of(chat, conversation).where(TeamsChat.delivered < number)
        self._change(later.values(delivered=number, part=0))

    def _change(self, statement: Any) -> int:
        with self._sessions() as session, session.begin():
            return _count(session, statement)

    # -- reminders -------------------------------------------------------------------------------------------------

    def remind(self, conversation: str, at: float) -> float:
        """Note when to remind someone, in place of an earlier moment; return that, or the same moment when there was
        none. Raises NotRemindedError when the conversation is in no chat."""
        before = self.reminder(conversation)
        if self._change(_in(conversation).values(remind_at=at)) == 0:
            raise NotRemindedError(conversation)
        return at if before is None else before

    def reminder(self, conversation: str) -> float | None:
        """Return when someone is to be reminded. Raises NotRemindedError when the conversation is in no chat."""
        with self._sessions() as session:
            query = select(TeamsChat.id, TeamsChat.remind_at).where(TeamsChat.conversation_id == conversation)
            row = session.execute(query).first()
        if row is None:
            raise NotRemindedError(conversation)
        return cast("float | None", row.remind_at)

    def forget_reminder(self, conversation: str) -> bool:
        """Take a reminder away; False when there was none. Raises NotRemindedError when in no chat."""
        there = self.reminder(conversation) is not None
        self._change(_in(conversation).values(remind_at=None))
        return there

    def due(self) -> list[Due]:
        """Return the reminders to give now."""
        query = select(TeamsChat).where(TeamsChat.remind_at <= self._clock())
        with self._sessions() as session:
            return [Due(_address(row), row.remind_at or 0.0) for row in session.scalars(query)]

    def claim(self, due: Due) -> Due | None:
        """Take a reminder to give it, so that no other process does; None when another has it. Who claims it and ends
        leaves it for a minute later."""
        later = self._clock() + CLAIM
        mine = _of(due.address.id).where(TeamsChat.remind_at == due.at).values(remind_at=later)
        return Due(due.address, later) if self._change(mine) else None

    def given(self, claimed: Due) -> None:
        """Forget a reminder that was given."""
        self._change(_of(claimed.address.id).where(TeamsChat.remind_at == claimed.at).values(remind_at=None))

    # -- forgetting ------------------------------------------------------------------------------------------------

    def tidy(self, keep: float) -> None:
        """Forget the chats that have neither a conversation, kept for `keep` seconds, nor a reminder; and what was seen
        long ago."""
        goes_on = exists().where(Conversation.id == TeamsChat.conversation_id)
        over = TeamsChat.remind_at.is_(None) & (TeamsChat.heard_at < self._clock() - keep)
        done = delete(TeamsChat).where(~goes_on, over)
        with self._sessions() as session, session.begin():
            session.execute(done.execution_options(synchronize_session=False))
            session.execute(delete(TeamsSeen).where(TeamsSeen.at < self._clock() - KEEP_SEEN))


def _address(row: TeamsChat) -> Address:
    return Address(row.id, row.service_url, row.agent, row.tenant)


def _shown(said: dict[str, Any]) -> dict[str, Any] | None:
    """Return what to send of something that was said: all of Pluis, and which button of a card was pressed, since
    Teams shows nothing of that. What was typed stands there already."""
    if said["from"].get("role") == "bot":
        return said
    pressed = said.get("channelData", {}).get("pluisPressed") and has_words(said["text"])
    return say(PRESSED.format(title=literal(said["text"]))) if pressed else None


def _name(chat: str, activity: Mapping[str, Any]) -> str:
    """Return what an activity is remembered by: a message its id, what is done to one later its moment too."""
    kind = activity.get("type")
    return _digest(chat, kind, activity.get("id"), None if kind == "message" else activity.get("timestamp"))


def _digest(*parts: Any) -> str:
    told = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _of(chat: str, conversation: str | None = None) -> Update:
    """Change a chat; with a conversation, only while it is in that one."""
    change = update(TeamsChat).where(TeamsChat.id == chat)
    return change if conversation is None else change.where(TeamsChat.conversation_id == conversation)


def _in(conversation: str) -> Update:
    return update(TeamsChat).where(TeamsChat.conversation_id == conversation)


def _count(session: Session, statement: Any) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount

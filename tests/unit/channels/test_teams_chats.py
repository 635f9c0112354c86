"""Where chats in Teams are kept, on SQLite and on PostgreSQL: two processes at a moment, and what became another's."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.channels import Store, UnknownConversationError, say
from bot.channels.errors import NotRemindedError
from bot.channels.teams import Address, Chats
from bot.channels.teams.chats import CLAIM, FAREWELL, Parcel
from bot.database import make_engine, session_factory
from tests.databases import KINDS, fresh

from .fakes import FakeClock

KEEP = 24 * 3600.0
WHERE = Address("a:chat", "https://smba.trafficmanager.net/emea/", "28:pluis", "tenant")
BASE = "https://pluis.example"


@dataclasses.dataclass
class Kept:
    """The chats and the conversations in one database."""

    chats: Chats
    store: Store
    clock: FakeClock

    def begin(self, name: str) -> None:
        """Begin a conversation with something to send."""
        self.store.create(name, "msteams", BASE, "/groet", [say("Dag.")])

    def next(self) -> Parcel:
        """Return what is to be sent now."""
        parcel = self.chats.next("a:chat", KEEP)
        assert parcel is not None
        return parcel


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    engine = make_engine(fresh(request, tmp_path))
    clock = FakeClock()
    yield Kept(Chats(session_factory(engine), clock), Store(session_factory(engine), clock), clock)
    engine.dispose()


def test_two_messages_at_once_of_a_new_chat_open_one_conversation(kept: Kept) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: kept.chats.open(WHERE, f"c{n}"), range(16)))
    assert len(set(found)) == 1


def test_each_thing_is_given_once_and_in_order(kept: Kept) -> None:
    kept.begin(kept.chats.open(WHERE, "eerste"))
    kept.store.say_once("eerste", say("Nog iets."), None)
    said = []
    while (parcel := kept.chats.next("a:chat", KEEP)) is not None:
        said.append(parcel.activity["text"])
        kept.chats.taken(parcel, 1)
    assert said == ["Dag.", "Nog iets."]
    assert kept.chats.behind() == []
    kept.store.say_once("eerste", say("Later."), None)
    assert kept.chats.behind() == ["a:chat"]


def test_of_a_long_message_the_parts_that_were_taken_are_known(kept: Kept) -> None:
    kept.begin(kept.chats.open(WHERE, "eerste"))
    kept.chats.taken(kept.next(), 3)
    assert (kept.next().part, kept.next().activity["text"]) == (1, "Dag.")
    kept.chats.taken(kept.next(), 3)
    kept.chats.taken(kept.next(), 3)
    assert kept.chats.next("a:chat", KEEP) is None


def test_what_comes_late_changes_nothing_of_the_next_conversation(kept: Kept) -> None:
    kept.begin(kept.chats.open(WHERE, "eerste"))
    late = kept.next()
    kept.store.wipe("eerste")
    farewell = kept.next()
    assert farewell.number == FAREWELL
    kept.begin(kept.chats.open(WHERE, "tweede"))
    for parcel in (late, farewell):
        kept.chats.taken(parcel, 1)
    assert kept.chats.conversation("a:chat") == "tweede"
    assert kept.next().activity["text"] == "Dag."


def test_after_a_farewell_nothing_is_kept_and_after_its_time_nothing_is_said(kept: Kept) -> None:
    kept.begin(kept.chats.open(WHERE, "eerste"))
    kept.store.wipe("eerste")
    kept.chats.taken(kept.next(), 1)
    assert kept.chats.conversation("a:chat") is None
    kept.begin(kept.chats.open(WHERE, "tweede"))
    kept.clock.passes(KEEP + 1)
    kept.store.wipe("tweede")
    assert kept.chats.next("a:chat", KEEP) is None
    kept.chats.tidy(KEEP)
    assert not kept.chats.take("a:chat", "a", 30)


def test_a_reminder_keeps_a_chat_and_is_claimed_by_one(kept: Kept) -> None:
    kept.begin(kept.chats.open(WHERE, "eerste"))
    at = kept.clock.now + 3 * KEEP
    assert kept.chats.remind("eerste", at) == at
    kept.clock.passes(3 * KEEP)
    kept.store.wipe("eerste")
    assert kept.chats.next("a:chat", KEEP) is None
    kept.chats.tidy(KEEP)
    (due,) = kept.chats.due()
    with ThreadPoolExecutor(8) as pool:
        claimed = [one for one in pool.map(lambda _: kept.chats.claim(due), range(16)) if one is not None]
    assert len(claimed) == 1
    assert kept.chats.due() == []
    kept.clock.passes(CLAIM + 1)  # who claimed it ended
    assert len(kept.chats.due()) == 1
    kept.chats.given(claimed[0])
    assert kept.chats.due() == []
    kept.chats.tidy(KEEP)
    assert not kept.chats.take("a:chat", "a", 30)


def test_who_leaves_leaves_nothing(kept: Kept) -> None:
    kept.begin(kept.chats.open(WHERE, "eerste"))
    assert kept.chats.leave("a:chat") == "eerste"
    assert kept.store.is_wiped("eerste")
    with pytest.raises(UnknownConversationError):
        kept.store.check("eerste")
    assert kept.chats.leave("a:chat") is None


def test_only_in_a_chat_can_one_be_reminded(kept: Kept) -> None:
    with pytest.raises(NotRemindedError):
        kept.chats.remind("x", 1.0)
    with pytest.raises(NotRemindedError):
        kept.chats.reminder("x")


def test_one_process_sends_to_a_chat(kept: Kept) -> None:
    kept.chats.open(WHERE, "eerste")
    assert kept.chats.take("a:chat", "a", 30)
    assert not kept.chats.take("a:chat", "b", 30)
    kept.clock.passes(31)
    assert kept.chats.take("a:chat", "b", 30)
    kept.clock.jumps(-10_000)  # a claim from before the clock was put back binds nobody
    assert kept.chats.take("a:chat", "c", 30)
    assert not kept.chats.take("elders", "a", 30)


def test_a_conversation_in_which_was_just_spoken_is_not_over(kept: Kept) -> None:
    kept.begin(kept.chats.open(WHERE, "eerste"))
    kept.clock.passes(KEEP + 1)
    assert kept.store.past_retention(KEEP) == ["eerste"]
    kept.store.say_once("eerste", say("Toch nog."), None)
    assert not kept.store.wipe("eerste", KEEP)
    kept.clock.passes(KEEP + 1)
    assert kept.store.wipe("eerste", KEEP)

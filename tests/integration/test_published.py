"""A dialogue that a trainer publishes while all runs: in the conversation and on the page at once, and gone at once."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.audit import Audit
from bot.database import make_engine, session_factory
from bot.knowledge import load_citable
from bot.studio import Ref, Store
from tests.live.site import Site
from tests.live.talk import Talk
from tests.unit.studio.conftest import ANNA, text

pytestmark = pytest.mark.live

GONE = "Dit oefengesprek is er niet meer"


@pytest.fixture
def store(pluis: Site) -> Iterator[Store]:
    """The dialogues, as the page for trainers has them."""
    engine = make_engine(pluis.settings.database)
    sessions = session_factory(engine)
    yield Store(sessions, Audit(sessions), pluis.settings.data, load_citable(pluis.settings.data).fault)
    engine.dispose()


@pytest.fixture
def door(store: Store) -> Iterator[Ref]:
    """A dialogue that was published."""
    ref = store.create(ANNA, "Bij de voordeur", text())
    store.publish(ANNA, ref)
    yield ref
    store.withdraw(ANNA, ref.dialogue)


def test_in_the_conversation(pluis: Site, store: Store, door: Ref) -> None:
    with Talk(pluis) as talk:
        asked = talk.say("ik wil een gesprek oefenen")
        assert "**Van jullie trainers**" in asked.text
        begun = talk.press("Bij de voordeur")
        assert "Kom binnen." in begun.text
        assert "Het gaat wel." in talk.say("Ik doe naar_keuken.").text
        store.withdraw(ANNA, door.dialogue)
        assert GONE in talk.say("Hoe gaat het met u?").text
        again = talk.say("oefenen")
        assert "Bij de voordeur" not in again.replies
        store.publish(ANNA, door)
        assert "Ga je daarmee verder" in talk.say("oefenen").text
        store.withdraw(ANNA, door.dialogue)
        assert GONE in talk.press("Verder met oefenen").text
        assert "Welk gesprek wil je oefenen" in talk.say("oefenen").text


def test_on_the_page(pluis: Site, store: Store, door: Ref) -> None:
    address = f"{pluis.url}/studio/play/{door.dialogue}"
    with httpx.Client(trust_env=False, timeout=30) as http:
        assert http.get(address).status_code == 200
        played = http.post(address, json={"do": "choose", "option": "naar_keuken"}).json()
        assert played["says"] == "Het gaat wel."
        store.withdraw(ANNA, door.dialogue)
        gone = http.post(address, json={"session": played["session"], "do": "choose", "option": "afspraak"})
        assert (gone.status_code, GONE in gone.json()["detail"]) == (404, True)

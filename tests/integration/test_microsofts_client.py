"""Microsoft's own Direct Line client, unmodified, talks with the three processes, also over a line that fails."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from bot.channels import sentences
from tests.live.client import ENDED, ONLINE, RETRY, Client, keys_of, node
from tests.live.site import Site
from tests.live.talk import BASE, number_of, who
from tests.live.wire import Wire, wired

pytestmark = pytest.mark.live

STORY = "Hij bepaalt met wie ze mag praten, dat zag ik op het spreekuur."
NEXT = "wijkverpleegkundige (kwartelkoning)"
BOTH = pytest.mark.parametrize("socket", [True, False], ids=["websocket", "polling"])
BACK_WITHIN = 120.0

Begin = Callable[..., Client]


@pytest.fixture(scope="session")
def program() -> str:
    """Return Node; continuous integration has to have it."""
    found = node()
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("geen Node (22 of nieuwer) op deze machine")
    return found


@pytest.fixture
def wire(pluis: Site) -> Iterator[Wire]:
    """Lay a line to `web`."""
    with wired(urlsplit(pluis.url).port or 0) as line:
        yield line


@pytest.fixture
def keys(pluis: Site) -> dict[str, Any]:
    """Return the keys of a new conversation."""
    return keys_of(pluis.url)


@pytest.fixture
def begin(program: str, client_files: Path, wire: Wire, keys: dict[str, Any]) -> Begin:
    """Return what makes a client of that conversation, over that line."""
    return lambda **options: Client(program, client_files, wire.url, keys, **options)


def said_elsewhere(site: Site, keys: dict[str, Any], text: str) -> int:
    """Say something in the conversation past the line; return its number."""
    site.said.append(text)
    body = {"type": "message", "from": {"id": "jij"}, "text": text}
    headers = {"Authorization": f"Bearer {keys['token']}"}
    address = f"{site.url}{BASE}/conversations/{keys['conversationId']}/activities"
    answer = httpx.post(address, headers=headers, json=body, trust_env=False, timeout=30)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["id"].rsplit("|", 1)[1])


def kept(site: Site, keys: dict[str, Any]) -> list[int]:
    """Return the numbers of all that is kept of the conversation."""
    headers = {"Authorization": f"Bearer {keys['token']}"}
    address = f"{site.url}{BASE}/conversations/{keys['conversationId']}/activities"
    found = httpx.get(address, headers=headers, trust_env=False, timeout=30).json()["activities"]
    return [number_of(one) for one in found if one["type"] != "typing"]


def hears_all_once(client: Client, site: Site, keys: dict[str, Any]) -> None:
    """Assert that the client heard all that is kept, once and in order."""
    client.until(lambda: len(client.heard) >= len(kept(site, keys)), "alles gehoord")
    client.each_once()
    assert [number_of(one) for one in client.heard] == kept(site, keys)


def told(site: Site, text: str) -> str:
    """Note what will be said, so that it is looked for in the logs."""
    site.said.append(text)
    return text


@BOTH
def test_it_begins_sends_and_hears_all_once(pluis: Site, begin: Begin, keys: dict[str, Any], socket: bool) -> None:
    with begin(webSocket=socket) as client:
        client.until_answered(0)
        assert client.status == ONLINE
        before = client.watermark
        name = client.send(told(pluis, STORY))
        assert name.startswith(f"{keys['conversationId']}|")
        client.until_answered(number := int(name.rsplit("|", 1)[1]))
        (echo,) = [one for one in client.heard if one["id"] == name]
        assert (echo["text"], who(echo)) == (STORY, "user")
        assert int(client.watermark) > int(before)
        assert int(client.watermark) >= number
        hears_all_once(client, pluis, keys)


@BOTH
def test_it_renews_its_token_and_goes_on_with_the_new_one(pluis: Site, begin: Begin, socket: bool) -> None:
    with begin(webSocket=socket, quarter=1.5) as client:
        client.until_answered(0)
        client.until(lambda: len(set(client.told("token"))) >= 3, "twee keer vernieuwd")
        assert client.send(told(pluis, STORY)) != RETRY
        assert client.status == ONLINE


@BOTH
def test_another_goes_on_from_a_watermark(pluis: Site, begin: Begin, keys: dict[str, Any], socket: bool) -> None:
    with begin(webSocket=socket) as client:
        client.until_answered(0)
        mark = client.watermark
    number = said_elsewhere(pluis, keys, STORY)
    own = keys["conversationId"]
    with begin(webSocket=socket, conversationId=own, watermark=mark) as client:
        client.until_answered(number)
        later = [one for one in kept(pluis, keys) if one > int(mark)]
        client.until(lambda: [number_of(one) for one in client.heard] == later, "wat erna kwam, één keer")
        assert client.heard[0]["text"] == STORY
    with begin(webSocket=socket, conversationId=own) as client:  # as a page that was opened anew
        client.until_answered(number)
        hears_all_once(client, pluis, keys)


def test_after_a_cut_it_hears_what_it_missed(pluis: Site, begin: Begin, keys: dict[str, Any], wire: Wire) -> None:
    with begin() as client:
        client.until_answered(0)
        wire.cut()
        number = said_elsewhere(pluis, keys, STORY)
        wire.mend()
        client.until_answered(number)
        assert client.send(told(pluis, NEXT)) != RETRY
        client.until_answered(number_of(client.heard[-1]))
        hears_all_once(client, pluis, keys)


def test_polling_stops_at_a_cut_and_another_client_hears_what_was_missed(
    pluis: Site, begin: Begin, keys: dict[str, Any], wire: Wire
) -> None:
    with begin(webSocket=False) as client:
        client.until_answered(0)
        wire.cut()
        number = said_elsewhere(pluis, keys, STORY)
        assert client.send(told(pluis, NEXT)) == RETRY
        wire.mend()
        mark, heard = client.watermark, client.heard
    with begin(webSocket=False, conversationId=keys["conversationId"], watermark=mark) as client:
        client.until_answered(number)
        missed = kept(pluis, keys)[len(heard) :]
        client.until(lambda: [number_of(one) for one in client.heard] == missed, "wat zij miste, één keer")


def test_a_message_of_which_the_answer_was_lost_is_taken_once(
    pluis: Site, begin: Begin, keys: dict[str, Any], wire: Wire
) -> None:
    name = secrets.token_hex(16)
    with begin() as client:
        client.until_answered(0)
        wire.loses_answers = True
        assert client.send(told(pluis, STORY), name) == RETRY
        wire.mend()
        again = client.send(STORY, name)
        number = int(again.rsplit("|", 1)[1])
        client.until_answered(number)
    with begin(conversationId=keys["conversationId"]) as client:
        client.until(lambda: len(client.heard) == len(kept(pluis, keys)), "alles gehoord")
        assert [one["id"] for one in client.heard if who(one) == "user"] == [again]
        assert len({one["id"] for one in client.heard}) == len(client.heard)


def test_web_stops_between_a_message_and_its_answer(pluis: Site, begin: Begin, keys: dict[str, Any]) -> None:
    outage = sentences.OUTAGE.split(".")[0]
    with begin() as client:
        client.until_answered(0)
        pluis.stop("actions")
        try:
            number = int(client.send(told(pluis, STORY)).rsplit("|", 1)[1])
            client.until(lambda: any(outage in one.get("text", "") for one in client.heard), "storing gemeld")
            pluis.stop("web")
        finally:
            pluis.start("actions", "web")
        client.until_answered(number, BACK_WITHIN)
        hears_all_once(client, pluis, keys)
        assert sum(who(one) == "user" for one in client.heard) == 1


def test_a_conversation_that_is_wiped_ends(pluis: Site, begin: Begin, keys: dict[str, Any]) -> None:
    with begin(webSocket=False) as client:
        client.until_answered(0)
        address = f"{pluis.url}{BASE}/conversations/{keys['conversationId']}"
        headers = {"Authorization": f"Bearer {keys['token']}"}
        assert httpx.delete(address, headers=headers, trust_env=False, timeout=30).status_code == 204
        client.until(lambda: client.status == ENDED, "geëindigd")

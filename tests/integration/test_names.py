"""Fifty whole conversations full of names: what the privacy door recognised stands nowhere afterwards, and what it
missed is counted. The names that it missed also show that the search looks where text is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.privacy import Door
from bot.settings import get_settings
from bot.yamlfile import read_yaml
from tests.live.site import Site
from tests.live.talk import Talk

pytestmark = pytest.mark.live

FILE = Path(__file__).with_name("names.yml")
AT_ONCE = 4
MISSED = 0.25  # of all secrets, many typed in lower case; docs/privacy/door.md measures this on more sentences


@dataclass(frozen=True)
class Told:
    """One conversation: what is typed, and what in it identifies someone."""

    says: tuple[str, ...]
    secrets: tuple[str, ...]


@pytest.fixture(scope="module")
def conversations() -> list[Told]:
    rows = read_yaml(FILE).data["conversations"]
    return [Told(tuple(row["says"]), tuple(row["secrets"])) for row in rows]


@pytest.fixture(scope="module")
def passed(conversations: list[Told]) -> dict[str, bool]:
    """Return of each secret whether a door of the same kind lets it through anywhere."""
    door = Door(get_settings().var / "cache" / "deduce")
    through: dict[str, bool] = {}
    for number, told in enumerate(conversations):
        kept = "\n".join(door.pseudonymise(str(number), text).text for text in told.says)
        for secret in told.secrets:
            through[secret] = through.get(secret, False) or stands_in(secret, kept)
    return through


def stands_in(secret: str, text: str) -> bool:
    """See whether a secret stands in a text as a word of its own."""
    quick = secret in text  # the pattern reads a database letter by letter
    return quick and re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", text) is not None


def kept(site: Site) -> dict[str, str]:
    """Return all that is kept or written anywhere: databases, logs, temporary files, metrics."""
    skipped = {site.settings.var / name for name in ("cache", "webchat")}  # the project's own, made beforehand
    files = [path for path in site.settings.var.rglob("*") if path.is_file() and not skipped.intersection(path.parents)]
    # JSON in a database writes letters beyond ASCII as \u00e9
    found = {str(path): plain(path.read_bytes().decode("utf-8", errors="replace")) for path in files}
    return found | {"/metrics": httpx.get(f"{site.url}/metrics", trust_env=False).text}


def plain(text: str) -> str:
    """Undo the escapes of JSON."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def places(secrets: Mapping[str, bool], texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return where each secret stands."""
    found = {secret: [name for name, text in texts.items() if stands_in(secret, text)] for secret in secrets}
    return {secret: names for secret, names in found.items() if names}


def test_what_the_door_recognised_is_kept_nowhere(
    pluis: Site, conversations: list[Told], passed: dict[str, bool], record_property: Callable[[str, object], None]
) -> None:
    ours = set(places(passed, kept(pluis)))  # words of the knowledge, or of tests before
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda told: talked(pluis, told), conversations))
    texts = kept(pluis)
    found = places({secret: through for secret, through in passed.items() if secret not in ours}, texts)
    missed = [secret for secret, through in passed.items() if through]
    record_property("missed", f"{len(missed)} of {len(passed)}")
    print(f"\nde deur miste {len(missed)} van {len(passed)} gegevens")
    assert {secret: names for secret, names in found.items() if not passed[secret]} == {}
    assert any("tracker" in name for secret in missed for name in found.get(secret, ())), "de toets kijkt niet goed"
    assert len(ours) < 0.05 * len(passed)
    assert len(missed) <= MISSED * len(passed)
    for name in ("/metrics", *(name for name in texts if name.endswith(".log"))):
        assert not places({secret: True for secret in passed if secret not in ours}, {name: texts[name]})


def talked(site: Site, told: Told) -> None:
    with Talk(site) as talk:
        for text in told.says:
            talk.say(text)

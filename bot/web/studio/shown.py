"""What the pages of the studio show of dialogues and their versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any, Final

from bot.case import HERE, told_date
from bot.studio import Line, Listed, Ref, State, UnknownVersionError, Version, notes_above
from bot.web.services import Services
from bot.web.staffed import names_of

GONE: Final = "iemand die hier niet meer werkt"
NEWEST: Final = 10  # versions that are shown at once; of the older ones, and of faults, the rest unfolds


@dataclass(frozen=True)
class Origin:
    """What someone begins a new dialogue from, as the form has it."""

    title: str = ""
    note: str = ""
    kind: str = "voorbeeld"
    copy: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Shown:
    """A version with who saved it, and when."""

    version: Version
    who: str
    when: str

    @property
    def number(self) -> int:
        """Its number."""
        return self.version.ref.number

    @property
    def name(self) -> str:
        """What it is called in a list."""
        note = shorten(self.version.note, 40, placeholder="…")
        return f"Versie {self.number}, {self.when}" + (f": {note}" if note else "")


def list_of(services: Services, origin: Origin) -> dict[str, Any]:
    """Return all dialogues, what is published and cannot be played, and what a new one can begin from."""
    store = services.studio.store
    found, playable = store.all(), store.playable()
    own = [one for one in found if one.state is not State.SHIPPED]
    shipped = [one for one in found if one.state is State.SHIPPED]
    titles = {one.id: one.title for one in found}
    groups = [("Eigen gesprekken", _copies(own)), ("Gesprekken van Pluis", _copies(shipped))]
    dialogue, _, number = origin.copy.partition("/")
    if dialogue in titles and all(origin.copy != value for _, rows in groups for value, _ in rows):
        groups.insert(0, ("Eerdere versie", [(origin.copy, f"{titles[dialogue]}, versie {number}")]))
    return {
        "own": own, "shipped": shipped, "copies": groups, "origin": origin,
        "abouts": {ref.dialogue: one.about for ref, one in playable.dialogues.items()},
        "left_out": {ref.dialogue: (ref.number, faults) for ref, faults in playable.left_out.items()},
    }  # fmt: skip


def dialogue_of(services: Services, dialogue: str) -> dict[str, Any]:
    """Return a dialogue with its versions, and what can be done with it. Raises UnknownVersionError."""
    store, listed = services.studio.store, find(services, dialogue)
    versions = _versions(services, dialogue)
    latest, published = Ref(dialogue, listed.latest), listed.published
    today, in_play = services.studio.groups.today(), {one.version.ref for one in versions if one.version.in_play}
    groups = [one for one in services.studio.groups.all() if one.ref in in_play and one.is_open(today)]
    faults = store.faults(latest)
    return {
        "listed": listed, "newest": versions[:NEWEST], "older": versions[NEWEST:],
        "about": None if faults else store.dialogue(latest),
        "faults_of_latest": faults if listed.latest != published else (),
        "left_out": () if published is None else store.faults(Ref(dialogue, published)),
        "above": notes_above(store.text(latest)) if listed.state is not State.SHIPPED else [],
        "groups": [f"{group.name} (tot en met {told_date(group.until)})" for group in groups],
    }  # fmt: skip


def difference_of(services: Services, dialogue: str, old: int | None, new: int | None) -> dict[str, Any]:
    """Return how two versions differ; the last two where none was chosen. Raises UnknownVersionError."""
    listed, versions = find(services, dialogue), _versions(services, dialogue)
    new = listed.latest if new is None else new
    old = max(1, new - 1) if old is None else old
    hunks = services.studio.store.difference(Ref(dialogue, old), Ref(dialogue, new))
    lines = [line for hunk in hunks for line in hunk]
    counts = {kind: sum(line.kind == kind for line in lines) for kind in "-+"}
    return {
        "listed": listed, "versions": versions, "old": old, "new": new, "counts": counts,
        "hunks": [(_at(hunk), hunk) for hunk in hunks],
    }  # fmt: skip


def find(services: Services, dialogue: str) -> Listed:
    """Return a dialogue. Raises UnknownVersionError."""
    found = next((one for one in services.studio.store.all() if one.id == dialogue), None)
    if found is None:
        raise UnknownVersionError
    return found


def _versions(services: Services, dialogue: str) -> list[Shown]:
    names = names_of(services)
    return [Shown(one, names.get(one.author, GONE), _told(one.at)) for one in services.studio.store.versions(dialogue)]


def _told(moment: float) -> str:
    at = datetime.fromtimestamp(moment, HERE)
    return f"{told_date(at.date())}, {at.hour}.{at.minute:02} uur"


def _copies(rows: Iterable[Listed]) -> list[tuple[str, str]]:
    return [(str(Ref(one.id, one.latest)), one.title) for one in rows]


def _at(hunk: Sequence[Line]) -> int:
    """Return the line at which a change is to be found in the new version: its first new line, or the one after what
    was taken out."""
    changed = next(at for at, line in enumerate(hunk) if line.kind != " ")
    after = next((line.new for line in hunk[changed:] if line.new is not None), None)
    before = next((line.new for line in reversed(hunk[:changed]) if line.new is not None), None)
    return after or before or 1

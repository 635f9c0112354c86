"""Audits what is locked against known vulnerabilities: part of `make check`, and by itself `make audit`.

`pip-audit` asks an advisory service. What it tells has to stand in `tools/audit.yml`, with the reason that it does not
touch us and a day to look again. A service that is silent never means that all is well: what could not be asked is
told in one line, and then the last answer that was kept counts (`reports/audit.json`, written by `--keep`).
Exit codes: 0 well, 1 something stands against it, 3 `--keep` while the service is silent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.yamlfile import DataFileError, Loaded, read_yaml, validate  # noqa: E402
from tools.locks import DEVELOPMENT, INSTALLED, Pin, read_lock  # noqa: E402

ACCEPTED, KEPT = "tools/audit.yml", "reports/audit.json"
AT_ONCE = 8  # processes that ask; two versions of one package are never asked by the same one
WITHIN = 9.0  # seconds, first for one package and then for all; what came in is kept by pip-audit for the next time
LONGEST = timedelta(days=366)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["accepted"],
    "additionalProperties": False,
    "properties": {
        "accepted": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["ids", "package", "affects", "where", "why", "review_by"],
                "additionalProperties": False,
                "properties": {
                    "ids": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string", "pattern": "^(CVE|GHSA|PYSEC)-[0-9a-zA-Z-]+$"},
                    },
                    "package": {"type": "string", "minLength": 1},
                    "affects": {"type": "string", "minLength": 1},
                    "where": {"enum": ["engine", "pluis"]},
                    "why": {"type": "string", "minLength": 20},
                    "review_by": {},
                },
            },
        }
    },
}

Told = dict[str, list[set[str]]]  # package and version → the names of each advisory on it


class SilentError(Exception):
    """The service gave no answer; the message says in Dutch why."""


@dataclass(frozen=True)
class Entry:
    """An advisory, or some with one reason, that is accepted."""

    ids: frozenset[str]
    package: str
    affects: SpecifierSet
    where: str

    def covers(self, pin: Pin, names: Iterable[str] | None = None) -> bool:
        """Tell whether this is about a pin, in its environment; and about the advisory with these names."""
        concerns = pin.name == self.package and where(pin) == self.where and self.affects.contains(pin.version, True)
        return concerns and (names is None or not self.ids.isdisjoint(names))


def main(arguments: list[str], root: Path = ROOT, today: date | None = None) -> int:
    """Audit; print what stands against it, and what is not known."""
    pins = [pin for lock in (*INSTALLED, *DEVELOPMENT) for pin in read_lock(lock, root)]
    try:
        accepted = read_accepted(root / ACCEPTED, pins, today or date.today())
    except DataFileError as error:
        print(error)
        return 1
    kept = root / KEPT
    told, silent = Told(), ""
    try:
        told = ask({pin.pinned for pin in pins})
    except SilentError as error:
        silent = str(error)
        if "--keep" in arguments:
            print(f"niets bewaard: {silent}", file=sys.stderr)
            return 3
        told = read_kept(kept)
    else:
        if "--keep" in arguments:
            keep(kept, told, today or date.today())
    against = judge(pins, told, accepted)
    print("\n".join([*against, not_asked(pins, told, kept, silent)]))
    return 1 if against else 0


def where(pin: Pin) -> str:
    """Return the environment of a pin."""
    return "engine" if pin.lock.startswith("engine/") else "pluis"


def read_accepted(path: Path, pins: Iterable[Pin], today: date) -> list[Entry]:
    """Read what is accepted. Raises DataFileError for an entry that is wrong, out of date, or about nothing locked."""
    loaded = read_yaml(path)
    validate(loaded, SCHEMA)
    return [_entry(loaded, at, list(pins), today) for at in range(len(loaded.data["accepted"]))]


def _entry(loaded: Loaded, at: int, pins: list[Pin], today: date) -> Entry:
    told = loaded.data["accepted"][at]

    def wrong(reason: str, field: str) -> DataFileError:
        return loaded.error(f"{told['package']}: {reason}", "accepted", at, field)

    review = told["review_by"]
    if not isinstance(review, date):
        raise wrong("review_by is geen dag, zoals 2027-05-27", "review_by")
    if review < today:
        raise wrong(f"had vóór {review} opnieuw bekeken moeten zijn; kijk of het ons nog niet raakt", "review_by")
    if review > today + LONGEST:
        raise wrong("review_by ligt meer dan een jaar vooruit", "review_by")
    try:
        affects = SpecifierSet(told["affects"])
    except InvalidSpecifier as error:
        raise wrong("affects is geen reeks versies, zoals <3.14.3", "affects") from error
    entry = Entry(frozenset(told["ids"]), told["package"], affects, told["where"])
    if not any(entry.covers(pin) for pin in pins):
        raise wrong(f"geen versie in {told['affects']} staat nog vast in {told['where']}; haal dit weg", "package")
    return entry


def ask(pinned: Iterable[str]) -> Told:
    """Ask the service about packages, the first one by itself. Raises SilentError when it does not answer."""
    ordered = sorted(pinned)
    if not (first := _pip_audit(ordered[:1])):
        raise SilentError("de advieslijst antwoordt niet")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(_pip_audit, [part for at in range(AT_ONCE) if (part := ordered[1 + at :: AT_ONCE])])
        return dict(entry for answer in (first, *answers) for entry in answer.items())


def _pip_audit(pinned: list[str]) -> Told:
    """Run `pip-audit`; its own settings (`PIP_AUDIT_…`) choose another service or a mirror of one."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listed:
        listed.write("\n".join(pinned))
        listed.flush()
        options = ["--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off", "--timeout", "5"]
        command = [sys.executable, "-W", "ignore", "-m", "pip_audit", *options, "-r", listed.name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN, check=False)
        except subprocess.TimeoutExpired as error:
            raise SilentError(f"de advieslijst antwoordde niet binnen {WITHIN:.0f} s") from error
    try:
        return read_answer(json.loads(done.stdout))
    except ValueError as error:
        raise SilentError("de advieslijst is niet bereikbaar") from error


def read_answer(answer: Mapping[str, Any]) -> Told:
    """Read what pip-audit found. What it skipped, and then calls well, is left out."""
    found = {f"{one['name']}=={one['version']}": one["vulns"] for one in answer["dependencies"] if "version" in one}
    return {one: [{told["id"], *told["aliases"]} for told in advisories] for one, advisories in found.items()}


def read_kept(path: Path) -> Told:
    """Read the last answer that was kept; empty when there is none."""
    if not path.exists():
        return {}
    kept: dict[str, list[list[str]]] = json.loads(path.read_text(encoding="utf-8"))["packages"]
    return {pinned: [set(names) for names in advisories] for pinned, advisories in kept.items()}


def keep(path: Path, told: Told, today: date) -> None:
    """Keep an answer, for machines where the service is silent."""
    packages = {pinned: sorted(map(sorted, told[pinned])) for pinned in sorted(told)}
    service = os.environ.get("PIP_AUDIT_VULNERABILITY_SERVICE", "pypi")
    content = {"asked": today.isoformat(), "service": service, "packages": packages}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def judge(pins: Iterable[Pin], told: Told, accepted: Iterable[Entry]) -> list[str]:
    """Return a line for each advisory on something locked that is not accepted there."""
    entries, lines = list(accepted), dict[str, None]()
    for pin in pins:
        for names in told.get(pin.pinned, ()):
            if not any(entry.covers(pin, names) for entry in entries):
                lines[f"{pin.pinned} ({where(pin)}): {', '.join(sorted(names))} staat niet in {ACCEPTED}"] = None
    return list(lines)


def not_asked(pins: Iterable[Pin], told: Told, kept: Path, silent: str) -> str:
    """Say in one line what is not known."""
    packages = {pin.pinned for pin in pins}
    unknown = sorted(packages - set(told))
    lacking = ["npm (webchat.lock)"]
    if silent and told:
        asked = json.loads(kept.read_text(encoding="utf-8"))["asked"]
        since = f"; de stand van {asked} telt, daarin ontbreken er {len(unknown)}"
        lacking = [f"{len(packages)} pakketten ({silent}{since})", *lacking]
    elif unknown:
        lacking = [f"{len(unknown)} van {len(packages)} pakketten ({silent or 'zoals ' + unknown[0]})", *lacking]
    return f"niet nagevraagd: {' en '.join(lacking)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

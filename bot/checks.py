"""Checks every file under `data/`, and what operators filled in of their organisation: `pluis check`.
Each package checks its own files; here all are asked, in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from bot import advice, case, knowledge, practice
from bot.analysis.resources import load_checked, load_resources
from bot.helpdesk import load_content, load_triage
from bot.privacy.words import fold, load_words
from bot.settings import ROOT
from bot.staff import load_roles
from bot.yamlfile import DataFileError, read_yaml

RASA_KEYS = {"nlu", "stories", "rules", "responses"}
RASA_FOLDERS = ("nlu", "stories", "rules")
RASA_INTENTS = {"nlu_fallback", "restart", "session_start", "back"}
RASA_ACTIONS = {"action_listen", "action_restart", "action_session_start", "action_default_fallback", "action_back"}


def check_data(data: Path, organisation: Path | None = None) -> Iterator[str]:
    """Say of each kind of file that it is well, and of what operators filled in of their organisation.

    Raises DataFileError for the first fault of a kind.
    """
    example = ROOT / "organisation.example.yml"
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("geen sleutels van Rasa buiten zijn eigen mappen", lambda: _no_stray_keys(data)),
        ("advies: feiten, tabellen, plannen, vragen en teksten", lambda: advice.load_tables(data)),
        ("organisatie: het voorbeeld", lambda: advice.load_tables(data, example)),
        ("organisatie: wat er is ingevuld", lambda: advice.load_tables(data, organisation)),
        ("kennis: bronnen, onderwerpen, signalen en vormen", lambda: _knowledge(data)),
        ("analyse: uitspraken, aanwijzingen en woorden", lambda: _analysis(data)),
        ("analyse: gevaar", lambda: _danger(data)),
        ("privacy: woorden, namen, plaatsen en aanwijzingen", lambda: _privacy(data)),
        ("Rasa: voorbeelden, regels en verhalen", lambda: _training_data(data)),
        ("gesprek: antwoorden", lambda: case.load_replies(data / "replies", advice.load_tables(data).words)),
        ("gesprek: waarmee het kan beginnen", lambda: case.load_starts(data / "replies")),
        ("gesprek: beroepen en besluiten", lambda: case.load_lists(data)),
        ("gesprek: de samenvatting", lambda: case.load_sheet_texts(data)),
        ("medewerkers: rollen en wat zij mogen", lambda: load_roles(data)),
        ("advies: patronen wijzen naar wat herkend wordt", lambda: _patterns(data)),
        ("helpdesk: klassen, en wanneer welke geldt", lambda: load_triage(data, advice.load_tables(data))),
        ("helpdesk: categorieën, bedoelingen en antwoorden", lambda: _desk(data)),
        ("oefenen: gesprekken kunnen worden gespeeld", lambda: _practice(data)),
        ("oefenen: welk gesprek past bij welke casus", lambda: _rehearsals(data)),
        ("advies: bronnen en hun koppen bestaan", lambda: _sources(data)),
    )
    for name, run in checks:
        run()
        yield f"{name}: goed"


@dataclass(frozen=True)
class Due:
    """A topic that is to be looked at again: since when, and where that stands."""

    review: date
    id: str
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.review} {self.id} {self.path}:{self.line}"


def find_due(data: Path, day: date) -> list[Due]:
    """Return the rows of the knowledge whose review date is `day` or before, the oldest date first.

    Raises DataFileError when a file or a date cannot be read.
    """
    due = []
    for path in sorted((data / "knowledge").rglob("*.yml")):
        loaded = read_yaml(path)
        rows = loaded.data.items() if isinstance(loaded.data, dict) else ()
        for key, index, row in ((key, at, row) for key, items in rows for at, row in _listed(items) if "review" in row):
            try:
                review = date.fromisoformat(str(row["review"]))
            except ValueError as error:
                reason = f"review: ‘{row['review']}’ is geen datum (jjjj-mm-dd)"
                raise loaded.error(reason, key, index, "review") from error
            if review <= day:
                due.append(Due(review, str(row.get("id", "")), path, loaded.line(key, index, "review")))
    return sorted(due, key=lambda one: (one.review, one.id))


def _listed(items: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = enumerate(items) if isinstance(items, list) else ()
    yield from ((index, row) for index, row in rows if isinstance(row, dict))


def _knowledge(data: Path) -> None:
    faults = knowledge.check(data)
    if faults:
        raise faults[0]


def _no_stray_keys(data: Path) -> None:
    """Rasa swallows its own top-level keys in any file under `data/`."""
    for path in sorted(data.rglob("*.yml")):
        if path.relative_to(data).parts[0] in RASA_FOLDERS:
            continue
        loaded = read_yaml(path)
        stray = RASA_KEYS & set(loaded.data or {})
        if stray:
            key = min(stray)
            raise loaded.error(f"de sleutel {key} is van Rasa; noem hem anders", key)


def _analysis(data: Path) -> None:
    """Every file fits its schema, and what they say together can be used."""
    for schema in sorted((data / "analysis" / "schema").glob("*.json")):
        load_checked(data / "analysis", schema.stem)
    load_resources(data)


def _danger(data: Path) -> None:
    """Every pattern of danger can be read, and no sentence stands there twice: the engine would refuse both."""
    loaded = load_checked(data / "analysis", "danger")
    for keys, pattern in chain(_named(loaded.data, "patterns"), _named(loaded.data, "unless")):
        try:
            re.compile(pattern)
        except re.error as error:
            raise loaded.error(f"dit patroon klopt niet: {error}", *keys) from error
    seen: dict[str, int] = {}
    for keys, sentence in _named(loaded.data, "sentences"):
        plain = " ".join(fold(sentence).split())
        if plain in seen:
            raise loaded.error(f"deze zin staat ook op regel {seen[plain]}; haal er een weg", *keys)
        seen[plain] = loaded.line(*keys)


def _desk(data: Path) -> None:
    """What staff can teach a sentence for has sentences: an export puts another beside them."""
    load_content(data)
    trained = {name for path in (data / "nlu").glob("*.yml") for _, name in _named(read_yaml(path).data, "intent")}
    loaded = read_yaml(data / "helpdesk" / "desk.yml")
    for index, row in enumerate(loaded.data["intents"]):
        if row["id"] not in trained:
            raise loaded.error(f"{row['id']} heeft geen zinnen in data/nlu", "intents", index, "id")


def _privacy(data: Path) -> None:
    load_words(data / "privacy")


def _training_data(data: Path) -> None:
    """Rasa's files hold what their folder says, and name only intents and actions that the domain has."""
    domain = read_yaml(ROOT / "domain.yml").data
    actions = {*domain["actions"], *domain["forms"], *RASA_ACTIONS}
    known = {"intent": {*domain["intents"], *RASA_INTENTS}, "action": actions}
    for folder in RASA_FOLDERS:
        for path in sorted((data / folder).rglob("*.yml")):
            loaded = read_yaml(path)
            if not isinstance(loaded.data, dict) or not isinstance(loaded.data.get(folder), list):
                raise loaded.error(f"hier hoort een lijst onder de sleutel {folder}")
            for kind, names in known.items():
                for keys, name in _named(loaded.data, kind):
                    if name not in names:
                        raise loaded.error(f"{kind} {name} staat niet in domain.yml; zet hem erbij of verbeter", *keys)


def _named(node: Any, name: str, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find every text under a key of this name, wherever it stands: where, and the text."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        under_it = key == name or (isinstance(node, list) and at[-1:] == (name,))
        if under_it and isinstance(child, str):
            yield (*at, key), child
        yield from _named(child, name, (*at, key))


def _sources(data: Path) -> None:
    knowledge.check_citations(data, "advice")


def _practice(data: Path) -> None:
    practice.load_lines(data, practice.load_techniques(data))
    fault = knowledge.load_citable(data).fault
    folder = data / "practice"
    for path in sorted((*folder.glob("*.yml"), *folder.glob("example/*.yml"))):
        for remark in practice.check_dialogue(path, data, fault):
            if remark.grave:
                raise DataFileError(path, remark.line, remark.text)


def _rehearsals(data: Path) -> None:
    case.load_rehearsals(data, advice.load_tables(data), case.load_lists(data).decided)


def _patterns(data: Path) -> None:
    """What may point at a pattern of violence is something that the analysis can recognise, and each family profile of
    the knowledge is one of those patterns."""
    recognised = {row["id"] for row in read_yaml(data / "knowledge" / "forms.yml").data["forms"]}
    known = {f"form:{name}" for name in recognised}
    known |= {f"signal:{signal.id}" for signal in knowledge.load_signals(data)}
    known |= {f"context:{name}" for name in load_checked(data / "analysis", "evidence").data["contexts"]}
    loaded = read_yaml(data / "advice" / "patterns.yml")
    for index, row in enumerate(loaded.data["patterns"]):
        for number, name in enumerate(row["told"]):
            if name not in known:
                raise loaded.error(f"dit wordt nergens herkend: {name}", "patterns", index, "told", number)
    patterns = {row["id"] for row in loaded.data["patterns"] if row["kind"] == "profile"}
    profiles = read_yaml(data / "knowledge" / "profiles.yml")
    for index, row in enumerate(profiles.data["profiles"]):
        if row["pattern"] not in patterns:
            reason = f"dit profiel staat niet in advice/patterns.yml: {row['pattern']}"
            raise profiles.error(reason, "profiles", index, "pattern")

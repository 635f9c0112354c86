"""Checks every file under `data/`: `pluis check`. Each package checks its own files; here all are asked, in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from bot import advice, case, knowledge
from bot.analysis.resources import load_checked, load_resources
from bot.privacy.words import fold, load_words
from bot.settings import ROOT
from bot.yamlfile import read_yaml

RASA_KEYS = {"nlu", "stories", "rules", "responses"}
RASA_FOLDERS = ("nlu", "stories", "rules")
RASA_INTENTS = {"nlu_fallback", "restart", "session_start", "back"}
RASA_ACTIONS = {"action_listen", "action_restart", "action_session_start", "action_default_fallback", "action_back"}


def check_data(data: Path) -> Iterator[str]:
    """Say of each kind of file that it is well. Raises DataFileError for the first fault of a kind."""
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("geen sleutels van Rasa buiten zijn eigen mappen", lambda: _no_stray_keys(data)),
        ("advies: feiten, tabellen, plannen, vragen en teksten", lambda: advice.load_tables(data)),
        ("kennis: bronnen, onderwerpen, signalen en vormen", lambda: _knowledge(data)),
        ("analyse: uitspraken, aanwijzingen en woorden", lambda: _analysis(data)),
        ("analyse: gevaar", lambda: _danger(data)),
        ("privacy: woorden, namen, plaatsen en aanwijzingen", lambda: _privacy(data)),
        ("Rasa: voorbeelden, regels en verhalen", lambda: _training_data(data)),
        ("gesprek: antwoorden", lambda: case.load_replies(data / "replies")),
        ("gesprek: beroepen en besluiten", lambda: case.load_lists(data)),
        ("gesprek: de samenvatting", lambda: case.load_sheet_texts(data)),
        ("gesprek: bronnen bestaan", lambda: _sources(data)),
    )
    for name, run in checks:
        run()
        yield f"{name}: goed"


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
    """Every source that a file of advice cites is one that the knowledge knows; told where it stands."""
    known = {source.id for source in knowledge.load_sources(data)}
    for path in sorted((data / "advice").glob("*.yml")):
        loaded = read_yaml(path)
        for keys, source in _cited(loaded.data):
            if source not in known:
                raise loaded.error(f"onbekende bron: {source}; zet hem in knowledge/sources.yml of verbeter", *keys)


def _cited(node: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find the id of every source that is cited: where, and the id."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key == "sources" and isinstance(child, list):
            yield from (((*at, key, index, "id"), row["id"]) for index, row in enumerate(child))
        else:
            yield from _cited(child, (*at, key))

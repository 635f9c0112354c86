"""Tests of the practice dialogues, with a small script of their own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

DATA = ROOT / "data"
LEARNT = ("oordeel", "open_vraag")


def script(**changes: Any) -> dict[str, Any]:
    """Return a small dialogue that can be played: a door, a kitchen with two topics, and two endings."""
    source = {"id": "kenniskaart-2023", "section": "De Meldcode"}
    return {
        "title": "Aan de deur",
        "about": "Een eerste gesprek, om te proberen.",
        "you": "wijkverpleegkundige",
        "minutes": 5,
        "situation": "Je komt voor een wond en haar man doet open.",
        "client": {"who": "mevrouw", "talks": "kort", "hides": "veel", "fears": "ruzie"},
        "goals": [
            {"id": "apart", "text": "Je spreekt haar alleen.", "sources": [source]},
            {"id": "open", "text": "Je vraagt open.", "sources": [source]},
        ],
        "state": {"vertrouwen": 3, "spanning": 5, "openheid": 2},
        "begin": "deur",
        "scenes": [
            {
                "id": "deur",
                "says": [{"when": {"spanning": ">= 7"}, "text": "Wat moet u?"}, {"text": "Kom binnen."}],
                "thinks": "Hopelijk ziet ze niets.",
                "hint": "Hoe krijg je haar alleen?",
                "options": [
                    option("naar_keuken", "keuken", goals={"apart": 2}, effect={"vertrouwen": 2, "spanning": -1}),
                    option(
                        "vraag_man",
                        "deur",
                        goals={"apart": -1},
                        effect={"spanning": 3},
                        better="Mag de wond in de keuken?",
                    ),
                    option("weg", "weg", when={"spanning": ">= 8"}),
                ],
            },
            {
                "id": "keuken",
                "says": [
                    {"when": {"openheid": ">= 4"}, "text": "Het is niet altijd leuk thuis."},
                    {"text": "Het gaat wel."},
                ],
                "thinks": "Zal ik het zeggen?",
                "options": [
                    option("hoe_gaat_het", "keuken", once=True, goals={"open": 2}, effect={"openheid": 2}),
                    option(
                        "slaap", "keuken", once=True, goals={"open": 1}, effect={"openheid": 1}, better="Hoe slaap je?"
                    ),
                    option("afspraak", "klaar", better="Wat heb je nodig?", goals={"open": -1}),
                ],
            },
            ending("klaar", "open"),
            ending("weg", "stop"),
        ],
    } | changes


def option(name: str, to: str, **more: Any) -> dict[str, Any]:
    """Return an option of a scene."""
    return {
        "id": name,
        "to": to,
        "examples": [f"Ik doe {name}."],
        "tags": ["open_vraag"],
        "feedback": f"Zo landde {name} bij haar.",
        **more,
    }


def ending(name: str, kind: str) -> dict[str, Any]:
    """Return an ending."""
    return {"id": name, "ending": kind, "says": "Dag.", "thinks": "Zo.", "about": "Dit is een einde."}


def write(folder: Path, row: Any) -> Path:
    """Write a dialogue to a file."""
    path = folder / "deur.yml"
    path.write_text(row if isinstance(row, str) else yaml.safe_dump(row, sort_keys=False, allow_unicode=True), "utf-8")
    return path


def write_techniques(folder: Path, techniques: Any = None, lines: Any = None) -> Path:
    """Write techniques and lines, small ones unless given, and return the data root in which they stand."""
    told = folder / "practice" / "techniques"
    shutil.copytree(DATA / "practice" / "techniques" / "schema", told / "schema")
    rows = {"techniques": techniques or [technique(name) for name in (*LEARNT, "meer_vragen", "anders")]}
    (told / "techniques.yml").write_text(yaml.safe_dump(rows, sort_keys=False), "utf-8")
    (told / "lines.yml").write_text(yaml.safe_dump({"lines": lines or labelled()}, sort_keys=False), "utf-8")
    return folder


def technique(name: str, **more: Any) -> dict[str, Any]:
    """Return a technique of the table."""
    return {"id": name, "name": name, "feedback": f"Zo landt {name}.", "says": "(Een knikje.)", **more}


def labelled() -> list[dict[str, Any]]:
    """Return lines to learn from, half of them questions."""
    asked = [{"text": f"Hoe ging dag {at} voor u?", "tags": ["open_vraag"]} for at in range(60)]
    return asked + [{"text": f"Dat is dom van u, voor de {at}e keer.", "tags": ["oordeel"]} for at in range(60)]

"""What Pluis is taught, on a small data root that is written as the editors write theirs: in blocks, with comments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from tests.unit.knowledge import conftest as knowledge

DAY: Final = date(2026, 11, 26)
A, B, NEW, LAWS = (Path(f"knowledge/{name}.yml") for name in ("topics/a", "topics/b", "topics/helpdesk", "laws"))
WORDS, START = Path("nlu/woorden.yml"), Path("nlu/start.yml")

TEXTS: Final[Mapping[Path, str]] = {
    A: """\
# Wat thuis veiliger maakt.
topics:
  # eerst wat de burgemeester kan
  - id: huisverbod
    title: Het tijdelijk huisverbod
    short: >-
      De burgemeester kan iemand tien dagen uit huis zetten.
      Verlengen kan tot vier weken.
    sources:
      - {id: boek-2020, section: "Bescherming"}
    related: [veiligheidsplan]  # let op
    # over het nakijken
    review: 2027-05-01  # eens per half jaar
    for: [alle]
    questions:
      - Hoe lang duurt een huisverbod?
      - 'Wie legt een huisverbod op?'
      - "Mag hij naar huis?"  # kort

      - Wat is een THV?
  - id: veiligheidsplan
    title: "Een veiligheidsplan maken"
    short: Een plan voor als het thuis spannend wordt.
    more: |
      Maak het met haar alleen.

      Ook elk kind krijgt een plek.
    sources: [{id: pagina, section: Plan}]
    related: [huisverbod, kinderen]
    review: "2027-05-01"
    for: [zorg, onderwijs]
    questions: [Wat staat er in?, Hoe maak ik een plan?, Wat spreek je af?, Vluchttas?]
""",
    LAWS: """\
# Wetten.
laws:
  - id: wet_op_lantaarns
    name: Lantaarnwet
    articles: art. 3  # en 4
    text: >-
      Licht moet aan.
      Ook overdag.
    sources:
      - {id: boek-2020, section: "Signalen"}
    related: [huisverbod]
    review: 2027-05-01
    for: [alle]
    questions:
      - wat is de lantaarnwet
      - 'moet licht aan'
      - "lantaarns?"
      - hoezo licht
""",
    WORDS: """\
# Woorden die op elk moment iets doen.
version: "3.1"

nlu:
  - intent: help  # vooraan
    examples: |
      - help
      - Wat kan ik hier?
      - wie is [persoon 1]

  # wat er weg mag
  - lookup: dorpen
    examples: |
      - Assen
  - intent: stop
    examples: |
      - stop
# einde
""",
    START: """\
version: "3.1"
nlu:
  - intent: groet
    examples: |
      - hallo
""",
}

TOPIC: Final[dict[str, str]] = {
    "title": "Een vluchttas",
    "short": "Pak wat je nodig hebt.",
    "questions": "wat is een vluchttas\nvluchttas pakken\nwat gaat er mee\ntas klaarzetten",
    "related": "veiligheidsplan\nkinderen",
    "source": "boek-2020",
    "section": "Bescherming",
}


def sentence(text: str, means: str) -> dict[str, str]:
    """Return a sentence with what is meant by it."""
    return {"text": text, "means": means}


def wrong(topic: str, better: str = "", what: str = "Het zijn er elf.") -> dict[str, str]:
    """Return what is wrong with a topic, and how it is better."""
    return {"topic": topic, "what": what, "better": better}


def write_data(root: Path) -> Path:
    """Write a data root in which every topic can be taught."""
    folder = knowledge.write_data_root(root) / "knowledge"
    (root / "nlu").mkdir()
    for path, text in TEXTS.items():
        (root / path).write_text(text, encoding="utf-8")
    told: Mapping[str, tuple[Mapping[str, Any], str]] = {
        "interventions": (knowledge.INTERVENTION, "judo"),
        "figures": (knowledge.FIGURE, "fietsen"),
        "profiles": (knowledge.PROFILE, "zeilers"),
    }
    for name, (row, about) in told.items():
        _write(folder / f"{name}.yml", **{name: [{**row, **knowledge.as_topic(about)}]})
    _write(folder / "factors.yml", factors=knowledge.FACTORS, groups=[knowledge.GROUP])
    return root


def texts(root: Path) -> dict[Path, str]:
    """Return all that stands in the files of a data root."""
    return {path.relative_to(root): path.read_text("utf-8") for path in sorted(root.rglob("*")) if path.is_file()}


def _write(path: Path, **keys: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as YAML in blocks."""
    lines: list[str] = []
    for key, rows in keys.items():
        lines.append(f"{key}:\n")
        for row in rows:
            fields = {"id": row["id"], **row}
            told = [f"{name}: {value if name == 'id' else json.dumps(value)}\n" for name, value in fields.items()]
            lines += [f"  - {told[0]}", *(f"    {line}" for line in told[1:])]
    path.write_text("".join(lines), encoding="utf-8")

"""A small knowledge base of its own, so that these tests do not move with the content."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from bot.database import make_engine, session_factory, upgrade
from bot.encoder import E5Encoder
from bot.knowledge import KnowledgeBase, load

REPOSITORY = Path(__file__).resolve().parents[3]

SOURCES = """\
sources:
  - {id: boek-2020, title: Een boek, publisher: Uitgever, year: 2020, url: "https://example.org", checked: 2026-11-22}
  - {id: pagina, title: Een pagina, publisher: Gemeente, year: null, checked: "2026-11-22", note: zonder datum}
"""

TOPICS = """\
topics:
  - id: huisverbod
    title: Het tijdelijk huisverbod
    short: De burgemeester kan iemand tien dagen uit huis zetten. Verlengen kan tot vier weken.
    sources: [{id: boek-2020, section: Bescherming}, {id: pagina, section: Huisverbod}]
    related: [veiligheidsplan]
    for: [alle]
    review: 2027-05-01
    questions: [Hoe lang duurt een huisverbod?, Wie legt een huisverbod op?, Mag hij naar huis?, Wat is een THV?]
  - id: veiligheidsplan
    title: Een veiligheidsplan maken
    short: Een plan met afspraken voor als het thuis spannend wordt. Ook elk kind krijgt een plek in het plan.
    more: Maak het met haar alleen.
    doubt: Over de vorm verschillen de bronnen.
    sources: [{id: pagina, section: Plan}]
    related: [huisverbod, kinderen]
    for: [zorg, onderwijs]
    review: "2027-05-01"
    questions: [Wat staat er in een veiligheidsplan?, Hoe maak ik een veiligheidsplan?, Wat spreek je af?, Vluchttas?]
"""

MORE_TOPICS = """\
topics:
  - id: kinderen
    title: Kinderen die geweld tussen ouders meemaken
    short: Horen of zien van geweld tussen ouders raakt kinderen net zo hard als zelf geslagen worden.
    sources: [{id: boek-2020, section: Kinderen}]
    related: []
    for: [alle]
    review: 2027-05-01
    questions: [Wat doet geweld met kinderen?, Is een kind slachtoffer?, Wat merkt een kind?, Schaadt horen een kind?]
  - id: intieme_terreur
    title: Intieme terreur
    short: Een patroon waarin de een de ander met controle, jaloezie en dwang klein houdt.
    sources: [{id: boek-2020, section: Vormen}]
    related: []
    for: [alle]
    review: 2027-05-01
    questions: [Wat is intieme terreur?, Hoe herken je controle?, Wat is een patroon van dwang?, Is jaloezie geweld?]
  - id: veilig_thuis
    title: Veilig Thuis bellen
    short: Veilig Thuis is dag en nacht bereikbaar op 0800-2000. Advies kan zonder namen.
    sources: [{id: pagina, section: Contact}]
    related: []
    for: [alle]
    review: 2027-05-01
    questions: [Wat is het nummer van Veilig Thuis?, Kan ik anoniem advies vragen?, Wanneer bel ik?, Is bellen melden?]
  - id: dossier
    title: Vastleggen in het dossier
    short: Schrijf feiten op met datum en met wie het zag of zei. Zet je eigen gevoel er niet bij.
    sources: [{id: pagina, section: Dossier}]
    related: []
    for: [alle]
    review: 2027-05-01
    questions: [Hoe schrijf ik dit op?, Wat zet ik in het dossier?, Horen meningen in mijn verslag?, Wie leest mee?]
"""


def write_rows(path: Path, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as YAML, one JSON object a line."""
    lines = [f"  - {json.dumps(row, ensure_ascii=False)}\n" for row in rows]
    path.write_text(f"{key}:\n{''.join(lines)}", encoding="utf-8")


def write_data_root(root: Path) -> Path:
    """Write a data root with six topics and the real schemas and reading rules."""
    folder = root / "knowledge"
    shutil.copytree(REPOSITORY / "data" / "knowledge" / "schema", folder / "schema")
    shutil.copy(REPOSITORY / "data" / "knowledge" / "synonyms.yml", folder)
    (folder / "topics").mkdir()
    (folder / "topics" / "a.yml").write_text(TOPICS, encoding="utf-8")
    (folder / "topics" / "b.yml").write_text(MORE_TOPICS, encoding="utf-8")
    (folder / "sources.yml").write_text(SOURCES, encoding="utf-8")
    place = {"id": "boek-2020", "section": "Signalen"}
    schema = folder / "schema"
    signals = json.loads((schema / "signals.json").read_text())["properties"]["signals"]["items"]["properties"]["id"]
    forms = json.loads((schema / "forms.json").read_text())["properties"]["forms"]["items"]["properties"]["id"]
    words = ["een", "twee", "drie", "vier", "vijf", "zes"]
    write_rows(
        folder / "signals.yml",
        "signals",
        [
            {
                "id": id_,
                "role": id_.split(".")[0],
                "label": id_,
                "ask": "Wat zag je?",
                "phrasings": words,
                "source": place,
            }
            for id_ in signals["enum"]
        ],
    )
    write_rows(
        folder / "forms.yml",
        "forms",
        [
            {"id": id_, "label": id_, "description": "d", "phrasings": ["p"], "sources": [place]}
            for id_ in forms["enum"]
        ],
    )
    organisation = {"id": "politie", "name": "Politie", "phone": "112", "url": None, "hours": "altijd", "text": "Bel."}
    write_rows(
        folder / "organisations.yml", "organisations", [{**organisation, "sources": [place], "checked": "2026-11-22"}]
    )
    return root


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """A data root of its own, to change at will."""
    return write_data_root(tmp_path / "data")


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory, e5: E5Encoder) -> Iterator[KnowledgeBase]:
    """The six topics loaded once, for tests that only ask."""
    folder = tmp_path_factory.mktemp("knowledge")
    root, url = write_data_root(folder / "data"), f"sqlite:///{folder / 'pluis.db'}"
    upgrade(url)
    engine = make_engine(url)
    load(session_factory(engine), root)
    yield KnowledgeBase(session_factory(engine), e5, data_root=root)
    engine.dispose()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    """An empty database at the newest migration."""
    url = f"sqlite:///{tmp_path / 'pluis.db'}"
    upgrade(url)
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(database: Engine) -> sessionmaker[Session]:
    return session_factory(database)


@pytest.fixture
def change(data_root: Path) -> Callable[[str, str, str], int]:
    """Replace text once in a file under knowledge/; returns the 1-based line where it stands."""

    def replace(name: str, old: str, new: str) -> int:
        path = data_root / "knowledge" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


@pytest.fixture(scope="session")
def e5() -> E5Encoder:
    return E5Encoder()

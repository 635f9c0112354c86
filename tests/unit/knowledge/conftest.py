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
from bot.knowledge.base import Limits
from bot.knowledge.index import Weights
from tests.live.postgres import Server

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


PLACE = {"id": "boek-2020", "section": "Signalen"}
SECTIONS = """\
texts:
  - {id: boek-2020, sections: [Bescherming, Kinderen, Vormen, Signalen]}
public:
  - {section: Huisverbod, sources: [pagina]}
"""


def as_topic(about: str) -> dict[str, Any]:
    """Return what every row has that is told as a topic."""
    questions = [f"{about}?", f"wat is {about}", f"vertel over {about}", f"uitleg {about}"]
    return {
        "sources": [PLACE],
        "related": ["huisverbod"],
        "review": "2027-05-01",
        "for": ["alle"],
        "questions": questions,
    }


ORGANISATION = {"id": "politie", "name": "Politie", "phone": "112", "url": None, "hours": "altijd", "text": "Agenten."}
INTERVENTION = {
    "id": "judoles",
    "name": "Judoles",
    "kind": "training",
    "goal": "leren vallen en weer opstaan.",
    "for_whom": "beginners",
    "not_for": None,
    "who": "een judoka",
    "evidence": None,
    "url": "https://example.org/judo",
}
FIGURE = {
    "id": "cijfer_fietsen",
    "title": "Hoeveel fietsen zijn er?",
    "value": "twee per persoon",
    "year": "2020",
    "population": "mensen in een stad",
    "caveat": None,
}
LAW = {
    "id": "wet_op_lantaarns",
    "name": "Lantaarnwet",
    "articles": "art. 3",
    "in_force": None,
    "text": "Licht moet aan.",
}
PROFILE = {
    "id": "profiel_zeilers",
    "pattern": "zeilers",
    "label": "Profiel zeilers",
    "description": "Mensen op zee.",
    "seen_by": ["een boot", "een kaart", "touw"],
    "approach": "Vaar mee.",
    "share": None,
}
FACTOR = {"kind": "risk", "level": "person", "sources": [PLACE]}
FACTORS = [
    {**FACTOR, "id": "risico_regen", "label": "regen", "text": "Wie nat wordt, heeft het koud."},
    {**FACTOR, "id": "risico_wind", "level": "family", "label": "wind", "text": "Storm blaast deuren open."},
    {**FACTOR, "id": "bescherming_jas", "kind": "protective", "label": "een jas", "text": "Een jas houdt warm."},
]
GROUP = {
    "id": "risico_weer",
    "kind": "risk",
    "levels": ["person", "family"],
    "title": "Slecht weer",
    "intro": "Nat en koud.",
    **{key: value for key, value in as_topic("slecht weer").items() if key != "sources"},
}


def write_rows(path: Path, **keys: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as YAML, one JSON object a line."""
    lines: list[str] = []
    for key, rows in keys.items():
        lines += [f"{key}:\n", *(f"  - {json.dumps(row, ensure_ascii=False)}\n" for row in rows)]
    path.write_text("".join(lines), encoding="utf-8")


ELSEWHERE = """\
questions:
  - wat voor weer wordt het dit weekend
  - gedicht voor sinterklaas
  - hoe maak ik een appeltaart
  - hoe laat gaat de trein naar Zwolle
  - wachtwoord van mijn laptop kwijt
  - wat verdient een verpleegkundige
  - parkeerboete betwisten
  - hoeveel vrije dagen heb ik
  - lampje in de koelkast vervangen
  - wie won de voetbalwedstrijd
  - recept voor erwtensoep
  - toeslag aanvragen huur
  - hoe oud wordt een cavia
  - vertaal dit in het Spaans
  - zonnepanelen subsidie
  - welke band past op mijn fiets
  - griepprik wanneer
  - afspraak bij de tandarts verzetten
  - wiskunde huiswerk breuken
  - wat kost een paspoort
"""


def write_data_root(root: Path) -> Path:
    """Write a data root with six topics, a row of each other kind, and the real schemas, kinds and reading rules."""
    folder = root / "knowledge"
    shutil.copytree(REPOSITORY / "data" / "knowledge" / "schema", folder / "schema")
    for name in ("synonyms.yml", "kinds.yml"):
        shutil.copy(REPOSITORY / "data" / "knowledge" / name, folder)
    (folder / "topics").mkdir()
    (folder / "topics" / "a.yml").write_text(TOPICS, encoding="utf-8")
    (folder / "topics" / "b.yml").write_text(MORE_TOPICS, encoding="utf-8")
    (folder / "elsewhere.yml").write_text(ELSEWHERE, encoding="utf-8")
    (folder / "sources.yml").write_text(SOURCES, encoding="utf-8")
    (folder / "sections.yml").write_text(SECTIONS, encoding="utf-8")
    schema = folder / "schema"
    signals = json.loads((schema / "signals.json").read_text())["properties"]["signals"]["items"]["properties"]["id"]
    forms = json.loads((schema / "forms.json").read_text())["properties"]["forms"]["items"]["properties"]["id"]
    words = ["een", "twee", "drie", "vier", "vijf", "zes"]
    write_rows(
        folder / "signals.yml",
        signals=[
            {
                "id": id_,
                "role": id_.split(".")[0],
                "label": id_,
                "ask": "Wat zag je?",
                "phrasings": words,
                "source": PLACE,
            }
            for id_ in signals["enum"]
        ],
    )
    write_rows(
        folder / "forms.yml",
        forms=[
            {"id": id_, "label": id_, "description": "d", "phrasings": ["p"], "sources": [PLACE]}
            for id_ in forms["enum"]
        ],
    )
    write_rows(
        folder / "organisations.yml", organisations=[{**ORGANISATION, **as_topic("agenten"), "checked": "2026-11-22"}]
    )
    write_rows(folder / "interventions.yml", interventions=[{**INTERVENTION, **as_topic("judo")}])
    write_rows(folder / "figures.yml", figures=[{**FIGURE, **as_topic("fietsen")}])
    write_rows(folder / "laws.yml", laws=[{**LAW, **as_topic("lantaarns")}])
    write_rows(folder / "profiles.yml", profiles=[{**PROFILE, **as_topic("zeilers")}])
    write_rows(folder / "factors.yml", factors=FACTORS, groups=[GROUP])
    return root


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """A data root of its own, to change at will."""
    return write_data_root(tmp_path / "data")


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory, e5: E5Encoder) -> Iterator[KnowledgeBase]:
    """The topics loaded once, for tests that only ask."""
    folder = tmp_path_factory.mktemp("knowledge")
    root, url = write_data_root(folder / "data"), f"sqlite:///{folder / 'pluis.db'}"
    upgrade(url)
    engine = make_engine(url)
    load(session_factory(engine), root)
    # Weights and limits of its own: those of the content are for hundreds of topics, with thirty ways of asking each.
    weights = Weights(middle=5.0, nearest=6.0, words=6.0, short=2.0, here=1.1)
    yield KnowledgeBase(session_factory(engine), e5, data_root=root, weights=weights, limits=Limits(clear=2.5))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either sort."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'pluis.db'}"
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An empty database at the newest migration."""
    upgrade(database_url)
    engine = make_engine(database_url)
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

"""Guards the content of data/knowledge: own words only, no forbidden advice, no figure that cannot be true,
and the ids that the rest of Pluis counts on."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from bot.channels import sentences
from bot.knowledge.catalogue import load_topics
from bot.yamlfile import read_yaml

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = ROOT / "data" / "knowledge"
RUN = 8  # so many words in a row make a sentence somebody else's
NAMES_AND_TERMS = frozenset({"section", "publisher", "url", "name", "phone", "id"})
MARKER = re.compile(r"\[(\d+[a-z]?)\]")
WORD = re.compile(r"[^\W_]+")
PHONE = re.compile(r"\+31(?: \d+)+|\b(?:0800|0900|088)[- ]\d[\d ]*\d|\b(?:112|113|1712)\b")

VICTIM = (
    "tired_or_ill covering_clothes restless injuries different_with_partner sudden_religion_or_opinion low_self_worth "
    "afraid_or_down evasive cancels avoids_eyes_or_startles never_alone unexplained_injury_or_damage no_own_money "
    "painkillers_or_sleeping_pills substances"
)
PERPETRATOR = (
    "bossy criticises_in_public blames_partner jealous shouts hits_or_rough ignores_partner isolates_partner "
    "inconsiderate mistreats_animals unexplained_damage unreachable debts substances everyone_against impatient "
    "withdrawn_or_clinging negative_talk"
)
FORMS = (
    "physical psychological sexual financial stalking digital coercive_control honour situational separation "
    "violent_resistance child_witness"
)
ASKED_FOR = (
    "meldcode meldcode_stap_1 meldcode_stap_2 meldcode_stap_3 meldcode_stap_4 meldcode_stap_5 afwegingskader "
    "vijf_afwegingsvragen acute_onveiligheid structurele_onveiligheid onthulling kindcheck mantelzorgverleningscheck "
    "lichamelijk_geweld psychisch_geweld seksueel_geweld financieel_geweld stalking digitaal_geweld intieme_terreur "
    "eergerelateerd_geweld situationeel_geweld geweld_bij_scheiding gewelddadig_verzet kinderen_als_getuige "
    "gezinsprofielen profiel_intieme_terreur profiel_gezin_in_de_stress profiel_langdurige_zorg "
    "profiel_kindgedrag_en_opvoedstress profiel_complexe_conflictscheiding scheiding_en_gevaar apart_of_samen "
    "signalen_in_een_gezamenlijk_gesprek documenteren advies_of_melding na_een_melding veiligheidsplan huisverbod "
    "cijfers_partnergeweld wurging rode_vlaggen tolk beroepsgeheim_en_meldrecht anoniem_melden opvang reparatiereflex "
    "stap_overslaan_of_stoppen als_de_pleger_vastzit plan_stop_femicide masker_19 hoe_lang_in_de_opvang "
    "kinderen_bij_complexe_scheiding cijfers_trans_personen parallel_ouderschap"
)
WRONG_FIGURES = ("60% van alle", "60% man", "60 procent man", "duizend personen")


def _sources_folder() -> Path | None:
    folder = Path(os.environ.get("PLUIS_SOURCES_DIR") or ROOT.parent / "shared" / "sources")
    return folder if any(folder.glob("*.md")) else None


@lru_cache
def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_yaml(KNOWLEDGE / f"{name}.yml").data[name]
    return rows


@lru_cache
def _topics() -> list[dict[str, Any]]:
    """Return every topic as a reader gets it, those made of rows of other kinds too."""
    return [asdict(topic) for topic in load_topics(ROOT / "data")]


def _texts(node: object, skip: frozenset[str] = NAMES_AND_TERMS) -> Iterator[str]:
    """Yield every text that a reader may see, names and terms left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key not in skip:
                yield from _texts(value, skip)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value, skip)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [word.casefold() for word in WORD.findall(text)]
    yield from zip(*(words[start:] for start in range(RUN)), strict=False)


def _content() -> dict[str, object]:
    """Return what editors wrote, file by file: of a new file too, without being told."""
    not_told = ("sources", "synonyms", "elsewhere", "sections")
    files = [path for path in sorted(KNOWLEDGE.rglob("*.yml")) if path.stem not in not_told]
    notes = [row.get("note") or "" for row in _rows("sources")]
    return {path.name: read_yaml(path).data for path in files} | {"sources.yml": notes}


def _copied(text: str, known: Mapping[tuple[str, ...], str]) -> list[str]:
    return [f"{known[run]}: {' '.join(run)}" for run in _runs(text) if run in known]


def _known(paths: Iterable[Path]) -> dict[tuple[str, ...], str]:
    return {run: path.name for path in paths for run in _runs(path.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def sources() -> Path:
    folder = _sources_folder()
    if folder is None:
        pytest.skip("de naslagteksten staan niet op deze machine: zet PLUIS_SOURCES_DIR op de map met bronnen")
    return folder


def test_own_words_only(sources: Path) -> None:
    known = _known(sources.glob("*.md"))
    texts = [(part, text) for part, node in _content().items() for text in _texts(node)]
    others = [path for part in ("advice", "replies") for path in sorted((ROOT / "data" / part).glob("*.yml"))]
    texts += [(path.name, text) for path in others for text in _texts(read_yaml(path).data)]
    copied = [f"{part}: {hit}" for part, text in texts for hit in _copied(text, known)]
    assert not copied, "\n".join(copied)


def test_a_copied_sentence_would_be_found(tmp_path: Path) -> None:
    text = tmp_path / "bron.md"
    text.write_text("Een, twee, drie, vier, vijf, zes, zeven, acht en negen.", encoding="utf-8")
    known = _known([text])
    assert _copied("EEN twee drie vier vijf zes zeven acht", known) == [
        "bron.md: een twee drie vier vijf zes zeven acht"
    ]
    assert not _copied("een twee drie vier vijf zes zeven", known)


def test_every_public_source_is_defined(sources: Path) -> None:
    facts, _, listed = (sources / "public-facts.md").read_text(encoding="utf-8").partition("## Bronnen")
    assert listed
    cited = {f"pf-{mark}" for mark in MARKER.findall(facts)}
    assert cited
    assert cited <= {row["id"] for row in _rows("sources")}


def test_signals_are_those_of_the_contract_in_order() -> None:
    expected = [f"victim.{name}" for name in VICTIM.split()] + [f"perpetrator.{name}" for name in PERPETRATOR.split()]
    rows = _rows("signals")
    assert [row["id"] for row in rows] == expected
    assert {row["source"]["id"] for row in rows} == {"kenniskaart-2023"}
    assert [row["id"] for row in rows if len(row["phrasings"]) < 8] == []
    assert [row["id"] for row in rows if "?" not in row["ask"]] == []


def test_forms_are_those_of_the_contract_in_order() -> None:
    assert [row["id"] for row in _rows("forms")] == FORMS.split()
    assert min(len(row["phrasings"]) for row in _rows("forms")) >= 6


def test_no_phrasing_stands_twice() -> None:
    phrasings = [text.casefold() for name in ("signals", "forms") for row in _rows(name) for text in row["phrasings"]]
    assert [text for text, count in Counter(phrasings).items() if count > 1] == []


def test_the_topics_asked_for_are_there() -> None:
    ids = {row["id"] for row in _topics()}
    assert set(ASKED_FOR.split()) - ids == set()
    assert len(ids) >= 55


MOST_QUESTIONS = 50  # so that no topic outshouts the others


def test_no_question_leads_to_two_topics() -> None:
    questions = Counter(text.casefold().rstrip("?") for row in _topics() for text in row["questions"])
    assert [text for text, count in questions.items() if count > 1] == []
    assert [row["id"] for row in _topics() if not 4 <= len(row["questions"]) <= MOST_QUESTIONS] == []


@pytest.mark.parametrize("figure", WRONG_FIGURES)
def test_a_figure_of_a_source_that_cannot_be_true_is_not_told(figure: str) -> None:
    skip = NAMES_AND_TERMS | {"questions", "phrasings"}  # people may ask it; Pluis does not say it
    said = [text for node in _content().values() for text in _texts(node, skip) if figure in text.casefold()]
    assert said == []


def test_every_phone_number_is_one_of_the_organisations() -> None:
    listed = {number for row in _rows("organisations") for number in PHONE.findall(row["phone"] or "")}
    used = {number for row in _topics() for key in ("short", "more") for number in PHONE.findall(row.get(key) or "")}
    assert used
    assert used - listed == set()


def test_doubtful_facts_say_so() -> None:
    by_id = {row["id"]: row for row in _topics()}
    doubted = ("mantelzorgverleningscheck", "huisverbod", "onthulling", "is_melden_een_plicht", "wurging")
    assert [name for name in doubted if not by_id[name].get("doubt")] == []
    ban = by_id["huisverbod"]["short"]
    assert all(fact in ban for fact in ("burgemeester", "2009", "tien dagen", "28 dagen"))


def test_a_source_is_named_by_publisher_and_document_and_a_section_says_something_else() -> None:
    titles = {row["id"]: _plain(row["title"]) for row in _rows("sources")}
    publishers = {row["id"]: _plain(row["publisher"]) for row in _rows("sources") if row["id"].startswith("pf-")}
    assert [name for name, publisher in publishers.items() if not titles[name].startswith(publisher)] == []
    assert [name for name, publisher in publishers.items() if titles[name] == publisher] == []
    files = [path for part in ("knowledge", "advice") for path in sorted((ROOT / "data" / part).rglob("*.yml"))]
    cited = [link for path in files for link in _references(read_yaml(path).data)]
    assert len(cited) > 300
    assert [link for link in cited if _plain(link["section"]) in titles[link["id"]]] == []
    assert [link for link in cited if titles[link["id"]] in _plain(link["section"])] == []


def _plain(text: str) -> str:
    return " ".join(word.casefold() for word in WORD.findall(text))


def _references(node: object) -> Iterator[dict[str, str]]:
    """Yield every reference to a section of a source."""
    if isinstance(node, Mapping):
        if set(node) == {"id", "section"}:
            yield dict(node)
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


@pytest.mark.parametrize(
    "word", ["niet bevestigd", "peildatum", "gelezen bron", "is niet gezien", "is gezien", "zonder datum gezien"]
)
def test_readers_get_no_words_of_the_editors(word: str) -> None:
    told = [row.get(part) or "" for row in _topics() for part in ("title", "short", "more", "doubt")]
    assert [text for text in told if word in text.casefold()] == []


def test_the_throat_is_one_line_in_the_advice_and_in_the_knowledge() -> None:
    now = "bij benauwdheid, slecht kunnen slikken, hevige hoofdpijn, anders zien, verwardheid, uitval of wegraken"
    rows = read_yaml(ROOT / "data" / "advice" / "cautions.yml").data["table"]
    [caution] = [" ".join(_texts(row["text"])) for row in rows if row["id"] == "strangulation"]
    [topic] = [row["short"] for row in _topics() if row["id"] == "wurging"]
    for text in (caution, topic):
        assert now in text
        assert "112" in text.split(now)[0][-30:]
        assert re.search(r"[Hh]ees, of pijn bij slikken.{1,8}vandaag naar een arts", text)
        assert "vandaag" in text
        assert "ook als er niets te zien is" in text.casefold()


def test_a_figure_that_cannot_be_true_is_not_told_as_one() -> None:
    by_id = {row["id"]: row for row in _topics()}
    control = by_id["cijfers_dwingende_controle_en_stalking"]
    assert "190.000" in control["short"]
    assert "2%" not in control["short"]
    assert "2% van iedereen" in control["doubt"]
    assert 680_000 / 0.05 * 0.02 > 270_000 > 190_000
    assert "1,3 miljoen slachtoffers van huiselijk geweld" in by_id["cijfers_partnergeweld"]["short"]
    monitor = "Prevalentiemonitor Huiselijk Geweld en Seksueel Geweld (CBS)"
    for name in ("cijfers_partnergeweld", "cijfers_mannen_en_vrouwen", "cijfers_dwingende_controle_en_stalking"):
        assert f"{monitor}. De Kenniskaart noemt daarbij zowel 2020 als 2022." in by_id[name]["doubt"]


def test_lhbti_claims_no_more_than_its_table() -> None:
    by_id = {row["id"]: row for row in _topics()}
    told, total = by_id["lhbti"], by_id["cijfer_huiselijk_geweld_jaar_naar_orientatie"]["short"]
    figures = re.findall(r"\d+,\d%", told["more"])
    assert sorted(figures) == sorted(re.findall(r"\d+,\d%", total))
    assert "maar niet elk soort" in told["short"]
    assert "geen getal" in told["doubt"]
    assert not re.search(r"\d%", by_id["cijfers_trans_personen"]["short"])


@pytest.mark.parametrize("name", ["voor_wie_geldt_de_meldcode", "wet_verplichte_meldcode", "wmo_meldrecht"])
def test_whoever_works_outside_the_sectors_reads_what_holds(name: str) -> None:
    [row] = [row for row in _topics() if row["id"] == name]
    told = f"{row['short']} {row['more'] or ''}"
    assert all(
        word in told for word in ("vrijwilliger", "werkgever", "politie", "zorgmeldingen", "Veilig Thuis bellen")
    )


def test_what_holds_for_the_police_is_told_as_unsure() -> None:
    doubts = {row["id"]: row["doubt"] or "" for row in _topics()}
    unsure = re.compile(r"politie zelf.*weten we niet|niet of de wet voor de politie|politie ook zelf.*weten we niet")
    for name in ("voor_wie_geldt_de_meldcode", "wet_verplichte_meldcode", "model_afspraken_vt_politie_om"):
        assert unsure.search(doubts[name]), name


def test_signals_are_asked_about_neutrally_and_once() -> None:
    asks = {row["id"]: row["ask"] for row in _rows("signals")}
    assert [name for name, ask in asks.items() if ask.count("?") != 1 or not ask.endswith("?")] == []
    gendered = re.compile(r"\b(zij|ze|haar|hij|hem|zijn)\b", re.IGNORECASE)
    assert [name for name, ask in asks.items() if gendered.search(ask)] == []
    assert max(len(ask.split()) for ask in asks.values()) <= 12


@lru_cache
def _reply(name: str) -> str:
    found = [read_yaml(path).data["replies"] for path in sorted((ROOT / "data" / "replies").glob("*.yml"))]
    [text] = [rows[name]["text"] for rows in found if name in rows]
    return str(text)


@pytest.mark.parametrize("sentence", [sentences.OUTAGE, sentences.SLOW, sentences.GIVEN_UP, sentences.TOO_LONG])
def test_what_keeps_someone_waiting_names_the_number_for_danger(sentence: str) -> None:
    assert "el 112" in sentence


def test_whoever_was_told_something_is_not_taken_to_be_still_together() -> None:
    assert "nog bij je?" in _reply("begin_onthulling")
    assert "al weg?" in _reply("begin_onthulling")
    assert "met wie je gaat overleggen" in _reply("begin_onthulling")


def test_the_number_to_call_now_is_a_link() -> None:
    assert "[112](tel:112)" in _reply("na_112")


def test_someone_who_has_a_question_is_invited_to_put_it() -> None:
    assert "Stel je vraag" in _reply("vraag_stellen")


def test_the_summary_is_introduced_once() -> None:
    assert not set(_runs(_reply("samenvatting"))) & set(_runs(sentences.SUMMARY))
    assert "waar de ander bij kan" in _reply("samenvatting")
    assert "bewaar" not in sentences.SUMMARY


@pytest.mark.parametrize("path", ["README.md", "bot/web/templates/chat.html"])
def test_nothing_promises_that_every_name_is_found(path: str) -> None:
    text = " ".join((ROOT / path).read_text(encoding="utf-8").split())
    assert "Namen en adressen die Pluis herkent" in text
    assert "Pluis kan er een missen." in text

"""The files: what is wrong is told with file, line and reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge import DataFileError, catalogue, check, load_forms, load_organisations, load_signals
from bot.knowledge.catalogue import load_sources, load_topics, load_words, read_catalogue
from bot.yamlfile import Loaded, read_yaml

Change = Callable[[str, str, str], int]
KINDS = ("organisations", "interventions", "figures", "laws", "profiles", "factors")


def test_a_good_set_is_read_whole(data_root: Path) -> None:
    read = read_catalogue(data_root)
    assert [topic.id for topic in read.topics][:3] == ["huisverbod", "veiligheidsplan", "kinderen"]
    assert (len(read.signals), len(read.forms)) == (34, 12)
    assert check(data_root) == []


def test_what_may_be_cited_is_read_once(data_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def read(path: Path) -> Loaded:
        opened.append(path.name)
        return read_yaml(path)

    monkeypatch.setattr(catalogue, "read_yaml", read)
    read_catalogue(data_root)
    assert (opened.count("sources.yml"), opened.count("sections.yml")) == (1, 1)


def test_dates_may_be_quoted_or_bare(data_root: Path) -> None:
    assert {topic.review for topic in load_topics(data_root)} == {date(2027, 5, 1)}
    assert {source.checked for source in load_sources(data_root)} == {date(2026, 11, 22)}


def test_a_topic_carries_its_sources_in_order(data_root: Path) -> None:
    citations = load_topics(data_root)[0].sources
    assert [(citation.id, citation.section, citation.year) for citation in citations] == [
        ("boek-2020", "Bescherming", 2020),
        ("pagina", "Huisverbod", None),
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("topics/a.yml", "section: Plan", "section: ''", "hier staat niets"),
        ("topics/a.yml", "id: pagina, section: Plan", "id: onbekend, section: Plan", "onbekend"),
        ("topics/a.yml", "related: [huisverbod, kinderen]", "related: [huisverbod, niemand]", "niemand"),
        ("topics/a.yml", "related: [veiligheidsplan]", "related: [huisverbod]", "zichzelf"),
        ("topics/b.yml", "id: kinderen", "id: huisverbod", "a.yml:2"),
        ("topics/a.yml", "review: 2027-05-01", "review: volgend jaar", "geen datum"),
        ("topics/a.yml", "short: De burgemeester", f"short: De burgemeester {'heel ' * 80}", "ten hoogste 80"),
        ("topics/b.yml", "for: [alle]", "voor: [alle]", "onbekend: voor"),
        (
            "signals.yml",
            '"victim.restless", "role": "victim"',
            '"victim.restless", "role": "perpetrator"',
            "‘victim.restless’ heeft niet de vorm",
        ),
        ("signals.yml", '"victim.restless"', '"victim.cancels"', "staat ook in signals.yml"),
        ("signals.yml", "boek-2020", "weg-2020", "weg-2020"),
        ("forms.yml", '"digital"', '"digitaal"', "kan hier niet; kies uit"),
        ("organisations.yml", "boek-2020", "weg-2020", "weg-2020"),
        ("organisations.yml", '"2026-11-22"', '"22-11-2026"', "geen datum"),
        *((f"{kind}.yml", "boek-2020", "weg-2020", "weg-2020") for kind in KINDS),
        *(
            (f"{kind}.yml", '"section": "Signalen"', '"section": "Sign"', "‘Sign’ is geen kop van boek-2020")
            for kind in KINDS
        ),
        ("topics/a.yml", "section: Bescherming", "section: Bescherm", "‘Bescherm’ is geen kop van boek-2020"),
        ("laws.yml", '"wet_op_lantaarns"', '"huisverbod"', "id ‘huisverbod’ staat ook in a.yml:2"),
        ("interventions.yml", '"judoles"', '"politie"', "id ‘politie’ staat ook in organisations.yml:2"),
        ("factors.yml", '"risico_weer"', '"dossier"', "id ‘dossier’ staat ook in b.yml"),
        ("factors.yml", '"levels": ["person", "family"]', '"levels": ["society"]', "geen enkele factor"),
        ("figures.yml", '"value": "twee', f'"value": "{"heel " * 80}twee', "ten hoogste 80"),
        ("interventions.yml", '"related": ["huisverbod"]', '"related": ["niemand"]', "‘niemand’ bestaat niet"),
        ("kinds.yml", "key: laws", "key: wetten", "kan hier niet; kies uit"),
        ("kinds.yml", "{articles}", "{artikelen}", "laws.yml heeft geen veld ‘artikelen’"),
        ("kinds.yml", "key: groups", "key: laws", "‘title’ ontbreekt"),
        ("kinds.yml", "key: laws", "key: figures", "‘figures’ staat er twee keer"),
        ("kinds.yml", "  - key: topics\n    label: Uitleg en aanpak\n", "", "‘topics’ ontbreekt"),
        ("kinds.yml", "label: Uitleg en aanpak", "title: Uitleg en aanpak", "‘label’ ontbreekt"),
        ("kinds.yml", "label: Uitleg en aanpak", "label: Uitleg\n    short: [Kort.]", "‘short’ kan hier niet"),
        ("sources.yml", "checked: 2026-11-22", "checked: 2026-02-30", "kan niet bestaan"),
        ("sources.yml", "id: pagina", "id: boek-2020", "staat ook in sources.yml:2"),
        ("synonyms.yml", "for: [vt, ", "for: [vt, ots, ", "staat hier al eerder"),
    ],
)
def test_a_fault_is_told_with_file_and_reason(
    data_root: Path, change: Change, name: str, old: str, new: str, reason: str
) -> None:
    change(name, old, new)
    with pytest.raises(DataFileError, match=rf"{Path(name).name}:\d+: .*{reason}"):
        read_catalogue(data_root)
    assert check(data_root)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("topics/b.yml", "related: []", "related: [niemand]"),
        ("topics/a.yml", "review: 2027-05-01", "review: volgend jaar"),
        ("topics/a.yml", "questions: [Hoe lang", "questions: [[Hoe] lang"),
    ],
)
def test_the_line_is_the_line_of_the_fault(data_root: Path, change: Change, name: str, old: str, new: str) -> None:
    line = change(name, old, new)
    with pytest.raises(DataFileError) as raised:
        load_topics(data_root)
    assert (raised.value.path.name, raised.value.line) == (Path(name).name, line)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_source_of_another_kind_is_told_where_it_is_cited(
    data_root: Path, change: Change, kind: str
) -> None:
    line = change(f"{kind}.yml", "boek-2020", "weg-2020")
    with pytest.raises(DataFileError) as raised:
        load_topics(data_root)
    assert (raised.value.path.name, raised.value.line) == (f"{kind}.yml", line)


def test_missing_signal_is_a_fault(data_root: Path) -> None:
    path = data_root / "knowledge" / "signals.yml"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(DataFileError, match=r"signals\.yml"):
        load_signals(data_root)


@pytest.mark.parametrize(("old", "new"), [("id: boek-2020", "id: weg"), ("sources: [pagina]", "sources: [weg]")])
def test_a_section_of_an_unknown_source_is_a_fault(data_root: Path, change: Change, old: str, new: str) -> None:
    line = change("sections.yml", old, new)
    assert [(fault.path.name, fault.line) for fault in check(data_root)] == [("sections.yml", line)]
    assert "‘weg’ staat niet in sources.yml" in check(data_root)[0].reason


def test_no_topics_and_files_with_another_ending_are_faults(data_root: Path) -> None:
    folder = data_root / "knowledge" / "topics"
    (folder / "c.yaml").write_text("topics: []")
    with pytest.raises(DataFileError, match=r"c\.yaml"):
        load_topics(data_root)
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(DataFileError, match="geen onderwerpen"):
        load_topics(data_root)


def test_check_tells_faults_of_several_files_at_once(data_root: Path, change: Change) -> None:
    change("signals.yml", "boek-2020", "weg-2020")
    change("forms.yml", "boek-2020", "weg-2020")
    assert {fault.path.name for fault in check(data_root)} == {"signals.yml", "forms.yml"}


def test_other_readers_return_records(data_root: Path) -> None:
    assert load_signals(data_root)[16].id == "perpetrator.bossy"
    assert load_forms(data_root)[0].sources[0].section == "Signalen"
    assert load_organisations(data_root)[0].phone == "112"
    assert load_words(data_root).synonyms["vt"] == "veilig thuis"

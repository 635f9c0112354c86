"""A fault in a file under `data/advice/` is told with its file and its line."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.advice import Tables, load_tables
from bot.yamlfile import DataFileError
from tests.unit.advice.conftest import DATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tables to spoil."""
    shutil.copytree(DATA / "advice", tmp_path / "advice")
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first occurrence of a text; return the line where it stood."""
    path = folder / "advice" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("levels.yml", "outcome: honour_expert", "outcome: honour_exprt", "honour_exprt"),
        ("levels.yml", "when: {honour: yes}", "when: {eer: yes}", "onbekend feit: eer"),
        ("levels.yml", "when: {danger_now: yes}", "when: {danger_now: ja}", "danger_now kan"),
        ("levels.yml", "when: red", "when: rood", "onbekend woord: rood"),
        ("levels.yml", "nr: 5", "nr: 4", "nr 4"),
        ("levels.yml", "{wie_meldt} Wacht", "{wie_melt} Wacht", "onbekende invulplek: wie_melt"),
        ("questions.yml", "Gebeurde het vaker?", "'Gebeurde het vaker? {loketten}'", "onbekende invulplek: loketten"),
        ("organisation.yml", "from: wie_meldt", "from: melder", "onbekende naam: melder; kies uit: meldcode"),
        ("organisation.yml", "meldt {value}.", "meldt {waarde}.", "hier hoort één keer {value} in"),
        ("organisation.yml", "Kijk in {meldcode}", "Kijk in {loketten}", "onbekende invulplek: loketten"),
        ("organisation.yml", "id: waar_meldcode", "id: meldcode", "id meldcode staat er twee keer"),
        ("organisation.yml", "id: achterwacht", "id: haar", "de naam haar heeft al een andere betekenis"),
        ("organisation.yml", "meldcode: {longest: 160}", "meldcode: {lang: 160}", "lang"),
        ("organisation.yml", "fields:\n", "fields:\n  kluis: {longest: 20}\n", "dit wordt nergens gezegd: kluis"),
        ("levels.yml", "id: pf-5b", "id: wikipedia", "wikipedia"),
        ("levels.yml", 'due: "2027-05-22"', 'due: "22 mei"', "22 mei"),
        ("words.yml", "- strangulation: yes", "- wurging: yes", "onbekend feit: wurging"),
        ("words.yml", "- red\n", "- suspicion\n", "onbekend woord: suspicion"),
        ("setups.yml", "- client_role: perpetrator", "- client_role: dader", "dader"),
        ("questions.yml", "facts: {strangulation: yes}", "facts: {strangulation: ja}", "ja"),
        ("questions.yml", "facts: {honour: yes}", "facts: {eer: yes}", "onbekend feit: eer"),
        ("questions.yml", "- id: controle", "- id: gevaar", "gevaar"),
        ("plans.yml", "setup: apart\n", "setup: appart\n", "appart"),
        ("meldcode.yml", "done_when: step_two_done", "done_when: {uitkomst: report}", "onbekend feit: uitkomst"),
        ("cautions.yml", "nr: 4", "nr: vier", "vier"),
        ("facts.yml", "name: locked_in, group: danger", "name: locked_in, group: process", "locked_in"),
        ("facts.yml", "group: danger, safest: yes, label: wapen", "group: danger, safest: no, label: wapen", "weapon"),
        ("levels.yml", "when: {not: leaving}", "when: {not: {setup: praten}}", "praten"),
        ("cautions.yml", "when: {setup: [apart,", "when: {setup: [samen,", "samen"),
        ("levels.yml", 'due: "2027-05-22"', 'due: "2027-02-30"', "deze dag bestaat niet: 2027-02-30"),
        ("levels.yml", "signed: false", "signed: nee", "nee"),
        ("levels.yml", "role: veilig_thuis", "role: iemand", "iemand"),
        ("levels.yml", "section: Samenwerken aan (directe) veiligheid", "section: x", "te kort"),
        ("setups.yml", "id: advice_first", "id: honour_expert_first", "id honour_expert_first staat er twee keer"),
        ("words.yml", "word: leaving_or_stalked", "word: leaving", "word leaving staat er twee keer"),
        ("meldcode.yml", "step: 3", "step: 2", "step 2 staat er twee keer"),
        ("patterns.yml", "covers: [coercive_control]", "covers: [controle]", "onbekend patroon: controle"),
        ("patterns.yml", "when: {honour: yes}", "when: {eer: yes}", "onbekend feit: eer"),
        ("patterns.yml", "kind: form", "kind: vorm", "vorm"),
        ("checklists.yml", "id: fasen", "id: veiligheidsplan", "id veiligheidsplan staat er twee keer"),
        (
            "checklists.yml",
            "- id: bescherming",
            "- id: onveilige_situaties",
            "id onveilige_situaties staat er twee keer",
        ),
        ("checklists.yml", "when: {honour: yes}", "when: {eer: yes}", "onbekend feit: eer"),
        (
            "checklists.yml",
            "          - met Veilig Thuis\n",
            "          - {text: met iemand, when: {honour: yes}}\n",
            "geldt altijd",
        ),
        ("checklists.yml", "wie {hij} dit hoort", "wie {iemand} dit hoort", "iemand"),
        ("questions.yml", "may_change: true", "may_change: nee", "hier hoort ‘true’"),
        ("meldcode.yml", "id: knmg", "id: meldcode", "id meldcode staat er twee keer"),
        ("plans.yml", "when: {setup: [apart, with_specialist", "when: {setup: [samen, with_specialist", "samen"),
        ("methods.yml", "id: presence", "id: trauma_sensitive", "id trauma_sensitive staat er twee keer"),
        ("methods.yml", "when: {setup: [child_first,", "when: {setup: [kind,", "kind"),
        ("methods.yml", "on_a_level]", "op_gelijke_hoogte]", "onbekend woord: op_gelijke_hoogte"),
        ("levels.yml", "outcome: report\n", "outcome: call_112\n", "zwaarder dan red_flag, en staat eronder"),
    ],
)
def test_a_fault_is_told_with_file_and_line(folder: Path, name: str, old: str, new: str, reason: str) -> None:
    line = spoil(folder, name, old, new)
    with pytest.raises(DataFileError) as error:
        load_tables(folder)
    assert error.value.path.name == name
    assert abs(error.value.line - line) <= 1
    assert reason in error.value.reason
    assert str(error.value).startswith(f"{folder / 'advice' / name}:{error.value.line}: ")


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("facts.yml", "name: weapon, group: danger", "name: knife, group: danger", "knife"),
        ("levels.yml", "    otherwise: true\n", "", "otherwise"),
        ("texts.yml", "id: belgium", "id: belgie", "belgium"),
        ("texts.yml", "{citaat}", "{quote}", "quote"),
        ("texts.yml", "{citaat}", "{feiten}", "feiten"),
        ("levels.yml", "    when: red\n", "    when: {setup: no_talk_now}\n", "onbekend feit: setup"),
        (
            "setups.yml",
            "    when: always\n    setup: together_possible",
            "    when: red\n    setup: together_possible",
            "altijd",
        ),
        ("words.yml", "profession: [huisarts, arts]", "profession: [dokter]", "dokter"),
        ("plans.yml", "plans:\n", "plannen:\n", "plannen"),
        ("organisation.yml", "unknown:", "onbekend:", "onbekend"),
        ("plans.yml", "    record: Schrijf op\n", "", "‘record’ ontbreekt"),
        ("plans.yml", '      - "Hoe kijk je naar de komende weken?"\n', "", "minder dan vijf vragen"),
        (
            "plans.yml",
            '    - "‘Ik wil hier nu stoppen.',
            '    - {when: {fear: yes}, text: "‘Ik wil stoppen’"}\n#',
            "stopzin",
        ),
        ("questions.yml", "  default:", "  gewoon:", "default"),
    ],
)
def test_a_fault_between_files_is_told(folder: Path, name: str, old: str, new: str, reason: str) -> None:
    spoil(folder, name, old, new)
    with pytest.raises(DataFileError) as error:
        load_tables(folder)
    assert error.value.path.name == name
    assert error.value.line >= 1
    assert reason in error.value.reason


NEVER_DECIDES, LIGHTER = "deze rij beslist nooit", "meer gevaar maakt het hier lichter"


@pytest.mark.parametrize(
    ("name", "row", "key", "value", "place", "reason"),
    [
        ("levels.yml", 3, "when", {"all": ["red", "violence_rising"]}, "violence_rising", NEVER_DECIDES),
        ("levels.yml", 0, "when", "always", "red_flag", NEVER_DECIDES),
        ("levels.yml", 11, "when", {"all": [{"fear": "yes"}, {"fear": "no"}]}, "signals", NEVER_DECIDES),
        ("levels.yml", 11, "stricter", [{"when": "physician", "outcome": "report"}], "signals", "zwaarder dan"),
        ("setups.yml", 5, "when", "always", "child_is_client", NEVER_DECIDES),
        ("setups.yml", 12, "when", {"fear": "not_no"}, "specialist", NEVER_DECIDES),
        ("levels.yml", 2, "help", "unknown", "disclosure", "spreekt red_flag tegen over hulp"),
        ("levels.yml", 1, "when", {"all": ["red", {"pregnant": "not_yes"}]}, "red_flag", f"{LIGHTER}: pregnant"),
        ("levels.yml", 9, "when", {"any": [{"fear": "no"}]}, "serious_concern", f"{LIGHTER}: fear"),
        ("setups.yml", 2, "when", {"all": [{"fear": "yes"}, {"not": "red"}]}, "advice_first", f"{LIGHTER}: care"),
        ("cautions.yml", 2, "when", {"all": [{"separation": "yes"}, {"weapon": "no"}]}, "separation", LIGHTER),
        ("setups.yml", 6, "when", {"fear": "yes"}, "child_is_client", "een rij eronder is voorzichtiger"),
    ],
)  # fmt: skip
def test_a_row_that_is_well_written_but_wrong_is_told(
    folder: Path, name: str, row: int, key: str, value: Any, place: str, reason: str
) -> None:
    path, data = folder / "advice" / name, YAML(typ="rt", pure=True)
    tree = data.load(path.read_text(encoding="utf-8"))
    tree["table"][row][key] = value
    data.dump(tree, path)
    with pytest.raises(DataFileError) as error:
        load_tables(folder)
    assert (error.value.path.name, reason in error.value.reason) == (name, True)
    begins = path.read_text(encoding="utf-8").splitlines()[: error.value.line]
    assert place in [line for line in begins if "- id: " in line][-1]


def test_a_fact_that_nothing_reads_is_told(folder: Path) -> None:
    spoil(folder, "levels.yml", "        - animals_harmed: yes\n", "")
    spoil(folder, "words.yml", "{animals_harmed: yes}, ", "")
    with pytest.raises(DataFileError, match="animals_harmed"):
        load_tables(folder)


def test_a_fact_that_no_question_asks_is_told(folder: Path) -> None:
    spoil(folder, "questions.yml", "facts: {animals_harmed: yes}", "facts: {weapon: yes}")
    spoil(folder, "questions.yml", "sexual_violence: no, animals_harmed: no", "sexual_violence: no")
    with pytest.raises(DataFileError, match="geen vraag over: animals_harmed"):
        load_tables(folder)


def test_a_missing_or_unreadable_file_is_told(folder: Path) -> None:
    (folder / "advice" / "words.yml").unlink()
    with pytest.raises(DataFileError, match=r"words\.yml:1"):
        load_tables(folder)
    (folder / "advice" / "words.yml").write_text("words: [\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="YAML"):
        load_tables(folder)


def test_the_version_follows_the_content(folder: Path, tables: Tables) -> None:
    assert load_tables(folder).version == tables.version
    spoil(folder, "texts.yml", "Dank je dat je dit opschrijft.", "Dank je wel dat je dit opschrijft.")
    assert load_tables(folder).version != tables.version


SIGNED = (
    "levels.yml", "cautions.yml", "setups.yml", "plans.yml", "methods.yml", "meldcode.yml", "patterns.yml",
    "checklists.yml",
)  # fmt: skip


@pytest.mark.parametrize("name", SIGNED)
def test_the_tables_are_signed_only_when_every_row_is(folder: Path, name: str) -> None:
    for each in SIGNED:
        path = folder / "advice" / each
        path.write_text(path.read_text(encoding="utf-8").replace("signed: false", "signed: true"), encoding="utf-8")
    assert load_tables(folder).signed
    spoil(folder, name, "signed: true", "signed: false")
    assert not load_tables(folder).signed


def rows(tables: Tables) -> list[Any]:
    """Every rule of the tables: whatever decides or is said for a reason."""
    single = [tables.level_fallback, tables.setup_fallback, tables.report_with_expert, tables.help_unless]
    shared = [*tables.plans.values(), tables.every_plan, *tables.meldcode]
    noted = [*tables.checks, *tables.duties, *tables.person, *tables.methods, *tables.checklists]
    return [*single, *shared, *noted, *tables.levels, *tables.cautions, *tables.setups, *tables.patterns]


def test_every_rule_has_a_source_with_its_section_and_someone_who_answers_for_it(tables: Tables) -> None:
    for row in rows(tables):
        assert row.sources, row
        assert all(source.id and len(source.section) >= 3 for source in row.sources), row
        assert row.review.role in {
            "aandachtsfunctionaris",
            "veilig_thuis",
            "jurist",
            "forensisch_arts",
            "deskundige_eer",
        }
        assert date.fromisoformat(row.review.due) > date(2026, 1, 1)
    assert len(tables.reviews) == len(rows(tables))


NEEDED = {"id": "levels.yml", "label": "cautions.yml", "when": "setups.yml", "outcome": "levels.yml"}
NEEDED |= {"text": "setups.yml", "sources": "cautions.yml", "review": "setups.yml", "setup": "setups.yml"}


@pytest.mark.parametrize(("key", "name"), NEEDED.items())
def test_a_row_without_one_of_its_parts_is_refused(folder: Path, key: str, name: str) -> None:
    path = folder / "advice" / name
    data = YAML(typ="rt", pure=True)
    tree = data.load(path.read_text(encoding="utf-8"))
    del tree["table"][2][key]
    data.dump(tree, path)
    with pytest.raises(DataFileError, match=f"‘{key}’ ontbreekt") as error:
        load_tables(folder)
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines, start=1) if line.startswith(("- ", "  - "))]
    assert error.value.line in starts


@pytest.mark.parametrize("part", ["sources", "review"])
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("plans.yml", ("every",)), ("plans.yml", ("plans", 3)), ("meldcode.yml", ("steps", 1)),
        ("meldcode.yml", ("checks", 0)), ("meldcode.yml", ("duties", 2)), ("levels.yml", ("person", 1)),
        ("levels.yml", ("fallback",)), ("setups.yml", ("fallback",)), ("levels.yml", ("report_with_expert",)),
        ("levels.yml", ("help_unless",)), ("methods.yml", ("methods", 2)),
    ],
)  # fmt: skip
def test_whatever_is_told_rests_on_a_source_and_a_role(
    folder: Path, name: str, keys: tuple[str | int, ...], part: str
) -> None:
    path = folder / "advice" / name
    data = YAML(typ="rt", pure=True)
    tree = data.load(path.read_text(encoding="utf-8"))
    row = tree
    for key in keys:
        row = row[key]
    del row[part]
    data.dump(tree, path)
    with pytest.raises(DataFileError, match=rf"{name}:\d+: .*‘{part}’ ontbreekt"):
        load_tables(folder)

"""The manual for trainers (`docs/handleiding/trainer.md`) says what is so: its example can be played, its tables are
those of the format, and the messages that it explains are the real ones."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.knowledge import load_citable
from bot.practice import Ending, best_and_worst, check_text, load_dialogue, load_techniques, told_sure
from bot.settings import ROOT, Settings
from bot.studio import LEAST, LEAST_TRIES, LONGEST_OPEN, OPEN_DAYS
from bot.studio.tries import MOST
from tests.unit.said import Said, code_strings, sentences
from tests.unit.test_never_said import read_rows

from . import DATA

MANUAL = ROOT / "docs" / "handleiding" / "trainer.md"
PAGE = MANUAL.read_text(encoding="utf-8")
SCHEMA = json.loads((DATA / "practice" / "schema" / "dialogue.json").read_text(encoding="utf-8"))
CHECKED = ("practice/checks.py", "practice/reading.py", "practice/unfinished.py", "practice/wording.py")
OTHERS = ("yamlfile.py", "schemawords.py", "knowledge/catalogue.py")  # say more than a trainer will see
WORDS = 5  # from here on a string in code is a message, and no part of one


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading, without its head."""
    part = re.split(r"^#", PAGE.split(f"\n{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"]
    return cells[2:]


EXAMPLE = DATA / "practice" / "example" / "post.yml"  # what one begins with in the studio


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "practice" / "post.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(EXAMPLE.read_bytes())
    return path


def test_the_example_of_the_manual_is_that_of_the_studio() -> None:
    assert [block for block in blocks("yaml") if "\nscenes:" in block] == [EXAMPLE.read_text(encoding="utf-8")]


# -- the example -------------------------------------------------------------------------------------------------------


def test_nothing_is_to_be_said_of_the_example(example: Path) -> None:
    assert check_text(example.read_text(encoding="utf-8"), DATA, "post", load_citable(DATA).fault) == []


def test_the_example_is_as_the_manual_describes_it(example: Path) -> None:
    dialogue = load_dialogue(example, DATA)
    endings = [place.kind for place in dialogue.places.values() if isinstance(place, Ending)]
    assert (len(dialogue.scenes), endings) == (4, ["goed", "open", "stop"])
    assert min(len(option.examples) for scene in dialogue.scenes for option in scene.options) >= 5
    assert best_and_worst(dialogue)


def test_what_the_manual_shows_of_the_check_is_what_it_says(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(example.parents[2])
    file = "data/practice/post.yml"
    assert told(file) in PAGE
    text = example.read_text(encoding="utf-8")
    example.write_text(text.replace("to: over_de_post", "to: over_post", 1), encoding="utf-8")
    assert f"```\n{told(file)}```" in PAGE


def told(file: str) -> str:
    result = CliRunner().invoke(cli.app, ["practice", "check", file])
    return result.output


def test_the_example_says_nothing_that_pluis_never_says(example: Path) -> None:
    said = [Said("data/practice/post.yml", part) for part in sentences(example.read_text(encoding="utf-8"))]
    assert [fault for row in read_rows() for fault in row.faults(said)] == []


def test_what_may_be_added_fits_in_the_example(example: Path) -> None:
    [reactions] = [block for block in blocks("yaml") if block.startswith("reactions:")]
    example.write_text(example.read_text(encoding="utf-8") + reactions, encoding="utf-8")
    assert load_dialogue(example, DATA).techniques["stilte"].says in reactions


def test_an_editor_finds_the_schema_from_where_the_dialogues_are(example: Path) -> None:
    [path] = re.findall(r"^# yaml-language-server: \$schema=(.+)$", example.read_text(encoding="utf-8"), re.MULTILINE)
    assert json.loads((DATA / "practice" / path).read_text(encoding="utf-8")) == SCHEMA


# -- the tables --------------------------------------------------------------------------------------------------------

PARTS: Mapping[str, Any] = {
    "### Het hele gesprek": SCHEMA,
    "### De cliënt (`client`)": SCHEMA["properties"]["client"],
    "### Een leerdoel (onder `goals`)": SCHEMA["properties"]["goals"]["items"],
    "### Een bron (onder `sources`)": SCHEMA["properties"]["goals"]["items"]["properties"]["sources"]["items"],
    "### Een scène (onder `scenes`)": SCHEMA["$defs"]["scene"],
    "### Een antwoord (onder `options`)": SCHEMA["$defs"]["option"],
    "### Een einde (ook onder `scenes`)": SCHEMA["$defs"]["ending"],
    "### Een zin die wisselt (onder `says` en `thinks`)": SCHEMA["$defs"]["lines"]["items"],
}


@pytest.mark.parametrize("heading", PARTS)
def test_the_tables_have_every_field_of_the_format(heading: str) -> None:
    part = PARTS[heading]
    shown = [(name.strip("`"), needed, size) for name, needed, size, _ in rows(heading)]
    assert shown == [
        (name, "ja" if name in part["required"] else "", size_of(field)) for name, field in part["properties"].items()
    ]


def test_no_part_of_the_format_is_without_a_table() -> None:
    with_fields = [part for part in parts(SCHEMA) if "properties" in part]
    assert [part for part in with_fields if part not in PARTS.values()] == []


def parts(node: Any) -> list[Any]:
    """Return all that stands in a schema, from the outside in."""
    found = [node] if isinstance(node, dict) else []
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return found + [part for child in below for part in parts(child)]


SIZES: Mapping[str, tuple[str, str, str]] = {
    "string": ("minLength", "maxLength", " tekens"),
    "['string', 'array']": ("minLength", "maxLength", " tekens, of een lijst"),
    "integer": ("minimum", "maximum", ""),
    "array": ("minItems", "maxItems", " rijen"),
    "object": ("minProperties", "maxProperties", " namen"),
}


def size_of(field: Any) -> str:
    """Return how much a field holds, as the manual says it."""
    if "$ref" in field:
        field = SCHEMA["$defs"][field["$ref"].rpartition("/")[2]]
    if "enum" in field:
        return " · ".join(f"`{value}`" for value in field["enum"])
    if field["type"] == "boolean":
        return "`true` of `false`"
    if "properties" in field:
        return "eigen velden"
    if "maxLength" not in field and field["type"] == "string":
        return "tekst"
    least, most, of = SIZES[str(field["type"])]
    return (f"{field.get(least, 1)}–{field[most]}" if most in field else f"{field[least]} of meer") + of


def test_the_techniques_have_their_names_and_all_can_be_tags() -> None:
    known = load_techniques(DATA)
    shown = {name.strip("`"): called for name, called, _, _ in rows("### De twaalf technieken (`tags`)")}
    assert list(shown) == SCHEMA["$defs"]["tag"]["enum"]
    assert shown == {name: known[name].name for name in shown}
    for name in known.keys() - shown.keys():  # heard as well, and no tags
        assert f"`{name}`" in PAGE


def test_the_messages_are_those_of_the_check() -> None:
    shown = [row[0].strip("`") for row in rows("## Wat de controle zegt")]
    said = {text for name in CHECKED for text in messages(name)}
    assert {text for text in said if not any(text in row for row in shown)} == set()
    known = said | {text for name in OTHERS for text in messages(name, 3)}
    assert [row for row in shown if not any(text in row for text in known)] == []


def messages(name: str, words: int = WORDS) -> list[str]:
    found = (text.strip() for text in code_strings((ROOT / "bot" / name).read_text(encoding="utf-8")))
    return [text for text in found if len(text.split()) >= words]


def test_words_for_how_sure_it_is_mean_what_the_manual_says() -> None:
    assert [told_sure(sure) for sure in (1.0, 0.9, 0.89, 0.0)] == ["vrij zeker"] * 2 + ["waarschijnlijk"] * 2
    assert "negen van de tien" in PAGE


def test_what_it_says_of_groups_is_so() -> None:
    told = " ".join(PAGE.split("\n## Een groep laten oefenen\n")[1].split("\n## ")[0].split())
    for number in (
        f"pas iets als er {LEAST} deelnemers deelden", f"minder dan {LEAST} deelnemers", f"hooguit {MOST} gesprekken",
        f"Er staat {OPEN_DAYS} dagen; een jaar is het langst", f"vanaf {LEAST_TRIES} pogingen",
        "Een jaar na het sluiten",
    ):  # fmt: skip
        assert number in told
    assert LONGEST_OPEN == Settings.model_fields["group_days"].default == 365
    assert [name for name, _ in rows("### Wat jij ziet")] == [
        "leerdoelen", "hoe het eindigde", "vaker oefenen", "hoe moeilijk een scène was", "onderscheid",
        "welke antwoorden er zijn genomen",
    ]  # fmt: skip

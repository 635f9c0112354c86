"""Reading YAML: content and lines, and no text of an editor that stops or fills the process."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.settings import ROOT
from bot.yamlfile import DataFileError, parse_yaml, read_text, read_yaml, validate

FILE = Path("rows.yml")
BOMB = "a: &a [x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)


def test_words_numbers_and_dates_are_read_as_yaml_1_2_does() -> None:
    text = (
        "a: yes\nb: 1:30\nc: true\nd: 0x1F\ne: 1.5\nf: ~\ng:\nh: 2026-11-28\ni: '1'\nj: !!str 2\nk: !!int '3'\n1: one\n"
    )
    assert parse_yaml(text, FILE).data == {
        "a": "yes", "b": "1:30", "c": True, "d": 31, "e": 1.5, "f": None, "g": None, "h": date(2026, 11, 28), "i": "1",
        "j": "2", "k": 3, "1": "one",
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted((ROOT / "data").rglob("*.yml")), ids=lambda path: path.name)
def test_our_files_are_read_as_the_composer_of_pyyaml_reads_them(path: Path) -> None:
    texts = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    assert _as_text(read_yaml(path).data) == _as_text(texts)


def _as_text(node: object) -> object:
    """Return the same with each list, each name and each long text in its place: numbers and dates are ours to read."""
    if isinstance(node, dict):
        return {str(key): _as_text(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_as_text(value) for value in node]
    return node if isinstance(node, str) and len(node) > 10 else None


def test_every_value_has_its_line_and_what_is_not_there_that_of_its_parent() -> None:
    loaded = parse_yaml(
        "a: 1\nb:\n  - x\n  - c: |\n      long\n      text\n    d: [1,\n      2]\nother: &o\n  e: 1\nf: *o\n", FILE
    )
    assert [loaded.line(*keys) for keys in ((), ("a",), ("b",), ("b", 1), ("b", 1, "d"), ("b", 1, "d", 1))] == [
        1, 1, 2, 4, 7, 8
    ]  # fmt: skip
    assert loaded.line("b", 5) == loaded.line("b", "x") == loaded.line("b") == 2
    assert loaded.line("a", "deeper") == 1
    assert (loaded.line("f"), loaded.line("f", "e")) == (11, 10)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("a: " + "[" * 100_000, 1, "in elkaar; maak het platter"),
        ("a:\n  b: " + "{c: " * 100_000, 2, "in elkaar; maak het platter"),
        ("- " * 10_000 + "x", 1, "in elkaar; maak het platter"),
        (BOMB, 6, "te veel herhaald"),
        ("a: 1\nb: &b [*b]\n", 2, "er is geen &b hierboven"),
        ("a: 1\nb: *c\n", 2, "er is geen &c hierboven"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "geen geldige YAML"),
        ("a: 1\nb: !!python/name:os.system x\n", 2, "geen geldige YAML"),
        ("a: 1\nb: !!set {x}\n", 2, "geen geldige YAML"),
        ("a: 1\nb:\n  {naam}: x\n", 3, "tussen aanhalingstekens"),
        ("a: 1\nb: 2\na: 3\n", 3, "a staat er twee keer"),
        ("1: a\n'1': b\n", 2, "1 staat er twee keer"),
        ("a: 1\n---\nb: 2\n", 2, "tweede document"),
        ("a: 1\nb: 2026-02-30\n", 2, "kan niet bestaan"),
        ("a: 1\nb: !!int x\n", 2, "kan niet bestaan"),
        ("a: 1\nb: !!int ''\n", 2, "kan niet bestaan"),
        ("a: 1\nb: !!timestamp x\n", 2, "kan niet bestaan"),
        ("a: 1\nb: " + "9" * 5000, 2, "kan niet bestaan"),
        ("a: 1\nb: \ud800\n", 2, "half teken"),
        ("a: 1\nb: \x00\n", 1, "geen geldige YAML"),
        ("a: 1\nb: [\n", 3, "geen geldige YAML"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(DataFileError) as caught:
        parse_yaml(text, FILE)
    assert told in caught.value.reason
    assert (caught.value.path, caught.value.line) == (FILE, line)


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (None, 1, "dit bestand ontbreekt"),
        (b"a: 1\nb: caf\xe9\n", 2, "geen UTF-8; sla het bestand op als UTF-8"),
        (b"x" * 3_000_001, 1, "groter dan 3 MB; verdeel het over meer bestanden"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_what_to_do(
    tmp_path: Path, content: bytes | None, line: int, told: str
) -> None:
    path = tmp_path / "rows.yml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataFileError) as caught:
        read_text(path, 3_000_000)
    assert (caught.value.path, caught.value.line, caught.value.reason) == (path, line, told)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"niet te lezen \(.+\); hier hoort een bestand"):
        read_yaml(tmp_path)


def test_a_mark_of_the_byte_order_and_line_ends_of_windows_are_no_content(tmp_path: Path) -> None:
    path = tmp_path / "rows.yml"
    path.write_bytes(b"\xef\xbb\xbfa: |\r\n  een\r\n  twee\r\nb: 'x\r\n  y'\r\n")
    assert read_yaml(path).data == {"a": "een\ntwee\n", "b": "x y"}
    assert read_yaml(path).line("b") == 4
    assert read_text(path, path.stat().st_size)[0] == "a"


def test_nothing_is_no_fault() -> None:
    assert parse_yaml("", FILE).data is parse_yaml("# only words\n", FILE).data is None
    assert parse_yaml("", FILE).line("a", 1) == 1


@pytest.mark.parametrize(
    ("text", "well"),
    [
        ("count: 1", True), ("count: true", False), ("count: 1.5", False), ("count: 1.0", True),
        ("count: " + "9" * 4000, False), ("kind: 1", True), ("kind: true", False), ("kind: '1'", False),
        ("day: 2026-11-28", False), ("day: '2026-11-28'", True), ("day: !!binary YQ==", False), ("day: ~", False),
        ("rows: [1, 1.0]", False), ("rows: [1, true]", True), ("word: ë2", True), ("word: ' '", False),
        ("none: 1", False),
    ],
)  # fmt: skip
def test_the_quick_answer_and_the_one_that_explains_are_the_same(text: str, well: bool) -> None:
    schema = {
        "type": "object", "additionalProperties": False,
        "properties": {"count": {"type": "integer", "maximum": 99}, "kind": {"enum": [1, 2]}, "day": {"type": "string"},
                       "rows": {"uniqueItems": True}, "word": {"type": "string", "pattern": r"\S", "maxLength": 2}},
    }  # fmt: skip
    loaded = parse_yaml(text, FILE)
    assert Draft202012Validator(schema).is_valid(loaded.data) == well
    if well:
        validate(loaded, schema)
    else:
        with pytest.raises(DataFileError, match=r"^rows\.yml:1: "):
            validate(loaded, schema)

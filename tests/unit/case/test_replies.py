"""Replies are filled in with the words of the tables; a placeholder that nothing fills is told when they are read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.advice import load_tables
from bot.case import Say, load_lists, load_replies, load_starts
from bot.case.replies import VALUES, WELCOME
from bot.settings import ROOT
from bot.yamlfile import DataFileError, read_yaml

REPLIES = "replies:\n  een:\n    text: {}\n"


def written(folder: Path, text: str) -> Path:
    """Write one reply; return its folder."""
    (folder / "een.yml").write_text(REPLIES.format(text), encoding="utf-8")
    return folder


def test_the_organisation_is_filled_in_and_what_is_said_later_stays_open(tmp_path: Path) -> None:
    replies = load_replies(written(tmp_path, "'{wie} weet het. {niets} Nog {uren} uur.'"), {"wie": "jij", "niets": ""})
    assert replies.texts() == {"een": "Jij weet het. Nog {uren} uur."}
    assert replies.render(Say("een", values={"uren": "{wie}"})).text == "Jij weet het. Nog {wie} uur."


def test_a_placeholder_that_nothing_fills_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"een\.yml:3: onbekende invulplek: wei$"):
        load_replies(written(tmp_path, "Vraag het {wei}, of {wie}."), {"wie": "jij"})


def test_no_placeholder_has_the_name_of_what_is_filled_in_later() -> None:
    declared = read_yaml(ROOT / "data" / "advice" / "organisation.yml").data["placeholders"]
    assert not {row["id"] for row in declared} & set(VALUES)


@pytest.mark.parametrize(
    ("name", "old"),
    [("decisions.yml", "consult: overleg met je aandachtsfunctionaris"), ("professions.yml", "title: Huisarts")],
)
def test_what_comes_in_the_summary_names_no_organisation(tmp_path: Path, name: str, old: str) -> None:
    shutil.copytree(ROOT / "data" / "case", tmp_path / "case")
    path = tmp_path / "case" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, f"{old} {{aandachtsfunctionaris}}"), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(DataFileError, match=rf"{name}:{line}: onbekende invulplek: aandachtsfunctionaris"):
        load_lists(tmp_path)


def test_a_conversation_opens_with_a_choice_of_the_welcome() -> None:
    starts = load_starts(ROOT / "data" / "replies")
    offered = {choice.title for choice in load_replies(ROOT / "data" / "replies", load_tables(ROOT / "data").words)
               .render(Say(WELCOME)).choices}  # fmt: skip
    assert starts["oefenen"] == "Oefenen"
    assert set(starts.values()) <= offered


@pytest.mark.parametrize(
    ("first", "second", "line"), [("een", "een", 6), ("een", "Twee", 6), ("een?", "twee", 5), ("'1'", "twee", 5)]
)
def test_a_start_is_a_plain_name_that_stands_there_once(tmp_path: Path, first: str, second: str, line: int) -> None:
    rows = f"{{title: A, start: {first}}}\n      - {{title: B, start: {second}}}"
    text = f"replies:\n  {WELCOME}:\n    text: Waarmee?\n    choices:\n      - {rows}\n"
    (tmp_path / "conversation.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=rf"conversation\.yml:{line}: start "):
        load_starts(tmp_path)

"""What trainers bring in files: what can be read on is kept as it is, and of the rest the line is told."""

from __future__ import annotations

import pytest

from bot.practice import UNFINISHED
from bot.studio import BadTextError, brought, notes_above

from .conftest import text

STORY = """\
:: StoryTitle
Aan de balie

:: Start
Kom binnen. <<set $x to 1>>
[[Hoe gaat het?->Eind]]

:: Eind [goed]
Dag.
"""
BOMB = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize("name", ["deur.yml", "DEUR.YAML", "map/deur.yml", "..\\deur.yml", "a\nb.yml"])
def test_yaml_is_kept_as_it_is_and_its_title_is_known(name: str) -> None:
    found = brought(name, text().encode())
    assert (found.title, found.text) == ("Aan de deur", text())


def test_lines_end_alike_and_no_sign_says_in_what_order_bytes_are() -> None:
    found = brought("deur.yml", b"\xef\xbb\xbf" + text().replace("\n", "\r\n").encode())
    assert (found.title, found.text) == ("Aan de deur", text())


@pytest.mark.parametrize("wrong", ["title: [1]\nscenes: nog niets\n", "about: Zonder titel.\n", "title: x\n"])
def test_what_cannot_be_played_or_has_no_title_is_kept_too(wrong: str) -> None:
    found = brought("deur.yml", wrong.encode())
    assert (found.title, found.text) == ("", wrong)


def test_a_story_from_twine_tells_above_it_what_was_left_out() -> None:
    found = brought("verhaal.twee", STORY.encode())
    assert found.title == "Aan de balie"
    assert notes_above(found.text) == [
        f"Uit Twine (verhaal.twee). Nog niet af: vervang elke tekst die begint met “{UNFINISHED}”.",
        "verhaal.twee, regel 5: Start: niet begrepen en weggelaten: <<set $x to 1>>",
    ]
    assert "Kom binnen." in found.text


def test_a_title_that_has_yet_to_be_written_is_none() -> None:
    story = STORY.replace("Aan de balie", "")
    assert brought("verhaal.tw", story.encode()).title == ""


def test_a_name_of_a_file_adds_no_line_to_what_stands_above() -> None:
    found = brought("ver\nhaal: x\u202e\x00.twee", STORY.encode())
    assert found.text.splitlines()[0].startswith("# Uit Twine (ver haal: x.twee).")
    assert found.text.splitlines()[2].startswith("title: ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("deur.yml", b"", "regel 1 niet: dit bestand is leeg"),
        ("deur.twee", b" \n ", "regel 1 niet: dit bestand is leeg"),
        ("deur.yml", "title: één\nabout: café".encode("cp1252"), "regel 1 niet: geen UTF-8"),
        ("deur.yml", b"title: een\nabout: caf\xe9", "regel 2 niet: geen UTF-8"),
        ("deur.yml", text().encode("utf-16"), "regel 1 niet: geen UTF-8"),
        ("deur.twee", b":: Start\n\xff", "regel 2 niet: geen UTF-8"),
        ("deur.yml", b"title: [\n", "regel 2 niet: geen geldige YAML"),
        ("deur.yml", b"title: een\ntitle: twee\n", "regel 2 niet: title staat er twee keer"),
        ("deur.yml", BOMB.encode(), "regel 5 niet: te veel herhaald met *d"),
        ("deur.yml", b"gewoon wat tekst\n", "regel 1 niet: hier staat geen oefengesprek"),
        ("deur.yml", b"- title: een\n", "regel 1 niet: hier staat geen oefengesprek"),
        ("deur.yml", b"\n<!doctype html>\n<html></html>", "regel 2 niet: dit is een webpagina"),
        ("deur.twee", b"<tw-storydata></tw-storydata>", "regel 1 niet: dit is een webpagina"),
        ("deur.twee", b":: Start\n[[Ga->Weg]]\n", "regel 2 niet: Start: er is geen passage"),
        ("deur.twee", b"geen passage", "regel 1 niet: hier staat geen passage"),
        ("deur.twee", b":: Start\nAlleen dit.\n", "er is maar één passage"),
        ("deur.yml", b"title: een\n# " + b"x" * 500_000, "De tekst is te groot: 500 kB"),
        ("", b"title: een\n", "Kies een bestand dat eindigt op .yml, of op .twee"),
        ("deur.docx", b"PK", "Kies een bestand dat eindigt op .yml, of op .twee"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(name: str, content: bytes, told: str) -> None:
    with pytest.raises(BadTextError) as error:
        brought(name, content)
    assert told in str(error.value)


def test_what_is_told_of_a_file_is_one_line_that_can_be_read() -> None:
    with pytest.raises(BadTextError) as error:
        brought(f"{'x' * 200}\n\x00y.yml", b"")
    assert str(error.value).startswith(f"In {'x' * 74} y.yml klopt regel 1 niet")


def test_what_stands_above_is_the_comment_of_people() -> None:
    above = "# yaml-language-server: $schema=x\n# Van Anna\n#\n#  nakijken # \n"
    assert notes_above(f"{above}title: x # niet dit\n# of dit\n") == ["Van Anna", "nakijken #"]
    assert notes_above("title: x\n# niet dit\n") == []
    assert notes_above("") == []

"""The summary: what a case sheet must hold, and what it must not."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date

import pytest
from docx import Document

from bot.case import docx, markdown
from tests.unit.case.player import Answer, Player, Press

TODAY = date(2025, 3, 4)
STORY = "Haar man geeft steeds antwoord voor haar. Ik denk dat hij haar klein houdt. Ik voel me er rot bij."


@pytest.fixture
def done(player: Player) -> Player:
    """A whole conversation."""
    player.begin(STORY)
    answers: Mapping[str, Answer] = {
        "kennismaking.beroep": "wijkteam",
        "gevoel.over_wie": "mijn cliënte",
        "feiten.bron": "de eerste",
        "weging.keel": "nee",
        "besluit.keuze": Press("talk"),
        "besluit.reden": "ik wil haar eerst zelf horen",
        "besluit.datum": "Over een week",
        "opzet.gewenst": "ja",
        "afronding.oordeel": "ja",
    }
    player.play(answers)
    return player


def test_what_must_stand_in_it(done: Player) -> None:
    text = markdown(done.case.to_slot(), done.tools, TODAY)
    assert "Datum: 4 maart 2025" in text
    assert text.index("## Feiten") < text.index("geeft steeds antwoord") < text.index("## Interpretaties")
    (talk,) = (row.title for row in done.tools.decisions if row.id == "talk")
    assert f"Besluit: {talk}" in text
    assert "Opnieuw kijken: Over een week" in text
    assert "Begin zo: ‘" in text
    assert "Wie kan dit lezen?" in text.split("##")[1]


def test_what_must_not_stand_in_it(done: Player) -> None:
    text = markdown(done.case.to_slot(), done.tools, TODAY)
    assert "rot bij" not in text
    assert "Weet ik niet" not in text.split("## Weging")[0]
    for rule in done.tools.tables.levels:
        assert rule.id not in text.split()


def test_a_plan_that_was_not_wanted_is_not_in_it(player: Player) -> None:
    player.begin(STORY)
    player.play({"kennismaking.beroep": "wijkteam", "gevoel.over_wie": "haar", "opzet.gewenst": "nee"})
    assert "## Gesprek\n" not in markdown(player.case.to_slot(), player.tools, TODAY)


def test_word_holds_the_same(done: Player) -> None:
    slot = done.case.to_slot()
    document = Document(io.BytesIO(docx(slot, done.tools, TODAY)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    headings = [
        line.removeprefix("## ") for line in markdown(slot, done.tools, TODAY).splitlines() if line[:3] == "## "
    ]
    assert headings
    assert all(heading in text for heading in headings)
    assert "**" not in text

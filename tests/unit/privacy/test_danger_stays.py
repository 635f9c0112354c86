"""What points at danger passes the door: the engine assesses what the door leaves."""

from __future__ import annotations

import re

import pytest

from bot.privacy import Door
from bot.privacy.words import fold
from bot.settings import ROOT
from bot.yamlfile import read_yaml


def test_no_word_of_the_lexicon_of_danger_is_left_out(door: Door) -> None:
    data = read_yaml(ROOT / "data" / "analysis" / "danger.yml").data
    rows = [
        (row["kind"], re.compile("|".join(f"(?:{pattern})" for pattern in row["patterns"]))) for row in data["lexicon"]
    ]
    lost = []
    count = 0
    for text in (text for row in data["danger"] for text in row["sentences"]):
        masked = door.pseudonymise("danger", text).text
        door.forget("danger")
        seen = {kind for kind, pattern in rows if pattern.search(fold(text))}
        count += len(seen)
        if seen - {kind for kind, pattern in rows if pattern.search(fold(masked))}:
            lost.append(masked)
    assert count > 1000
    assert lost == []


# What a rule of the door might take for a name, a place or an account, were it not for what it says.
WORDS = [
    "gestoken",
    "neergestoken",
    "gewurgd",
    "gekeeld",
    "verkracht",
    "misbruikt",
    "aangerand",
    "gedreigd",
    "bedreigd",
    "geslagen",
    "mishandeld",
    "gebeten",
    "geschopt",
    "gegooid",
    "gesprongen",
    "opgesloten",
    "vastgebonden",
    "vastgehouden",
    "doodgeschoten",
    "doodgeslagen",
    "vermoord",
    "gevlucht",
    "ondergedoken",
    "gewond",
    "bewusteloos",
    "bloedend",
    "bloedt",
    "zelfmoord",
    "zelfdoding",
    "suïcidaal",
    "wurging",
    "benzine",
    "mes",
    "pistool",
    "bijl",
    "hamer",
    "glock",
    "machete",
    "zuur",
    "keel",
    "strot",
    "dood",
]
FRAMES = (
    "hij heeft haar bij hotel {}", "ze is uit flat {}", "hij heeft haar in camping {} gisteren", "zij zei {} tegen mij",
    "Hij riep {} naar haar", "verdachte {} haar", "slachtoffer {}", "mw {} was het", "mevrouw {} zegt ze",
    "aan dr {} gezien", "volgens haar {}", "met {} en nog iets", "op snap stond {}_nu_echt", "hij reed weg {} 16 mei",
)  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_no_word_of_danger_is_left_out_wherever_it_stands(door: Door, frame: str) -> None:
    lost = []
    for word in (*WORDS, *(word.capitalize() for word in WORDS)):
        text = frame.format(word)
        if word.casefold() not in door.pseudonymise("danger", text).text.casefold():
            lost.append(text)
        door.forget("danger")
    assert lost == []

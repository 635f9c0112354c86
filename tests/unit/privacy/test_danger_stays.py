"""What points at danger passes the door: the engine assesses what the door leaves."""

from __future__ import annotations

import re

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

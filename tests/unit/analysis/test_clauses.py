from __future__ import annotations

import pytest

from bot.analysis.analyser import Analyser


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("hij is agressief want hij sloeg op tafel", ["hij is agressief", "hij sloeg op tafel"]),
        ("Mw. en dhr. waren er. Cl. zei niks, ivm haar man", ["Mw. en dhr. waren er", "Cl. zei niks, ivm haar man"]),
        ("Toen ik binnenkwam, schrok ze", ["Toen ik binnenkwam, schrok ze"]),
        ("ze huilde omdat hij riep", ["ze huilde", "omdat hij riep"]),
        ("bord, stoel en tafel waren kapot", ["bord, stoel en tafel waren kapot"]),
        ("ze zei dat ze gevallen was", ["ze zei dat ze gevallen was"]),
        ("[cliënt] huilt\n[persoon 1] riep iets", ["[cliënt] huilt", "[persoon 1] riep iets"]),
        ("ze heeft geen pas en moet alles vragen, ik vertrouw het niet", 3),
        ("", []),
        ("... !!! 😀", []),
    ],
)
def test_splits_where_people_change_the_subject(analyser: Analyser, text: str, clauses: list[str] | int) -> None:
    found = analyser.clauses(text)
    assert found == clauses or len(found) == clauses


def test_quotes_stand_in_the_text_at_their_offsets(analyser: Analyser) -> None:
    text = "Vorige week had ze een blauwe plek, ze zei dat ze gevallen was.\nIk heb er een naar gevoel bij…  ok"
    statements = analyser.analyse(text).statements
    assert len(statements) >= 3
    assert all(text[item.start : item.end] == item.quote for item in statements)
    assert [item.start for item in statements] == sorted(item.start for item in statements)

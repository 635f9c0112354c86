"""Checks of what can be read, but is wrong as a dialogue."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bot.practice import Remark, best_and_worst, check_dialogue, load_dialogue

from . import DATA, ending, option, script, write


def remarks(tmp_path: Path, row: Any) -> list[Remark]:
    return check_dialogue(write(tmp_path, row), DATA)


def scene(name: str, *options: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "says": "Ja.", "thinks": "Nee.", "options": list(options)}


def test_a_dialogue_that_is_well_has_nothing_grave(tmp_path: Path) -> None:
    assert [remark for remark in remarks(tmp_path, script()) if remark.grave] == []


def test_places_that_nobody_reaches_and_ways_without_an_end_are_grave(tmp_path: Path) -> None:
    more = [
        scene("zolder", option("af", "klaar")),
        scene("kring", option("rond", "ring")), scene("ring", option("rond", "kring")),
    ]  # fmt: skip
    first, *others = script()["scenes"]
    row = script(scenes=[first | {"options": [*first["options"], option("verdwaal", "kring")]}, *others, *more])
    found = {remark.text.split(";")[0]: remark for remark in remarks(tmp_path, row) if remark.grave}
    assert set(found) == {
        "zolder: hier komt niemand", "kring: van hier komt niemand bij een einde",
        "ring: van hier komt niemand bij een einde",
    }  # fmt: skip
    lines = (tmp_path / "deur.yml").read_text(encoding="utf-8").splitlines()
    assert "zolder" in lines[found["zolder: hier komt niemand"].line - 1]


def test_without_an_ending_there_is_no_dialogue(tmp_path: Path) -> None:
    found = remarks(tmp_path, script(begin="a", scenes=[scene("a", option("x", "b")), scene("b", option("y", "a"))]))
    assert any("er is 0 einde" in remark.text and remark.grave for remark in found)


def test_a_goal_without_points_is_grave_and_a_value_that_does_nothing_is_told(tmp_path: Path) -> None:
    row = script(state={"vertrouwen": 3, "spanning": 5, "openheid": 2, "moed": 1})
    row["goals"] = [*row["goals"], row["goals"][0] | {"id": "veilig"}]
    found = {remark.text.split(";")[0]: remark.grave for remark in remarks(tmp_path, row)}
    assert found["veilig: geen antwoord geeft hier punten voor"] is True
    assert found["moed: niets hangt hiervan af"] is False
    assert found["vertrouwen: niets hangt hiervan af"] is False


def test_a_weaker_answer_without_a_better_one_is_told(tmp_path: Path) -> None:
    first, *others = script()["scenes"]
    options = [first["options"][0], option("sus", "keuken", goals={"apart": -1}), *first["options"][2:]]
    found = [remark.text for remark in remarks(tmp_path, script(scenes=[first | {"options": options}, *others]))]
    assert "deur, sus: een betere zin (better) ontbreekt" in found


def test_an_answer_that_is_better_in_everything_is_told_and_one_with_a_price_is_not(tmp_path: Path) -> None:
    row = script()
    assert any("naar_keuken: dit is altijd het beste" in remark.text for remark in remarks(tmp_path, row))
    row["scenes"][0]["options"][0]["effect"] = {"vertrouwen": -1}
    assert not any("naar_keuken: dit is altijd het beste" in remark.text for remark in remarks(tmp_path, row))


def test_the_best_and_the_worst_way_are_found(tmp_path: Path) -> None:
    ways = best_and_worst(load_dialogue(write(tmp_path, script()), DATA))
    assert ways is not None
    best, worst = ways
    assert (best.places, best.points) == (("deur", "keuken", "klaar"), 1)
    assert (worst.places, worst.points) == (("deur", "weg"), 0)


def test_five_hundred_scenes_are_checked_at_once_and_two_thousand_too(tmp_path: Path) -> None:
    for count in (500, 1990):
        many = [
            scene(f"s{at}", option("door", f"s{at + 1}" if at + 1 < count else "klaar", goals={"open": 2}),
                  option("terug", f"s{max(0, at - 3)}", goals={"apart": 1}, effect={"spanning": 1}, better="Ga door."))
            for at in range(count)
        ]  # fmt: skip
        path = write(tmp_path, script(begin="s0", scenes=[*many, ending("klaar", "goed"), ending("weg", "stop")]))
        begin = time.perf_counter()
        found = check_dialogue(path, DATA)
        took = time.perf_counter() - begin
        print(f"{count} scènes: {took * 1000:.0f} ms")
        assert [remark.text for remark in found if remark.grave] == [
            "weg: hier komt niemand; laat een antwoord erheen leiden"
        ]
        assert took < 3 * count / 500

"""The report: how a play went, in parts and as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.practice import Dialogue, Move, ScriptChangedError, load_dialogue, report, report_file

from . import DATA, script, write

TITLES = {"kenniskaart-2023": "Kenniskaart meldcode"}
GOOD = (Move("naar_keuken"), Move("hoe_gaat_het"), Move("slaap"), Move("afspraak"))
FREE = Move("", "Wat dom van u.", ("oordeel", "gesloten_vraag"), 0.1)


@pytest.fixture
def dialogue(tmp_path: Path) -> Dialogue:
    return load_dialogue(write(tmp_path, script()), DATA)


def test_it_tells_how_it_ended_then_each_goal_and_no_more_where_all_went_well(dialogue: Dialogue) -> None:
    assert report(dialogue, GOOD, TITLES) == (
        "**Niet af, maar de deur staat open**\n\nDit is een einde.",
        "**Wat je oefende**\n\n"
        "- Je spreekt haar alleen. **2 van de 2 punten.** *Bron: Kenniskaart meldcode, “De Meldcode”.*\n"
        "- Je vraagt open. **2 van de 3 punten.** *Bron: Kenniskaart meldcode, “De Meldcode”.*",
    )


def test_before_an_ending_it_tells_what_was_met_so_far_and_the_rest_has_yet_to_come(dialogue: Dialogue) -> None:
    (goals,) = report(dialogue, (Move("naar_keuken"),), {})
    assert "- Je spreekt haar alleen. **2 van de 2 punten.** *Bron: kenniskaart-2023, “De Meldcode”.*" in goals
    assert goals.endswith("- Je vraagt open. Dat kwam nog niet aan bod.")
    (nothing,) = report(dialogue, (), {})
    assert nothing.count("Dat kwam nog niet aan bod.") == 2


def test_points_are_never_less_than_none(dialogue: Dialogue) -> None:
    goals, *_ = report(dialogue, (Move("vraag_man"), Move("vraag_man")), TITLES)
    assert "- Je spreekt haar alleen. **0 van de 4 punten.**" in goals


def test_techniques_are_counted_in_the_order_of_the_table(dialogue: Dialogue) -> None:
    asked = Move("naar_keuken", "Zullen we?", ("gesloten_vraag", "verdwenen"), 0.9)
    typed = report(dialogue, (FREE, asked), TITLES)[1]
    head = "**Technieken in wat je typte**\n\nIn één zin kunnen er meer zitten."
    assert typed == f"{head}\n\n- oordeel: 1 keer\n- gesloten vraag: 2 keer"


@pytest.mark.parametrize("techniques", [(), ("verdwenen",)])
def test_without_techniques_nothing_is_told_of_them(dialogue: Dialogue, techniques: tuple[str, ...]) -> None:
    told = report(dialogue, (Move("naar_keuken", "Zullen we?", techniques, 0.9),), TITLES)
    assert not any("Technieken" in part for part in told)


def test_a_moment_tells_what_was_said_what_it_did_and_what_is_better(dialogue: Dialogue) -> None:
    *_, first, second = report(dialogue, (FREE, Move("vraag_man", "Hoe gaat het met haar, meneer?")), TITLES)
    assert first == (
        "**Kijk hier nog eens naar (1)**\n\n> Kom binnen.\n\nJij: “Hoe gaat het met haar, meneer?”\n\n"
        "*Gedachte:* Hopelijk ziet ze niets.\n\nZo landde vraag_man bij haar.\n\nBeter: “Mag de wond in de keuken?”"
    )
    assert second.startswith("**Kijk hier nog eens naar (2)**\n\n> Kom binnen.\n\nJij: “Wat dom van u.”\n\n")
    own = dialogue.techniques["oordeel"]
    assert f"\n\n{own.feedback} {own.better}\n\nBeter: “Ik doe naar_keuken.”" in second


def test_no_more_than_three_moments_are_told(dialogue: Dialogue) -> None:
    told = report(dialogue, (FREE,) * 5, TITLES)
    assert sum("Kijk hier nog eens naar" in part for part in told) == 3


def test_what_was_typed_is_shown_as_it_was_typed_and_makes_no_markup(dialogue: Dialogue) -> None:
    words = "**nee** [klik](https://x.nl) <b>\n\n# kop\n- punt\n1. een\n---\n`a` ~~b~~ ![c](d) &amp; a_b_c"
    *_, moment = report(dialogue, (Move("vraag_man", words),), TITLES)
    line = next(line for line in moment.splitlines() if line.startswith("Jij"))
    assert line == (
        r"Jij: “\*\*nee\*\* \[klik\](https://x.nl) \<b\> \# kop - punt 1. een --- \`a\` \~\~b\~\~ \!\[c\](d) "
        r"\&amp; a\_b\_c”"
    )


def test_every_line_of_what_the_client_said_is_quoted(tmp_path: Path) -> None:
    first, *others = script()["scenes"]
    row = script(scenes=[first | {"says": "Kom *binnen*.\nEn gauw."}, *others])
    *_, moment = report(load_dialogue(write(tmp_path, row), DATA), (Move("vraag_man"),), TITLES)
    assert "\n\n> Kom \\*binnen\\*.\n>\n> En gauw.\n\nJij: “Ik doe vraag\\_man.”" in moment


def test_the_file_is_the_parts_under_a_heading(dialogue: Dialogue) -> None:
    moves = (FREE, *GOOD)
    text = report_file(dialogue, moves, TITLES)
    head = "# Oefengesprek: Aan de deur\n\nJij was: wijkverpleegkundige. De mensen in dit gesprek zijn verzonnen.\n\n"
    assert text == head + "\n\n".join(report(dialogue, moves, TITLES)) + "\n"


def test_moves_that_do_not_fit_are_refused(dialogue: Dialogue) -> None:
    for moves in ((Move("nooit"),), (*GOOD, FREE), (*GOOD, Move("afspraak"))):
        with pytest.raises(ScriptChangedError):
            report(dialogue, moves, TITLES)

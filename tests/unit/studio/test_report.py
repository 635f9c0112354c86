"""What is told of a group: figures that are counted by hand here, and nothing of a few."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from bot.practice import Dialogue, Move, load_text, result
from bot.studio import (
    Progress,
    Report,
    SceneFigures,
    TooFew,
    Try,
    ending_rows,
    goal_rows,
    group_report,
    progress_rows,
    scene_rows,
)
from tests.unit.practice import DATA, script

from .conftest import text

BEST = ("naar_keuken", "hoe_gaat_het", "slaap", "afspraak")
LATE = ("vraag_man", "naar_keuken", "hoe_gaat_het", "afspraak")
WORST = ("vraag_man", "weg")


@pytest.fixture(scope="module")
def dialogue() -> Dialogue:
    return load_text(text(), DATA, "deur")


def tried(dialogue: Dialogue, trainee: str, *options: str, number: int = 1) -> Try:
    """Return a try as it is kept: `option`, or `-technique` for a free line."""
    moves = tuple(Move("", techniques=(one[1:],)) if one[0] == "-" else Move(one) for one in options)
    goals = {one.goal: (one.points, one.of) for one in result(dialogue, moves).goals}
    return Try(trainee, number, moves, "klaar", goals, date(2027, 1, 15))


def told(dialogue: Dialogue, *tries: Try) -> Report:
    """Return a report that is there."""
    found = group_report(dialogue, tries)
    assert isinstance(found, Report)
    return found


def scene(report: Report, name: str) -> SceneFigures:
    """Return the figures of a scene."""
    return next(one for one in report.scenes if one.scene == name)


def test_of_fewer_than_five_trainees_nothing_is_told_and_that_is_said(dialogue: Dialogue) -> None:
    four = [tried(dialogue, f"t{at % 4}", *BEST, number=at // 4 + 1) for at in range(40)]
    found = group_report(dialogue, four)
    assert isinstance(found, TooFew)
    assert "pas als 5 deelnemers" in found.notice
    assert vars(found).keys() == {"notice"}
    assert isinstance(group_report(dialogue, []), TooFew)
    assert told(dialogue, *four, tried(dialogue, "t4", *BEST)).trainees == 5


def test_each_option_and_free_lines_are_counted_and_what_is_hard_is_a_share_of_the_best(dialogue: Dialogue) -> None:
    tries = [tried(dialogue, f"t{at}", *BEST) for at in range(4)]
    tries += [tried(dialogue, "t4", *LATE), tried(dialogue, "t5", "-open_vraag", "-sussen", *LATE)]
    found = told(dialogue, *tries)
    door, kitchen = scene(found, "deur"), scene(found, "keuken")
    assert (door.options, door.free) == ({"naar_keuken": 6, "vraag_man": 2, "weg": 0}, 2)
    # -1 + 2 of 2 + 2 is a quarter; four had 2 of 2
    assert door.difficulty == pytest.approx((4 * 1 + 2 * 0.25) / 6)
    assert (kitchen.options, kitchen.free) == ({"hoe_gaat_het": 6, "slaap": 4, "afspraak": 6}, 0)
    # 2 + 1 - 1 of 2 + 1 + 0; and 2 - 1 of 2 + 1
    assert kitchen.difficulty == pytest.approx((4 * 2 / 3 + 2 * 1 / 3) / 6)
    assert (found.trainees, found.tries, found.left_out) == (6, 6, 0)


def test_what_is_worse_than_nothing_is_0_and_what_earns_nothing_has_no_difficulty() -> None:
    rows = script()["scenes"]
    del rows[0]["options"][0]["goals"]
    plain = load_text(text(scenes=rows), DATA, "deur")
    shy = [tried(plain, f"t{at}", "naar_keuken", "afspraak") for at in range(5)]
    found = told(plain, *shy)
    assert (scene(found, "deur").difficulty, scene(found, "keuken").difficulty) == (None, 0.0)


def test_a_scene_that_tells_who_can_from_who_cannot_is_told_from_one_that_does_not(dialogue: Dialogue) -> None:
    good, bad = BEST, ("vraag_man", "vraag_man", "naar_keuken", "slaap", "afspraak")
    tries = [tried(dialogue, f"t{at}", *(good if at < 5 else bad)) for at in range(9)]
    assert scene(told(dialogue, *tries), "deur").discrimination is None  # nine
    found = told(dialogue, *tries, tried(dialogue, "t9", *bad))
    assert scene(found, "deur").discrimination == pytest.approx(1.0)
    late, early = ("vraag_man", *BEST), ("naar_keuken", "afspraak")
    mixed = [tried(dialogue, f"t{at}", *(late if at < 5 else early)) for at in range(10)]
    assert scene(told(dialogue, *mixed), "deur").discrimination == pytest.approx(-1.0)
    same = [tried(dialogue, f"t{at}", "naar_keuken", *(BEST[1:] if at % 2 else BEST[3:])) for at in range(10)]
    assert scene(told(dialogue, *same), "deur").discrimination is None  # all did the same here
    assert scene(told(dialogue, *same), "keuken").discrimination is None  # and elsewhere


def test_a_scene_is_not_held_against_itself(dialogue: Dialogue) -> None:
    """The doors (2, 1) and kitchens (2, 1) of twelve tries, of which each pair is there as often: no correlation."""
    doors, kitchens = (("naar_keuken",), ("vraag_man", "naar_keuken")), (BEST[1:], ("hoe_gaat_het", "afspraak"))
    tries = [
        tried(dialogue, f"t{at}", *doors[at % 2], *kitchens[at // 2 % 2]) for at in range(12)
    ]  # fmt: skip
    assert scene(told(dialogue, *tries), "deur").discrimination == pytest.approx(0.0, abs=1e-9)


def test_a_scene_where_only_a_few_came_is_not_told(dialogue: Dialogue) -> None:
    away = ("vraag_man", "weg")
    tries = [tried(dialogue, f"t{at}", *(away if at < 2 else BEST)) for at in range(6)]
    found = told(dialogue, *tries)
    assert scene(found, "keuken") == SceneFigures("keuken", True, {})
    assert scene(found, "deur").options["weg"] == 2
    again = [tried(dialogue, "t5", *BEST, number=2), tried(dialogue, "t5", *BEST, number=3)]
    assert scene(told(dialogue, *tries, *again), "keuken").too_few  # more tries are not more trainees
    assert {one.goal: one.share for one in found.goals}["open"] is None


def test_goals_are_told_by_the_mean_share_of_their_points(dialogue: Dialogue) -> None:
    tries = [tried(dialogue, f"t{at}", *BEST) for at in range(4)] + [tried(dialogue, "t4", *LATE)]
    shares = {one.goal: one.share for one in told(dialogue, *tries).goals}
    assert shares == {"apart": pytest.approx((4 * 1 + 1 / 4) / 5), "open": pytest.approx((4 * 2 / 3 + 1 / 3) / 5)}


def test_each_ending_is_counted_also_one_that_nobody_reached(dialogue: Dialogue) -> None:
    tries = [tried(dialogue, f"t{at}", *BEST, number=number) for at in range(5) for number in (1, 2)]
    assert told(dialogue, *tries).endings == {"klaar": 10, "weg": 0}
    away = replace(tried(dialogue, "t5", "vraag_man", "weg"), ending="weg")
    gone = replace(away, moves=(Move("bestaat_niet_meer"),))
    found = told(dialogue, *tries, away, gone)
    assert list(found.endings.items()) == [("klaar", 10), ("weg", 1)]
    assert ending_rows(found) == [("einde", "keren"), ("klaar", 10), ("weg", 1)]


def test_progress_is_of_the_same_trainees_only(dialogue: Dialogue) -> None:
    first = [tried(dialogue, f"t{at}", *LATE) for at in range(6)]
    once = [tried(dialogue, f"u{at}", *BEST) for at in range(5)]  # who were good at once and did no more
    second = [tried(dialogue, f"t{at}", *BEST, number=2) for at in range(6)]
    late, best = (1 + 1) / (4 + 3), (2 + 2) / (2 + 3)
    (found,) = told(dialogue, *second, *once, *first).progress
    assert (found.trainees, len(found.shares)) == (6, 2)
    assert found.shares == pytest.approx((late, best))
    assert told(dialogue, *first, *once).progress == ()
    assert told(dialogue, *first, *once, *second[:4]).progress == ()  # four made two


@pytest.mark.parametrize(("thrice", "shown"), [(10, [10, 10]), (9, [10]), (6, [10]), (5, [10, 5]), (4, [10])])
def test_those_who_made_more_are_not_told_where_the_rest_would_be_a_few(
    dialogue: Dialogue, thrice: int, shown: list[int]
) -> None:
    tries = [tried(dialogue, f"t{at}", *BEST, number=number) for at in range(10) for number in (1, 2)]
    tries += [tried(dialogue, f"t{at}", *BEST, number=3) for at in range(thrice)]
    found = told(dialogue, *tries).progress
    assert [one.trainees for one in found] == shown
    assert [len(one.shares) for one in found] == [2, 3][: len(shown)]


def test_tries_of_a_script_that_changed_are_left_out_and_counted(dialogue: Dialogue) -> None:
    tries = [tried(dialogue, f"t{at}", *BEST, number=number) for at in range(6) for number in (1, 2)]
    gone = replace(tries[0], moves=(Move("naar_keuken"), Move("bestaat_niet_meer")))
    beyond = replace(tries[2], moves=(*tries[2].moves, Move("afspraak")))
    found = told(dialogue, gone, tries[1], beyond, *tries[3:])
    assert (found.tries, found.left_out, found.trainees) == (10, 2, 6)
    assert found.progress == ()  # of two trainees the first try is not there: four are left


def test_the_figures_go_into_a_file_by_rows(dialogue: Dialogue) -> None:
    tries = [tried(dialogue, f"t{at}", *BEST, number=number) for at in range(5) for number in (1, 2)]
    found = told(dialogue, *tries, tried(dialogue, "t5", *WORST[:1], "-open_vraag", *LATE))
    assert scene_rows(found)[0] == ("scène", "wat", "keren", "moeilijkheid", "onderscheid")
    assert {row[3] for row in scene_rows(found)[1:5]} == {0.909}
    assert [row[:3] for row in scene_rows(found)[1:]] == [
        ("deur", "naar_keuken", 11), ("deur", "vraag_man", 2), ("deur", "weg", 0), ("deur", "eigen zin", 1),
        ("keuken", "hoe_gaat_het", 11), ("keuken", "slaap", 10), ("keuken", "afspraak", 11), ("keuken", "eigen zin", 0),
    ]  # fmt: skip
    assert goal_rows(found) == [("leerdoel", "deel van de punten"), ("apart", 0.909), ("open", 0.636)]
    assert found.progress == (Progress(5, (0.8, 0.8)),)
    assert progress_rows(found)[1:] == [(2, 5, 1, 0.8), (2, 5, 2, 0.8)]
    few = told(dialogue, *(tried(dialogue, f"t{at}", "vraag_man", "weg") for at in range(5)))
    assert scene_rows(few)[-1] == ("keuken", "minder dan 5 deelnemers", None, None, None)
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(scene_rows(few))
    assert written.getvalue().splitlines()[-1] == "keuken;minder dan 5 deelnemers;;;"

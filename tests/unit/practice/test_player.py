"""Playing: everything follows from the script and the moves."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bot.practice import Dialogue, Ending, Move, ScriptChangedError, load_dialogue, open_options, position, result, turn

from . import DATA, script, write


@pytest.fixture
def dialogue(tmp_path: Path) -> Dialogue:
    return load_dialogue(write(tmp_path, script()), DATA)


def moves(*names: str) -> list[Move]:
    return [Move(name) for name in names]


def test_it_begins_with_what_the_client_says_and_what_can_be_done(dialogue: Dialogue) -> None:
    begin = turn(dialogue)
    assert (begin.says, begin.feedback, begin.thought, begin.ending) == ("Kom binnen.", "", "", None)
    assert [option.id for option in begin.options] == ["naar_keuken", "vraag_man"]


def test_a_move_tells_how_it_landed_what_was_thought_and_goes_on(dialogue: Dialogue) -> None:
    now = turn(dialogue, moves("naar_keuken"))
    assert now.feedback == "Zo landde naar_keuken bij haar."
    assert now.thought == "Hopelijk ziet ze niets."
    assert now.says == "Het gaat wel."
    assert position(dialogue, moves("naar_keuken")).values == {"vertrouwen": 5, "spanning": 4, "openheid": 2}


def test_what_is_said_and_what_can_be_done_follow_the_state(dialogue: Dialogue) -> None:
    assert turn(dialogue, moves("vraag_man")).says == "Wat moet u?"
    assert {option.id for option in turn(dialogue, moves("vraag_man")).options} == {"naar_keuken", "vraag_man", "weg"}
    talked = moves("naar_keuken", "hoe_gaat_het")
    assert turn(dialogue, talked).says == "Het is niet altijd leuk thuis."
    assert [option.id for option in turn(dialogue, talked).options] == ["slaap", "afspraak"]


def test_the_order_of_what_can_be_done_does_not_tell_what_is_best(dialogue: Dialogue) -> None:
    written = [option.id for option in dialogue.scenes[1].options]
    shown = [option.id for option in turn(dialogue, moves("naar_keuken")).options]
    assert (sorted(shown), shown != written) == (sorted(written), True)
    assert [option.id for option in turn(dialogue, moves("naar_keuken")).options] == shown


def test_values_stay_between_0_and_10(dialogue: Dialogue) -> None:
    assert position(dialogue, moves(*["vraag_man"] * 9)).values["spanning"] == 10


def test_one_step_back_is_one_move_less(dialogue: Dialogue) -> None:
    played = moves("naar_keuken", "hoe_gaat_het", "slaap")
    assert turn(dialogue, played[:-1]) == turn(dialogue, moves("naar_keuken", "hoe_gaat_het"))
    assert "slaap" in [option.id for option in turn(dialogue, played[:-1]).options]


def test_an_ending_has_nothing_more_to_do(dialogue: Dialogue) -> None:
    now = turn(dialogue, moves("naar_keuken", "afspraak"))
    assert now.ending is not None
    assert (now.ending.kind, now.options) == ("open", ())


@pytest.mark.parametrize("played", [("afspraak",), ("weg",), ("naar_keuken", "slaap", "slaap"), ("nooit",)])
def test_moves_that_do_not_fit_are_refused(dialogue: Dialogue, played: tuple[str, ...]) -> None:
    for ask in (position, turn, result):
        with pytest.raises(ScriptChangedError):
            ask(dialogue, moves(*played))


def test_the_result_tells_each_goal_and_the_weakest_moments_first(dialogue: Dialogue) -> None:
    played = [Move("vraag_man", "Hoe gaat het met haar, meneer?"), *moves("naar_keuken", "slaap", "afspraak")]
    found = result(dialogue, played)
    assert [(one.goal, one.points, one.of) for one in found.goals] == [("apart", 1, 4), ("open", 0, 4)]
    assert [moment.words for moment in found.moments] == [
        "Hoe gaat het met haar, meneer?", "Ik doe afspraak.", "Ik doe slaap.",
    ]  # fmt: skip
    assert found.moments[0].better == "Mag de wond in de keuken?"
    assert found.moments[0].thought == "Hopelijk ziet ze niets."
    assert found.ending is not None


def test_who_does_best_everywhere_has_nothing_to_look_at_again(dialogue: Dialogue) -> None:
    found = result(dialogue, moves("naar_keuken", "hoe_gaat_het", "slaap", "afspraak"))
    assert [one.points for one in found.goals] == [2, 2]
    assert found.moments == ()


def test_any_way_can_be_played_to_an_end_and_back_again(dialogue: Dialogue) -> None:
    for seed in range(200):
        chance, played = Random(seed), list[Move]()
        while options := open_options(position(dialogue, played)):
            played.append(Move(chance.choice(options).id))
            assert len(played) < 400
        assert isinstance(position(dialogue, played).place, Ending)
        result(dialogue, played)


# -- lines that fit no option ------------------------------------------------------------------------------------------


def free(*techniques: str) -> Move:
    return Move("", "Iets van mij.", techniques, 0.1)


def test_a_line_that_fits_none_stays_in_the_scene_and_does_what_the_gravest_technique_does(dialogue: Dialogue) -> None:
    told = dialogue.techniques["oordeel"]
    now = turn(dialogue, [free("oordeel", "open_vraag")])
    assert (now.feedback, now.says, now.thought, now.understood) == (told.feedback, told.says, "", "")
    assert now.ending is None
    assert now.options == turn(dialogue).options
    here = position(dialogue, [free("oordeel", "sussen")])
    assert here.values == {"vertrouwen": 2, "spanning": 6, "openheid": 2}
    assert position(dialogue, [free("open_vraag")]) == position(dialogue)


def test_what_such_lines_change_counts_within_bounds_for_what_can_be_done(dialogue: Dialogue) -> None:
    assert "weg" not in [option.id for option in turn(dialogue, [free("oordeel")] * 2).options]
    assert "weg" in [option.id for option in turn(dialogue, [free("oordeel")] * 3).options]
    assert position(dialogue, [free("oordeel")] * 9).values == {"vertrouwen": 0, "spanning": 10, "openheid": 2}
    assert turn(dialogue, [*[free("oordeel")] * 2, Move("vraag_man")]).says == "Wat moet u?"


def test_what_this_client_does_goes_before_what_is_general(dialogue: Dialogue, tmp_path: Path) -> None:
    own = load_dialogue(write(tmp_path, script(reactions={"oordeel": "(Ze doet de deur dicht.)"})), DATA)
    assert turn(own, [free("oordeel")]).says == "(Ze doet de deur dicht.)"
    assert turn(own, [free("oordeel")]).feedback == dialogue.techniques["oordeel"].feedback
    assert turn(own, [free("sussen")]).says == dialogue.techniques["sussen"].says != ""
    assert position(own, [free("oordeel")]) == position(dialogue, [free("oordeel")])


def test_such_a_line_brings_and_costs_no_points(dialogue: Dialogue) -> None:
    played = moves("naar_keuken", "hoe_gaat_het", "slaap")
    mixed = [free("oordeel"), played[0], free("open_vraag"), *played[1:], free("stilte")]
    assert result(dialogue, mixed).goals == result(dialogue, played).goals


def test_only_a_line_that_works_against_is_looked_at_again(dialogue: Dialogue) -> None:
    assert result(dialogue, [free("open_vraag"), free("anders")]).moments == ()
    told = dialogue.techniques["sussen"]
    (moment,) = result(dialogue, [free("sussen", "open_vraag")]).moments
    assert (moment.says, moment.words, moment.thought) == ("Kom binnen.", "Iets van mij.", "Hopelijk ziet ze niets.")
    assert moment.feedback == f"{told.feedback} {told.better}"
    assert moment.better == "Ik doe naar_keuken."
    worse = result(dialogue, [free("sussen"), Move("vraag_man")]).moments
    assert [moment.words for moment in worse] == ["Ik doe vraag_man.", "Iets van mij."]


def test_techniques_are_counted_in_all_that_was_typed(dialogue: Dialogue) -> None:
    played = [free("oordeel", "open_vraag"), Move("naar_keuken", "Kom.", ("open_vraag",)), Move("slaap")]
    assert result(dialogue, played).techniques == {"oordeel": 1, "open_vraag": 2}


def test_a_step_back_over_such_a_line_takes_away_what_it_did(dialogue: Dialogue) -> None:
    played = [*moves("vraag_man"), free("oordeel")]
    assert turn(dialogue, played) != turn(dialogue, played[:-1])
    assert turn(dialogue, played[:-1]) == turn(dialogue, moves("vraag_man"))


@pytest.mark.parametrize("played", [[free()], [free("verdwenen")], [*moves("naar_keuken", "afspraak"), free("stilte")]])
def test_such_lines_that_do_not_fit_are_refused(dialogue: Dialogue, played: list[Move]) -> None:
    for ask in (position, turn, result):
        with pytest.raises(ScriptChangedError):
            ask(dialogue, played)

"""A play: words that are taken, asked about or left, and how it is kept by who plays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.practice import (
    Dialogue,
    Do,
    Heard,
    Move,
    Option,
    Session,
    Step,
    Turn,
    kept,
    load_dialogue,
    restored,
    shown,
    shows_options,
    stepped,
    turn,
)

from . import DATA, option, script, write

SURE = Heard(("naar_keuken", "vraag_man"), 0.912, ("apart_spreken", "gesloten_vraag"))
DOUBT = Heard(("vraag_man", "naar_keuken"), 0.4, ("gesloten_vraag",))
NONE = Heard(("vraag_man", "naar_keuken"), 0.1, ("oordeel",))
FREE = Move("", "Schande.", ("oordeel",), 0.1)


@dataclass
class Hears:
    """A listener that always understands the same, and remembers what it was asked."""

    heard: Heard
    asked: list[tuple[list[str], str, str]] = field(default_factory=list)

    def hear(self, options: Sequence[Option], words: str, after: str = "") -> Heard:
        self.asked.append(([option.id for option in options], words, after))
        return self.heard

    def warm(self) -> None:
        """It needs nothing."""


@pytest.fixture
def dialogue(tmp_path: Path) -> Dialogue:
    return load_dialogue(write(tmp_path, script()), DATA)


BEGIN = Session("deur")


def typed(dialogue: Dialogue, session: Session, words: str, heard: Hears | Heard) -> Session:
    """Return the play after a line, which the script has a place for."""
    session, now = stepped(dialogue, session, Step("say", words), heard if isinstance(heard, Hears) else Hears(heard))
    assert not now.changed
    return session


def done(dialogue: Dialogue, session: Session, do: Do, option: str = "") -> Session:
    """Return the play after a step without words, which the script has a place for."""
    session, now = stepped(dialogue, session, Step(do, option=option), Hears(NONE))
    assert not now.changed
    return session


# -- words -------------------------------------------------------------------------------------------------------------


def test_words_that_are_sure_are_taken(dialogue: Dialogue) -> None:
    after, now = stepped(dialogue, BEGIN, Step("say", "Zullen we naar de keuken gaan?"), Hears(SURE))
    move = Move("naar_keuken", "Zullen we naar de keuken gaan?", ("apart_spreken", "gesloten_vraag"), 0.91)
    assert after == Session("deur", (move,))
    assert (now.words, now.understood, now.sure) == (move.words, "Ik doe naar_keuken.", "vrij zeker")
    assert now == turn(dialogue, after.moves)


def test_what_is_heard_are_the_open_options_and_what_the_client_says_now(dialogue: Dialogue) -> None:
    listens = Hears(NONE)
    typed(dialogue, BEGIN, "Dag.", listens)
    typed(dialogue, Session("deur", (Move("vraag_man"),)), "Dag.", listens)
    assert listens.asked == [
        (["naar_keuken", "vraag_man"], "Dag.", "Kom binnen."),
        (["naar_keuken", "weg", "vraag_man"], "Dag.", "Wat moet u?"),
    ]


def test_words_that_may_mean_an_option_are_asked_about_and_nothing_is_done_yet(dialogue: Dialogue) -> None:
    asked, now = stepped(dialogue, BEGIN, Step("say", "Zegt hij dat?"), Hears(DOUBT))
    assert asked == Session(
        "deur", (), Move("", "Zegt hij dat?", ("gesloten_vraag",), 0.4), ("vraag_man", "naar_keuken")
    )
    assert [option.id for option in now.options] == ["vraag_man", "naar_keuken"]  # the likeliest first
    assert now == replace(turn(dialogue), options=now.options)
    assert shown(dialogue, replace(asked, offered=("verdwenen", "vraag_man")))[1].options == now.options[:1]


def test_words_that_fit_no_option_are_what_is_done_in_them(dialogue: Dialogue) -> None:
    after, now = stepped(dialogue, BEGIN, Step("say", "Schande."), Hears(NONE))
    assert after == Session("deur", (FREE,))
    assert (now.words, now.understood, now.sure) == ("Schande.", "", "")


def test_new_words_take_the_place_of_those_that_were_asked_about(dialogue: Dialogue) -> None:
    asked = typed(dialogue, BEGIN, "Zegt hij dat?", DOUBT)
    again = typed(dialogue, asked, "Of zij?", DOUBT)
    assert again.asked is not None
    assert (again.asked.words, again.moves) == ("Of zij?", ())
    assert typed(dialogue, asked, "Schande.", NONE) == Session("deur", (FREE,))


def test_no_words_are_no_line(dialogue: Dialogue) -> None:
    asked = typed(dialogue, BEGIN, "Zegt hij dat?", DOUBT)
    for session in (BEGIN, asked):
        assert typed(dialogue, session, "", SURE) == session


def test_after_an_ending_nothing_can_be_typed_or_chosen(dialogue: Dialogue) -> None:
    over = Session("deur", (Move("naar_keuken"), Move("afspraak")))
    for step in (Step("say", "Nog iets."), Step("choose", option="afspraak")):
        after, now = stepped(dialogue, over, step, Hears(Heard((), 0.0, ("anders",))))
        assert (after, now.changed, now.ending) == (over, True, dialogue.places["klaar"])


# -- choices -----------------------------------------------------------------------------------------------------------


def test_an_option_is_chosen_without_words(dialogue: Dialogue) -> None:
    after, now = stepped(dialogue, BEGIN, Step("choose", option="vraag_man"), Hears(NONE))
    assert after == Session("deur", (Move("vraag_man"),))
    assert (now.words, now.understood, now.sure) == ("Ik doe vraag_man.", "", "")


def test_an_option_that_is_not_there_is_left_out_and_that_is_told(dialogue: Dialogue) -> None:
    for session in (BEGIN, typed(dialogue, BEGIN, "Zegt hij dat?", DOUBT)):
        after, now = stepped(dialogue, session, Step("choose", option="afspraak"), Hears(NONE))
        assert (after, now.changed, now.says) == (session, True, "Kom binnen.")


@pytest.mark.parametrize("name", ["vraag_man", "naar_keuken"])
def test_words_stay_hers_and_are_certain_once_she_said_what_they_mean(dialogue: Dialogue, name: str) -> None:
    asked = typed(dialogue, BEGIN, "Zegt hij dat?", DOUBT)
    meant = Move(name, "Zegt hij dat?", ("gesloten_vraag",), 1.0)
    assert done(dialogue, asked, "choose", name) == Session("deur", (meant,))


def test_words_that_mean_none_are_what_is_done_in_them(dialogue: Dialogue) -> None:
    asked = typed(dialogue, BEGIN, "Zegt hij dat?", DOUBT)
    assert done(dialogue, asked, "none") == Session("deur", (Move("", "Zegt hij dat?", ("gesloten_vraag",), 0.4),))
    assert done(dialogue, BEGIN, "none") == BEGIN


def test_a_step_back_takes_back_the_question_or_else_the_last_move(dialogue: Dialogue) -> None:
    one = done(dialogue, BEGIN, "choose", "vraag_man")
    asked = typed(dialogue, one, "Zegt hij dat?", DOUBT)
    assert done(dialogue, asked, "back") == one
    assert done(dialogue, one, "back") == BEGIN
    assert done(dialogue, BEGIN, "back") == BEGIN
    assert done(dialogue, Session("deur", (Move("vraag_man"), FREE)), "back") == one


def test_to_begin_again_leaves_nothing_and_to_look_changes_nothing(dialogue: Dialogue) -> None:
    asked = typed(dialogue, done(dialogue, BEGIN, "choose", "vraag_man"), "Zegt hij dat?", DOUBT)
    assert done(dialogue, asked, "again") == BEGIN
    looks: tuple[Do, ...] = ("show", "hint", "options")
    assert [done(dialogue, asked, do) for do in looks] == [asked] * 3


def test_a_hint_is_that_of_the_scene(dialogue: Dialogue) -> None:
    moves = ((), (FREE,), (Move("naar_keuken"),), (Move("naar_keuken"), Move("afspraak")))
    assert [turn(dialogue, played).hint for played in moves] == ["Hoe krijg je haar alleen?"] * 2 + ["", ""]


@pytest.mark.parametrize(
    ("moves", "shows"),
    [
        ((), False),
        ((FREE,), False),
        ((FREE, FREE), True),
        ((FREE, FREE, FREE), True),
        ((FREE, Move("vraag_man"), FREE), False),
        ((FREE, FREE, Move("vraag_man")), False),
        ((Move("vraag_man"), FREE, FREE), True),
    ],
)
def test_the_options_are_shown_after_two_lines_in_a_row_that_found_none(moves: tuple[Move, ...], shows: bool) -> None:
    assert shows_options(Session("deur", moves), Step("show")) == shows
    assert shows_options(Session("deur", moves), Step("options"))


# -- a script that was changed -----------------------------------------------------------------------------------------


def test_of_a_play_whose_script_was_changed_the_moves_that_fit_are_kept(dialogue: Dialogue, tmp_path: Path) -> None:
    moves = (Move("vraag_man"), FREE, Move("naar_keuken"), Move("slaap"), Move("afspraak"))
    session = Session("deur", moves)
    assert shown(dialogue, session) == (session, turn(dialogue, moves))
    first, kitchen, *endings = script()["scenes"]
    kitchen |= {"options": [option("afspraak", "klaar")]}
    changed = load_dialogue(write(tmp_path, script(scenes=[first, kitchen, *endings])), DATA)
    assert shown(changed, session) == left(changed, moves[:3])
    first |= {"options": [option("verder", "keuken")]}
    changed = load_dialogue(write(tmp_path, script(scenes=[first, kitchen, *endings])), DATA)
    assert shown(changed, session) == left(changed, ())
    for step in (Step("show"), Step("say", "Dag."), Step("choose", option="verder")):
        assert stepped(changed, session, step, Hears(NONE)) == left(changed, ())
    assert stepped(changed, session, Step("again"), Hears(NONE)) == (BEGIN, turn(changed))


def left(dialogue: Dialogue, moves: tuple[Move, ...]) -> tuple[Session, Turn]:
    """Return what is left of a play, with what tells so."""
    return Session("deur", moves), replace(turn(dialogue, moves), changed=True)


def test_a_technique_that_is_no_longer_there_is_a_changed_script(dialogue: Dialogue) -> None:
    gone = replace(FREE, techniques=("verdwenen",))
    assert shown(dialogue, Session("deur", (Move("vraag_man"), gone))) == left(dialogue, (Move("vraag_man"),))
    asked = Session("deur", (Move("vraag_man"),), gone, ("naar_keuken",))
    assert stepped(dialogue, asked, Step("none"), Hears(NONE)) == left(dialogue, (Move("vraag_man"),))


# -- kept by who plays -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "session",
    [
        BEGIN,
        Session("deur", (Move("naar_keuken", "Kom “mee” 🙂\n", ("oordeel", "stilte"), 0.91), FREE)),
        Session("deur", (FREE,), Move("", "Zegt hij dat?", (), 0.4), ("vraag_man", "naar_keuken")),
    ],
)
def test_what_is_kept_is_plain_json_and_gives_the_same_play(session: Session) -> None:
    assert restored(json.loads(json.dumps(kept(session)))) == session


@pytest.mark.parametrize(
    "row",
    [
        None,
        {},
        {"moves": []},
        {"dialogue": None},
        {"dialogue": "deur", "moves": "naar_keuken"},
        {"dialogue": "deur", "moves": ["naar_keuken"]},
        {"dialogue": "deur", "moves": [{"words": "Ja."}]},
        {"dialogue": "deur", "moves": [{"option": "weg", "techniques": [1]}]},
        {"dialogue": "deur", "moves": [{"option": "weg", "certainty": "zeker"}]},
        {"dialogue": "deur", "moves": [{"option": "weg", "words": "Ja.", "certainty": -0.1}]},
        {"dialogue": "deur", "moves": [{"option": "weg", "words": "Ja.", "certainty": float("nan")}]},
        {"dialogue": "deur", "asked": {"option": "", "words": "Ja.", "certainty": 1.1}},
        {"dialogue": "deur", "offered": [None]},
        ["deur"],
        "deur",
        7,
    ],
)
def test_what_is_no_play_is_not_restored(row: Any) -> None:
    assert restored(row) is None


def test_a_play_that_goes_on_beyond_all_bounds_is_not_restored() -> None:
    row = {"dialogue": "deur", "moves": [{"option": "vraag_man"}] * 500}
    assert restored(row) == Session("deur", (Move("vraag_man"),) * 500)
    assert restored({**row, "moves": [{"option": "vraag_man"}] * 501}) is None

"""The dialogues that come with it, as they were asked for."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from bot.practice import Dialogue, Ending, after, load_dialogues, load_techniques, open_options, position

from . import DATA

DIALOGUES = load_dialogues(DATA)
LONGEST = 400  # moves of a play at random


@pytest.fixture(params=DIALOGUES)
def dialogue(request: pytest.FixtureRequest) -> Dialogue:
    return DIALOGUES[request.param]


def test_there_are_ten() -> None:
    assert len(DIALOGUES) == 10


def test_a_hundred_plays_at_random_come_to_an_end(dialogue: Dialogue) -> None:
    for seed in range(100):
        chance, here, moves = Random(seed), position(dialogue), 0
        while options := open_options(here):
            here = after(dialogue, here, chance.choice(options))
            moves += 1
            assert moves < LONGEST, f"{dialogue.id}: nog geen einde na {moves} antwoorden, bij {here.place.id}"
        assert isinstance(here.place, Ending)


def test_it_has_scenes_enough_and_an_ending_of_each_kind(dialogue: Dialogue) -> None:
    assert 15 <= len(dialogue.scenes) <= 30
    kinds = {place.kind for place in dialogue.places.values() if isinstance(place, Ending)}
    assert kinds == {"goed", "open", "stop"}


def test_no_option_is_there_twice_and_each_does_what_is_known(dialogue: Dialogue) -> None:
    times = Counter((scene.id, option.id) for scene in dialogue.scenes for option in scene.options)
    assert [name for name, count in times.items() if count > 1] == []
    tags = {tag for scene in dialogue.scenes for option in scene.options for tag in option.tags}
    assert tags <= set(load_techniques(DATA))


def test_no_wording_stands_under_two_options_of_a_scene(dialogue: Dialogue) -> None:
    for scene in dialogue.scenes:
        told = Counter(text.casefold() for option in scene.options for text in {*option.examples})
        assert [text for text, count in told.items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ik_ga_melden", ("Een man van rond de 30", "Zijn vriendin")),  # a man whom it is done to
        ("zelf_te_ver", ("Een man van rond de 40, getrouwd met een man",)),  # a couple of one sex
        ("niemand_mag_het_weten", ("tolk", "telefoon")),  # an interpreter by telephone
    ],
)
def test_not_only_women_with_men_who_speak_dutch_are_met(name: str, words: tuple[str, ...]) -> None:
    dialogue = DIALOGUES[name]
    told = " ".join((dialogue.about, dialogue.situation, dialogue.client.who))
    assert [word for word in words if word not in told] == []

"""Walks through a dialogue, and the stories that Rasa makes of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.practice import (
    Dialogue,
    Ending,
    Move,
    choices,
    load_dialogue,
    load_dialogues,
    position,
    stories_of,
    stories_yaml,
    walks,
)

from . import DATA, ending, option, script, write

Walks = Sequence[Sequence[tuple[str, str]]]


def read(folder: Path, row: Any) -> Dialogue:
    return load_dialogue(write(folder, row), DATA)


def scene(name: str, *options: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "says": "Ja.", "thinks": "Nee.", "options": list(options)}


def never(dialogue: Dialogue, found: Walks) -> set[tuple[str, str]]:
    """Return the choices that no walk makes."""
    return {*choices(dialogue)}.difference(*found)


def plays(dialogue: Dialogue, walk: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a walk can be played as it is, and ends."""
    for at, (place, _) in enumerate(walk):
        if position(dialogue, [Move(name) for _, name in walk[:at]]).place.id != place:
            return False
    return isinstance(position(dialogue, [Move(name) for _, name in walk]).place, Ending)


def test_walks_make_every_choice_and_each_comes_to_an_ending(tmp_path: Path) -> None:
    dialogue = read(tmp_path, script())
    found = walks(dialogue)
    assert never(dialogue, found) == set()  # also what asks for a high value first
    assert all(plays(dialogue, walk) for walk in found)
    assert len(found) == 2  # two choices end it, so there are no fewer


@pytest.mark.parametrize("name", load_dialogues(DATA))
def test_the_dialogues_that_come_with_it_are_walked_with_few_walks(name: str) -> None:
    dialogue = load_dialogues(DATA)[name]
    found = walks(dialogue)
    assert found == walks(dialogue)
    assert all(plays(dialogue, walk) for walk in found)
    assert len(never(dialogue, found)) <= 1
    ends = sum(isinstance(dialogue.places[one.to], Ending) for place in dialogue.scenes for one in place.options)
    assert len(found) <= 2 * ends


def test_what_cannot_be_done_is_left_out_and_the_rest_is_not(tmp_path: Path) -> None:
    first = scene(
        "a", option("door", "b"), option("nooit", "b", when={"spanning": ">= 9"}), option("kwijt", "kring")
    )  # fmt: skip
    rows = [first, scene("b", option("klaar", "eind")), scene("kring", option("rond", "kring")), ending("eind", "goed")]
    dialogue = read(tmp_path, script(begin="a", scenes=rows))
    assert walks(dialogue) == [(("a", "door"), ("b", "klaar"))]


def test_what_leaves_no_way_out_is_not_walked(tmp_path: Path) -> None:
    """The values shut the only door to an ending: the graph shows a way, but nobody can go it."""
    rows = [
        scene("a", option("rustig", "b"), option("boos", "b", effect={"spanning": 5})),
        scene("b", option("wacht", "b"), option("uit", "eind", when={"spanning": "<= 6"})),
        ending("eind", "goed"),
    ]
    dialogue = read(tmp_path, script(begin="a", scenes=rows))
    found = {choice for walk in walks(dialogue) for choice in walk}
    assert found == {("a", "rustig"), ("b", "wacht"), ("b", "uit")}
    shut = [scene("b", option("wacht", "b"), option("uit", "eind", when={"spanning": "<= 1"})), ending("eind", "goed")]
    assert walks(read(tmp_path, script(begin="b", scenes=shut))) == []


def test_what_begins_with_its_ending_has_no_walk_and_is_no_endless_search(tmp_path: Path) -> None:
    assert walks(read(tmp_path, script(begin="klaar"))) == []


def test_five_hundred_scenes_are_walked_in_little_time(tmp_path: Path) -> None:
    many = [
        scene(f"s{at}", option("door", f"s{at + 1}" if at + 1 < 500 else "klaar", effect={"openheid": 1}),
              option("over", f"s{at + 2}" if at + 2 < 500 else "klaar", effect={"spanning": 1}),
              option("blijf", f"s{at}", once=True))
        for at in range(500)
    ]  # fmt: skip
    dialogue = read(tmp_path, script(begin="s0", scenes=[*many, ending("klaar", "goed")]))
    begin = time.perf_counter()
    found = walks(dialogue)
    assert time.perf_counter() - begin < 20
    assert never(dialogue, found) == set()


def test_a_story_says_the_first_examples_without_an_intent_in_the_form(tmp_path: Path) -> None:
    dialogue = read(tmp_path, script())
    told = stories_of(dialogue, [(("deur", "naar_keuken"), ("keuken", "afspraak"))])
    assert told == [
        {
            "story": "deur, weg 1 van 1, tot klaar",
            "steps": [
                {"intent": "oefenen"},
                {"action": "action_oefenen"},
                {"active_loop": "oefen_form"},
                {"action": "oefen_form"},
                {"user": "Ik doe naar_keuken."},
                {"action": "oefen_form"},
                {"user": "Ik doe afspraak."},
                {"action": "oefen_form"},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("example", "said"),
    [("[Je wacht](even)", "[Je wacht] (even)"), ("[a]{b} [c][d]", "[a] {b} [c] [d]"), ("/stop nu", "stop nu")],
)
def test_what_rasa_would_read_as_markup_is_read_as_words(tmp_path: Path, example: str, said: str) -> None:
    row = script()
    row["scenes"][0]["options"][0]["examples"] = [example]
    dialogue = read(tmp_path, row)
    assert stories_of(dialogue, [(("deur", "naar_keuken"),)])[0]["steps"][4] == {"user": said}


def test_stories_are_written_as_rasa_reads_them(tmp_path: Path) -> None:
    dialogue = read(tmp_path, script())
    told = stories_of(dialogue, walks(dialogue))
    text = stories_yaml(told, "Een.\nTwee.")
    assert text.startswith('version: "3.1"\n\n# Een.\n# Twee.\nstories:\n  - story: deur, weg 1 van 2, tot ')
    assert "      - user: |\n          Ik doe naar_keuken.\n      - action: oefen_form\n" in text
    assert "&id" not in text
    back = yaml.safe_load(text)["stories"]
    assert [
        [{name: str(value).rstrip("\n") for name, value in step.items()} for step in story["steps"]] for story in back
    ] == [story["steps"] for story in told]

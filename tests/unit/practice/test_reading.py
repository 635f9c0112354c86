"""Reading: what cannot be played is told with its line and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.practice import load_dialogue, load_dialogues
from bot.yamlfile import DataFileError

from . import DATA, ending, option, script, write


def test_the_dialogues_that_come_with_it_can_be_read() -> None:
    for name, dialogue in load_dialogues(DATA).items():
        assert dialogue.id == name
        assert dialogue.scenes


def scenes(**changes: Any) -> dict[str, Any]:
    """Change the first scene."""
    first, *others = script()["scenes"]
    return script(scenes=[first | changes, *others])


FAULTS: dict[str, tuple[Any, str]] = {
    "no such scene": (scenes(options=[option("een", "nergens")]), "er is geen scène nergens; er zijn: deur, keuken"),
    "no such beginning": (script(begin="zolder"), "er is geen scène zolder"),
    "no such value": (scenes(options=[option("een", "klaar", effect={"moed": 1})]), "er is geen waarde moed"),
    "no such value in when": (
        scenes(options=[option("een", "klaar"), option("twee", "klaar", when={"moed": ">= 1"})]),
        "geen waarde moed",
    ),
    "no such goal": (scenes(options=[option("een", "klaar", goals={"moed": 1})]), "er is geen leerdoel moed"),
    "a scene twice": (script(scenes=[*script()["scenes"], ending("klaar", "goed")]), "klaar staat er twee keer"),
    "an option twice": (scenes(options=[option("een", "klaar"), option("een", "weg")]), "een staat er twee keer"),
    "nothing that can always be done": (
        scenes(options=[option("een", "klaar", once=True)]),
        "zonder when en zonder once",
    ),
    "a last line with when": (
        scenes(says=[{"when": {"spanning": ">= 1"}, "text": "Ja."}]),
        "de laatste zin geldt altijd",
    ),
    "a line that hides others": (scenes(says=[{"text": "Ja."}, {"text": "Nee."}]), "wat eronder staat komt nooit"),
    "a comparison of another kind": (
        scenes(says=[{"when": {"spanning": "> 3"}, "text": "A"}, {"text": "B"}]),
        "scenes.0.says.0.when.spanning: ‘> 3’ heeft niet de vorm",
    ),
    "a reaction to no technique": (
        script(reactions={"oordeel": "(Stilte.)", "troosten": "(Een knikje.)"}),
        "er is geen techniek troosten; er zijn: oordeel, suggestieve_vraag",
    ),
    "a reaction of nothing": (script(reactions={"oordeel": ""}), "reactions.oordeel: te kort"),
    "says nothing": (scenes(says=""), "scenes.0.says: te kort"),
    "says no more than spaces": (scenes(says="   "), "scenes.0.says: hier staat niets; schrijf er iets"),
    "says no more than spaces in a list": (scenes(says=[{"text": " \n "}]), "scenes.0.says.0.text: hier staat niets"),
    "thinks no more than spaces": (scenes(thinks="   "), "scenes.0.thinks: hier staat niets"),
    "a hint of spaces": (scenes(hint="          "), "scenes.0.hint: hier staat niets"),
    "feedback of spaces": (
        scenes(options=[option("een", "klaar", feedback=" " * 20)]),
        "scenes.0.options.0.feedback: hier staat niets",
    ),
    "an ending that means nothing": (
        script(scenes=[*script()["scenes"], ending("zolder", "goed") | {"about": " " * 20}]),
        "scenes.4.about: hier staat niets",
    ),
    "an ending of another kind": (
        script(scenes=[*script()["scenes"], ending("zolder", "mooi")]),
        "scenes.4.ending: ‘mooi’ kan hier niet; kies uit: goed, open, stop",
    ),
    "no feedback": (
        scenes(options=[{key: value for key, value in option("een", "klaar").items() if key != "feedback"}]),
        "scenes.0.options.0: ‘feedback’ ontbreekt; vul het in",
    ),
    "not a mapping": ("- a\n- b\n", "hier hoort namen met een waarde"),
    "a tag of YAML": ("title: !!python/object/apply:os.system [ls]\n", "geen geldige YAML"),
    "no title": ({key: value for key, value in script().items() if key != "title"}, "‘title’ ontbreekt"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    row, told = FAULTS[name]
    path = write(tmp_path, row)
    with pytest.raises(DataFileError) as caught:
        load_dialogue(path, DATA)
    assert told in caught.value.reason
    assert str(caught.value).startswith(f"{path}:{caught.value.line}:")


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({"thinks": "    "}, "  thinks: '    '"),
        ({"options": [option("een", "klaar", feedback=" " * 12)]}, "    feedback: '            '"),
        ({"says": [{"text": "  "}]}, "  - text: '  '"),
    ],
)
def test_a_text_of_spaces_is_told_at_its_own_line(tmp_path: Path, changes: dict[str, Any], stands: str) -> None:
    path = write(tmp_path, scenes(**changes))
    with pytest.raises(DataFileError, match="hier staat niets") as caught:
        load_dialogue(path, DATA)
    assert path.read_text(encoding="utf-8").splitlines()[caught.value.line - 1] == stands


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    with pytest.raises(DataFileError):
        load_dialogue(write(tmp_path, bomb), DATA)


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "deur.yml"
    path.write_bytes("title: Één\n".encode("latin-1"))
    with pytest.raises(DataFileError, match="geen UTF-8"):
        load_dialogue(path, DATA)


def test_a_reaction_to_no_technique_is_told_at_its_own_line(tmp_path: Path) -> None:
    path = write(tmp_path, script(reactions={"oordeel": "(Stilte.)", "troosten": "(Een knikje.)"}))
    with pytest.raises(DataFileError) as caught:
        load_dialogue(path, DATA)
    assert path.read_text(encoding="utf-8").splitlines()[caught.value.line - 1] == "  troosten: (Een knikje.)"


def test_reactions_are_of_this_dialogue_alone_and_the_order_stays_that_of_the_table(tmp_path: Path) -> None:
    own = load_dialogue(write(tmp_path, script(reactions={"stilte": "(Ze wacht ook.)"})), DATA)
    general = load_dialogue(write(tmp_path, script()), DATA)
    assert own.techniques["stilte"].says == "(Ze wacht ook.)" != general.techniques["stilte"].says
    assert list(own.techniques) == list(general.techniques)
    assert {name for name in own.techniques if own.techniques[name] != general.techniques[name]} == {"stilte"}

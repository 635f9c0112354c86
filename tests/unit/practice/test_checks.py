"""Checks of what can be read, but is wrong as a dialogue."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice import (
    Move,
    Remark,
    best_and_worst,
    check_dialogue,
    check_text,
    load_dialogue,
    open_options,
    position,
)
from bot.practice.player import said
from bot.practice.reading import dialogue_of
from bot.yamlfile import DataFileError, parse_yaml

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


# -- what can be open together -----------------------------------------------------------------------------------------


def told(tmp_path: Path, row: Any, part: str) -> list[str]:
    """Return what stands on the line of each remark that has these words, and check that none is grave."""
    found = [remark for remark in remarks(tmp_path, row) if part in remark.text]
    assert not any(remark.grave for remark in found)
    lines = (tmp_path / "deur.yml").read_text(encoding="utf-8").splitlines()
    return [lines[remark.line - 1].strip() for remark in found]


def with_options(*options: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a dialogue with these options in its first scene, and some that move all values both ways."""
    first, *others = script()["scenes"]
    moved = {"effect": dict.fromkeys(script()["state"], 1)}, {"effect": dict.fromkeys(script()["state"], -1)}
    moving = [option(f"schuif{at}", "weg", better="Wacht even.", **row) for at, row in enumerate(moved)]
    return script(**changes, scenes=[first | {"options": list(options)}, *others, scene("schuif", *moving)])


BETTER = "een betere zin (better) ontbreekt"


@pytest.mark.parametrize(
    ("weak", "strong", "missing"),
    [
        ({"vertrouwen": "<= 3"}, {"vertrouwen": ">= 4"}, False),
        ({"vertrouwen": ">= 4"}, {"vertrouwen": "= 3"}, False),
        ({"vertrouwen": "= 2"}, {"vertrouwen": "= 3"}, False),
        ({"vertrouwen": "<= 4"}, {"vertrouwen": ">= 4"}, True),
        ({"vertrouwen": "<= 3"}, {"spanning": ">= 4"}, True),
        ({"vertrouwen": "<= 3", "spanning": "<= 2"}, {"vertrouwen": "<= 3", "spanning": ">= 3"}, False),
        ({"vertrouwen": "<= 3"}, {}, True),
    ],
)
def test_a_better_answer_is_only_missed_where_one_can_be_given(
    tmp_path: Path, weak: dict[str, str], strong: dict[str, str], missing: bool
) -> None:
    row = with_options(
        option("zwak", "keuken", goals={"apart": 1}, **({"when": weak} if weak else {})),
        option("sterk", "keuken", goals={"apart": 2}, **({"when": strong} if strong else {})),
        option("altijd", "keuken", better="Mag de wond in de keuken?"),
    )
    assert told(tmp_path, row, BETTER) == (["- id: zwak"] if missing else [])


def test_what_beats_only_what_is_never_there_is_not_always_the_best(tmp_path: Path) -> None:
    always = "altijd het beste"
    strong, weak = option("sterk", "keuken", goals={"apart": 2}), option("zwak", "keuken", better="Mag het anders?")
    assert "- id: sterk" in told(tmp_path, with_options(strong, weak), always)
    first, *others = script()["scenes"]
    never = script(scenes=[first | {"options": [strong, weak | {"when": {"openheid": "<= 1"}}]}, *others])
    assert "- id: sterk" not in told(
        tmp_path, never, always
    )  # nothing makes openheid less than the 2 with which it begins


# -- what never comes --------------------------------------------------------------------------------------------------


def test_an_answer_and_a_line_that_never_come_are_told_at_their_line(tmp_path: Path) -> None:
    row = script()
    row["scenes"][0]["options"][2]["when"] = {"vertrouwen": "<= 2"}  # it begins at 3, and nothing takes from it
    row["scenes"][1]["thinks"] = [{"when": {"openheid": "<= 1"}, "text": "Nee."}, {"text": "Ja."}]
    assert told(tmp_path, row, "komt nooit") == ["- id: weg", "- when:"]
    assert told(tmp_path, row, "vertrouwen wordt nooit minder dan 3") == ["- id: weg"]
    assert told(tmp_path, row, "openheid wordt nooit minder dan 2") == ["- when:"]
    row["state"]["moed"] = 4
    row["scenes"][0]["options"][2]["when"] = {"moed": ">= 5"}
    assert told(tmp_path, row, "moed is altijd 4") == ["- id: weg"]


def test_what_may_come_after_a_while_is_not_told(tmp_path: Path) -> None:
    row = script(state={"vertrouwen": 0, "spanning": 0, "openheid": 0})
    row["scenes"][0]["options"][2]["when"] = {"vertrouwen": "= 10", "spanning": "= 0"}
    assert told(tmp_path, row, "komt nooit") == []


def test_what_only_comes_after_what_never_comes_does_not_come(tmp_path: Path) -> None:
    row = script()
    for each in row["scenes"]:
        for one in each.get("options", []):
            one.pop("effect", None)
    first = row["scenes"][0]["options"]
    first[1] |= {"when": {"spanning": ">= 6"}, "effect": {"openheid": 5}}
    first[2] |= {"when": {"openheid": ">= 3"}, "effect": {"spanning": 5}}
    row["scenes"][0]["says"] = row["scenes"][1]["says"] = "Dag."
    assert told(tmp_path, row, "dit antwoord komt nooit") == ["- id: vraag_man", "- id: weg"]


def test_a_line_below_one_that_always_fits_then_is_told(tmp_path: Path) -> None:
    row = with_options(option("door", "keuken"), option("weg", "weg"))
    says = [{"when": {"spanning": ">= 5"}, "text": "A"}, {"when": {"spanning": "= 7"}, "text": "B"}, {"text": "C"}]
    row["scenes"][0]["says"] = says
    found = [remark.text for remark in remarks(tmp_path, row) if "komt nooit" in remark.text]
    assert found == ["deur: deze zin komt nooit, want een zin erboven past dan al; zet haar hoger"]
    row["scenes"][0]["says"] = [{"when": {"spanning": "<= 6"}, "text": "A"}, *says[1:]]
    assert told(tmp_path, row, "komt nooit") == []
    row["scenes"][0]["says"] = [says[1], says[0], says[2]]
    assert told(tmp_path, row, "komt nooit") == []
    row["scenes"][0]["says"] = [{"when": {"spanning": ">= 5", "openheid": ">= 3"}, "text": "A"}, *says[1:]]
    assert told(tmp_path, row, "komt nooit") == []


small = st.integers(0, 10)
whens = st.dictionaries(
    st.sampled_from(["vertrouwen", "spanning", "openheid"]),
    st.tuples(st.sampled_from([">=", "<=", "="]), small).map(lambda pair: f"{pair[0]} {pair[1]}"),
    min_size=1, max_size=2,
)  # fmt: skip
effects = st.dictionaries(st.sampled_from(["vertrouwen", "spanning", "openheid"]), st.integers(-3, 3), min_size=1)


@settings(max_examples=60, deadline=None)
@given(
    state=st.fixed_dictionaries(dict.fromkeys(["vertrouwen", "spanning", "openheid"], small)),
    rows=st.lists(st.tuples(whens, effects), min_size=1, max_size=4),
    always=effects, says=whens,
)  # fmt: skip
def test_what_is_said_never_to_come_does_not_come_however_it_is_played(
    state: dict[str, int], rows: list[tuple[Any, Any]], always: Any, says: Any
) -> None:
    options = [option(f"o{at}", "deur", when=when, effect=effect) for at, (when, effect) in enumerate(rows)]
    first = scene("deur", *options, option("altijd", "deur", effect=always), option("klaar", "klaar"))
    row = script(state=state, scenes=[first | {"says": [{"when": says, "text": "Zelden."}, {"text": "Vaak."}]},
                                      ending("klaar", "goed")])  # fmt: skip
    text = yaml.safe_dump(row)
    never = {remark.text.split(":")[0] for remark in check_text(text, DATA, "deur") if "komt nooit" in remark.text}
    dialogue = dialogue_of(parse_yaml(text, Path("deur.yml")), DATA)
    seen: set[str] = set()
    known: set[tuple[int, ...]] = set()
    waiting = [[Move("altijd")] * times for times in range(12)]
    while waiting and len(known) < 300:
        here = position(dialogue, moves := waiting.pop())
        if (values := tuple(here.values.values())) in known:
            continue
        known.add(values)
        seen |= {f"deur, {each.id}" for each in open_options(here)}
        seen |= {"deur"} if said(here.place.says, here.values) == "Zelden." else set()
        waiting += [[*moves, Move(each.id)] for each in open_options(here) if each.id != "klaar"]
    assert never & seen == set()


# -- texts and sources -------------------------------------------------------------------------------------------------

LONG = "Je vroeg het haar " + "en je vroeg het haar " * 5  # 29 words
FITS = " ".join(["zo"] * 25) + "."


@pytest.mark.parametrize("where", ["about", "situation", "hint", "feedback", "better", "ending"])
def test_a_long_sentence_of_ours_is_told_at_its_line(tmp_path: Path, where: str) -> None:
    def put(text: str) -> dict[str, Any]:
        row = script()
        at = {"about": row, "situation": row, "hint": row["scenes"][0], "ending": row["scenes"][2]}
        at.get(where, row["scenes"][0]["options"][0])["about" if where == "ending" else where] = text
        return row

    text = f"Kort. {LONG.strip()}. En weer kort."
    (line,) = told(tmp_path, put(text), "deze zin is lang (29 woorden); knip hem: ‘Je vroeg het haar en …’")
    assert line.startswith("about: " if where == "ending" else f"{where}: ")
    assert told(tmp_path, put(f"{FITS} {FITS}"), "deze zin is lang") == []
    assert told(tmp_path, put(f"{FITS[:-1]}?” {FITS}"), "deze zin is lang") == []
    assert len(told(tmp_path, put(f"zo {FITS}"), "deze zin is lang (26 woorden)")) == 1


def test_a_client_may_talk_as_long_as_she_likes(tmp_path: Path) -> None:
    row = script()
    row["scenes"][0] |= {"says": LONG, "thinks": LONG}
    row["client"]["talks"] = row["scenes"][0]["options"][0]["examples"][0] = LONG
    assert told(tmp_path, row, "deze zin is lang") == []


def test_few_sentences_of_the_dialogues_that_come_with_it_are_long() -> None:
    paths = sorted((DATA / "practice").glob("*.yml"))
    long = [remark for path in paths for remark in check_dialogue(path, DATA) if "deze zin is lang" in remark.text]
    assert len(long) < 3 * len(paths)


@pytest.mark.parametrize("sign", ["<b>", "</b>", "<script src=x>", "<br/>", "<!--"])
@pytest.mark.parametrize("part", ["says", "thinks", "hint"])
def test_html_is_told_since_it_is_shown_as_it_stands(tmp_path: Path, part: str, sign: str) -> None:
    row = script()
    row["scenes"][0][part] = f"Wat moet {sign}u?"
    (line,) = told(tmp_path, row, f"{sign} staat er zo, met de haakjes")
    assert line.startswith(f"{part}: ")


def test_html_in_a_list_is_told_at_its_own_line_and_what_only_looks_like_it_is_not(tmp_path: Path) -> None:
    row = script()
    row["scenes"][0]["says"][0]["text"] = "<b>Wat</b> moet u?"
    row["scenes"][0]["options"][0]["examples"] = ["Dag.", "Dat is <i>goed</i>."]
    row["scenes"][0]["thinks"] = "Ik <3 dit, en 3 < 4 > 2."
    assert told(tmp_path, row, "met de haakjes") == ["text: <b>Wat</b> moet u?", "- Dat is <i>goed</i>."]


def test_a_scene_without_a_hint_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, script(), "er is geen tip") == ["- id: keuken"]


def test_an_unknown_source_is_grave_at_its_line(tmp_path: Path) -> None:
    row = script()
    row["goals"][1]["sources"] = [{"id": "kenniskaart-2023", "section": "Kop"}, {"id": "nergens", "section": "Kop"}]
    path = write(tmp_path, row)
    asked: list[tuple[str, str]] = []

    def fault(source: str, section: str) -> str | None:
        asked.append((source, section))
        return "die is er niet" if source == "nergens" else None

    (found,) = (remark for remark in check_dialogue(path, DATA, fault) if remark.text == "die is er niet")
    assert found.grave
    assert path.read_text(encoding="utf-8").splitlines()[found.line - 1].strip() == "- id: nergens"
    assert asked == [("kenniskaart-2023", "De Meldcode"), ("kenniskaart-2023", "Kop"), ("nergens", "Kop")]
    assert not any(remark.grave for remark in check_dialogue(path, DATA))  # who cannot ask says nothing of it


# -- what is not saved, and what is large ------------------------------------------------------------------------------


def test_a_text_is_checked_as_the_file_would_be(tmp_path: Path) -> None:
    path = write(tmp_path, script())
    text = path.read_text(encoding="utf-8")
    assert check_text(text, DATA, "deur") == check_dialogue(path, DATA) != []
    fault = lambda source, section: f"{source} niet, {section} niet"  # noqa: E731
    assert check_text(text, DATA, "deur", fault) == check_dialogue(path, DATA, fault) != check_dialogue(path, DATA)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("to: keuken", "to: zolder", "er is geen scène zolder"), ("minutes: 5", "minutes: [", "geen geldige YAML"),
     ("minutes: 5", "minutes: 0", "0 is te weinig"), ("minutes: 5", "you: ik", "you staat er twee keer"),
     ("minutes: 5", "minutes: " + "[" * 100_000, "maak het platter")],
)  # fmt: skip
def test_a_text_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = write(tmp_path, script()).read_text(encoding="utf-8").replace(old, new, 1)
    with pytest.raises(DataFileError, match=told) as caught:
        check_text(text, DATA, "deur")
    assert caught.value.path == Path("deur.yml")
    assert caught.value.line - text[: text.index(new)].count("\n") in (1, 2, 3)  # an open bracket is missed after it


def many(count: int) -> dict[str, Any]:
    """Return a dialogue with so many scenes, in which each leads on, and back in a circle."""
    scenes = []
    for at in range(count):
        ways = f"s{at + 1}" if at + 1 < count else "klaar", f"s{max(0, at - 3)}", f"s{count // 2}"
        options = [
            option(f"o{number}", to, better="Wil je daar iets over vertellen?", goals={"open": 2 - number or -1},
                   examples=["Hoe gaat het met je?", "Wil je even zitten?"], effect={"vertrouwen": 1, "spanning": -1},
                   feedback="Je vroeg het open. Zij kon zelf kiezen wat zij vertelde.")
            for number, to in enumerate(ways)
        ]  # fmt: skip
        options[1]["when"] = {"spanning": "<= 6"}
        says = [{"when": {"vertrouwen": ">= 5"}, "text": "Ja, dat kan wel."}, {"text": "Nee, liever niet."}]
        scenes.append(scene(f"s{at}", *options) | {"says": says, "hint": "Waar kan zij vrij praten?"})
    return script(begin="s0", scenes=[*scenes, ending("klaar", "goed"), ending("weg", "stop")])


def test_five_hundred_scenes_are_checked_while_one_types() -> None:
    text = yaml.dump(many(500), Dumper=yaml.CSafeDumper)
    took = []
    for _ in range(3):
        begin = time.process_time()  # what others do on this machine at the same time is not counted
        found = check_text(text, DATA, "groot")
        took.append(time.process_time() - begin)
    print(f"500 scènes: {min(took) * 1000:.0f} ms")
    assert [remark.text for remark in found if remark.grave] == [
        "apart: geen antwoord geeft hier punten voor", "weg: hier komt niemand; laat een antwoord erheen leiden",
    ]  # fmt: skip
    assert min(took) < 0.9  # a quarter of a second on a quiet machine


def test_as_many_scenes_as_there_may_be_are_checked_and_walked_through() -> None:
    text = yaml.dump(many(1998), Dumper=yaml.CSafeDumper)
    assert sum(remark.grave for remark in check_text(text, DATA, "groot")) == 2
    ways = best_and_worst(dialogue_of(parse_yaml(text, Path("groot.yml")), DATA))
    assert ways is not None
    assert len(ways[0].places) == 1999

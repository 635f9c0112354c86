"""Twee 3 from Twine: what becomes of it, and what is told where it cannot be read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice import (
    UNFINISHED,
    Dialogue,
    Ending,
    Scene,
    Story,
    check_dialogue,
    dialogue_yaml,
    imported,
    load_dialogue,
    read_twee,
    write_new,
)
from bot.yamlfile import DataFileError, read_yaml

from . import DATA, script, write

TWINE = Path(__file__).parent / "twine" / "aan_de_balie.twee"


def story(folder: Path, text: str | bytes) -> Story:
    path = folder / "verhaal.twee"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return read_twee(path)


def made(folder: Path, read: Story) -> Dialogue:
    """Write the dialogue of a story, and read it back."""
    out = folder / "verhaal.yml"
    out.unlink(missing_ok=True)
    write_new(out, dialogue_yaml(imported(read), "Uit Twine."))
    return load_dialogue(out, DATA)


def scene(dialogue: Dialogue, name: str) -> Scene:
    place = dialogue.places[name]
    assert isinstance(place, Scene)
    return place


def test_a_story_from_twine_becomes_scenes_options_and_endings(tmp_path: Path) -> None:
    dialogue = made(tmp_path, read_twee(TWINE))
    assert (dialogue.title, dialogue.begin) == ("Aan de balie", "aan_de_balie")
    assert list(dialogue.places) == [
        "aan_de_balie", "apart_spreekkamer", "de_auto", "afspraak", "niet_nu", "hij_komt_binnen",
    ]  # fmt: skip
    first = scene(dialogue, "aan_de_balie")
    assert first.says[0].text.startswith("Een vrouw staat aan de balie van het wijkcentrum. Ze heeft een formulier")
    assert first.says[0].text.endswith("Mevrouw: Ik kom alleen even iets vragen, hoor.")
    assert [(option.id, option.examples, option.to) for option in first.options] == [
        ("neem_de_tijd_zullen_we_even_zitten", ("Neem de tijd. Zullen we even zitten?",), "apart_spreekkamer"),
        ("wacht_er_iemand_op_u", ("Wacht er iemand op u?",), "de_auto"),
        ("formulieren_liggen_daar", ("Formulieren liggen daar.",), "niet_nu"),
    ]
    assert [option.to for option in scene(dialogue, "apart_spreekkamer").options] == ["afspraak", "niet_nu", "de_auto"]
    assert scene(dialogue, "apart_spreekkamer").options[2].examples == ("De auto",)
    kinds = {place.id: place.kind for place in dialogue.places.values() if isinstance(place, Ending)}
    assert kinds == {"afspraak": "goed", "niet_nu": "open", "hij_komt_binnen": "stop"}


def test_what_is_left_out_is_told_with_passage_and_line() -> None:
    lines = TWINE.read_text(encoding="utf-8").splitlines()
    notes = read_twee(TWINE).notes
    assert [text for _, text in notes] == [
        "Huisstijl: overgeslagen; het label stylesheet is er voor Twine zelf",
        "Aan de balie: niet begrepen en weggelaten: (set: $vertrouwen to 3)",
        "Apart {spreekkamer}: niet begrepen en weggelaten: (if: $vertrouwen > 2)",
        "Apart {spreekkamer}: niet begrepen en weggelaten: <<set $open to 1>>",
        "De auto: de tekst na de eerste link is weggelaten: Of:",
    ]
    for (line, _), part in zip(notes, (":: Huis", "(set:", "(if:", "<<set", ":: De auto"), strict=True):
        assert lines[line - 1].startswith(part)


def test_what_twine_does_not_have_is_grave_at_its_own_line_until_it_is_written(tmp_path: Path) -> None:
    dialogue = made(tmp_path, read_twee(TWINE))
    path = tmp_path / f"{dialogue.id}.yml"
    written = path.read_text(encoding="utf-8")
    unwritten = [number for number, line in enumerate(written.splitlines(), start=1) if UNFINISHED in line]
    found = {
        remark.line for remark in check_dialogue(path, DATA) if "nog niet geschreven" in remark.text and remark.grave
    }
    assert found == {*unwritten}
    assert len(found) > 20
    mended = written.replace(f"{UNFINISHED} wie de deelnemer is", "wijkverpleegkundige")
    path.write_text(mended, encoding="utf-8")
    assert sum("nog niet geschreven" in remark.text for remark in check_dialogue(path, DATA)) == len(found) - 1


def test_a_dialogue_that_is_written_has_nothing_to_write(tmp_path: Path) -> None:
    assert not any("geschreven" in remark.text for remark in check_dialogue(write(tmp_path, script()), DATA))


def test_it_is_written_to_be_read_on(tmp_path: Path) -> None:
    made(tmp_path, read_twee(TWINE))
    written = (tmp_path / "verhaal.yml").read_text(encoding="utf-8")
    assert max(map(len, written.splitlines())) <= 120
    assert [line.split(":")[0] for line in written.splitlines() if line[:1].isalpha()] == list(script())
    assert "\n\nscenes:\n  - id: aan_de_balie\n    says: >-\n      Een vrouw" in written
    assert "\n\n  - id: de_auto\n" in written
    assert "        tags: [open_vraag]\n" in written


# -- the notation ------------------------------------------------------------------------------------------------------

HEADERS = {
    ":: Deur": ("Deur", ()),
    "::Deur": ("Deur", ()),
    "::   Een  lange naam  ": ("Een lange naam", ()),
    ":: Deur[a b]": ("Deur", ("a", "b")),
    ':: Deur [a] {"position":"1,2"}': ("Deur", ("a",)),
    ':: Deur {"position":"1,2","size":"3,4"}': ("Deur", ()),
    r":: \[Deur\] \{x\} a\\b \q": (r"[Deur] {x} a\b q", ()),
    r":: Deur [a\]b]": ("Deur", ("a]b",)),
    ":: Deur []": ("Deur", ()),
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_is_read_as_the_specification_says(tmp_path: Path, header: str) -> None:
    first = next(iter(story(tmp_path, f"{header}\nDag.\n").passages.values()))
    assert (first.name, first.tags, first.text) == (*HEADERS[header], "Dag.")


LINKS = {
    "[[Ga->B]]": ("Ga", "B"),
    "[[B<-Ga]]": ("Ga", "B"),
    "[[Ga|B]]": ("Ga", "B"),
    "[[B]]": ("B", "B"),
    "[[ Ga door  -> B ]]": ("Ga door", "B"),
    "[[Nu->straks->B]]": ("Nu->straks", "B"),
    "[[Ga|B][$x to 1]]": ("Ga", "B"),
    "(if: $x)[[[Ga->B]]]": ("Ga", "B"),
}


@pytest.mark.parametrize("link", LINKS)
def test_a_link_is_read_in_each_of_its_forms(tmp_path: Path, link: str) -> None:
    first = story(tmp_path, f":: A\nDag.\n{link}\n:: B\nTot ziens.\n").passages["A"]
    assert ((first.links[0].text, first.links[0].target), first.links[0].line, first.text) == (LINKS[link], 3, "Dag.")


TEXTS: dict[str, tuple[str, list[str]]] = {
    "(Man: Dag.) (zacht) z'n": ("(Man: Dag.) (zacht) z'n", []),
    "Ja (print: (either: 1, 2)) nee.": ("Ja nee.", ["(print: (either: 1, 2))"]),
    "Ja <<if $x > 2>>nee<</if>>.": ("Ja nee.", ["<<if $x > 2>>", "<</if>>"]),
    "<% s.x = 1 %>Ja<!-- weg\nhier -->.": ("Ja.", ["<% s.x = 1 %>", "<!-- weg hier -->"]),
    "Ja << nee (set: 1 <% en": ("Ja << nee (set: 1 <% en", []),
    "<< terug [x]": ("<< terug [x]", []),
    "\\:: geen kop": (":: geen kop", []),
    "Een\u200b twee\x07 drie": ("Een twee drie", []),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_macro_goes_out_and_what_only_looks_like_one_stays(tmp_path: Path, text: str) -> None:
    said, macros = TEXTS[text]
    read = story(tmp_path, f":: A\n{text}\n")
    assert read.passages["A"].text == said
    assert [told for _, told in read.notes] == [f"A: niet begrepen en weggelaten: {macro}" for macro in macros]


def test_what_looks_like_harlowe_stays_in_a_story_of_another_format(tmp_path: Path) -> None:
    read = story(tmp_path, ':: StoryData\n{"format": "SugarCube"}\n:: A\n(zacht: ja) <<set>>\n')
    assert read.passages["A"].text == "(zacht: ja)"


def test_the_beginning_is_what_storydata_says_else_start_else_the_first(tmp_path: Path) -> None:
    two = ":: A\n[[Start]]\n:: Start\n[[A]]\n"
    assert story(tmp_path, two).start == "Start"
    assert story(tmp_path, ':: StoryData\n{"start": "A"}\n' + two).start == "A"
    assert story(tmp_path, two.replace("Start", "B")).start == "A"


def test_ids_are_short_plain_and_all_different(tmp_path: Path) -> None:
    names = ["Één café", "een cafe", "EEN CAFE!", "3 uur", "→", "x" * 60, "x" * 61, "x" * 39 + " yy"]
    links = "".join(f"[[Ja->{name}]]\n" for name in names)
    dialogue = made(tmp_path, story(tmp_path, f":: Start\n{links}" + "".join(f":: {name}\nDag.\n" for name in names)))
    assert [*dialogue.places][1:5] == ["een_cafe", "een_cafe_2", "een_cafe_3", "scene_3_uur"]
    assert [option.id for option in dialogue.scenes[0].options] == ["ja", *(f"ja_{number}" for number in range(2, 9))]


# -- what cannot be read -----------------------------------------------------------------------------------------------

END = "\n:: B\nDag.\n"
FAULTS: dict[str, tuple[str | bytes, int, str]] = {
    "nothing": ("", 1, "hier staat geen passage"),
    "text without a passage": ("Zomaar tekst.\n", 1, "hier staat geen passage"),
    "only what is not played": (":: StoryTitle\nX\n:: S [script]\nx\n", 1, "hier staat geen passage"),
    "a link that leads nowhere": (f":: A\nDag.\n\n[[Ga->C]]{END}", 4, "A: er is geen passage ‘C’"),
    "a link to what is not played": (":: A\n[[S]]\n:: S [script]\nx\n", 2, "geen passage ‘S’"),
    "a name twice": (f":: A\n[[B]]{END}:: B\nTot ziens.\n", 5, "B staat er twee keer, ook op regel 3"),
    "no JSON in StoryData": (f':: StoryData\n{{\n"start": A\n}}{END}', 3, "StoryData is geen geldige JSON"),
    "JSON that goes too deep": (f":: StoryData\n{'[' * 100_000}{END}", 2, "StoryData is geen geldige JSON"),
    "StoryData of another kind": (f":: StoryData\n[1]{END}", 1, "StoryData hoort namen met een waarde"),
    "a start that is no name": (f':: StoryData\n{{"start": 3}}{END}', 1, "StoryData hoort"),
    "a start that is not there": (f':: StoryData\n{{"start": "Z"}}{END}', 1, "er is geen passage ‘Z’"),
    "a header without a name": ("::\nDag.\n", 1, "de kop van deze passage is niet te lezen"),
    "a header with a loose bracket": (":: A [b\nDag.\n", 1, "niet te lezen"),
    "a link without an end": (f":: A\n\n[[Ga->B{END}", 3, "deze link is niet te lezen"),
    "another encoding": (":: Één\n".encode("latin-1"), 1, "geen UTF-8"),
    "another encoding further on": (b":: A\nDag.\nEen kop caf\xe9.\n", 3, "geen UTF-8"),
    "UTF-16": (":: Een\n".encode("utf-16"), 1, "geen UTF-8"),
    "too many passages": ("".join(f":: P{number}\n" for number in range(2001)), 2001, "meer dan 2000 passages"),
    "a huge file": (":: A\n" + "x" * 2_000_000, 1, "groter dan 2 MB"),
    "only one passage": (":: A\nDag.\n", 1, "er is maar één passage"),
    "a text that is too long": (f":: A\n{'ja ' * 400}\n[[B]]{END}", 1, "langer dan 1000 tekens"),
    "a link that is too long": (f":: A\nDag.\n[[{'ja ' * 200}->B]]{END}", 3, "langer dan 300 tekens"),
    "a title that is too long": (f":: StoryTitle\n{'ja ' * 40}{END}:: A\n[[B]]", 1, "de titel is langer dan 80"),
    "too many links": (f":: A\n{'[[B]]' * 13}{END}", 1, "meer dan 12 links"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    text, line, told = FAULTS[name]
    with pytest.raises(DataFileError) as caught:
        imported(story(tmp_path, text))
    assert (caught.value.line, told in caught.value.reason) == (line, True), str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "weg.twee", tmp_path):
        with pytest.raises(DataFileError):
            read_twee(path)


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    there = tmp_path / "er_al.yml"
    there.write_text("title: Van mij\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="is er al; kies met --to een andere naam"):
        write_new(there, "title: Nieuw\n")
    assert there.read_text(encoding="utf-8") == "title: Van mij\n"
    with pytest.raises(DataFileError, match="niet te schrijven"):
        write_new(tmp_path / "geen_map" / "nieuw.yml", "x")


@pytest.mark.parametrize("part", ["[[", "<<", "<%", "(a:", "(", ")", "[", "\\", "[[a](b", "<!--", "\n", "[[a]]"])
def test_what_is_written_to_be_slow_is_read_at_once(tmp_path: Path, part: str) -> None:
    begin = time.perf_counter()
    for text in (f":: A\n{f'{part}{chr(10)}' * (300_000 // len(part))}", f":: A {part * (900_000 // len(part))}"):
        with suppress(DataFileError):
            story(tmp_path, text)
    assert time.perf_counter() - begin < 5


# -- anything ----------------------------------------------------------------------------------------------------------

PIECES = (
    *(":: ", "::", "\n", "\n:: A\n", "\n:: B [goed]\n", "\n:: StoryData\n", "\n:: StoryTitle\n", '{"start": "A"}'),
    *("[[A]]", "[[Ga->B]]", "[[B<-", "]]", "[[", "[", "]", "{", "}", "|", "->", "<-", "\\", "<<", ">>", "(set: ", ")"),
    *("<!--", "-->", " ", "# ", ": ", "- ", "'", '"', "nee", "null", "3", "2024-02-30", "\ufeff", "\x85", "\u2028"),
    *("\x00", "\t", "é", "🙂", "& *x", "!!x", "%", "@", "> ", "lang woord " * 12),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join))
def test_any_text_gives_a_dialogue_or_our_error(text: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            read = story(Path(folder), text)
            row = imported(read)
        except DataFileError:
            return
        made(Path(folder), read)
        assert texts(row) == texts(from_yaml(Path(folder)))


SAID = st.text(min_size=2, max_size=200)


@settings(max_examples=200, deadline=None)
@given(SAID, SAID, st.sampled_from(PIECES))
def test_any_words_come_back_as_they_were(says: str, title: str, first: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            read = story(
                Path(folder), f":: StoryTitle\n{title}\n:: A\n{first}{says}\n[[{first.strip()}a->B]]\n:: B\n{says}"
            )
            row = imported(read)
        except DataFileError:
            return
        made(Path(folder), read)
        assert texts(row) == texts(from_yaml(Path(folder)))


def from_yaml(folder: Path) -> Any:
    return read_yaml(folder / "verhaal.yml").data


def texts(value: Any) -> list[Any]:
    """Return all that stands in a dialogue, in its order."""
    return list(_all(value))


def _all(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, row in value.items():
            yield name
            yield from _all(row)
    elif isinstance(value, list):
        for row in value:
            yield from _all(row)
    else:
        yield value


def test_a_header_without_end_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.twee"
    path.write_text(f":: a{' ' * 100_000}}}\nHallo", encoding="utf-8")
    with pytest.raises(DataFileError, match="langer dan 1000 tekens"):
        read_twee(path)

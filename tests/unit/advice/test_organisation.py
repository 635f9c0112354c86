"""What only the organisation knows: every text that says it reads well, known or not, and no value can break one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from bot.advice import AdviceRequest, Names, Tables, as_markdown, explain, fill, load_tables
from bot.advice.organisation import read_own, words_for
from bot.advice.records import OUTCOMES
from bot.advice.request import PROFESSIONS
from bot.knowledge import load_sources
from bot.settings import ROOT
from bot.yamlfile import DataFileError, read_yaml
from tests.unit.advice.conftest import DATA, requests
from tests.unit.advice.test_advice import texts_in

DECLARED = read_yaml(DATA / "advice" / "organisation.yml").data
FIELDS: Mapping[str, Mapping[str, int]] = DECLARED["fields"]
PLACEHOLDERS = [row["id"] for row in DECLARED["placeholders"]]
EXAMPLE = ROOT / "organisation.example.yml"
VALUES = {name: f"de {name.replace('_', ' ')} van ons, 030 000 00 0{at}" for at, name in enumerate(FIELDS)}


def own_file(folder: Path, **values: str | list[str]) -> Path:
    """Write the file of an operator, as they write it."""
    path = folder / "organisation.yml"
    rows = [
        "\n".join([f"{name}:", *(f"  - {item}" for item in value)]) if isinstance(value, list) else f"{name}: {value}"
        for name, value in values.items()
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def words(path: Path | None) -> dict[str, str]:
    """What the placeholders are filled with, with that file."""
    return words_for(DECLARED["placeholders"], read_own(path, FIELDS))


def all_of(value: str) -> dict[str, str | list[str]]:
    """The same value for each field."""
    return as_written(dict.fromkeys(FIELDS, value))


def as_written(values: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Make a list of what is to be a list."""
    return {name: [value] if "most" in FIELDS[name] else value for name, value in values.items()}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Tables of an organisation that filled everything in."""
    return load_tables(DATA, own_file(tmp_path_factory.mktemp("organisatie"), **as_written(VALUES)))


def strings(node: Any) -> Iterator[str]:
    """Every text in a file."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from [child] if isinstance(child, str) else strings(child)


def spoken() -> list[str]:
    """Every text of the project in which an organisation is named."""
    files = [path for part in ("advice", "replies") for path in sorted((DATA / part).glob("*.yml"))]
    texts = [text for path in files if path.name != "organisation.yml" for text in strings(read_yaml(path).data)]
    return [text for text in texts if set(re.findall(r"\{(\w+)\}", text)) & set(PLACEHOLDERS)]


def faults(text: str) -> list[str]:
    """What is wrong with a text as sentences."""
    bare = re.sub(r"\]\([^)]*\)", "]", text)
    wrong = {
        "accolade": r"[{}]",
        "dubbele punt of komma": r"[.,;:!?][.,;]",
        "blank voor een leesteken": r"\s[.,;:!?]",
        "twee blanks": r"\S {2,}\S",
        "blank aan het begin of eind": r"\A\s|(?m:[ \t]$)|^[ \t]+\S",
        "geen hoofdletter": r"\A[a-z]|[.!?] [a-z]",
        "lege regel in een lijst": r"(?m:^-\s*$)",
    }
    return [name for name, pattern in wrong.items() if re.search(pattern, bare)]


# -- said well --------------------------------------------------------------------------------------------------------


def test_every_placeholder_is_used_and_every_field_is_said() -> None:
    used = {name for text in (*spoken(), *strings(DECLARED)) for name in re.findall(r"\{(\w+)\}", text)}
    assert set(PLACEHOLDERS) <= used
    assert {row["from"] for row in DECLARED["placeholders"]} == set(FIELDS)
    assert len(spoken()) >= 20


@pytest.mark.parametrize("text", spoken())
@pytest.mark.parametrize("known", [True, False], ids=["bekend", "niet bekend"])
def test_a_text_reads_as_sentences(tables: Tables, filled: Tables, text: str, known: bool) -> None:
    said = fill(text.strip(), {**(filled if known else tables).words, "feiten": "wapen", "citaat": "x"})
    assert faults(said) == []
    named = set(re.findall(r"\{(\w+)\}", text)) & set(PLACEHOLDERS)
    values = {VALUES[row["from"]].split(",")[0] for row in DECLARED["placeholders"] if row["id"] in named}
    assert all((value in said) is known for value in values)


def test_the_check_on_sentences_can_fail() -> None:
    wrong = ("Bel {x}.", "Bel hem..", "Bel hem .", "Bel  hem.", "Bel hem. ", " Bel.", "bel. Ja", "Ja. bel.", "A\n- ")
    assert all(map(faults, wrong))
    assert faults("Bel.\n\n- Een\n- Twee: [0800-2000](tel:08002000).") == []


def test_a_field_that_is_known_does_not_name_another(tmp_path: Path, tables: Tables) -> None:
    own = words(own_file(tmp_path, meldcode="intranet, onder Zorg"))
    assert own.pop("meldcode") == "jullie meldcode (intranet, onder Zorg)"
    assert own.pop("wie_meldt") == "Kijk in jullie meldcode (intranet, onder Zorg) wie er meldt."
    assert own.pop("waar_meldcode") == "Die van jullie: intranet, onder Zorg."
    assert own.items() < tables.impersonal.items()


@settings(max_examples=80)
@given(request=requests)
def test_nothing_is_said_three_times_in_one_advice(tables: Tables, filled: Tables, request: AdviceRequest) -> None:
    for own in (tables, filled):
        told = own.advise(request).as_dict()
        offered = [own.text("person_offered")] if told["person"]["offer"] else []
        parts = [told[part] for part in ("reasons", "next_steps", "cautions", "meldcode", "duty", "checks")]
        said = " ".join([*texts_in(parts), *offered, own.text("norm")])
        general = [word for word in own.impersonal.values() if word.endswith(".")]
        named = [value.split(",")[0] for value in VALUES.values()]
        assert [text for text in general if said.count(text) > 1] == []
        assert [text for text in named if said.count(text) > 2] == []


@settings(max_examples=80)
@given(request=requests)
def test_112_goes_before_whoever_is_on_call(filled: Tables, request: AdviceRequest) -> None:
    said = " ".join(filled.advise(request).as_dict()["next_steps"])
    if VALUES["achterwacht"].split(",")[0] in said:
        assert "tel:112" in said.split(VALUES["achterwacht"].split(",")[0])[0]


@pytest.mark.parametrize("text", [text for text in spoken() if "{achterwacht}" in text])
def test_whoever_is_on_call_comes_after_the_call_for_help(text: str) -> None:
    before, after_danger = text.split("{achterwacht}")[0], "Vertel je leidinggevende wat er gebeurde."
    assert "tel:112" in before or text.startswith(after_danger)


@pytest.mark.parametrize(("text", "fault"), [("{wie_praat}", ""), ("{wie_praat} {wie_belt}", "wie_belt")])
def test_a_plan_can_say_who_talks(tmp_path: Path, text: str, fault: str) -> None:
    shutil.copytree(DATA / "advice", tmp_path / "advice")
    path, yaml = tmp_path / "advice" / "plans.yml", YAML(typ="rt", pure=True)
    tree = yaml.load(path.read_text(encoding="utf-8"))
    for plan in tree["plans"]:
        plan["avoid"].insert(0, text)
    yaml.dump(tree, path)
    own = own_file(tmp_path, wie_praat="de wijkverpleegkundige")
    if fault:
        with pytest.raises(DataFileError, match=rf"plans\.yml:\d+: onbekende invulplek: {fault}"):
            load_tables(tmp_path, own)
    else:
        talk = load_tables(tmp_path, own).advise(AdviceRequest(case={"signals": "yes"})).as_dict()["conversation"]
        assert talk["avoid"][0] == "Bij jullie voert de wijkverpleegkundige het gesprek."


@pytest.mark.parametrize(
    ("case", "named"),
    [
        ({"danger_now": "yes"}, ["achterwacht"]),
        ({"weapon": "yes"}, ["wie_meldt", "achterwacht"]),
        ({"disclosure": "yes"}, ["wie_meldt"]),
        ({"physical_violence": "yes", "escalation": "yes"}, ["wie_meldt", "achterwacht"]),
        ({"separation": "yes", "coercive_control": "yes"}, ["wie_meldt", "achterwacht"]),
        ({"honour": "yes"}, ["aandachtsfunctionaris"]),
        ({"repeated": "yes"}, ["wie_meldt", "aandachtsfunctionaris", "veilig_thuis"]),
        ({"fear": "yes"}, ["aandachtsfunctionaris", "veilig_thuis"]),
        ({"signals": "yes"}, ["aandachtsfunctionaris"]),
        ({}, ["aandachtsfunctionaris"]),
    ],
)
def test_the_steps_say_who_does_it_here(filled: Tables, case: dict[str, str], named: list[str]) -> None:
    said = " ".join(filled.advise(AdviceRequest(case=case)).as_dict()["next_steps"])
    assert [name for name in VALUES if VALUES[name].split(",")[0] in said] == [name for name in FIELDS if name in named]


def test_a_plan_says_who_talks_here_but_not_when_it_is_kept_small(filled: Tables) -> None:
    who = VALUES["wie_praat"].split(",")[0]
    kept_small = ({"danger_now": "yes"}, {"weapon": "yes"}, {"honour": "yes", "victim_with_you": "yes"})
    for case in ({"signals": "yes"}, {"separation": "yes"}, *kept_small):
        joins = " ".join(filled.advise(AdviceRequest(case=case)).as_dict()["conversation"]["joins"])
        assert (who in joins) is (case not in kept_small), case


def test_with_honour_nobody_who_knows_the_family_is_pointed_to(filled: Tables) -> None:
    steps = filled.advise(AdviceRequest(case={"honour": "yes"})).as_dict()["next_steps"]
    [named] = [step for step in steps if VALUES["aandachtsfunctionaris"].split(",")[0] in step]
    assert named.endswith("als die de familie niet kent.")


# -- where it is not said ---------------------------------------------------------------------------------------------


def test_the_version_is_of_the_tables_alone(tables: Tables, filled: Tables) -> None:
    assert filled.version == tables.version


def test_the_explanation_is_the_same_for_every_organisation(tables: Tables, filled: Tables) -> None:
    names = Names(
        outcome=dict.fromkeys(OUTCOMES, "doe iets"),
        report={row.report: "meld" for row in tables.levels},
        help={row.help: "help" for row in tables.levels},
        profession={name: name for name in PROFESSIONS},
    )
    sources = {source.id: source for source in load_sources(DATA)}
    page = as_markdown(explain(filled, names, sources))
    assert page == as_markdown(explain(tables, names, sources))
    assert "Kijk in de meldcode van je organisatie wie er meldt." in page
    assert "Hier staat wat Pluis zegt als dat niet is ingevuld." in page


# -- what an operator can write ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "# niets\n", "meldcode:\nloketten:\n", "meldcode: ''\nloketten: []\n", "{}"])
def test_an_empty_file_is_nothing_known(tmp_path: Path, tables: Tables, content: str) -> None:
    path = tmp_path / "organisation.yml"
    path.write_text(content, encoding="utf-8")
    assert load_tables(DATA, path).words == tables.words
    assert load_tables(DATA, tmp_path / "er is niets.yml").words == tables.words


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("wie_meldt: ik\ntelefoon: 030\n", 2, "onbekende naam: telefoon; kies uit: meldcode, aandachtsfunctionaris"),
        ("# x\n\nachterwacht: 0300000000\n", 3, "achterwacht: hier hoort tekst; is het een nummer"),
        ("achterwacht: [a, b]\n", 1, "achterwacht: hier hoort tekst"),
        ("wie_praat: {naam: wij}\n", 1, "wie_praat: hier hoort tekst"),
        ("wie_praat: ja\nwie_meldt: true\n", 2, "wie_meldt: hier hoort tekst"),
        ("loketten: helpdesk\n", 1, "loketten: hier hoort een lijst; zet elke tekst op een eigen regel"),
        ("loketten:\n  - a\n  - b: c\n", 3, "loketten: hier hoort tekst"),
        ("loketten:\n  - a\n  - b\n  - c\n  - d\n  - e\n", 6, "loketten: hoogstens 4, hier staan er 5"),
        (f"meldcode: a\nwie_meldt: {'x' * 161}\n", 2, "wie_meldt is te lang: 161 tekens, hoogstens 160"),
        (f"loketten:\n  - {'x' * 121}\n", 2, "loketten is te lang: 121 tekens, hoogstens 120"),
        ("meldcode: |\n  een\n  twee\n", 1, "meldcode: zet de tekst op één regel"),
        ('meldcode: "een\\ntwee"\n', 1, "meldcode: zet de tekst op één regel"),
        ('meldcode: "een\\u2028twee"\n', 1, "meldcode: zet de tekst op één regel"),
        ('meldcode: "links\\u202enaar rechts"\n', 1, "zonder tekens die niet te zien zijn"),
        ('meldcode: "zie {zij}"\n', 1, "meldcode: een accolade kan hier niet"),
        ("meldcode: zie }\n", 1, "meldcode: een accolade kan hier niet"),
        ("meldcode: a\nmeldcode: b\n", 2, "meldcode staat er twee keer"),
        ("- meldcode\n", 1, "hier horen regels met een naam en een tekst"),
        ("meldcode\n", 1, "hier horen regels met een naam en een tekst"),
        ("meldcode: 'a\n", 2, "geen geldige YAML"),
    ],
)
def test_what_cannot_be_is_told_with_file_and_line(tmp_path: Path, content: str, line: int, reason: str) -> None:
    path = tmp_path / "organisation.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError) as error:
        words(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert reason in error.value.reason


def test_a_folder_or_another_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="hier hoort een bestand"):
        words(tmp_path)
    path = tmp_path / "organisation.yml"
    path.write_bytes("meldcode: één\nwie_meldt: wij\n".encode("latin-1"))
    with pytest.raises(DataFileError, match="geen UTF-8"):
        words(path)


HOSTILE = [
    "[klik hier](javascript:alert(1))",
    "[klik hier](https://kwaad.voorbeeld.nl)",
    "![beeld](data:image/svg+xml;base64,AA)",
    "<script>alert(1)</script>",
    '<a href="https://kwaad.voorbeeld.nl" onclick="x()">klik</a>',
    "**vet** *schuin* __vet__ ~~weg~~ `code`",
    "einde) [a]: https://kwaad.voorbeeld.nl",
    "&lt;b&gt; &amp; &#60;",
    r"\[a\](b) \\ \*",
    "| a | b |",
    "# kop",
    "> citaat",
    "- punt - 1. een",
    "http://x.nl/(a)[b]<c>\"d'",
    "x" * 120,
]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_can_break_a_text(tmp_path: Path, value: str) -> None:
    quoted = "'" + value.replace("'", "''") + "'"
    own, nobody = words(own_file(tmp_path, **all_of(quoted))), words(None)
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for text in spoken():
        html = reader.render(fill(text, {**own, "feiten": "wapen", "citaat": "x"}))
        plain = reader.render(fill(text, {**nobody, "feiten": "wapen", "citaat": "x"}))
        for tag in ("script", "img", "code", "em", "s", "h1", "blockquote", "table", "li", "strong", "p"):
            assert html.count(f"<{tag}>") == plain.count(f"<{tag}>"), text
        addresses = set(re.findall(r'<a href="([^"]*)"', html)) - set(re.findall(r'<a href="([^"]*)"', plain))
        assert addresses <= {"https://kwaad.voorbeeld.nl", "http://x.nl/"}
        assert not re.search(r"<a (?!href=\"[^\"]*\">)|<script|onclick=\"", html)
        shown = re.sub(r"<[^>]*>", "", html).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
        assert value.rstrip(".;,") in shown.replace("&amp;", "&")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("030 000 00 00", "[030 000 00 00](tel:0300000000)"),
        ("(030) 000 00 00", "[(030) 000 00 00](tel:0300000000)"),
        ("030-0000000/06-00000000", "[030-0000000](tel:0300000000)/[06-00000000](tel:0600000000)"),
        ("06-10000000, 0800-2000 of 112", "[06-10000000](tel:0610000000), [0800-2000](tel:08002000) of [112](tel:112)"),
        ("+31 30 000 00 00", "[+31 30 000 00 00](tel:+31300000000)"),
        ("0900 1234567", "[0900 1234567](tel:09001234567)"),
        ("toestel 1234, 9.00 tot 17.00 uur", "toestel 1234, 9.00 tot 17.00 uur"),
        ("030 000 00 00 030 000 00 00", "030 000 00 00 030 000 00 00"),
        ("https://intranet.nl/een_pad?a=b.", "[https://intranet.nl/een\\_pad?a=b](https://intranet.nl/een_pad?a=b)"),
        ("  de   teamleider ; ", "de teamleider"),
    ],
)
def test_a_number_and_an_address_can_be_pressed(tmp_path: Path, value: str, said: str) -> None:
    own = words(own_file(tmp_path, wie_meldt=f'"{value}"'))
    assert own["wie_meldt"] == f"Bij jullie meldt {said}."


def test_desks_are_named_in_one_sentence(tmp_path: Path) -> None:
    own = words(own_file(tmp_path, loketten=["helpdesk, op werkdagen", "de receptie."]))
    assert own["loketten"] == "Bij jullie kun je ook terecht bij: helpdesk, op werkdagen; de receptie."


# -- the example ------------------------------------------------------------------------------------------------------


def test_the_example_names_every_field_and_fills_in_none(tables: Tables) -> None:
    assert list(read_yaml(EXAMPLE).data) == list(FIELDS)
    assert load_tables(DATA, EXAMPLE).words == tables.words


def test_what_the_example_shows_may_be_written(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown: dict[str, str | list[str]] = {}
    examples: list[str] = []
    for row in text.splitlines():
        if row.startswith("# Voorbeeld: "):
            examples.append(row.removeprefix("# Voorbeeld: "))
        elif row.removesuffix(":") in FIELDS:
            name, many = row.removesuffix(":"), examples[0].startswith("- ")
            shown[name], examples = ([item.removeprefix("- ") for item in examples] if many else examples[0]), []
    assert list(shown) == list(FIELDS)
    own = words(own_file(tmp_path, **shown))
    assert all(faults(word[:1].upper() + word[1:]) == [] for word in own.values())
    assert not own.items() & words(None).items()

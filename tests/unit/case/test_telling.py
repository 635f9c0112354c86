"""What the advice is told with: the sources on a line of their own, two at most, none of them twice; and the plan
for the talk in three messages that fit a phone, or the gate in one."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from bot.advice import SETUPS, parse_request
from bot.case import Case, Entry, Line, Tools, advice_messages, plan_messages, told
from bot.case.telling import (
    AFTER,
    BEFORE,
    DANGER_NOW,
    DURING,
    GATE,
    PATTERNS,
    PATTERNS_SHOWN,
    source_line,
    with_sources,
)
from bot.settings import ROOT
from bot.yamlfile import read_yaml
from tests.unit.case.sheets import VERSIONS, known, text_of

CASES = sorted((ROOT / "tests" / "cases").glob("*.yml"))
FITS_A_PHONE = 2200  # characters of a message, the addresses of its links and its marks not counted


def test_two_sources_at_most_and_each_once(tools: Tools) -> None:
    first, second, third = list(tools.sources)[:3]
    row = {"text": "Dit telt.", "sources": [{"id": name, "section": "x"} for name in (first, first, second, third)]}
    assert source_line(row, tools) == f"Bron: {tools.sources[first]}; {tools.sources[second]}"
    assert with_sources({"text": "Dit telt.", "sources": []}, tools) == "Dit telt."


def test_a_source_names_its_publisher_once(tools: Tools) -> None:
    assert tools.sources["kenniskaart-2023"].endswith("professionals (Movisie)")
    assert tools.sources["pf-1a"] == "Rijksoverheid: Meldcode Huiselijk geweld en kindermishandeling"


def test_in_the_chat_the_source_has_its_own_line(tools: Tools) -> None:
    for say in advice_messages(known(physical_violence="yes", repeated="yes", children="yes"), tools):
        if "Bron: " in say.text:
            assert all(part.startswith("Bron: ") for part in _lines(say.text) if "Bron: " in part)
            break
    else:
        raise AssertionError("geen bron genoemd")


def test_the_steps_of_the_meldcode_come_as_a_bar_too(tools: Tools) -> None:
    messages = advice_messages(known(physical_violence="yes", repeated="yes", children="yes"), tools)
    (say,) = [say for say in messages if say.custom]
    steps = (say.custom or {})["steps"]
    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5]
    assert {step["status"] for step in steps} <= {"done", "now", "todo"}
    assert all(step["text"] in say.text for step in steps)


def patterns(case: Case, tools: Tools) -> str:
    """What is told of the patterns; empty when nothing is."""
    return next((say.text for say in advice_messages(case, tools) if PATTERNS in say.text), "")


def test_her_own_words_point_to_a_profile_and_are_quoted(tools: Tools) -> None:
    case = Case()
    case = case.add(told(case, "gevoel.verhaal", "Ze hebben schulden en hij is zijn baan kwijt.", tools))
    text = patterns(case, tools)
    assert "een gezin met veel stress" in text
    assert "omdat je schreef: ‘Ze hebben schulden en hij is zijn baan kwijt’" in text
    assert "controle nog niet is uitgesloten" in text


@pytest.mark.parametrize("text", ["Er zijn geen schulden.", "Ik ben zelf overspannen en voel me machteloos."])
def test_what_is_denied_or_felt_points_nowhere(tools: Tools, text: str) -> None:
    case = Case()
    assert "gezin met veel stress" not in patterns(case.add(told(case, "gevoel.verhaal", text, tools)), tools)


def test_words_taken_off_the_list_point_nowhere_any_more(tools: Tools) -> None:
    case = Case()
    case = case.add(told(case, "gevoel.verhaal", "Ze hebben schulden.", tools))
    assert "veel stress" in patterns(case, tools)
    gone = [line.id for line in case.lines]
    assert "veel stress" not in patterns(case.add(Entry(question="feiten.lijst", removed=gone)), tools)


def test_a_ticked_signal_points_too_but_a_guessed_one_does_not(tools: Tools) -> None:
    line = Line(id="r1", kind="signal", quote="hij ging naar het casino", signal="perpetrator.debts")
    assert "casino" in patterns(Case(entries=[Entry(question="feiten.signalen", lines=[line])]), tools)
    guessed = Entry(question="gevoel.verhaal", hints={"signal:perpetrator.debts": "hij ging naar het casino"})
    assert "casino" not in patterns(Case(entries=[guessed]), tools)


def test_at_danger_now_nothing_distracts_and_no_more_than_a_few_are_told(tools: Tools) -> None:
    many = {"coercive_control": "yes", "stalking": "yes", "sexual_violence": "yes", "physical_violence": "yes"}
    many |= {"child_witness": "yes", "care_dependent": "yes", "continuing_threat": "yes"}
    assert patterns(known(**many, danger_now="yes"), tools) == ""
    assert patterns(known(**many), tools).count("Dit kan passen bij") == PATTERNS_SHOWN


def test_a_pattern_never_enters_the_summary(tools: Tools) -> None:
    case = known(coercive_control="yes", fear="yes", stalking="yes", care_dependent="yes", children="yes")
    assert patterns(case, tools)
    for version in VERSIONS:
        sheet = text_of(case, tools, version)
        assert [row.label for row in tools.tables.patterns if row.label in sheet] == []
        assert "kan passen" not in sheet


# -- the plan for the talk --------------------------------------------------------------------------------------------


def case_of(path: str) -> Case:
    """The case of a file, as if it had been told."""
    request = parse_request(read_yaml(ROOT / "tests" / "cases" / path).data["request"])
    fields = {"profession": request.profession, "client_role": request.client_role, "minor": request.minor}
    return Case(entries=[Entry(question="x", facts=dict(request.case), fields=fields, silent=True)])


def heads(text: str) -> list[str]:
    """The bold lines of a message."""
    return re.findall(r"^\*\*(.+)\*\*$", text, re.MULTILINE)


def plan_of(path: str, tools: Tools) -> list[str]:
    """The messages of the plan, without what can be practised."""
    return [say.text for say in plan_messages(case_of(path), tools) if say.text]


def test_a_plan_comes_in_three_messages(tools: Tools) -> None:
    before, during, after = plan_of("24_ex_volgt_en_slaat.yml", tools)
    assert heads(before) == [
        "Gespreksopzet: eerst degene om wie je je zorgen maakt, nooit samen", "Met wie", "Tolk", "Met wie niet",
        "In welke volgorde", "Wanneer en waar", "Veilig uitnodigen", "De kinderen", "Jouw eigen veiligheid",
    ]  # fmt: skip
    assert before.splitlines()[3].startswith("Bron: ")
    assert heads(during) == [
        "Tijdens het gesprek", "Zo kun je beginnen", "Open vragen", "Zo kun je praten", "Liever niet",
        "Wordt het onveilig? Stop",
    ]  # fmt: skip
    assert heads(after) == ["Na het gesprek", "Zo sluit je af", "Schrijf op"]


def test_methods_come_with_their_source(tools: Tools) -> None:
    during = plan_of("62_over_en_weer_paar_wil_therapie.yml", tools)[1]
    told = during.partition("**Zo kun je praten**")[2].partition("**Liever niet**")[0]
    assert told.count("- *") == told.count("Bron: Blinde vlekken") == 2
    assert "*Meerzijdige partijdigheid (ook wel meervoudige partijdigheid).*" in told


def test_one_sentence_is_no_list(tools: Tools) -> None:
    before = plan_of("24_ex_volgt_en_slaat.yml", tools)[0]
    assert re.search(r"\*\*Tolk\*\*\n\n[^-]", before)
    assert re.search(r"\*\*De kinderen\*\*\n\n- ", before)


def test_without_children_nothing_is_said_of_them(tools: Tools) -> None:
    assert "kinderen" not in "".join(plan_of("72_paar_wil_samen_na_checks.yml", tools)).lower()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("47_wijkverpleging_ziet_regels.yml", "Eerst overleggen, nog niet praten"),
        ("77_stalker_in_behandeling.yml", "Eerst overleggen, nog niet praten"),
        ("03_broer_wacht_bij_school.yml", "Eerst [112](tel:112), nog niet praten"),
    ],
)
def test_where_talking_must_wait_there_is_one_message(tools: Tools, path: str, title: str) -> None:
    [gate] = plan_of(path, tools)
    assert heads(gate)[:2] == [title, "Bel eerst"]
    assert "Intussen" in heads(gate)
    assert ("Wat je daar vraagt" in heads(gate)) == ("112" not in title)
    assert "Open vragen" not in heads(gate)


@pytest.mark.parametrize("path", [path.name for path in CASES])
def test_every_message_fits_a_phone(tools: Tools, path: str) -> None:
    for text in plan_of(path, tools):
        shown = re.sub(r"\]\([^)]*\)|[*\[]", "", text)
        assert len(shown) <= FITS_A_PHONE, len(shown)
        assert max(map(len, shown.splitlines())) <= 260
        assert "{" not in text


def test_every_part_is_told_somewhere(tools: Tools) -> None:
    for setup in SETUPS:
        gate = setup == "no_talk_now"
        told = {*GATE} if gate else {*BEFORE, *DURING, *AFTER}
        own = set(tools.tables.plans[setup].parts)
        assert own <= told | {"order" if gate else ""}, setup
        assert set(tools.tables.plan_heads(setup)) >= told
    assert set(DANGER_NOW) <= set(GATE)


def _lines(text: str) -> list[str]:
    """The lines as a reader of Markdown shows them."""
    html = MarkdownIt().render(text).replace("<br />", "\n")
    return [line.split(">")[-1] if line.startswith("<") else line for line in html.splitlines()]

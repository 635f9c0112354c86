"""The tables as people read them: nothing left out, nothing told twice, every condition in words that are right."""

from __future__ import annotations

import re

import pytest

from bot.advice import FACTS, PROFESSIONS, Explanation, Names, Tables, as_markdown, explain
from bot.advice.conditions import AllOf, Always, AnyOf, Condition, Is, Not, Word
from bot.advice.records import OUTCOMES, SETUPS
from bot.advice.saying import Vocabulary
from bot.knowledge import load_sources
from tests.unit.advice.conftest import DATA

SAYING = Vocabulary(
    facts={"fear": "bang", "weapon": "wapen", "children": "kinderen"},
    words={"red": "rode vlag"},
    fields={"client_role": "je cliënt", "outcome": "de uitkomst"},
    values={
        "client_role": {"child": "een kind", "couple": "het stel", "other": "iemand anders"},
        "outcome": {"call_112": "bel nu [112](tel:112)", "report": "meld bij Veilig Thuis: [0800-2000](tel:08002000)"},
    },
    answers={"yes": "ja", "no": "nee", "unknown": "niet bekend"},
    always="Altijd.",
    never="Nooit.",
)
FEAR, WEAPON = Is("fear", ("yes",)), Is("weapon", ("yes",))


@pytest.fixture(scope="module")
def explanation(tables: Tables) -> Explanation:
    """The project's tables, with plain names for what others name."""
    names = Names(
        outcome={outcome: f"{outcome} bellen" for outcome in OUTCOMES},
        report={row.report: f"melden: {row.report}" for row in tables.levels},
        help={row.help: f"hulp: {row.help}" for row in tables.levels},
        profession={name: name for name in PROFESSIONS},
    )
    return explain(tables, names, {source.id: source for source in load_sources(DATA)})


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (FEAR, "‘bang’"),
        (Is("fear", ("no", "unknown")), "‘bang’ is nee of niet bekend"),
        (Is("children", ("yes", "unknown")), "‘kinderen’ is ja of niet bekend"),
        (Is("children", ("no",)), "‘kinderen’ is nee"),
        (Not(FEAR), "**niet** ‘bang’"),
        (AnyOf((FEAR, WEAPON)), "‘bang’ **of** ‘wapen’"),
        (AllOf((FEAR, AnyOf((WEAPON, Is("children", ("yes",)))))), "‘bang’ **en** (‘wapen’ **of** ‘kinderen’)"),
        (Not(AnyOf((FEAR, WEAPON))), "**niet** (‘bang’ **of** ‘wapen’)"),
        (Word("red", WEAPON), "‘[rode vlag](#woord-red)’"),
        (Is("client_role", ("child",)), "je cliënt is ‘een kind’"),
        (Not(Is("client_role", ("child", "couple"))), "je cliënt is **niet** ‘een kind’ of ‘het stel’"),
        (Is("client_role", ("child", "couple", "other")), "je cliënt is ‘een kind’, ‘het stel’ of ‘iemand anders’"),
        (Is("outcome", ("call_112", "report")), "de uitkomst is ‘bel nu 112’ of ‘meld bij Veilig Thuis’"),
        (Always(), "Altijd."),
        (Not(Always()), "Nooit."),
    ],
)
def test_a_condition_is_said_in_dutch(condition: Condition, said: str) -> None:
    assert SAYING.say(condition) == said


def test_every_rule_of_every_table_is_told_once(tables: Tables, explanation: Explanation) -> None:
    anchors = [rule.anchor for section in explanation.sections for rule in section.rules]
    assert len(anchors) == len(set(anchors))
    assert {f"niveau-{row.id}" for row in tables.levels} <= set(anchors)
    assert {f"let-op-{row.id}" for row in tables.cautions} <= set(anchors)
    assert {f"gesprek-{row.id}" for row in tables.setups} <= set(anchors)
    assert {f"plan-{setup}" for setup in SETUPS} | {"plan-every"} <= set(anchors)
    assert {f"stap-{number}" for number in range(1, 6)} <= set(anchors)
    assert {f"vraag-{row.id}" for row in tables.checks} | {f"beroep-{row.id}" for row in tables.duties} <= set(anchors)
    assert {f"methode-{row.id}" for row in tables.methods} <= set(anchors)
    assert {f"lijst-{row.id}" for row in tables.checklists} <= set(anchors)
    assert {f"mens-{row.id}" for row in tables.person} | {"melden-report_with_expert"} <= set(anchors)
    assert {"veilig-cannot_weigh", "veilig-gesprek-cannot_weigh"} <= set(anchors)
    assert {f"woord-{word.word}" for word in tables.glossary} <= set(anchors)
    answered = [rule for section in explanation.sections for rule in section.rules if rule.review]
    assert len(answered) == len(tables.reviews)
    assert all(rule.sources for rule in answered)


def test_the_rows_stand_in_the_order_in_which_they_decide(tables: Tables, explanation: Explanation) -> None:
    for anchor, rows in (("wat-is-nu-nodig", tables.levels), ("hoe-ga-je-het-gesprek-aan", tables.setups)):
        section = next(section for section in explanation.sections if section.anchor == anchor)
        assert [rule.id for rule in section.rules] == [row.id for row in rows]
        assert "De eerste die geldt beslist." in section.text


def test_markdown_holds_every_text_source_and_that_it_is_not_signed(tables: Tables, explanation: Explanation) -> None:
    text = as_markdown(explanation)
    sources = {source.id: source for source in load_sources(DATA)}
    for row in tables.rows:
        assert all(sources[cited.id].title in text and cited.section in text for cited in row.sources), row
    for level in tables.levels:
        for line in (*level.text, *level.steps):
            assert re.split(r"\{", line.text)[0].strip()[:60] in text, line.text
    assert text.count("nog niet ondertekend") == len(tables.reviews) + 1
    assert "Voordat ze echt gebruikt worden, ondertekenen deze mensen ze" in text.split("##")[0]
    assert f"`{tables.version}`" in text
    assert "22 mei 2027" in text
    assert "{" not in text


def test_a_link_within_the_page_goes_somewhere(explanation: Explanation) -> None:
    text = as_markdown(explanation)
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(re.findall(r'<a id="([^"]+)">', text))


def test_a_rule_tells_which_facts_it_looks_at(tables: Tables, explanation: Explanation) -> None:
    rules = {rule.anchor: rule for section in explanation.sections for rule in section.rules}
    [looks_at] = [detail for detail in rules["niveau-red_flag"].details if detail.label == "Kijkt naar"]
    row = next(row for row in tables.levels if row.id == "red_flag")
    for fact in row.when.names():
        assert tables.facts[fact].label in looks_at.lines[0].text.lower()


def test_every_sentence_of_a_plan_is_told_once_under_its_head(tables: Tables, explanation: Explanation) -> None:
    rules = {rule.anchor: rule for section in explanation.sections for rule in section.rules}
    for plan in (*tables.plans.values(), tables.every_plan):
        details = rules[f"plan-{plan.setup}"].details
        assert len({detail.label for detail in details}) == len(details)
        assert sum(len(detail.lines) for detail in details) == sum(map(len, plan.parts.values()))
        heads = {**tables.every_plan.heads, **plan.heads}
        assert {detail.label for detail in details} == {heads[part] for part in plan.parts}
    shared = {line.text for detail in rules["plan-every"].details for line in detail.lines}
    assert not shared & {line.text for detail in rules["plan-apart"].details for line in detail.lines}


def test_a_method_is_told_with_when_it_fits(tables: Tables, explanation: Explanation) -> None:
    section = next(section for section in explanation.sections if section.anchor == "manieren-van-praten")
    assert [rule.anchor for rule in section.rules] == [f"methode-{row.id}" for row in tables.methods]
    told = section.rules[0].details[0].lines
    assert any("#woord-on_a_level" in line.text for line in told)


def test_every_fact_has_its_name_in_the_explanation(tables: Tables, explanation: Explanation) -> None:
    text = as_markdown(explanation).lower()
    assert [fact for fact in FACTS if tables.facts[fact].label.lower() not in text] == []

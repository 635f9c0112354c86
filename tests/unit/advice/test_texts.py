"""The texts: what must be said, what may never be said, and that every source is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.advice import PLACEHOLDERS, Tables, fill
from bot.advice.wording import listed
from bot.yamlfile import read_yaml
from tests.unit.advice.conftest import DATA

FILES = sorted((DATA / "advice").glob("*.yml"))
UNREAD = ("sources", "review", "when", "asked_when", "done_when", "now_when", "id")


def texts(node: Any) -> Iterator[str]:
    """Yield every text that a person can get to read."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in UNREAD:
                yield from texts(value)


@pytest.fixture(scope="module")
def told() -> list[tuple[str, str]]:
    """Every text with its file."""
    return [(path.name, text) for path in FILES for text in texts(read_yaml(path).data)]


def test_a_reader_is_addressed_with_je(told: list[tuple[str, str]]) -> None:
    formal = re.compile(r"\bu (?:heeft|bent|kunt|moet|wilt)\b|\buw\b|\b(?:heeft|bent|kunt|vindt) u\b", re.IGNORECASE)
    assert formal.search("Wat vindt u van uw werk?")
    assert not [(name, text) for name, text in told if formal.search(text)]


def test_no_file_has_a_key_that_rasa_takes_for_its_own() -> None:
    for path in FILES:
        assert not {"nlu", "stories", "rules", "responses"} & set(read_yaml(path).data)


def test_telephone_numbers_are_links(told: list[tuple[str, str]]) -> None:
    links = re.compile(r"\[([^\]]+)\]\(tel:(\d+)\)")
    for name, text in told:
        for shown, number in links.findall(text):
            assert re.sub(r"\D", "", shown) == number
        bare = links.sub("", text)
        assert not re.search(r"\b0[89]00-?\d{4}\b", bare), (name, text)


@pytest.mark.parametrize("name", ["victim", "perpetrator", "bystander", "minor", "professional_self"])
def test_someone_else_who_writes_is_told_where_help_is(tables: Tables, name: str) -> None:
    text = tables.texts[name]
    assert "[112](tel:112)" in text.text
    assert "[0800-2000](tel:08002000)" in text.text
    assert [choice.title for choice in text.choices] == ["Wis dit gesprek"]
    assert not any(choice.facts for choice in text.choices)
    assert "{" not in text.text


def test_belgium_gets_its_own_number(tables: Tables) -> None:
    assert {"[1712](tel:1712)", "[112](tel:112)"} <= set(
        re.findall(r"\[\d+\]\(tel:\d+\)", tables.texts["belgium"].text)
    )


def test_the_danger_question_has_its_four_answers(tables: Tables) -> None:
    choices = {choice.title: choice for choice in tables.texts["danger"].choices}
    assert list(choices) == ["Ja, nu", "Niet nu, wel de komende uren of dagen", "Nee, dit is voorbij", "Weet ik niet"]
    assert choices["Ja, nu"].facts == {"danger_now": "yes"}
    assert choices["Ja, nu"].reply.startswith("**Bel nu [112](tel:112).**")
    assert choices["Niet nu, wel de komende uren of dagen"].facts["danger_coming_days"] == "yes"
    assert choices["Weet ik niet"].facts == {"danger_coming_days": "yes"}
    answers = tables.texts["danger"].answers
    assert all("[112](tel:112)" in choice.reply for choice in answers)
    assert all("[0800-2000](tel:08002000)" in choice.reply for choice in answers)


def test_that_there_is_no_danger_now_is_no_answer_for_the_days_to_come(tables: Tables) -> None:
    not_now, no = tables.texts["danger"].typed
    assert not_now.facts == {"danger_now": "no", "danger_coming_days": "yes"}
    assert "Bel nu" not in not_now.reply
    over = next(choice for choice in tables.texts["danger"].choices if choice.title == "Nee, dit is voorbij")
    assert (no.title, no.facts, no.reply) == ("Nee", over.facts, over.reply)


def test_the_quote_in_the_danger_question_is_left_as_it_is(tables: Tables) -> None:
    filled = fill(tables.texts["danger"].text, {"citaat": "hij {zij} zwaait", "zij": "zij"})
    assert filled.startswith("Je schrijft: ‘hij {zij} zwaait’.")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{zij} is bang.", "Zij is bang."),
        ("Kan het? {hij} weet het niet, {zij} wel.", "Kan het? Hij weet het niet, zij wel."),
        ("‘{zij} komt.’ {hij} ook.", "‘Zij komt.’ Hij ook."),
        ("- {zij}\n- {hem}", "- Zij\n- Hem"),
        ("{onbekend} blijft", "{onbekend} blijft"),
        ("Bel. {niets} {leeg} Schrijf het op.", "Bel. Schrijf het op."),
        ("{niets} {hij} komt.", "Hij komt."),
        ("Bel. {leeg} {hij} komt.\n\n{niets} Kom.", "Bel. Hij komt.\n\nKom."),
        ("Bel {hem}. {niets}", "Bel hem."),
        ("{niets} {leeg}", ""),
    ],
)
def test_placeholders_are_filled_with_a_capital_where_a_sentence_starts(text: str, filled: str) -> None:
    assert fill(text, {"zij": "zij", "hij": "hij", "hem": "hem", "niets": "", "leeg": ""}) == filled


def test_there_is_a_word_for_every_placeholder_but_the_quote_and_the_facts(tables: Tables) -> None:
    assert set(tables.words) == (set(PLACEHOLDERS) - {"citaat", "feiten"}) | set(tables.impersonal)


@pytest.mark.parametrize(
    ("words", "joined"), [([], ""), (["a"], "a"), (["a", "b"], "a en b"), (["a", "b", "c"], "a, b en c")]
)
def test_words_are_listed_as_a_sentence_does(words: list[str], joined: str) -> None:
    assert listed(words) == joined


def test_every_source_is_known(tables: Tables) -> None:
    known = YAML(typ="safe", pure=True).load((DATA / "knowledge" / "sources.yml").read_text(encoding="utf-8"))
    ids = {row["id"] for row in known["sources"]}
    cited = {source.id for row in tables.rows for source in row.sources}
    cited |= {source.id for text in tables.texts.values() for source in text.sources}
    assert cited <= ids, sorted(cited - ids)


def test_questions_in_a_plan_are_open(tables: Tables) -> None:
    closed = re.compile(r"^(‘)?(is|heeft|heb|ben|was|wil|kun|kan|mag|moet|gaat|slaat|word)\b", re.IGNORECASE)
    for plan in tables.plans.values():
        for line in plan.parts["questions"]:
            assert not closed.match(line.text), (plan.setup, line.text)


def test_a_method_is_explained_in_two_sentences(tables: Tables) -> None:
    for method in tables.methods:
        assert len(re.findall(r"[.?!](?:\s|$)", method.text)) == 2, method.text
        assert method.sources[0].id in ("blinde-vlekken-2024", "kenniskaart-2023")


def test_the_methods_are_those_of_the_sources(tables: Tables) -> None:
    labels = " ".join(method.label for method in tables.methods)
    for name in (
        "Motiverende gespreksvoering", "Neutraal herformuleren", "Meerzijdige partijdigheid",
        "meervoudige partijdigheid", "Traumasensitief werken", "Presentie",
    ):  # fmt: skip
        assert name in labels

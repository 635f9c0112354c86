"""Rows of other kinds are told as topics: in the words of `kinds.yml`, without lines that have nothing to say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.knowledge import Topic
from bot.knowledge.catalogue import load_kinds, load_topics
from bot.knowledge.kinds import Kind

from .conftest import REPOSITORY

TOLD = Kind(
    "interventions", "Hulp", "{name}", ("{goal}.", "Voor: {for_whom}.", "Niet voor {not_for}."), ("Zie:{seen}",)
)


def topic(root: Path, name: str) -> Topic:
    [found] = [topic for topic in load_topics(root) if topic.id == name]
    return found


def test_a_line_with_an_empty_field_falls_away() -> None:
    row = {"id": "judo", "name": "Judo", "goal": "leren vallen", "for_whom": None, "not_for": " "}
    told = TOLD.as_topic(row)
    assert (told["title"], told["short"], told["more"]) == ("Judo", "Leren vallen.", "")


def test_a_field_is_told_inside_a_sentence_and_a_list_as_points() -> None:
    row = {
        "name": "Judo",
        "goal": "Leren vallen.",
        "for_whom": "Jan {naam}.",
        "not_for": "Piet",
        "seen": ["mat", "jas"],
    }
    told = TOLD.as_topic(row)
    assert told["short"] == "Leren vallen. Voor: Jan {naam}. Niet voor Piet."
    assert told["more"] == "Zie:\n- mat\n- jas"


def test_a_row_of_each_kind_is_a_topic_with_its_kind(data_root: Path) -> None:
    kinds = {topic.kind for topic in load_topics(data_root)}
    assert kinds == {kind.key for kind in load_kinds(data_root)}
    lesson = topic(data_root, "judoles")
    assert lesson.title == "Judoles"
    assert lesson.short == "Doel: leren vallen en weer opstaan. Bedoeld voor beginners. Door wie: een judoka."
    assert lesson.more == "Soort: training.\n\nSite: https://example.org/judo"
    assert (lesson.related, lesson.sources[0].title) == (("huisverbod",), "Een boek")


def test_a_group_gathers_the_factors_of_its_kind_and_levels(data_root: Path, change: Callable[..., int]) -> None:
    change("factors.yml", '"section": "Signalen"', '"section": "Kinderen"')
    weather = topic(data_root, "risico_weer")
    assert weather.short == "Nat en koud."
    assert weather.more == "- **Regen.** Wie nat wordt, heeft het koud.\n- **Wind.** Storm blaast deuren open."
    assert [citation.section for citation in weather.sources] == ["Kinderen", "Signalen"]


@pytest.fixture(scope="module")
def content() -> list[Topic]:
    return [topic for topic in load_topics(REPOSITORY / "data") if topic.kind != "topics"]


def test_sentences_made_of_fields_read_as_sentences(content: list[Topic]) -> None:
    for topic in content:
        text = f"{topic.short}\n{topic.more or ''}"
        assert not re.search(r"\.\.|\s[.,;:]|: ?[.:]|\{|\bNone\b|\bnull\b", text), topic.id
        assert topic.short[0].isupper() or topic.short[0].isdigit(), topic.id


def test_what_is_of_another_kind_is_linked_both_ways(content: list[Topic]) -> None:
    pointed = {name for topic in load_topics(REPOSITORY / "data") if topic.kind == "topics" for name in topic.related}
    assert [topic.id for topic in content if not topic.related] == []
    assert len([topic.id for topic in content if topic.id not in pointed]) <= 0.05 * len(content)

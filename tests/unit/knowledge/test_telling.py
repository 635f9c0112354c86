"""What a knowledge question is answered with: the answer, what more there is to it, the doubt, and the sources."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.knowledge import told
from bot.knowledge import Citation, Topic
from bot.knowledge.catalogue import load_topics

from .conftest import REPOSITORY


@pytest.fixture(scope="module")
def topics() -> dict[str, Topic]:
    return {topic.id: topic for topic in load_topics(REPOSITORY / "data")}


def test_everything_there_is_to_an_answer_is_told(topics: dict[str, Topic]) -> None:
    for topic in topics.values():
        parts = [f"**{topic.title}**", topic.short, topic.more, topic.doubt and f"*Let op: {topic.doubt}*"]
        assert told(topic).startswith("\n\n".join(part for part in parts if part) + "\n\nBron: ")


def test_a_question_that_only_the_rest_of_an_answer_answers_is_answered(topics: dict[str, Topic]) -> None:
    assert "Zwijgend 112 bellen werkt niet vanzelf" in told(topics["hulp_inschakelen_bij_gevaar"])


def test_two_sources_are_named_and_none_of_them_twice(topics: dict[str, Topic]) -> None:
    one = Citation("boek", "Boek", "hoofdstuk 1", 2020, None)
    topic = replace(topics["kindcheck"], sources=(one, one, replace(one, section="hoofdstuk 2", year=None), one))
    assert told(topic).rpartition("\n\n")[2] == "Bron: Boek (2020), hoofdstuk 1; Boek, hoofdstuk 2"
    assert told(replace(topic, more=None, doubt=None)).count("\n\n") == topic.short.count("\n\n") + 2


def test_the_opening_sentence_and_the_telephone_come_with_what_must_come_first(topics: dict[str, Topic]) -> None:
    assert "Overleg dan eerst met Veilig Thuis" in topics["openingszin"].short
    assert topics["digitale_veiligheid"].short.startswith("Verander nog niets")

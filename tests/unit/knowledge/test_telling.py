"""What a knowledge question is answered with: the answer and its doubt, and beneath it the sources and what more
there is to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.knowledge import beneath, told
from bot.knowledge import Citation, Topic
from bot.knowledge.catalogue import load_topics

from .conftest import REPOSITORY


@pytest.fixture(scope="module")
def topics() -> dict[str, Topic]:
    return {topic.id: topic for topic in load_topics(REPOSITORY / "data")}


def spoken(topic: Topic) -> str:
    """All that is told, at once and in what opens beneath it."""
    return "\n\n".join([told(topic), *(part["text"] for part in beneath(topic, ())["parts"])])


def test_everything_there_is_to_an_answer_is_told(topics: dict[str, Topic]) -> None:
    for topic in topics.values():
        parts = [f"**{topic.title}**", topic.short, topic.doubt and f"*Let op: {topic.doubt}*"]
        assert told(topic) == "\n\n".join(part for part in parts if part)
        for document in topic.documents:
            assert f"{document.title}" in spoken(topic)
            assert all(section in spoken(topic) for section in document.sections)
        assert (topic.more or "") in spoken(topic)


def test_a_question_that_only_the_rest_of_an_answer_answers_is_answered(topics: dict[str, Topic]) -> None:
    assert "Zwijgend 112 bellen werkt niet vanzelf" in spoken(topics["hulp_inschakelen_bij_gevaar"])


def test_a_source_is_named_once_with_its_year_its_sections_and_where_it_can_be_read(topics: dict[str, Topic]) -> None:
    one = Citation("boek", "Boek", "hoofdstuk 1", 2020, None)
    web = Citation("pagina", "Een pagina", "Bel 112", None, "https://example.org")
    topic = replace(topics["kindcheck"], sources=(one, web, replace(one, section="hoofdstuk 2"), one))
    source = beneath(topic, ())["parts"][0]
    assert source["title"] == "Bron: Boek (2020) en 1 andere bron"
    assert source["text"].splitlines() == [
        "- Boek (2020): hoofdstuk 1; hoofdstuk 2",
        "- [Een pagina](https://example.org): Bel 112",
    ]
    alone = beneath(replace(topic, sources=(web,)), ())["parts"][0]
    assert alone["title"] == "Bron: Een pagina"


def test_the_opening_sentence_and_the_telephone_come_with_what_must_come_first(topics: dict[str, Topic]) -> None:
    assert "Overleg dan eerst met Veilig Thuis" in topics["openingszin"].short
    assert topics["digitale_veiligheid"].short.startswith("Verander nog niets")

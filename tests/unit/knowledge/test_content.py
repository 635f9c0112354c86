"""The real content under the real search: all files are well, and the development questions find what they should.

The weights were fitted on these questions, so the floors here only guard against falling back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.database import make_engine, session_factory, upgrade
from bot.encoder import E5Encoder
from bot.knowledge import KnowledgeBase, check, load
from bot.knowledge.base import VECTORS
from bot.knowledge.catalogue import load_words
from bot.knowledge.words import Words
from bot.vectors import VectorCache
from bot.yamlfile import read_yaml

from .conftest import REPOSITORY
from .fakes import HashEncoder

DATA = REPOSITORY / "data"
QUESTIONS: list[dict[str, Any]] = read_yaml(REPOSITORY / "tests" / "eval" / "dev" / "knowledge.yml").data["questions"]
ASKED = [row for row in QUESTIONS if row["topics"]]
ELSEWHERE = [row for row in QUESTIONS if not row["topics"]]


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory, e5: E5Encoder) -> Iterator[KnowledgeBase]:
    url = f"sqlite:///{tmp_path_factory.mktemp('content') / 'pluis.db'}"
    upgrade(url)
    engine = make_engine(url)
    load(session_factory(engine), DATA)
    # The same cache as the application's, so that only the first run after a change of content takes long.
    yield KnowledgeBase(session_factory(engine), e5, data_root=DATA, cache_dir=REPOSITORY / "var" / "cache")
    engine.dispose()


def found(knowledge: KnowledgeBase, row: dict[str, Any]) -> list[str]:
    answer = knowledge.answer(row["say"], previous_topic=row.get("previous"))
    return [hit.topic.id for hit in answer.hits]


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_all_files_are_well() -> None:
    assert [str(fault) for fault in check(DATA)] == []


def test_there_are_as_many_topics_as_were_asked_for(knowledge: KnowledgeBase) -> None:
    assert len(knowledge.topics()) >= 150


def test_development_questions_name_topics_that_exist(knowledge: KnowledgeBase) -> None:
    named = {
        topic for row in QUESTIONS for topic in (*row["topics"], *([row["previous"]] if "previous" in row else []))
    }
    assert named - {topic.id for topic in knowledge.topics()} == set()
    assert (len(ASKED) >= 60, len(ELSEWHERE) >= 20) == (True, True)


def test_no_development_question_stands_in_a_topic(knowledge: KnowledgeBase) -> None:
    written = {words(text) for topic in knowledge.topics() for text in (topic.title, *topic.questions)}
    assert {row["say"] for row in QUESTIONS if words(row["say"]) in written} == set()


def test_nearly_all_good_questions_find_their_topic(knowledge: KnowledgeBase) -> None:
    missed = [row["say"] for row in ASKED if not set(found(knowledge, row)) & set(row["topics"])]
    assert len(missed) <= 0.12 * len(ASKED), missed


def test_hardly_any_good_question_finds_nothing(knowledge: KnowledgeBase) -> None:
    nothing = [row["say"] for row in ASKED if not found(knowledge, row)]
    assert len(nothing) <= 0.04 * len(ASKED), nothing


def test_a_single_answer_is_seldom_wrong(knowledge: KnowledgeBase) -> None:
    answers = [(row, knowledge.answer(row["say"], row.get("previous"))) for row in ASKED]
    single = [(row, answer.hits[0].topic.id) for row, answer in answers if answer.kind == "one"]
    assert len(single) >= 0.6 * len(ASKED)
    # Looser than it was (3%): under stricter limits a third of the good questions found nothing, tested above.
    wrong = [(row["say"], topic) for row, topic in single if topic not in row["topics"]]
    assert len(wrong) <= 0.1 * len(single), wrong


def test_questions_from_elsewhere_find_nothing(knowledge: KnowledgeBase) -> None:
    answered = [row["say"] for row in ELSEWHERE if found(knowledge, row)]
    assert len(answered) <= 0.05 * len(ELSEWHERE), answered


def test_each_topic_is_found_by_its_own_questions(knowledge: KnowledgeBase) -> None:
    missed = [
        (topic.id, question)
        for topic in knowledge.topics()
        for question in topic.questions[:1]
        if topic.id not in {hit.topic.id for hit in knowledge.search(question)}
    ]
    assert len(missed) <= 0.03 * len(knowledge.topics()), missed


class Counting(HashEncoder):
    """Passes for E5, but computes nothing worth having."""

    def __init__(self) -> None:
        super().__init__()
        real = E5Encoder()
        self.name, self.dim = real.name, real.dim


def test_each_topic_is_found_first_by_its_own_title(knowledge: KnowledgeBase) -> None:
    found_by_title = [(topic.id, knowledge.search(topic.title, limit=1)) for topic in knowledge.topics()]
    missed = [topic_id for topic_id, hits in found_by_title if [hit.topic.id for hit in hits] != [topic_id]]
    assert len(missed) <= 0.015 * len(knowledge.topics()), missed


def test_a_first_start_computes_next_to_nothing(tmp_path: Path) -> None:
    url, encoder = f"sqlite:///{tmp_path / 'pluis.db'}", Counting()
    upgrade(url)
    sessions = session_factory(make_engine(url))
    load(sessions, DATA)
    KnowledgeBase(sessions, encoder, data_root=DATA).refresh_if_changed()
    computed = encoder.passages + encoder.queries
    assert len(computed) <= 500, (
        f"{len(computed)} texts have no vector in data/knowledge: run `pluis knowledge vectors`"
    )


def test_the_vectors_beside_the_content_are_those_of_the_encoder(knowledge: KnowledgeBase, e5: E5Encoder) -> None:
    reading = Words(load_words(DATA))
    asked = [reading.passage(topic.questions[0]) for topic in knowledge.topics()[::40]]
    kept = VectorCache("knowledge", Counting(), None, DATA / "knowledge" / VECTORS).query(asked)
    np.testing.assert_allclose(np.sum(kept * e5.query(asked), axis=1), 1.0, atol=1e-3)

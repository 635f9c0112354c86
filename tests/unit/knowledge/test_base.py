"""Search as others use it: what fits comes first, what does not fit is not there, and nothing makes it fall over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from bot.encoder import E5Encoder
from bot.knowledge import KnowledgeBase, KnowledgeError, load

from .fakes import HashEncoder

Sessions = sessionmaker[Session]
Change = Callable[[str, str, str], int]


@pytest.fixture
def knowledge(data_root: Path, sessions: Sessions, e5: E5Encoder) -> KnowledgeBase:
    load(sessions, data_root)
    return KnowledgeBase(sessions, e5, data_root=data_root)


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("hoe lang mag hij niet naar huis na een THV", "huisverbod"),
        ("wat zijn de regels van het huisverbot", "huisverbod"),
        ("nummer VT?", "veilig_thuis"),
        ("wat is coercive control", "intieme_terreur"),
        ("hoe schrijf ik dit op in mijn verslag", "dossier"),
    ],
)
def test_the_best_topic_comes_first(small_base: KnowledgeBase, query: str, topic: str) -> None:
    assert small_base.search(query)[0].topic.id == topic


@pytest.mark.parametrize(
    "query",
    [
        *("wat is het weer morgen", "schrijf een gedicht", "hoe bak ik een appeltaart", "asdf qwerty"),
        *("", "   ", "?!?", "\x00\x00", "\ud800", "😀😀", "\u200b"),
    ],
)
def test_what_does_not_fit_gives_nothing(small_base: KnowledgeBase, query: str) -> None:
    assert small_base.search(query) == []
    assert small_base.answer(query).kind == "none"


@pytest.mark.parametrize(
    "query",
    [
        "' OR 1=1; DROP TABLE knowledge_topic; --",
        'huisverbod" AND NEAR(a b) * ^ {x}: -y',
        "title:huisverbod*",
        "%_%",
        "huisverbod\x00\ud800\udfff",
        "[[[[persoon 1]](url){x}",
        "<script>alert(1)</script>",
    ],
)
def test_syntax_of_machines_is_only_text(small_base: KnowledgeBase, query: str) -> None:
    before = len(small_base.topics())
    small_base.search(query)
    assert len(small_base.topics()) == before
    assert small_base.search("hoe lang duurt een huisverbod")[0].topic.id == "huisverbod"


@pytest.mark.parametrize("query", ["huisverbod " * 100_000, "a" * 1_000_000, "wat? " * 200_000])
def test_a_very_long_question_takes_little_time(small_base: KnowledgeBase, query: str) -> None:
    small_base.search("huisverbod")
    started = time.perf_counter()
    small_base.search(query)
    assert time.perf_counter() - started < 2


def test_limit_and_order_hold(small_base: KnowledgeBase) -> None:
    hits = small_base.search("kinderen en veiligheidsplan en huisverbod", limit=2)
    assert len(hits) <= 2
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert small_base.search("huisverbod", limit=0) == []


def test_a_hit_is_a_result_of_the_api(small_base: KnowledgeBase) -> None:
    result = small_base.search("wie legt het huisverbod op")[0].as_dict()
    assert result["topic"] == "huisverbod"
    assert result["answer"].startswith("De burgemeester")
    assert result["sources"][0] == {
        "id": "boek-2020",
        "title": "Een boek",
        "section": "Bescherming",
        "year": 2020,
        "url": "https://example.org",
    }
    assert {"title", "score", "doubt", "more"} <= set(result)


def test_one_clear_best_is_the_answer(small_base: KnowledgeBase) -> None:
    answer = small_base.answer("hoe lang duurt een huisverbod")
    assert (answer.kind, [hit.topic.id for hit in answer.hits]) == ("one", ["huisverbod"])


def test_topics_that_come_equally_near_are_a_choice(small_base: KnowledgeBase) -> None:
    answer = small_base.answer("wat zet ik over intieme terreur in het dossier")
    assert answer.kind == "choice"
    assert {hit.topic.id for hit in answer.hits} == {"dossier", "intieme_terreur"}


def test_a_question_that_leans_on_the_topic_before_is_read_with_it(small_base: KnowledgeBase) -> None:
    assert small_base.search("en voor hoe lang is dat?") == []
    assert small_base.search("en voor hoe lang is dat?", previous_topic="huisverbod")[0].topic.id == "huisverbod"
    onward = small_base.answer("en wat dan?", previous_topic="veiligheidsplan")
    assert (onward.kind, [hit.topic.id for hit in onward.hits]) == (
        "choice",
        ["huisverbod", "kinderen", "veiligheidsplan"],
    )
    assert small_base.search("en wat dan?", previous_topic="bestaat_niet") == []


def test_in_context_the_topic_before_stays_on_offer(small_base: KnowledgeBase) -> None:
    answer = small_base.answer("is dat erg voor een kind?", previous_topic="huisverbod")
    assert answer.kind == "choice"
    assert {hit.topic.id for hit in answer.hits} == {"huisverbod", "kinderen"}
    assert small_base.answer("en wat is dan een veiligheidsplan?", previous_topic="huisverbod").hits[0].topic.id == (
        "veiligheidsplan"
    )


def test_a_new_question_is_not_drawn_to_the_topic_before(small_base: KnowledgeBase) -> None:
    assert (
        small_base.search("wat is het nummer van veilig thuis", previous_topic="huisverbod")[0].topic.id
        == "veilig_thuis"
    )
    assert small_base.search("wat is het weer daar morgen", previous_topic="huisverbod") == []


def test_a_new_version_is_searched_without_a_restart(
    knowledge: KnowledgeBase, data_root: Path, sessions: Sessions, change: Change
) -> None:
    assert "tien dagen" in knowledge.search("hoe lang duurt een huisverbod")[0].topic.short
    assert knowledge.refresh_if_changed() is False
    change("topics/a.yml", "tien dagen", "elf dagen")
    load(sessions, data_root)
    assert "elf dagen" in knowledge.search("hoe lang duurt een huisverbod")[0].topic.short


def test_topic_by_id(small_base: KnowledgeBase) -> None:
    topic = small_base.topic("veiligheidsplan")
    assert topic is not None
    assert topic.doubt == "Over de vorm verschillen de bronnen."
    assert small_base.topic("bestaat_niet") is None


def test_signals_forms_and_organisations_come_from_the_files(knowledge: KnowledgeBase, sessions: Sessions) -> None:
    assert (len(knowledge.signals()), len(knowledge.forms()), len(knowledge.organisations())) == (34, 12, 1)
    with pytest.raises(KnowledgeError):
        KnowledgeBase(sessions, HashEncoder()).signals()


def test_nothing_loaded_is_said(sessions: Sessions) -> None:
    with pytest.raises(KnowledgeError):
        KnowledgeBase(sessions, HashEncoder()).search("huisverbod")


def test_search_goes_on_when_the_database_is_gone(
    knowledge: KnowledgeBase, database: Engine, sessions: Sessions, e5: E5Encoder
) -> None:
    knowledge.search("huisverbod")
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE knowledge_version RENAME TO weg"))
    assert knowledge.search("hoe lang duurt een huisverbod")[0].topic.id == "huisverbod"
    with pytest.raises(KnowledgeError, match="not reachable"):
        KnowledgeBase(sessions, e5).search("huisverbod")


def test_many_threads_build_once_and_find_the_same(data_root: Path, sessions: Sessions) -> None:
    load(sessions, data_root)
    encoder = HashEncoder()
    knowledge = KnowledgeBase(sessions, encoder)
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append([hit.topic.id for hit in knowledge.search("wat is een THV")]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(ids == found[0] for ids in found)
    assert len(encoder.passages) == len(set(encoder.passages)) == 12
    assert len(encoder.queries) == 80 + len(threads)


def test_a_second_start_uses_the_vectors_on_disk(data_root: Path, sessions: Sessions, tmp_path: Path) -> None:
    load(sessions, data_root)
    first, second = HashEncoder(), HashEncoder()
    KnowledgeBase(sessions, first, cache_dir=tmp_path / "cache").refresh_if_changed()
    KnowledgeBase(sessions, second, cache_dir=tmp_path / "cache").refresh_if_changed()
    assert (len(first.passages), len(first.queries)) == (12, 80)
    assert (second.passages, second.queries) == ([], [])

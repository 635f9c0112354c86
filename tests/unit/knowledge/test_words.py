"""Reading a question: usual terms, typing errors, lemmas, and anything that people or machines may paste."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.records import WordRules
from bot.knowledge.words import MAX_CHARACTERS, Words

RULES = WordRules(
    synonyms={"vt": "veilig thuis", "mda": "mda++", "coercive control": "intieme terreur", "cliënte": "cliënt"},
    stopwords=frozenset(
        ["de", "wat", "is", "en", "geldt", "voor", "ook", "dat", "dan", "hoe", "als", "ze", "hij", "er", "nie", "da"]
    ),
    pointers=frozenset({"dat", "dan", "daarna"}),
    openings=frozenset({"en als", "en wat als"}),
)
WORDS = Words(RULES)
VOCABULARY = WORDS.vocabulary(["Het huisverbod en de meldcode", "een veiligheidsplan met kinderen"])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Wat is VT?", "wat is veilig thuis?"),
        ("advtentie", "advtentie"),
        ("wat is mda++ of MDA", "wat is mda++ of mda++"),
        ("Coercive   Control", "intieme terreur"),
        ("hosverbod", "huisverbod"),
        ("de meldkode", "de meldcode"),
        ("coersive control", "intieme terreur"),
        ("de fietsenmaker", "de fietsenmaker"),
        ("haar huisarts", "haar huisarts"),
        ("mag [persoon 1] bij [cliënt] zijn", "mag persoon bij cliënt zijn"),
        ("huis\u200bver\u00adbod\x00", "huisverbod"),
        ("ＶＴ", "veilig thuis"),
    ],
)
def test_a_question_is_read_with_usual_terms(text: str, read: str) -> None:
    assert WORDS.question(text, VOCABULARY) == read


def test_lemmas_are_of_words_with_content_and_without_accents() -> None:
    assert WORDS.lemmas("wat is de melding voor kinderen en cliënten") == ["melding", "kind", "client"]


def test_a_long_text_is_read_by_its_questions() -> None:
    story = "Ze kwam binnen en ging zitten. " * 20
    assert WORDS.question(f"{story} Hoe lang duurt een huisverbod? {story}", VOCABULARY).startswith("hoe lang duurt")
    assert WORDS.question(story, VOCABULARY).startswith("ze kwam binnen")


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("en wat dan?", True),
        ("geldt dat ook voor kinderen?", True),
        ("hoe lang duurt een huisverbod", False),
        ("en dat huisverbod, veiligheidsplan, meldcode en aangifte dan", False),
        ("en als ze boos wordt", True),
        ("En  wat als hij erbij zit?", True),
        ("als ze boos wordt", False),
        ("en als de buurvrouw weer langskomt met soep", False),
        ("", False),
    ],
)
def test_a_question_that_leans_on_the_one_before_is_seen(text: str, leans: bool) -> None:
    assert WORDS.points_back(text) is leans


def test_without_synonyms_nothing_is_replaced() -> None:
    words = Words(WordRules({}, frozenset(), frozenset()))
    assert words.question("VT bellen", frozenset()) == "vt bellen"


@given(st.text(alphabet=st.characters(), max_size=600))
def test_any_text_is_read_within_bounds(text: str) -> None:
    read = WORDS.question(text, VOCABULARY)
    assert len(read) <= 4 * MAX_CHARACTERS
    assert not any(letter == "\x00" or 0xD800 <= ord(letter) < 0xE000 for letter in read)
    WORDS.lemmas(read)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "a? " * 300_000, "[" * 100_000, "\x00" * 100_000, "ﷺ" * 100_000])
def test_very_long_text_takes_little_time(text: str) -> None:
    started = time.perf_counter()
    WORDS.lemmas(WORDS.question(text, VOCABULARY))
    assert time.perf_counter() - started < 1

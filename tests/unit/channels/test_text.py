"""What is done to typed text, and that nothing typed is ever a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.text import as_plain, clean, comparable, has_words

INTENTS = ("restart", "stop", "session_start", "groet", "wis_gesprek", "acuut_gevaar", "keuze", "advies_nu")


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  hallo \n", "hallo"),
        ("ha\x00llo", "hallo"),
        ("ha\u200bllo\u2060", "hallo"),
        ("a\ud800b", "ab"),
        ("regel\r\ntwee", "regel\ntwee"),
        ("regel\vtwee\u2028drie", "regel\ntwee\ndrie"),
        ("feit\twanneer", "feit\twanneer"),
        ("cafe\u0301", "café"),
        ("\ufeff/restart", "/restart"),
        ("👩\u200d👧 boos", "👩\u200d👧 boos"),
    ],
)
def test_clean_takes_out_what_cannot_be_seen(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@given(st.text())
def test_cleaned_text_can_be_stored_sent_and_cleaned_again(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@given(
    st.sampled_from(INTENTS),
    st.text(alphabet=" \t\n\u00a0\u200b\u2060\ufeff\x00\x1c\u2028", max_size=6),
    st.text(max_size=9),
)
def test_nothing_typed_reaches_the_engine_as_a_command(intent: str, before: str, after: str) -> None:
    sent = as_plain(clean(f"{before}/{intent}{after}"))
    assert not sent.lstrip().startswith("/")
    assert intent in sent


@pytest.mark.parametrize("text", ["", "😢", "?!", "...", "\u200d", "❤️"])
def test_without_letters_or_digits_there_are_no_words(text: str) -> None:
    assert not has_words(clean(text))


@pytest.mark.parametrize("text", ["ja", "1", "é", "5x 😢"])
def test_letters_and_digits_are_words(text: str) -> None:
    assert has_words(clean(text))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("ja nu", "Ja, nu"),
        ("NIET NU, wel de komende uren of dagen!", "Niet nu, wel de komende uren of dagen"),
        ("clienten", "Cliënten"),
        ("  weet   ik-niet ", "Weet ik niet"),
    ],
)
def test_a_typed_choice_is_compared_without_case_accents_and_punctuation(typed: str, title: str) -> None:
    assert comparable(typed) == comparable(title)


def test_another_answer_is_not_the_same_choice() -> None:
    assert comparable("nee, nu") != comparable("Ja, nu")

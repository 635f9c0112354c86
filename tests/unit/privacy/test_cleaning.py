from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import clean


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("een\x00twee\x07", "eentwee"),
        ("half \ud83d weg", "half  weg"),
        ("on\u200bzicht\u200dbaar\ufeff", "onzichtbaar"),
        ("regel\nregel\r\nregel\rregel", "regel\nregel\nregel\nregel"),
        ("cafe\u0301", "café"),
        ("/restart", "／restart"),
        ("  \u200b\t/stop", "  \t／stop"),
        ("feit\twanneer\tbron", "feit\twanneer\tbron"),
        ("\u200b/\u200brestart", "／restart"),
        ("\n/restart", "\n／restart"),
        ("\u2800/restart", " ／restart"),
        ("∕restart", "∕restart"),
        ("en/of", "en/of"),
        ("", ""),
    ],
)
def test_cleans(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
def test_leaves_nothing_behind_that_breaks_a_reader(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not cleaned.strip().startswith("/")
    assert all(char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode("utf-8")


@given(
    st.sampled_from(["/restart", "/session_start", '/advies{"danger_now":"no"}']),
    st.text(" \t\n\u200b\u00a0\u2060\ufeff", max_size=6),
)
def test_no_command_survives_blanks_in_front(command: str, blanks: str) -> None:
    assert not clean(blanks + command).strip().startswith("/")

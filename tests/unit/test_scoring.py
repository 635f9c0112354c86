"""What every measurement shares: intervals, calibration, and texts as typed in a hurry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tools.scoring import HURRIES, calibration_error, resampled, share, with_typos, without_punctuation

SENTENCE = "Gisteren hoorde ik haar man in de gang schreeuwen, [persoon 1] zei niets."


def test_a_share_comes_with_its_interval() -> None:
    row = share([True] * 96 + [False] * 4)
    assert (row["value"], row["of"]) == (0.96, 100)
    assert row["low"] == pytest.approx(0.902, abs=0.002)  # Wilson, by hand
    assert row["high"] == pytest.approx(0.984, abs=0.002)


def test_of_nothing_nothing_is_known() -> None:
    assert (share([])["low"], share([])["high"]) == (0.0, 1.0)


def test_resampling_surrounds_the_score() -> None:
    def accuracy(truth: list[str], found: list[str]) -> float:
        return sum(a == b for a, b in zip(truth, found, strict=True)) / len(truth)

    row = resampled(accuracy, ["a"] * 80 + ["b"] * 20, ["a"] * 90 + ["b"] * 10)
    assert row["low"] < row["value"] == 0.9 < row["high"]


def test_calibration_error_is_the_gap_between_confidence_and_truth() -> None:
    assert calibration_error([1.0, 1.0], [True, True]) == pytest.approx(0)
    assert calibration_error([0.9, 0.9], [False, False]) == pytest.approx(0.9)
    assert calibration_error([0.95, 0.95, 0.25, 0.25], [True, True, False, True]) == pytest.approx(0.15)


@given(st.text(max_size=200))
def test_typing_in_a_hurry_takes_any_text(text: str) -> None:
    for hurry in HURRIES.values():
        assert hurry(text) == hurry(text)


def test_about_one_word_in_eight_is_mistyped() -> None:
    typed = with_typos(" ".join([SENTENCE] * 4))
    pairs = list(zip((" ".join([SENTENCE] * 4)).split(), typed.split(), strict=True))
    wrong = [(a, b) for a, b in pairs if a != b]
    assert 3 <= len(wrong) <= 7
    assert all(OSA.distance(a, b) == 1 for a, b in wrong)


def test_without_punctuation_the_words_and_placeholders_stay() -> None:
    assert without_punctuation(SENTENCE) == "Gisteren hoorde ik haar man in de gang schreeuwen [persoon 1] zei niets"

"""What was learnt is kept by everything that it was made of, and a broken file costs time, never an answer."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.analysis.analyser import Analyser
from bot.analysis.fitted import Fitted, fitted
from bot.settings import ROOT

TEXT = "hij slaat haar elke dag en ze mag haar zus niet meer zien"


@pytest.fixture
def learnt(analyser: Analyser) -> Fitted:
    """What an analyser learnt, which takes seconds."""
    return Fitted(analyser._centre, analyser._kinds, analyser._signals, analyser._forms, analyser._hints._vectors)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.pickle"))


def never() -> Fitted:
    raise AssertionError("learnt again")


def test_what_is_kept_is_read_back(analyser: Analyser, learnt: Fitted, tmp_path: Path) -> None:
    fitted(Fitted, ROOT / "data", "e5", tmp_path, lambda: learnt)
    again = fitted(Fitted, ROOT / "data", "e5", tmp_path, never)
    found = Analyser.__new__(Analyser)
    found.__dict__ |= analyser.__dict__ | {"_kinds": again.kinds, "_signals": again.signals, "_forms": again.forms}
    assert found.analyse(TEXT) == analyser.analyse(TEXT)


def test_another_encoder_learns_again_and_only_the_last_two_are_kept(learnt: Fitted, tmp_path: Path) -> None:
    fitted(Fitted, ROOT / "data", "e5", tmp_path, lambda: learnt)
    (first,) = kept(tmp_path)
    with pytest.raises(AssertionError, match="again"):
        fitted(Fitted, ROOT / "data", "other", tmp_path, never)
    for encoder in ("other", "third"):
        fitted(Fitted, ROOT / "data", encoder, tmp_path, lambda: learnt)
    assert len(kept(tmp_path)) == 2
    assert first not in kept(tmp_path)


def test_what_was_learnt_while_a_sentence_changed_is_not_kept(learnt: Fitted, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("analysis", "knowledge"):
        (data / name).mkdir(parents=True)
    for name in ("signals", "forms"):
        (data / "knowledge" / f"{name}.yml").write_text("a", encoding="utf-8")

    def fit() -> Fitted:
        (data / "knowledge" / "forms.yml").write_text("b", encoding="utf-8")
        return learnt

    fitted(Fitted, data, "e5", tmp_path, fit)
    assert kept(tmp_path) == []


def test_other_sentences_learn_again(learnt: Fitted, tmp_path: Path) -> None:
    for name in ("analysis", "knowledge"):
        (tmp_path / "data" / name).mkdir(parents=True)
    for name in ("signals", "forms"):
        (tmp_path / "data" / "knowledge" / f"{name}.yml").write_text("a", encoding="utf-8")
    fitted(Fitted, tmp_path / "data", "e5", tmp_path, lambda: learnt)
    (tmp_path / "data" / "knowledge" / "signals.yml").write_text("b", encoding="utf-8")
    with pytest.raises(AssertionError, match="again"):
        fitted(Fitted, tmp_path / "data", "e5", tmp_path, never)


@pytest.mark.parametrize("broken", [b"", b"no pickle", b"\x80\x05N."])
def test_a_broken_file_is_made_again(
    learnt: Fitted, tmp_path: Path, broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    fitted(Fitted, ROOT / "data", "e5", tmp_path, lambda: learnt)
    (path,) = kept(tmp_path)
    path.write_bytes(broken)
    with caplog.at_level(logging.WARNING):
        assert fitted(Fitted, ROOT / "data", "e5", tmp_path, lambda: learnt) is learnt
    assert "learning again" in caplog.text
    fitted(Fitted, ROOT / "data", "e5", tmp_path, never)


def test_a_folder_that_cannot_be_written_costs_no_answer(learnt: Fitted, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert fitted(Fitted, ROOT / "data", "e5", file, lambda: learnt) is learnt

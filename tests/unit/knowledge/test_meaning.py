"""The space of meaning: what tells groups apart counts, what differs within every group does not."""

from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.meaning import Meaning, Vectors

DIM = 6
NOISE = np.eye(DIM)[0]  # every group spreads along this direction, so it says nothing


def _group(direction: int, leaning: float = 0.0, count: int = 8) -> Vectors:
    """Return examples in one direction, spread along the noise and leaning to one side of it."""
    rng = np.random.default_rng(direction)
    rows = np.eye(DIM)[direction] + np.outer(np.linspace(-3, 3, count) + leaning, NOISE)
    return np.asarray(rows + rng.normal(scale=0.05, size=rows.shape), dtype=np.float32)


@pytest.fixture
def meaning() -> Meaning:
    return Meaning(np.concatenate([_group(1, -1.5), _group(2, 1.5)]), [0] * 8 + [1] * 8, _group(3))


@pytest.mark.parametrize("group", [0, 1])
def test_what_spreads_within_every_group_does_not_mislead(meaning: Meaning, group: int) -> None:
    # It is on the side of the noise where the other group leans: as the vectors lie, it is nearer to that one's middle.
    asked = np.asarray(np.eye(DIM)[group + 1] + (1.5, -1.5)[group] * NOISE, dtype=np.float32)
    middle, _ = meaning.likeness(asked)
    assert middle.argmax() == group


def test_what_is_like_no_group_is_like_what_belongs_elsewhere(meaning: Meaning) -> None:
    middle, nearest = meaning.likeness(np.asarray(np.eye(DIM)[3], dtype=np.float32))
    assert middle.argmax() == nearest.argmax() == 2


def test_likeness_runs_from_minus_one_to_one(meaning: Meaning) -> None:
    for asked in np.random.default_rng(1).normal(size=(50, DIM)).astype(np.float32):
        for likeness in meaning.likeness(asked):
            assert likeness.shape == (3,)
            assert np.all(np.abs(likeness) <= 1 + 1e-5)


def test_groups_of_one_example_are_possible() -> None:
    eye = np.eye(3, dtype=np.float32)
    middle, nearest = Meaning(eye[:2], [0, 1], eye[2:]).likeness(eye[1])
    assert middle.argmax() == nearest.argmax() == 1

"""The cache on disk: computes once, and never stands in the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bot.vectors import VectorCache
from tests.unit.knowledge.fakes import HashEncoder


def test_a_second_start_computes_only_what_is_new(tmp_path: Path) -> None:
    first = VectorCache("proef", HashEncoder(), tmp_path).vectors(["een", "twee"], [])[0]
    encoder = HashEncoder()
    again = VectorCache("proef", encoder, tmp_path).vectors(["twee", "drie", "een"], [])[0]
    assert encoder.passages == ["drie"]
    np.testing.assert_array_equal(again[[2, 0]], first)


def test_what_was_known_stays_known(tmp_path: Path) -> None:
    VectorCache("proef", HashEncoder(), tmp_path).query(["een", "twee"])
    VectorCache("proef", HashEncoder(), tmp_path).query(["drie"])
    encoder = HashEncoder()
    VectorCache("proef", encoder, tmp_path).query(["een", "drie"])
    assert encoder.queries == []


def test_another_encoder_does_not_use_these_vectors(tmp_path: Path) -> None:
    VectorCache("proef", HashEncoder(), tmp_path).vectors(["een"], [])[0]
    other = HashEncoder()
    other.name = "other/model v2"
    VectorCache("proef", other, tmp_path).vectors(["een"], [])[0]
    assert other.passages == ["een"]
    assert {path.name for path in tmp_path.iterdir()} == {"proef-test-8.npz", "proef-other-model-v2-8.npz"}


def test_vectors_that_come_with_the_content_are_not_computed(tmp_path: Path) -> None:
    made = VectorCache("proef", HashEncoder(), None)
    made.vectors(["een"], ["twee"])
    assert made.ship(tmp_path / "data" / "vectors.npz") == 2
    encoder = HashEncoder()
    cache = VectorCache("proef", encoder, tmp_path / "cache", tmp_path / "data" / "vectors.npz")
    cache.vectors(["een", "drie"], ["twee"])
    assert (encoder.passages, encoder.queries) == (["drie"], [])
    assert cache.ship(tmp_path / "again.npz") == 3


def test_what_is_shipped_holds_only_what_is_asked_for(tmp_path: Path) -> None:
    VectorCache("proef", HashEncoder(), tmp_path).query(["oud"])
    cache = VectorCache("proef", HashEncoder(), tmp_path)
    cache.query(["nieuw"])
    assert cache.ship(tmp_path / "vectors.npz") == 1


def test_shipped_vectors_of_another_encoder_are_computed_again(tmp_path: Path) -> None:
    made = VectorCache("proef", HashEncoder(), None)
    made.query(["een"])
    made.ship(tmp_path / "vectors.npz")
    other = HashEncoder()
    other.name = "other"
    VectorCache("proef", other, None, tmp_path / "vectors.npz").query(["een"])
    assert other.queries == ["een"]


def test_a_kept_vector_is_the_one_that_was_computed(tmp_path: Path) -> None:
    computed = VectorCache("proef", HashEncoder(), tmp_path).query(["een", "twee"])
    np.testing.assert_array_equal(VectorCache("proef", HashEncoder(), tmp_path).query(["een", "twee"]), computed)
    exact = HashEncoder().query(["een", "twee"])
    np.testing.assert_allclose(computed, exact, atol=float(np.abs(exact).max()) / 127)


def test_a_broken_file_is_computed_again(tmp_path: Path) -> None:
    good = VectorCache("proef", HashEncoder(), tmp_path).vectors(["een"], [])[0]
    path = next(tmp_path.iterdir())
    for broken in (b"", b"PK\x03\x04 half", path.read_bytes()[:100]):
        path.write_bytes(broken)
        np.testing.assert_array_equal(VectorCache("proef", HashEncoder(), tmp_path).vectors(["een"], [])[0], good)
    encoder = HashEncoder()
    VectorCache("proef", encoder, tmp_path).vectors(["een"], [])[0]
    assert encoder.passages == []


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert VectorCache("proef", HashEncoder(), tmp_path / "file" / "cache").vectors(["een"], [])[0].shape == (1, 8)


def test_no_texts_give_no_rows() -> None:
    passages, queries = VectorCache("proef", HashEncoder(), None).vectors([], [])
    assert passages.shape == queries.shape == (0, 8)


def test_the_same_text_as_passage_and_as_query_is_kept_apart(tmp_path: Path) -> None:
    encoder = HashEncoder()
    passages, queries = VectorCache("proef", encoder, tmp_path).vectors(["een"], ["een"])
    assert (encoder.passages, encoder.queries) == (["een"], ["een"])
    assert not np.allclose(passages, queries)

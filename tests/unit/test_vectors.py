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

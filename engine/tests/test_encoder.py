import threading

import numpy as np
import pytest

from engine.encoder import FOLDER, Encoder, clean, stored_vectors
from engine.features import ModelFileError, load, save


def test_vectors_are_of_unit_length_and_of_meaning(encoder):
    a, b, c = encoder.query(["hij slaat haar", "ze wordt door hem geslagen", "de trein vertrekt om tien uur"])
    assert np.linalg.norm(a) == pytest.approx(1, abs=1e-3)
    assert a @ b > a @ c


@pytest.mark.parametrize("text", ["ter\x00ug", "ter\ud800ug", "\u200bterug", " terug\ufeff "])
def test_what_no_reader_sees_is_taken_out(encoder, text):
    assert clean(text) == "terug"
    np.testing.assert_array_equal(encoder.query([text]), encoder.query(["terug"]))


def test_threads_get_what_one_thread_gets():
    encoder = Encoder(FOLDER, cache_size=2)
    wanted = [f"zin nummer {i}" for i in range(4)]
    truth = encoder.query(wanted)
    results = {}
    threads = [threading.Thread(target=lambda i=i: results.update({i: encoder.query(wanted)})) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for found in results.values():
        np.testing.assert_array_equal(found, truth)


def test_stored_vectors_are_computed_once_and_hold_no_text(tmp_path):
    class Counting:
        name, dim = "test", 2
        calls = 0

        def query(self, texts):
            self.calls += len(texts)
            return np.array([[len(text), 1] for text in texts], dtype=np.float32)

    encoder = Counting()
    first = stored_vectors(encoder, ["geheimtaal", "b"], tmp_path)
    again = stored_vectors(encoder, ["b", "geheimtaal"], tmp_path)
    assert encoder.calls == 2
    np.testing.assert_array_equal(first, again[::-1])
    assert all(b"geheimtaal" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_model_file_with_anything_else_is_refused(tmp_path):
    import threading as stranger

    save(tmp_path / "good.skops", {"a": np.ones(2)})
    assert load(tmp_path / "good.skops")["a"].sum() == 2
    save(tmp_path / "bad.skops", {"a": stranger.Barrier})
    with pytest.raises(ModelFileError):
        load(tmp_path / "bad.skops")

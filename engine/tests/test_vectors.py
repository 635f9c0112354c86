import numpy as np
import pytest

from engine.e5 import message_vector
from engine.features import ModelFileError, load, save
from engine.vectors import stored_vectors


def test_a_message_is_the_mean_of_its_sentences_by_length(encoder):
    short, long = "Ze huilde.", "Hij stond de hele tijd met zijn armen over elkaar in de deur."
    rows = encoder.query([short, long])
    mean = np.average(rows, axis=0, weights=[len(short) + 1, len(long) + 1])
    np.testing.assert_allclose(message_vector(f"{short} {long}"), mean / np.linalg.norm(mean), atol=1e-5)
    np.testing.assert_allclose(message_vector(short), rows[0], atol=1e-5)


@pytest.mark.parametrize("text", ["", "...", "\u200b", "🔪"])
def test_a_message_without_a_sentence_has_a_vector(encoder, text):
    assert np.linalg.norm(message_vector(text)) == pytest.approx(1, abs=1e-5)


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

import numpy as np
import pytest

from engine.evaluate import apart, calibration_error


def test_what_is_too_like_a_training_sentence_is_left_out():
    sealed = [("Vorige vraag!", "terug"), ("hoe lang duurt een huisverbod", "kennisvraag"), ("ja", "bevestigen")]
    kept, left_out = apart(sealed, ["vorige vraag", "JA.", "wat kost het"])
    assert kept == [sealed[1]]
    assert left_out == 2


def test_calibration_error_is_the_gap_between_confidence_and_truth():
    assert calibration_error([1.0, 1.0], np.array([True, True])) == pytest.approx(0)
    assert calibration_error([0.9, 0.9], np.array([False, False])) == pytest.approx(0.9)

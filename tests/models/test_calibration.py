"""Temperature scaling and its measure."""

import numpy as np
import pytest
from scipy.special import log_softmax

from models.calibration import apply_temperature, expected_calibration_error, fit_temperature


def test_an_overconfident_model_is_cooled() -> None:
    generator = np.random.default_rng(0)
    honest = generator.normal(size=(4000, 5)) * 1.5
    labels = np.array([generator.choice(5, p=np.exp(row)) for row in log_softmax(honest, axis=1)])

    overconfident = log_softmax(honest * 3, axis=1)
    temperature = fit_temperature(overconfident, labels)

    assert temperature == pytest.approx(3, rel=0.1)
    before, after = np.exp(overconfident), np.exp(apply_temperature(overconfident, temperature))
    correct = before.argmax(axis=1) == labels
    assert expected_calibration_error(after.max(axis=1), correct) < 0.03
    assert expected_calibration_error(before.max(axis=1), correct) > 0.15


def test_temperature_never_changes_the_order() -> None:
    logs = log_softmax(np.array([[1.0, 3.0, 2.0]]), axis=1)

    assert list(np.argsort(apply_temperature(logs, 2.5)[0])) == [0, 2, 1]


def test_without_data_nothing_is_changed() -> None:
    assert fit_temperature(np.empty((0, 3)), np.empty(0, dtype=np.int64)) == 1.0
    assert expected_calibration_error(np.empty(0), np.empty(0, dtype=bool)) == 0.0


def test_calibration_error_is_the_gap() -> None:
    confidences = np.array([0.9, 0.9, 0.9, 0.9])

    assert expected_calibration_error(
        confidences, np.array([True, True, False, False])
    ) == pytest.approx(0.4)

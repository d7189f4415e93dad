"""Make probabilities honest: one temperature, fitted on log probabilities of held-out data."""

import numpy as np
from scipy.optimize import minimize_scalar

from models.types import Doubles, Indices

_BOUNDS = (-2.5, 2.5)  # of the logarithm: temperatures from 0.08 to 12


def log_softmax(scores: Doubles) -> Doubles:
    """Log probabilities of each row: (n, labels). For one row SciPy's own costs ten times more."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs: Doubles = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logs


def apply_temperature(log_probs: Doubles, temperature: float) -> Doubles:
    """Log probabilities made flatter (above 1) or sharper (below 1): (n, labels)."""
    return log_softmax(log_probs / temperature)


def fit_temperature(log_probs: Doubles, labels: Indices) -> float:
    """The temperature with the least negative log-likelihood; 1.0 without data."""
    if len(labels) == 0:
        return 1.0
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        scaled = apply_temperature(log_probs, float(np.exp(log_temperature)))
        return float(-scaled[rows, labels].mean())

    found = minimize_scalar(loss, bounds=_BOUNDS, method="bounded")
    return float(np.exp(found.x))


def expected_calibration_error(
    confidences: Doubles, is_correct: np.ndarray[tuple[int], np.dtype[np.bool_]], *, bins: int = 15
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, weighted by their size."""
    if len(confidences) == 0:
        return 0.0
    places = np.clip(np.ceil(confidences * bins).astype(int) - 1, 0, bins - 1)
    gap = 0.0
    for place in np.unique(places):
        inside = places == place
        gap += inside.mean() * abs(confidences[inside].mean() - is_correct[inside].mean())
    return float(gap)

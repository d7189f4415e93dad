"""Sample-ratio mismatch: do the units arrive in the shares that the weights promise? Pure."""

from collections.abc import Sequence

from scipy.special import chdtrc

ALARM = 0.001
MIN_EXPECTED = 5.0  # below this the chi-square approximation says nothing


def sample_ratio_p_value(counts: Sequence[int], weights: Sequence[float]) -> float | None:
    """Chi-square p-value of the counts against the weights; None while there are too few."""
    total, share = sum(counts), sum(weights)
    expected = [total * weight / share for weight in weights]
    if min(expected) < MIN_EXPECTED:
        return None
    statistic = sum((seen - due) ** 2 / due for seen, due in zip(counts, expected, strict=True))
    return float(chdtrc(len(counts) - 1, statistic))


def is_mismatch(p_value: float | None) -> bool:
    return p_value is not None and p_value < ALARM

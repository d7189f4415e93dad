"""Shares, intervals, percentiles. Pure."""

import math
from collections.abc import Sequence

Z_95 = 1.959963984540054


def share(part: int, whole: int) -> float:
    """Part of the whole; 0 of nothing."""
    return part / whole if whole else 0.0


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion; everything is possible before the first trial."""
    if trials == 0:
        return 0.0, 1.0
    proportion, spread = successes / trials, Z_95**2 / trials
    centre = (proportion + spread / 2) / (1 + spread)
    root = math.sqrt(proportion * (1 - proportion) / trials + spread / (4 * trials))
    half = Z_95 * root / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def percentile(ordered: Sequence[float], share_below: float) -> float:
    """The nearest-rank percentile of ascending values."""
    rank = math.ceil(share_below * len(ordered))
    return ordered[max(0, rank - 1)]

"""Intervals for a difference: always valid under peeking, and fixed-horizon. Pure.

The always-valid one is the confidence sequence of the normal-mixture sequential test: with the
estimate's variance V and a mixture N(0, tau^2) chosen before the data are seen, its half-width is
sqrt(2 V (V + tau^2) / tau^2 * (ln(1/alpha) + ln((V + tau^2) / V) / 2)).
"""

import math
from dataclasses import dataclass

ALPHA = 0.05
Z_95 = 1.959963984540054  # two-sided 95 % of the normal distribution


@dataclass(frozen=True, slots=True)
class Interval:
    """Low and high."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def always_valid_interval(
    estimate: float, variance: float, *, tau: float, alpha: float = ALPHA
) -> Interval:
    """An interval that holds at every look together, however often somebody looks."""
    if variance <= 0:
        return Interval(estimate, estimate)
    mixed = variance + tau**2
    factor = math.log(1 / alpha) + math.log(mixed / variance) / 2
    half = math.sqrt(2 * variance * mixed / tau**2 * factor)
    return Interval(estimate - half, estimate + half)


def fixed_interval(estimate: float, variance: float) -> Interval:
    """The usual 95 % interval: valid once, at the end that was planned."""
    half = Z_95 * math.sqrt(max(variance, 0.0))
    return Interval(estimate - half, estimate + half)


def proportion_variance(successes: float, trials: float) -> float:
    """Variance of a proportion, drawn towards one half so that 0 of n is never certain."""
    smoothed = (successes + 1) / (trials + 2)
    return smoothed * (1 - smoothed) / trials


def difference_of_proportions(
    successes: tuple[int, int], trials: tuple[int, int], *, tau: float, alpha: float = ALPHA
) -> Interval:
    """Second minus first, always valid."""
    estimate = successes[1] / trials[1] - successes[0] / trials[0]
    variance = sum(map(proportion_variance, successes, trials))
    return always_valid_interval(estimate, variance, tau=tau, alpha=alpha)

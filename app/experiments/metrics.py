"""The named metrics of an experiment and how each is estimated from units. Pure.

Units are independent, conversations of one customer are not: ratios take the delta method over
units, so a customer with many conversations does not pretend to be many customers.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.experiments.sequential import Z_95, proportion_variance


class Metric(StrEnum):
    """What an experiment may be judged by."""

    HANDOFF_RATE = "handoff_rate"
    CONTAINMENT_RATE = "containment_rate"
    CSAT = "csat"
    MEDIAN_RESPONSE_MS = "median_response_ms"


class Better(IntEnum):
    """The sign of an improvement."""

    HIGHER = 1
    LOWER = -1


@dataclass(frozen=True, slots=True)
class UnitTotals:
    """What happened to one exposed unit."""

    conversations: int = 0
    handoffs: int = 0
    contained: int = 0
    rating_sum: int = 0
    ratings: int = 0
    response_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the variance of its estimator; `size` is what it was counted over."""

    value: float
    variance: float
    size: int


@dataclass(frozen=True, slots=True)
class MetricRule:
    """Which direction is good, and the effect the always-valid interval is tuned for."""

    better: Better
    typical_effect: float
    estimate: Callable[[Sequence[UnitTotals]], Estimate | None]


def estimate(metric: Metric, units: Sequence[UnitTotals]) -> Estimate | None:
    """The metric over these units; None while there is nothing to count."""
    return RULES[metric].estimate(units)


def _handoff_rate(units: Sequence[UnitTotals]) -> Estimate | None:
    return _share([(unit.handoffs, unit.conversations) for unit in units])


def _containment_rate(units: Sequence[UnitTotals]) -> Estimate | None:
    return _share([(unit.contained, unit.conversations) for unit in units])


def _csat(units: Sequence[UnitTotals]) -> Estimate | None:
    return _ratio([(unit.rating_sum, unit.ratings) for unit in units])


def _median_response(units: Sequence[UnitTotals]) -> Estimate | None:
    """The median over units of each unit's median; its spread from order statistics."""
    medians = sorted(statistics.median(unit.response_ms) for unit in units if unit.response_ms)
    size = len(medians)
    if size == 0:
        return None
    reach = Z_95 * size**0.5 / 2
    low = medians[max(0, int(size / 2 - reach))]
    high = medians[min(size - 1, int(size / 2 + reach))]
    spread = (high - low) / (2 * Z_95)
    return Estimate(statistics.median(medians), spread**2, size)


def _share(pairs: Sequence[tuple[int, int]]) -> Estimate | None:
    """A ratio that is a proportion: never surer than its smoothed binomial variance."""
    found = _ratio(pairs)
    if found is None:
        return None
    successes, trials = sum(part for part, _ in pairs), sum(whole for _, whole in pairs)
    floor = proportion_variance(successes, trials)
    return Estimate(found.value, max(found.variance, floor), found.size)


def _ratio(pairs: Sequence[tuple[int, int]]) -> Estimate | None:
    """Sum over sum, with the delta method's variance over units."""
    whole = sum(part for _, part in pairs)
    if whole == 0:
        return None
    value = sum(part for part, _ in pairs) / whole
    residuals = sum((part - value * size) ** 2 for part, size in pairs)
    return Estimate(value, residuals / whole**2, whole)


RULES: dict[Metric, MetricRule] = {
    Metric.HANDOFF_RATE: MetricRule(Better.LOWER, 0.05, _handoff_rate),
    Metric.CONTAINMENT_RATE: MetricRule(Better.HIGHER, 0.05, _containment_rate),
    Metric.CSAT: MetricRule(Better.HIGHER, 0.25, _csat),
    Metric.MEDIAN_RESPONSE_MS: MetricRule(Better.LOWER, 200.0, _median_response),
}

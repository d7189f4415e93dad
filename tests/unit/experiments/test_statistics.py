"""Statistics against SciPy, and by simulation: A/A tests rarely shout, real effects are found."""

import numpy as np
import pytest
from scipy.stats import chisquare

from app.experiments.metrics import Metric, UnitTotals, estimate
from app.experiments.sample_ratio import is_mismatch, sample_ratio_p_value
from app.experiments.sequential import (
    always_valid_interval,
    difference_of_proportions,
    fixed_interval,
    proportion_variance,
)

Counts = tuple[tuple[int, int], tuple[int, int]]


@pytest.mark.parametrize(
    ("counts", "weights"),
    [([500, 520], [1, 1]), ([90, 910], [1, 9]), ([30, 40, 50], [2, 3, 4])],
)
def test_sample_ratio_agrees_with_scipy(counts: list[int], weights: list[float]) -> None:
    expected = [sum(counts) * weight / sum(weights) for weight in weights]
    p_value = sample_ratio_p_value(counts, weights)
    assert p_value == pytest.approx(chisquare(counts, expected).pvalue, abs=1e-12)


def test_sample_ratio_says_nothing_about_few_units() -> None:
    assert sample_ratio_p_value([4, 4], [1, 1]) is None
    assert not is_mismatch(None)


def test_a_lost_share_of_exposures_raises_the_alarm() -> None:
    assert is_mismatch(sample_ratio_p_value([10_000, 9_500], [1, 1]))
    assert not is_mismatch(sample_ratio_p_value([10_000, 9_900], [1, 1]))


def test_always_valid_is_wider_than_fixed_horizon() -> None:
    always, fixed = always_valid_interval(0.1, 0.001, tau=0.05), fixed_interval(0.1, 0.001)
    assert always.low < fixed.low < 0.1 < fixed.high < always.high


def test_no_handoff_at_all_is_not_certainty() -> None:
    assert proportion_variance(0, 100) > 0
    assert not difference_of_proportions((0, 0), (100, 100), tau=0.05).excludes_zero


def looks(seed: int, rates: tuple[float, float], size: int, step: int) -> list[Counts]:
    """Successes and trials of both arms at every look."""
    draws = np.random.default_rng(seed).random((2, size)) < np.array(rates)[:, None]
    totals = draws.cumsum(axis=1)
    ends = range(step, size + 1, step)
    return [((int(totals[0, n - 1]), int(totals[1, n - 1])), (n, n)) for n in ends]


def test_peeking_at_an_a_a_test_rarely_finds_a_difference() -> None:
    runs = 400
    fooled_always = fooled_fixed = 0
    for seed in range(runs):
        path = looks(seed, (0.3, 0.3), 4_000, 100)
        fooled_always += any(
            difference_of_proportions(*look, tau=0.05).excludes_zero for look in path
        )
        fooled_fixed += any(naive_excludes_zero(look) for look in path)
    assert fooled_always / runs <= 0.05
    assert fooled_fixed / runs > 0.15  # what peeking does to the usual interval


def naive_excludes_zero(look: Counts) -> bool:
    (first, second), (trials, _) = look
    variance = proportion_variance(first, trials) + proportion_variance(second, trials)
    return fixed_interval((second - first) / trials, variance).excludes_zero


def test_a_real_effect_is_found() -> None:
    found = sum(
        any(
            difference_of_proportions(*look, tau=0.05).low > 0
            for look in looks(seed, (0.3, 0.36), 6_000, 200)
        )
        for seed in range(100)
    )
    assert found >= 95


def test_fixed_interval_covers_the_truth() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(1_000):
        first, second = rng.binomial(1_000, 0.3), rng.binomial(1_000, 0.34)
        variance = proportion_variance(first, 1_000) + proportion_variance(second, 1_000)
        interval = fixed_interval((second - first) / 1_000, variance)
        covered += interval.low <= 0.04 <= interval.high
    assert 0.93 <= covered / 1_000 <= 0.97


def test_conversations_of_one_customer_do_not_count_as_many_customers() -> None:
    """Five alike conversations of each of 100 customers are as sure as 100, not as 500."""
    units = [UnitTotals(conversations=5, handoffs=5 * (n % 2)) for n in range(100)]
    single = [UnitTotals(conversations=1, handoffs=n % 2) for n in range(100)]
    clustered = estimate(Metric.HANDOFF_RATE, units)
    alone = estimate(Metric.HANDOFF_RATE, single)
    assert clustered is not None
    assert alone is not None
    assert clustered.value == alone.value == 0.5
    assert clustered.variance == pytest.approx(alone.variance, rel=0.02)


def test_metrics_of_nothing_are_unknown() -> None:
    assert all(estimate(metric, [UnitTotals()]) is None for metric in Metric)


def test_csat_and_median_are_taken_over_units() -> None:
    units = [
        UnitTotals(rating_sum=9, ratings=2, response_ms=(100.0, 300.0)),
        UnitTotals(rating_sum=1, ratings=1, response_ms=(400.0,)),
        UnitTotals(),
    ]
    csat, median = estimate(Metric.CSAT, units), estimate(Metric.MEDIAN_RESPONSE_MS, units)
    assert csat is not None
    assert median is not None
    assert csat.value == pytest.approx(10 / 3)
    assert csat.size == 3
    assert (median.value, median.size) == (300.0, 2)

"""The statistics, against published values and against counting."""

import math

import pytest
from scipy.stats import binomtest

from routing.fairness.statistics import (
    design_effect,
    equivalence,
    holm,
    mcnemar,
    rate,
)


@pytest.mark.parametrize(("count", "n"), [(0, 10), (1, 29), (81, 263), (20, 20)])
def test_wilson_is_the_score_interval(count: int, n: int) -> None:
    expected = binomtest(count, n).proportion_ci(method="wilson")
    found = rate(count, n)

    assert found.low == pytest.approx(expected.low, abs=1e-9)
    assert found.high == pytest.approx(expected.high, abs=1e-9)


def test_nothing_seen_shows_the_rule_of_three() -> None:
    assert rate(0, 300).zero_bound == pytest.approx(0.01)
    assert rate(1, 300).zero_bound is None
    assert rate(0, 0).high == 1.0


def test_a_design_effect_widens_the_interval_as_fewer_pairs_would() -> None:
    assert rate(20, 400, design_effect=4.0).high == pytest.approx(rate(5, 100).high)


@pytest.mark.parametrize(
    ("harmed", "helped", "expected"),
    [(0, 0, 1.0), (5, 0, 2 * 0.5**5), (3, 3, 1.0), (9, 1, 22 / 1024)],
)
def test_mcnemar_is_exact(harmed: int, helped: int, expected: float) -> None:
    assert mcnemar(harmed, helped) == pytest.approx(expected)


def test_equivalence_needs_enough_pairs_and_little_change() -> None:
    assert equivalence(0, 0, 200, margin=0.02) < 0.05
    assert equivalence(0, 0, 20, margin=0.02) > 0.05
    assert equivalence(20, 0, 200, margin=0.02) > 0.95
    assert equivalence(20, 20, 200, margin=0.02) > 0.05
    assert equivalence(0, 0, 0, margin=0.02) == 1.0


def test_equivalence_does_not_favour_a_direction() -> None:
    assert equivalence(3, 1, 200, margin=0.02) == equivalence(1, 3, 200, margin=0.02)


def test_holm_steps_down_and_never_falls() -> None:
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})

    assert adjusted == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})


def test_pairs_of_one_seed_that_flip_together_count_as_one() -> None:
    together = [(10, 10)] * 5 + [(0, 10)] * 95
    apart = [(1, 10)] * 50 + [(0, 10)] * 50

    assert design_effect(together) == pytest.approx(10, rel=0.1)
    assert design_effect(apart) == 1.0
    assert math.isclose(design_effect([(0, 10)] * 9), 1.0)

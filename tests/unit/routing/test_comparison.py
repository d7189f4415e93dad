"""McNemar's exact test and Wilson's interval, against published values."""

import pytest
from scipy.stats import binomtest

from routing.comparison import mcnemar, wilson_interval


@pytest.mark.parametrize(
    ("lost", "won", "is_worse"),
    [(0, 0, False), (5, 0, False), (6, 0, True), (10, 2, True), (10, 3, False), (2, 10, False)],
)
def test_only_a_shown_loss_counts(lost: int, won: int, is_worse: bool) -> None:
    first = [True] * lost + [False] * won + [True] * 40
    second = [False] * lost + [True] * won + [True] * 40

    test = mcnemar(first, second)
    assert (test.only_first, test.only_second) == (lost, won)
    expected = binomtest(lost, lost + won).pvalue if lost + won else 1.0
    assert test.p_value == pytest.approx(expected)
    assert test.shows_second_worse(0.05) is is_worse


def test_many_rows_stay_exact() -> None:
    test = mcnemar([True] * 3000 + [False] * 2500, [False] * 3000 + [True] * 2500)
    assert test.p_value == pytest.approx(binomtest(3000, 5500).pvalue)


def test_rows_must_pair() -> None:
    with pytest.raises(ValueError, match="shorter"):
        mcnemar([True], [])


@pytest.mark.parametrize(("part", "whole"), [(0, 10), (5, 10), (10, 10), (981, 1000)])
def test_wilson_is_scipys(part: int, whole: int) -> None:
    interval = binomtest(part, whole).proportion_ci(method="wilson")
    assert wilson_interval(part, whole) == pytest.approx((interval.low, interval.high))


def test_nothing_seen_says_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)

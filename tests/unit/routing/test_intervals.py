"""Intervals and the paired test against published values."""

import pytest

from routing.intervals import exact, upper_bound, wilson


def test_wilson_on_a_known_case() -> None:
    share = wilson(81, 263)  # Newcombe (1998), table I: 0.2553 to 0.3662

    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)


def test_exact_on_a_known_case() -> None:
    share = exact(0, 20)  # the rule of three, exactly

    assert share.low == 0
    assert share.high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_nothing_measured_says_nothing() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


def test_the_bound_without_an_error() -> None:
    assert upper_bound(0, 298, confidence=0.95) == pytest.approx(0.01, abs=1e-4)
    assert upper_bound(5, 5, confidence=0.95) == 1.0

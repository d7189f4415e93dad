"""McNemar's exact test on the same rows."""

import pytest
from scipy.stats import binomtest

from routing.paired import compare


def test_only_rows_on_which_they_differ_count() -> None:
    found = compare([True, True, False, False], [True, False, True, False])
    assert (found.rows, found.won, found.lost) == (4, 1, 1)
    assert found.p_worse == found.p_better == pytest.approx(0.75)


def test_many_losses_are_no_chance() -> None:
    found = compare([True] * 8 + [False], [False] * 8 + [True])
    assert found.p_worse == pytest.approx(10 / 512)
    assert found.p_better > 0.99


def test_no_difference_proves_nothing() -> None:
    assert compare([True], [True]).p_worse == 1.0
    assert compare([], []).p_better == 1.0


def test_other_lengths_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        compare([True], [])


@pytest.mark.parametrize(
    ("lost", "won", "is_worse"),
    [(0, 0, False), (5, 0, False), (6, 0, True), (10, 2, True), (10, 3, False), (2, 10, False)],
)
def test_only_a_shown_loss_counts(lost: int, won: int, is_worse: bool) -> None:
    other = [True] * lost + [False] * won + [True] * 40
    candidate = [False] * lost + [True] * won + [True] * 40

    test = compare(other, candidate)
    assert (test.lost, test.won) == (lost, won)
    expected = binomtest(lost, lost + won).pvalue if lost + won else 1.0
    assert test.p_value == pytest.approx(expected)
    assert test.shows_worse(0.05) is is_worse


def test_many_rows_stay_exact() -> None:
    test = compare([True] * 3000 + [False] * 2500, [False] * 3000 + [True] * 2500)
    assert test.p_value == pytest.approx(binomtest(3000, 5500).pvalue)

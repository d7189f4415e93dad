"""McNemar's exact test on the same rows."""

import pytest

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

"""Metrics against numbers worked out by hand."""

import pytest

from routing import metrics

TRUTHS = ["a", "a", "a", "b", "b", "c"]
GUESSES = ["a", "a", "b", "b", "a", "c"]


def test_accuracy() -> None:
    assert metrics.accuracy(TRUTHS, GUESSES) == pytest.approx(4 / 6)
    assert metrics.accuracy([], []) == 0.0


def test_precision_and_recall_of_each_intent() -> None:
    a, b, c = metrics.per_intent(TRUTHS, GUESSES)

    assert (a.precision, a.recall, a.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (b.precision, b.recall, b.support) == pytest.approx((1 / 2, 1 / 2, 2))
    assert (c.intent, c.f1) == ("c", 1.0)


def test_an_intent_that_is_only_guessed_has_no_recall() -> None:
    (_, only_guessed) = metrics.per_intent(["a"], ["z"])

    assert (only_guessed.recall, only_guessed.precision, only_guessed.support) == (0, 0, 0)


def test_macro_f1_weighs_rare_intents_alike() -> None:
    assert metrics.macro_f1(TRUTHS, GUESSES) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert metrics.macro_f1([], []) == 0.0


def test_confusions_count_both_directions() -> None:
    assert metrics.confusions(TRUTHS, GUESSES) == [metrics.Confusion("a", "b", 2)]
    assert metrics.confusions(TRUTHS, GUESSES, limit=0) == []


def test_calibration_error() -> None:
    assert metrics.expected_calibration_error([0.9] * 10, [True] * 9 + [False]) == pytest.approx(0)
    assert metrics.expected_calibration_error([1.0, 0.5], [True, False]) == pytest.approx(0.25)
    assert metrics.expected_calibration_error([], []) == 0.0


@pytest.mark.parametrize(
    ("in_scope", "strangers", "expected"),
    [
        ([0, 1], [2, 3], 1.0),
        ([2, 3], [0, 1], 0.0),
        ([1, 1], [1, 1], 0.5),
        ([0, 2], [1], 0.5),
        ([], [1], 0.0),
    ],
    ids=["perfect", "reversed", "ties", "between", "nobody"],
)
def test_auroc(in_scope: list[float], strangers: list[float], expected: float) -> None:
    assert metrics.auroc(in_scope, strangers) == expected


def test_false_positives_at_95() -> None:
    in_scope = [float(n) for n in range(100)]  # the cut that accepts 95 is 94

    assert metrics.false_positive_rate_at(in_scope, [94.0, 94.5, 200.0, 0.0]) == 0.5
    assert metrics.false_positive_rate_at([], [1.0]) == 0.0


def test_coverage_at_risk() -> None:
    confidences, is_correct = [0.9, 0.8, 0.7, 0.6], [True, True, False, True]

    assert metrics.coverage_at_risk(confidences, is_correct, risk=0.0) == 0.5
    assert metrics.coverage_at_risk(confidences, is_correct, risk=0.25) == 1.0
    assert metrics.coverage_at_risk([], [], risk=0.1) == 0.0

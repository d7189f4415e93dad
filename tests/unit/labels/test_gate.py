"""What keeps a retrained model from being offered."""

from typing import Any

import pytest

from app.labels.gate import judge


def figures(**changes: Any) -> dict[str, Any]:
    measured = {"rows": 200, "accuracy": 0.9, "out_of_scope": 50, "refused": 0.9}
    whole: dict[str, Any] = {
        "before": dict(measured),
        "after": dict(measured),
        "paired": {"rows": 200, "won": 3, "lost": 3, "p_worse": 0.66},
    }
    for name, change in changes.items():
        whole[name] = whole[name] | change if isinstance(change, dict) else change
    return whole


def report(whole: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"sets": {"evaluation": {"all": whole, **parts}}}


@pytest.mark.parametrize(
    ("whole", "word"),
    [
        (figures(paired={"lost": 12, "won": 1, "p_worse": 0.002}), "Worse on evaluation, all"),
        (figures(after={"accuracy": 0.885}), "fell from 90.0% to 88.5%"),
        (figures(after={"refused": 0.8}), "Refuses less"),
    ],
    ids=["significantly-worse", "accuracy-fell", "refuses-less"],
)
def test_a_loss_is_refused_with_a_reason(whole: dict[str, Any], word: str) -> None:
    (reason,) = judge(report(whole))
    assert word in reason


@pytest.mark.parametrize(
    "whole",
    [
        figures(),
        figures(after={"accuracy": 0.892}),
        figures(after={"refused": 0.5, "out_of_scope": 10}),
        figures(before=None, paired=None),
        figures(before={"accuracy": None}, after={"accuracy": None}),
    ],
    ids=["equal", "within-chance", "few-strangers", "nothing-live", "strangers-only"],
)
def test_no_loss_is_no_reason(whole: dict[str, Any]) -> None:
    assert judge(report(whole)) == []


def test_one_language_may_not_pay_for_another() -> None:
    loss = figures(paired={"lost": 9, "won": 0, "p_worse": 0.002})
    (reason,) = judge(report(figures(), zh=loss))
    assert "evaluation, zh" in reason


def test_nothing_measured_is_nothing_offered() -> None:
    assert "nothing to measure on" in judge({"sets": {}})[0]

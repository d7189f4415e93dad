"""Whether a retrained model may be offered at all. Pure: reads the report of `routing.retrain`.

This is the one place to change where promotion has a gate of its own: `judge` takes the report
and says why not, or nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

UNLIKELY = 0.05  # a loss that chance explains less often than this is real
LARGEST_LOSS = 0.01  # of accuracy, however few rows it was measured on
FEWEST_STRANGERS = 30
LARGEST_LOSS_OF_REFUSALS = 0.05


def judge(report: Mapping[str, Any]) -> list[str]:
    """Reasons against the new version; none means that it may be shadowed and promoted."""
    sets: Mapping[str, Any] = report["sets"]
    if not any(figures["all"]["after"]["rows"] for figures in sets.values()):
        return ["There is nothing to measure on: set SWITCHBOARD_LABELS__EVALUATION."]
    return [
        reason
        for name, parts in sets.items()
        for part, figures in parts.items()
        for reason in _against(f"{name}, {part}", figures)
    ]


def _against(where: str, figures: Mapping[str, Any]) -> Iterator[str]:
    before, after, paired = figures["before"], figures["after"], figures["paired"]
    if before is None or paired is None:
        return
    if paired["p_worse"] < UNLIKELY:
        yield (
            f"Worse on {where}: {paired['lost']} lost, {paired['won']} won of {paired['rows']} "
            f"(p = {paired['p_worse']:.3f})."
        )
    elif _fell(before["accuracy"], after["accuracy"]) > LARGEST_LOSS:
        yield f"Accuracy on {where} fell from {before['accuracy']:.1%} to {after['accuracy']:.1%}."
    if (
        after["out_of_scope"] >= FEWEST_STRANGERS
        and _fell(before["refused"], after["refused"]) > LARGEST_LOSS_OF_REFUSALS
    ):
        yield (
            f"Refuses less on {where}: {after['refused']:.1%} of what is out of scope, "
            f"{before['refused']:.1%} before."
        )


def _fell(before: float | None, after: float | None) -> float:
    return 0.0 if before is None or after is None else before - after

"""The figures of an intent model on labelled rows, with intervals. Reads no file, runs no model."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from routing import metrics
from routing.intervals import exact, wilson
from routing.policy import is_out_of_scope, margin_of
from routing.predictions import RouteOf
from routing.types import Classification, Thresholds

_RISKS = (0.01, 0.02, 0.05, 0.10)
_NAMED = 2  # intents that a clarifying question names
_KINDS = ("near", "far")  # of out-of-scope text, where the data names them


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row to measure on and what the model saw in it; truth None is out of scope."""

    text: str
    truth: str | None
    language: str
    source: str
    seen: Classification

    @property
    def guess(self) -> str:
        return self.seen.ranking[0].intent if self.seen.ranking else ""

    @property
    def confidence(self) -> float:
        return self.seen.ranking[0].confidence if self.seen.ranking else 0.0

    @property
    def is_correct(self) -> bool:
        return self.truth is not None and self.guess == self.truth

    def takes_right_route(self, route_of: RouteOf) -> bool:
        return self.truth is not None and route_of(self.guess) == route_of(self.truth)


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """The figures of one language, or of all together."""

    in_scope: int
    accuracy: float
    accuracy_low: float  # 95 % Wilson interval
    accuracy_high: float
    accuracy_top3: float
    route_accuracy: float  # the best intent's route is right, whatever the thresholds do
    macro_f1: float
    ece: float
    coverage_at_risk: dict[str, float]  # error rate -> share that can be answered
    policy: dict[str, float]  # what the checkpoint's own thresholds do
    risk: dict[str, float]  # wrong routes among the answered, out-of-scope text included
    out_of_scope: dict[str, float]  # empty without out-of-scope rows
    out_of_scope_kinds: dict[str, dict[str, float]]  # near and far, where the data names them
    confusions: list[dict[str, Any]]
    intents: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two checkpoints on the same rows."""

    other: str
    accuracy: float
    only_this_right: int
    only_other_right: int
    p_value: float  # McNemar, exact, two-sided


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Everything measured; `as_dict()` is plain JSON."""

    checkpoint: str
    data: str
    data_digest: str
    rows: int
    unknown_labels: list[str]  # not in the checkpoint: counted as out of scope
    overall: LanguageReport
    languages: dict[str, LanguageReport]
    thresholds: dict[str, float] = field(default_factory=dict)
    promised: float | None = None  # share of wrong routes that the thresholds were chosen for
    comparison: Comparison | None = None
    leaks: dict[str, float] = field(default_factory=dict)  # rows that training has seen or nearly

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(
    rows: Sequence[SeenRow], thresholds: Thresholds, *, route_of: RouteOf
) -> LanguageReport:
    """All figures of these rows at these thresholds."""
    inside = [row for row in rows if row.truth is not None]
    truths = [row.truth or "" for row in inside]
    guesses = [row.guess for row in inside]
    confidences = [row.confidence for row in inside]
    is_correct = [row.is_correct for row in inside]
    right = wilson(sum(is_correct), len(inside))
    return LanguageReport(
        in_scope=len(inside),
        accuracy=right.value,
        accuracy_low=right.low,
        accuracy_high=right.high,
        accuracy_top3=_top_share(inside, 3),
        route_accuracy=_share(sum(row.takes_right_route(route_of) for row in inside), len(inside)),
        macro_f1=metrics.macro_f1(truths, guesses),
        ece=metrics.expected_calibration_error(confidences, is_correct),
        coverage_at_risk={
            f"{risk:.2f}": metrics.coverage_at_risk(confidences, is_correct, risk=risk)
            for risk in _RISKS
        },
        policy=_policy_figures(inside, thresholds),
        risk=_risk_figures(rows, thresholds, route_of),
        out_of_scope=_refusal_figures(rows, thresholds),
        out_of_scope_kinds=_kinds(rows, thresholds),
        confusions=[asdict(pair) for pair in metrics.confusions(truths, guesses)],
        intents=[asdict(figures) for figures in metrics.per_intent(truths, guesses)],
    )


def _top_share(rows: Sequence[SeenRow], count: int) -> float:
    hits = [row.truth in {s.intent for s in row.seen.ranking[:count]} for row in rows]
    return _share(sum(hits), len(hits))


def _policy_figures(rows: Sequence[SeenRow], thresholds: Thresholds) -> dict[str, float]:
    """Of in-scope text: share refused, asked back, answered; how often answers are right, and how
    often the question names the right intent.
    """
    if not rows:
        return {}
    inside = [row for row in rows if not is_out_of_scope(row.seen, thresholds)]
    answered = [row for row in inside if _is_answered(row, thresholds)]
    asked = [row for row in inside if not _is_answered(row, thresholds)]
    right = sum(row.is_correct for row in answered)
    return {
        "refused": 1 - len(inside) / len(rows),
        "asked": len(asked) / len(rows),
        "asked_named_right": _top_share(asked, _NAMED),
        "answered": len(answered) / len(rows),
        "answered_right": _share(right, len(answered)),
    }


def _risk_figures(
    rows: Sequence[SeenRow], thresholds: Thresholds, route_of: RouteOf
) -> dict[str, float]:
    answered = [row for row in rows if _is_answered(row, thresholds)]
    wrong = exact(sum(not row.takes_right_route(route_of) for row in answered), len(answered))
    return {
        "answered": float(wrong.n),
        "wrong_routes": wrong.value,
        "low": wrong.low,
        "high": wrong.high,
        "wrong_intents": _share(sum(not row.is_correct for row in answered), len(answered)),
    }


def _is_answered(row: SeenRow, thresholds: Thresholds) -> bool:
    return (
        not is_out_of_scope(row.seen, thresholds)
        and row.confidence >= thresholds.accept
        and margin_of(row.seen) >= thresholds.margin
    )


def _kinds(rows: Sequence[SeenRow], thresholds: Thresholds) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for kind in _KINDS:
        chosen = [row for row in rows if row.truth is not None or kind in _words(row.source)]
        if len(chosen) > sum(row.truth is not None for row in rows):
            found[kind] = _refusal_figures(chosen, thresholds)
    return found


def _words(source: str) -> list[str]:
    """`valid_near_oos.csv` names near."""
    return re.split(r"[^a-z]+", source.casefold())


def _refusal_figures(rows: Sequence[SeenRow], thresholds: Thresholds) -> dict[str, float]:
    strangers = [row for row in rows if row.truth is None]
    if not strangers:
        return {}
    inside = [row.seen.out_of_scope_score for row in rows if row.truth is not None]
    outside = [row.seen.out_of_scope_score for row in strangers]
    refused = sum(is_out_of_scope(row.seen, thresholds) for row in strangers)
    answered = sum(_is_answered(row, thresholds) for row in strangers)
    return {
        "rows": len(strangers),
        "auroc": metrics.auroc(inside, outside),
        "fpr_at_95": metrics.false_positive_rate_at(inside, outside),
        "refused": refused / len(strangers),
        "answered": answered / len(strangers),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0

"""Numbers about a classifier: accuracy, calibration, refusal, coverage. Pure Python, no model."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """How well one intent is found."""

    intent: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two intents taken for each other, and how often, both directions together."""

    first: str
    second: str
    count: int


def accuracy(truths: Sequence[str], guesses: Sequence[str]) -> float:
    """Share of guesses that are right; 0 without any."""
    pairs = list(zip(truths, guesses, strict=True))
    return sum(truth == guess for truth, guess in pairs) / len(pairs) if pairs else 0.0


def per_intent(truths: Sequence[str], guesses: Sequence[str]) -> list[IntentFigures]:
    """Precision, recall and F1 of every intent that occurs, in alphabetical order."""
    hits = Counter(t for t, g in zip(truths, guesses, strict=True) if t == g)
    actual, claimed = Counter(truths), Counter(guesses)
    return [
        IntentFigures(
            intent,
            precision=_share(hits[intent], claimed[intent]),
            recall=_share(hits[intent], actual[intent]),
            f1=_share(2 * hits[intent], actual[intent] + claimed[intent]),
            support=actual[intent],
        )
        for intent in sorted(actual | claimed)
    ]


def macro_f1(truths: Sequence[str], guesses: Sequence[str]) -> float:
    """Mean F1 over the intents that occur: rare intents weigh as much as common ones."""
    figures = per_intent(truths, guesses)
    return sum(figure.f1 for figure in figures) / len(figures) if figures else 0.0


def confusions(
    truths: Sequence[str], guesses: Sequence[str], *, limit: int = 15
) -> list[Confusion]:
    """The pairs most often taken for each other."""
    wrong = [(t, g) if t < g else (g, t) for t, g in zip(truths, guesses, strict=True) if t != g]
    ordered = sorted(Counter(wrong).items(), key=lambda item: (-item[1], item[0]))
    return [Confusion(*pair, count) for pair, count in ordered[:limit]]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Texts whose confidence lies in one of equally wide bins."""

    confidence: float  # mean
    accuracy: float
    count: int


def reliability(
    confidences: Sequence[float], is_correct: Sequence[bool], *, bins: int = 15
) -> list[ReliabilityBin]:
    """The bins that hold texts, from low to high confidence."""
    inside: dict[int, list[tuple[float, bool]]] = {}
    for confidence, correct in zip(confidences, is_correct, strict=True):
        edge = min(int(confidence * bins), bins - 1)
        inside.setdefault(edge, []).append((confidence, correct))
    return [
        ReliabilityBin(
            sum(c for c, _ in rows) / len(rows), sum(ok for _, ok in rows) / len(rows), len(rows)
        )
        for _, rows in sorted(inside.items())
    ]


def expected_calibration_error(
    confidences: Sequence[float], is_correct: Sequence[bool], *, bins: int = 15
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, weighted by their size."""
    found = reliability(confidences, is_correct, bins=bins)
    gaps = sum(part.count * abs(part.confidence - part.accuracy) for part in found)
    return gaps / len(confidences) if confidences else 0.0


def auroc(in_scope: Sequence[float], strangers: Sequence[float]) -> float:
    """Chance that a stranger scores higher than an in-scope text; ties count half."""
    if not in_scope or not strangers:
        return 0.0
    ordered = sorted(in_scope)
    below = sum(bisect_left(ordered, s) + bisect_right(ordered, s) for s in strangers)
    return below / (2 * len(ordered) * len(strangers))


def false_positive_rate_at(
    in_scope: Sequence[float], strangers: Sequence[float], *, accepted: float = 0.95
) -> float:
    """Share of strangers let in by the cut that accepts this share of in-scope text."""
    if not in_scope or not strangers:
        return 0.0
    ordered = sorted(in_scope)
    cut = ordered[min(_ceiling(accepted * len(ordered)), len(ordered)) - 1]
    return sum(score <= cut for score in strangers) / len(strangers)


def coverage_at_risk(
    confidences: Sequence[float], is_correct: Sequence[bool], *, risk: float
) -> float:
    """Largest share that can be answered, most confident first, with at most this error rate."""
    ordered = sorted(zip(confidences, is_correct, strict=True), key=lambda row: -row[0])
    wrong = 0
    best = 0
    for count, (_, correct) in enumerate(ordered, start=1):
        wrong += not correct
        if wrong <= risk * count:
            best = count
    return best / len(ordered) if ordered else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _ceiling(number: float) -> int:
    return max(1, -int(-number // 1))

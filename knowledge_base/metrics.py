"""Figures of retrieval and abstention. Pure: rankings in, numbers out."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass


def recall_at(k: int, rankings: Sequence[Sequence[str]], wanted: Sequence[str]) -> float:
    """Share of questions whose document is among the first k."""
    hits = sum(target in ranking[:k] for ranking, target in zip(rankings, wanted, strict=True))
    return hits / len(wanted) if wanted else 0.0


def mean_reciprocal_rank(
    rankings: Sequence[Sequence[str]], wanted: Sequence[str], k: int = 10
) -> float:
    """Mean of 1 / rank of the wanted document, 0 beyond rank k."""
    total = sum(
        _reciprocal(ranking[:k], target) for ranking, target in zip(rankings, wanted, strict=True)
    )
    return total / len(wanted) if wanted else 0.0


def ndcg(ranking: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain for one question with equally relevant documents."""
    gain = sum(1 / math.log2(rank + 2) for rank, item in enumerate(ranking[:k]) if item in relevant)
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(k, len(relevant))))
    return gain / ideal if ideal else 0.0


def mean_ndcg(rankings: Sequence[Sequence[str]], wanted: Sequence[str], k: int = 10) -> float:
    """Mean over questions with one relevant document each."""
    total = sum(
        ndcg(ranking, (target,), k) for ranking, target in zip(rankings, wanted, strict=True)
    )
    return total / len(wanted) if wanted else 0.0


@dataclass(frozen=True, slots=True)
class AbstentionFigures:
    """What a threshold does to questions that have an answer and to those that have none."""

    answered_in_scope: float  # share of answerable questions that get an answer
    abstained_off_topic: float  # share of off-topic questions that get none
    auroc: float  # chance that an answerable question scores above an off-topic one


def abstention_figures(
    in_scope: Sequence[float], off_topic: Sequence[float], threshold: float
) -> AbstentionFigures:
    """Figures of one threshold over the confidences of both groups."""
    return AbstentionFigures(
        answered_in_scope=_share(in_scope, threshold),
        abstained_off_topic=1 - _share(off_topic, threshold),
        auroc=_auroc(in_scope, off_topic),
    )


def _share(scores: Sequence[float], threshold: float) -> float:
    return sum(score >= threshold for score in scores) / len(scores) if scores else 0.0


def _auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    if not positives or not negatives:
        return 0.0
    wins = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))


def _reciprocal(ranking: Sequence[str], target: str) -> float:
    return 1 / (list(ranking).index(target) + 1) if target in ranking else 0.0

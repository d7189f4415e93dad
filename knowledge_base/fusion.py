"""Join two rankings of chunk numbers into one. Pure: numbers in, numbers out."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from statistics import fmean, pstdev

Scores = Mapping[int, float]


class Fusion(StrEnum):
    """How scores of two retrievers are made comparable."""

    RECIPROCAL_RANK = "reciprocal_rank"
    MIN_MAX = "min_max"
    Z_SCORE = "z_score"


def fuse(
    dense: Scores, keyword: Scores, *, dense_weight: float, method: Fusion
) -> dict[int, float]:
    """Weighted sum of both, best first; with one side empty the other alone decides."""
    prepare = _PREPARE[method]
    weighted = ((prepare(dense), dense_weight), (prepare(keyword), 1 - dense_weight))
    if not dense or not keyword:
        weighted = ((weighted[0][0], 1.0), (weighted[1][0], 1.0))
    floors = [min(0.0, *scores.values()) if scores else 0.0 for scores, _ in weighted]
    fused = {
        number: sum(
            weight * scores.get(number, floor)
            for (scores, weight), floor in zip(weighted, floors, strict=True)
        )
        for number in dense.keys() | keyword.keys()
    }
    return dict(sorted(fused.items(), key=lambda item: (-item[1], item[0])))


def reciprocal_ranks(scores: Scores, constant: int = 60) -> dict[int, float]:
    """1 / (constant + rank), the best having rank 1."""
    ranked = sorted(scores, key=lambda number: (-scores[number], number))
    return {number: 1 / (constant + rank) for rank, number in enumerate(ranked, start=1)}


def min_max(scores: Scores) -> dict[int, float]:
    """Scaled to 0..1; all 1 when they are equal."""
    low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    span = high - low
    return {number: (score - low) / span if span else 1.0 for number, score in scores.items()}


def z_scores(scores: Scores) -> dict[int, float]:
    """Distance from the mean in standard deviations; all 0 when they are equal."""
    if not scores:
        return {}
    mean, deviation = fmean(scores.values()), pstdev(scores.values())
    return {
        number: (score - mean) / deviation if deviation else 0.0 for number, score in scores.items()
    }


_PREPARE: dict[Fusion, Callable[[Scores], dict[int, float]]] = {
    Fusion.RECIPROCAL_RANK: reciprocal_ranks,
    Fusion.MIN_MAX: min_max,
    Fusion.Z_SCORE: z_scores,
}

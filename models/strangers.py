"""How strange is an utterance? Raw scores and distance to the training texts, put on one scale.

A softmax alone is a poor judge of text that belongs to no intent. Each signal is standardised
with held-out in-scope text and summed; the sum is shifted and scaled so that 0 is the typical
in-scope utterance and 1 is the chosen cut. One threshold of 1.0 therefore serves every language.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp

from models.types import Doubles

NEIGHBOURS = 10
MAX_IN_SCOPE_LOST = 0.05  # share of in-scope text that the cut may turn away
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class StrangerScale:
    """Means and spreads of the signals, the centre and the cut of their negative sum."""

    means: tuple[float, ...]
    spreads: tuple[float, ...]
    centre: float = 0.0
    cut: float = 1.0

    def score(self, signals: Doubles) -> Doubles:
        """Higher is stranger; above 1 is out of scope. Signals: (n, signals), high = familiar."""
        scores: Doubles = (self.raw(signals) - self.centre) / (self.cut - self.centre)
        return scores

    def raw(self, signals: Doubles) -> Doubles:
        """The negative sum of the standardised signals: (n,)."""
        standard = (signals - np.array(self.means)) / np.array(self.spreads)
        total: Doubles = -standard.sum(axis=1)
        return total

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "StrangerScale":
        return cls(
            means=tuple(values["means"]),
            spreads=tuple(values["spreads"]),
            centre=float(values["centre"]),
            cut=float(values["cut"]),
        )


def familiarity(scores: Doubles, similarities: Any) -> Doubles:  # noqa: ANN401 -- dense or sparse
    """Energy, best raw score, mean cosine to the nearest training texts: (n, 3)."""
    return np.column_stack(
        [logsumexp(scores, axis=1), scores.max(axis=1), mean_similarity(similarities)]
    )


def mean_similarity(similarities: Any, neighbours: int = NEIGHBOURS) -> Doubles:  # noqa: ANN401
    """Mean of the largest similarities in each row of a dense or sparse matrix: (n,)."""
    dense = similarities.toarray() if hasattr(similarities, "toarray") else similarities
    count = min(neighbours, dense.shape[1])
    if count == 0:
        return np.zeros(dense.shape[0])
    largest = np.partition(dense, -count, axis=1)[:, -count:]
    means: Doubles = largest.mean(axis=1).astype(np.float64)
    return means


def fit_scale(in_scope: Doubles, strangers: Doubles) -> StrangerScale:
    """Fit on held-out signals; without strangers the cut is a quantile of in-scope text."""
    spreads = np.maximum(in_scope.std(axis=0), _LEAST_SPREAD)
    scale = StrangerScale(
        tuple(float(mean) for mean in in_scope.mean(axis=0)),
        tuple(float(spread) for spread in spreads),
    )
    raw = scale.raw(in_scope)
    centre = float(np.median(raw))
    cut = choose_cut(raw, scale.raw(strangers) if len(strangers) else np.empty(0))
    return StrangerScale(scale.means, scale.spreads, centre, max(cut, centre + _LEAST_SPREAD))


def choose_cut(in_scope: Doubles, strangers: Doubles) -> float:
    """The cut with the best balanced accuracy among those that keep enough in-scope text."""
    lowest = float(np.quantile(in_scope, 1 - MAX_IN_SCOPE_LOST))
    if len(strangers) == 0:
        return lowest
    candidates = np.unique(np.concatenate([[lowest], in_scope, strangers]))
    candidates = candidates[candidates >= lowest]
    kept = np.searchsorted(np.sort(in_scope), candidates, side="right") / len(in_scope)
    caught = 1 - np.searchsorted(np.sort(strangers), candidates, side="right") / len(strangers)
    return float(candidates[int(np.argmax(kept + caught))])

"""Does any intent apply? One learned score over the signals of familiarity.

A logistic regression is fitted on texts whose own intent was hidden while the heads were fitted:
they are what a bank's customers ask that no intent covers (leave-intents-out; the idea of training
on held-out classes follows Zhang et al., "Are Pretrained Transformers Robust in Intent
Classification?", 2022, and outlier exposure, Hendrycks et al., 2019). The log odds are shifted and
scaled so that 0 is a typical in-scope text and 1 is the cut, in every language.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.types import Doubles

MAX_IN_SCOPE_LOST = 0.05  # share of in-scope text that the cut may turn away
_STRENGTH = 1.0
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class ScopeScale:
    """Means and spreads of the signals, their weights, the centre and the cut of the sum."""

    means: tuple[float, ...] = (0.0,)
    spreads: tuple[float, ...] = (1.0,)
    weights: tuple[float, ...] = (-1.0,)
    centre: float = 0.0
    cut: float = 1.0

    def score(self, signals: Doubles) -> Doubles:
        """Higher is stranger; above 1 is out of scope. Signals: (n, signals)."""
        scores: Doubles = (self.raw(signals) - self.centre) / (self.cut - self.centre)
        return scores

    def raw(self, signals: Doubles) -> Doubles:
        """The weighted sum of the standardised signals: (n,)."""
        standard = (signals - np.array(self.means)) / np.array(self.spreads)
        total: Doubles = standard @ np.array(self.weights)
        return total

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ScopeScale":
        return cls(
            means=tuple(values["means"]),
            spreads=tuple(values["spreads"]),
            weights=tuple(values["weights"]),
            centre=float(values["centre"]),
            cut=float(values["cut"]),
        )


def fit_weights(familiar: Doubles, strange: Doubles) -> ScopeScale:
    """Weights that tell strange signals from familiar ones; without strange ones, equal weights."""
    spreads = np.maximum(familiar.std(axis=0), _LEAST_SPREAD)
    means = familiar.mean(axis=0)
    weights = -np.ones(familiar.shape[1])
    if len(strange):
        rows = (np.vstack([familiar, strange]) - means) / spreads
        is_strange = np.repeat([0, 1], [len(familiar), len(strange)])
        regression = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=1000)
        weights = regression.fit(rows, is_strange).coef_[0]
    return ScopeScale(tuple(means.tolist()), tuple(spreads.tolist()), tuple(weights.tolist()))


def place_cut(scale: ScopeScale, in_scope: Doubles, strangers: Doubles) -> ScopeScale:
    """Centre and cut by held-out signals; without strangers the cut is a quantile of in-scope."""
    raw = scale.raw(in_scope)
    centre = float(np.median(raw))
    cut = choose_cut(raw, scale.raw(strangers) if len(strangers) else np.empty(0))
    return ScopeScale(
        scale.means, scale.spreads, scale.weights, centre, max(cut, centre + _LEAST_SPREAD)
    )


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

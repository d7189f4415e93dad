"""A multinomial logistic regression: fitted by scikit-learn, stored as two arrays."""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from models.calibration import log_softmax
from models.types import Doubles, Floats, Indices, Tensors

_NEVER_SEEN = -30.0  # bias of a label without examples: finite, so that blends stay finite


@dataclass(frozen=True, slots=True)
class LinearHead:
    """Scores are features @ weight.T + bias."""

    weight: Floats  # (labels, features)
    bias: Floats  # (labels,)
    # (features, labels): a sparse row then gathers a few rows instead of copying the matrix
    by_feature: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_feature", np.ascontiguousarray(self.weight.T))

    def log_probs(self, features: Any) -> Doubles:  # noqa: ANN401 -- dense array or sparse matrix
        """Log probabilities: (n, labels)."""
        return log_softmax(self.scores(features))

    def scores(self, features: Any) -> Doubles:  # noqa: ANN401 -- dense array or sparse matrix
        """Raw scores before the softmax, which forgets how large they were: (n, labels)."""
        raw: Doubles = (np.asarray(features @ self.by_feature) + self.bias).astype(np.float64)
        return raw

    def tensors(self, prefix: str) -> Tensors:
        return {f"{prefix}.weight": self.weight, f"{prefix}.bias": self.bias}

    @classmethod
    def from_tensors(cls, tensors: Tensors, prefix: str) -> "LinearHead":
        return cls(tensors[f"{prefix}.weight"], tensors[f"{prefix}.bias"])


def fit_head(
    features: Any,  # noqa: ANN401 -- dense array or sparse matrix
    labels: Indices,
    *,
    label_count: int,
    strength: float,
    rounds: int = 100,
    tolerance: float = 3e-4,
) -> LinearHead:
    """Fit; `strength` is the inverse of the regularisation. Labels without examples never win.

    Every label weighs the same: how many examples were written is no sign of how often it is asked.
    """
    regression = LogisticRegression(
        C=strength,
        max_iter=rounds,
        tol=tolerance,
        class_weight="balanced",
        # with many more weights than rows, newton-cg needs a fifth of the time of lbfgs
        solver="newton-cg",
    )
    with warnings.catch_warnings():
        # the rounds are a budget: an unfinished fit is measured on held-out data like any other
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(features, labels)
    coefficients, intercepts = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:  # scikit-learn keeps one row for two classes
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        intercepts = np.concatenate([np.zeros_like(intercepts), intercepts])
    weight = np.zeros((label_count, coefficients.shape[1]), dtype=np.float32)
    bias = np.full(label_count, _NEVER_SEEN, dtype=np.float32)
    weight[regression.classes_] = coefficients
    bias[regression.classes_] = intercepts
    return LinearHead(weight, bias)

"""Exact statistics of shares: intervals and bounds. Pure."""

from dataclasses import dataclass
from typing import Literal

from scipy.stats import beta, binomtest

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """A share of n with its interval."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.2%} [{self.low:.2%}, {self.high:.2%}], n {self.n}"


def wilson(hits: int, n: int, *, level: float = LEVEL) -> Share:
    """Wilson's score interval: right on average, also near 0 and 1."""
    return _share(hits, n, "wilson", level)


def exact(hits: int, n: int, *, level: float = LEVEL) -> Share:
    """Clopper and Pearson's interval: never covers less than its level."""
    return _share(hits, n, "exact", level)


def upper_bound(hits: int, n: int, *, confidence: float) -> float:
    """One-sided Clopper-Pearson bound: the true share is below it with this confidence."""
    return 1.0 if hits >= n else float(beta.ppf(confidence, hits + 1, n - hits))


def _share(hits: int, n: int, method: Literal["exact", "wilson"], level: float) -> Share:
    if n == 0:
        return Share(0.0, 0.0, 1.0, 0)
    found = binomtest(hits, n).proportion_ci(level, method=method)
    return Share(hits / n, float(found.low), float(found.high), n)

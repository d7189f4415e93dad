"""Two models on the same rows: McNemar's exact test. Pure.

Only rows that exactly one of the two has right speak (McNemar, 1947); if both were equally good,
each of them would be a fair coin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True)
class PairedTest:
    """How a candidate differs from another model where exactly one of them is right."""

    rows: int
    won: int  # the candidate is right where the other is wrong
    lost: int  # the other way round

    @property
    def p_value(self) -> float:
        """Two-sided: the chance of a split at least as uneven."""
        return two_sided(self.won, self.lost)

    @property
    def p_worse(self) -> float:
        """The chance of so many losses if both were equally good."""
        return _at_least(self.lost, self.won + self.lost)

    @property
    def p_better(self) -> float:
        """The chance of so many wins if both were equally good."""
        return _at_least(self.won, self.won + self.lost)

    def as_dict(self) -> dict[str, float]:
        """Counts and one-sided chances, for a report."""
        counts = {"rows": self.rows, "won": self.won, "lost": self.lost}
        return {**counts, "p_worse": self.p_worse, "p_better": self.p_better}

    def shows_worse(self, significance: float) -> bool:
        """The candidate loses more, and chance does not explain it (two-sided)."""
        return self.lost > self.won and self.p_value < significance


def compare(other: Sequence[bool], candidate: Sequence[bool]) -> PairedTest:
    """Whether each model was right, row by row, in the same order."""
    pairs = list(zip(other, candidate, strict=True))
    won = sum(now and not then for then, now in pairs)
    lost = sum(then and not now for then, now in pairs)
    return PairedTest(len(pairs), won, lost)


def two_sided(one: int, other: int) -> float:
    """A fair coin's chance of a split at least as uneven; 1 before the first toss."""
    return min(1.0, 2 * _at_least(max(one, other), one + other))


def _at_least(hits: int, tosses: int) -> float:
    """A fair coin's chance of so many heads or more; whole numbers until the division."""
    ways = sum(comb(tosses, k) for k in range(hits, tosses + 1))
    return float(ways / (1 << tosses))

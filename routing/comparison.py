"""Two classifiers on the same rows: an exact test and an interval. Pure: counts in, numbers out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class PairedTest:
    """McNemar's test over the rows that exactly one of the two had right."""

    only_first: int
    only_second: int
    p_value: float  # exact, two-sided

    def shows_second_worse(self, significance: float) -> bool:
        return self.only_first > self.only_second and self.p_value < significance


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> PairedTest:
    """Whether two classifiers differ, judged by the rows on which exactly one was right."""
    pairs = list(zip(first, second, strict=True))
    only_first = sum(one and not other for one, other in pairs)
    only_second = sum(other and not one for one, other in pairs)
    return PairedTest(only_first, only_second, _two_sided(only_first, only_second))


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion; everything is possible before the first trial."""
    if trials == 0:
        return 0.0, 1.0
    proportion, spread = successes / trials, _Z_95**2 / trials
    centre = (proportion + spread / 2) / (1 + spread)
    root = math.sqrt(proportion * (1 - proportion) / trials + spread / (4 * trials))
    half = _Z_95 * root / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def _two_sided(one: int, other: int) -> float:
    """A fair coin's chance of a split at least as uneven; whole numbers until the division."""
    discordant = one + other
    if discordant == 0:
        return 1.0
    tail = sum(math.comb(discordant, k) for k in range(min(one, other) + 1))
    return min(1.0, float(2 * tail / (1 << discordant)))

"""The statistics of paired verdicts: exact, small and without assumptions about normal tails.

Pure. Sources: Wilson (1927) interval; McNemar (1947), exact; TOST by Schuirmann (1987) on the
paired difference with Agresti and Min's (2005) correction; Holm (1979).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import stats

from routing.paired import two_sided

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its Wilson 95 % interval."""

    count: int
    n: int
    share: float
    low: float
    high: float
    zero_bound: float | None  # rule of three: 3/n where nothing was seen


def rate(count: int, n: int, *, design_effect: float = 1.0) -> Rate:
    """The share of `count` in `n`; a design effect above 1 widens it for clustered pairs."""
    if n == 0:
        return Rate(0, 0, 0.0, 0.0, 1.0, None)
    share = count / n
    size = n / max(1.0, design_effect)
    low, high = wilson(share * size, size)
    return Rate(count, n, share, low, high, min(1.0, 3 / size) if count == 0 else None)


def wilson(count: float, n: float) -> tuple[float, float]:
    """Wilson's score interval, 95 %; `n` may be an effective size."""
    share, square = count / n, Z95**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def mcnemar(harmed: int, helped: int) -> float:
    """Exact two-sided p: would as many turn worse as better by chance?"""
    return two_sided(harmed, helped)


def equivalence(harmed: int, helped: int, n: int, *, margin: float) -> float:
    """p of two one-sided tests that the share served right differs by less than `margin`.

    Half a pair is added to each cell of the table, so that no discordance is not "no variance".
    """
    if n == 0:
        return 1.0
    better, worse, size = helped + 0.5, harmed + 0.5, n + 2.0
    difference = (better - worse) / size
    error = math.sqrt(better + worse - (better - worse) ** 2 / size) / size
    return float(stats.norm.sf((margin - abs(difference)) / error))


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down adjustment: valid whatever the tests have to do with each other."""
    adjusted: dict[str, float] = {}
    floor = 0.0
    for place, (name, value) in enumerate(sorted(values.items(), key=lambda item: item[1])):
        floor = max(floor, min(1.0, value * (len(values) - place)))
        adjusted[name] = floor
    return adjusted


def design_effect(clusters: Sequence[tuple[int, int]]) -> float:
    """How much less many pairs of few seeds tell: from (flips, pairs) of each seed.

    The variance of the ratio over seeds against that of as many independent pairs.
    """
    pairs = sum(n for _, n in clusters)
    flips = sum(count for count, _ in clusters)
    share = flips / pairs if pairs else 0.0
    if len(clusters) < 2 or share in (0.0, 1.0):
        return 1.0
    spread = sum((count - share * n) ** 2 for count, n in clusters)
    variance = spread * len(clusters) / (len(clusters) - 1) / pairs**2
    return max(1.0, variance / (share * (1 - share) / pairs))

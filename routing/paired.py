"""Compare two models on the same rows: McNemar's exact test. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True)
class Paired:
    """How two models differ where exactly one of them is right."""

    rows: int
    won: int  # the candidate is right where the other was wrong
    lost: int  # the other way round
    p_worse: float  # chance of so many losses if both were equally good
    p_better: float


def compare(before: Sequence[bool], after: Sequence[bool]) -> Paired:
    """Whether each model was right, row by row, in the same order."""
    pairs = list(zip(before, after, strict=True))
    won = sum(now and not then for then, now in pairs)
    lost = sum(then and not now for then, now in pairs)
    return Paired(len(pairs), won, lost, _at_least(lost, won + lost), _at_least(won, won + lost))


def _at_least(hits: int, trials: int) -> float:
    """Chance of so many heads or more with a fair coin."""
    if trials == 0:
        return 1.0
    ways = sum(comb(trials, k) for k in range(hits, trials + 1))
    return float(ways / 2**trials)

"""Choose the policy's dials from what held-out folds saw. Pure: no model, no file."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from routing.types import Thresholds

WRONG_COST = 2.0  # a wrong answer costs as much as this many right ones bring; asking is free
_ACCEPTS = tuple(step / 100 for step in range(20, 92, 4))
_MARGINS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40)
_MAX_REJECTED = 0.01  # share of rightly ranked in-scope text that `reject` may turn away
_HIGHEST_REJECT = 0.20
CUT = 1.0  # models scale their out-of-scope scores so that 1.0 is the cut in every language


@dataclass(frozen=True, slots=True)
class Observation:
    """One held-out text: how sure the model was, whether it was right (never for a stranger)."""

    confidence: float
    margin: float
    score: float
    is_correct: bool
    weight: float = 1.0  # a text that several folds saw counts once
    is_stranger: bool = False  # belongs to no intent


def choose_thresholds(seen: Sequence[Observation], *, wrong_cost: float = WRONG_COST) -> Thresholds:
    """The dials whose answers bring most; where every answer loses, the most careful ones."""
    reject = choose_reject(seen)
    familiar = [o for o in seen if o.score <= CUT and o.confidence >= reject]
    best = (0.0, _ACCEPTS[-1], _MARGINS[-1])
    for accept, margin in product(_ACCEPTS, _MARGINS):
        answered = [o for o in familiar if o.confidence >= accept and o.margin >= margin]
        gain = sum(o.weight * (1.0 if o.is_correct else -wrong_cost) for o in answered)
        if gain > best[0]:
            best = (gain, accept, margin)
    return Thresholds(accept=best[1], reject=reject, margin=best[2], out_of_scope=CUT)


def choose_reject(seen: Sequence[Observation]) -> float:
    """Low enough to keep nearly everything that is ranked rightly."""
    right = sorted(o.confidence for o in seen if o.is_correct)
    if not right:
        return _HIGHEST_REJECT
    quantile = right[int(_MAX_REJECTED * len(right))]
    return round(min(quantile, _HIGHEST_REJECT), 3)

"""How much each view of a text weighs in the product, and how sure the product may be."""

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from models.calibration import apply_temperature, fit_temperature
from models.intent_heads import BASE, LEXICAL, SECOND, TUNED, blend
from models.types import Doubles, Indices

_LEXICAL_FEW = (0.0, 0.1, 0.25)  # under 20 examples per intent the lexical head soon hurts
_LEXICAL_SOME = (0.1, 0.25, 0.5)
_LEXICAL_MANY = (0.25, 0.5, 0.75, 1.0)  # from 50 on
_OTHERS = {SECOND: (0.5, 1.0), TUNED: (0.5, 1.0, 2.0)}  # against 1 for the frozen encoder


def choose_blend(
    views: Mapping[str, Doubles], targets: Indices, *, examples_per_intent: float
) -> tuple[dict[str, float], float]:
    """The weights with the highest likelihood at their best temperature: (weights, temperature).

    The likelihood of the calibrated blend is smoother than its accuracy on a few hundred rows.
    """

    def loss(weights: dict[str, float]) -> tuple[float, float]:
        blended = blend(views, weights)
        temperature = fit_temperature(blended, targets)
        log_probs = apply_temperature(blended, temperature)
        chosen = log_probs[np.arange(len(targets)), targets]
        return float(-chosen.mean()), temperature

    measured = [(*loss(weights), weights) for weights in _grid(views, examples_per_intent)]
    _, temperature, weights = min(measured, key=lambda entry: entry[0])
    return weights, temperature


def _grid(views: Mapping[str, Doubles], examples_per_intent: float) -> Iterator[dict[str, float]]:
    if BASE not in views:
        yield {LEXICAL: 1.0}
        return
    lexical = _lexical_weights(examples_per_intent)
    more = {view: choices for view, choices in _OTHERS.items() if view in views}
    for chosen in product(lexical, *more.values()):
        yield {BASE: 1.0, **dict(zip((LEXICAL, *more), chosen, strict=True))}


def _lexical_weights(examples_per_intent: float) -> tuple[float, ...]:
    if examples_per_intent < 20:
        return _LEXICAL_FEW
    return _LEXICAL_SOME if examples_per_intent < 50 else _LEXICAL_MANY

"""The out-of-scope score: one scale, higher is stranger, the cut at 1."""

import numpy as np
import pytest

from models.scope import ScopeScale, choose_cut, fit_weights, place_cut


def signals(count: int, centre: float, *, noise_columns: int = 0) -> np.ndarray:
    generator = np.random.default_rng(1)
    telling = generator.normal(centre, 0.1, size=(count, 2))
    noise = generator.normal(0, 1, size=(count, noise_columns))
    return np.hstack([telling, noise])


def fitted(familiar: np.ndarray, strange: np.ndarray) -> ScopeScale:
    return place_cut(fit_weights(familiar, strange), familiar, strange)


def test_typical_text_is_zero_and_strangers_are_above_one() -> None:
    scale = fitted(signals(500, 0.8), signals(200, 0.2))

    inside, outside = scale.score(signals(500, 0.8)), scale.score(signals(200, 0.2))

    assert np.median(inside) == pytest.approx(0, abs=1e-9)
    assert (outside > 1).mean() > 0.99
    assert (inside > 1).mean() <= 0.05


def test_a_signal_that_tells_nothing_weighs_next_to_nothing() -> None:
    scale = fit_weights(signals(500, 0.6, noise_columns=1), signals(500, 0.4, noise_columns=1))

    telling, noise = np.abs(scale.weights[:2]), abs(scale.weights[2])

    assert noise < 0.1 * telling.sum()


def test_without_strangers_one_in_twenty_is_turned_away() -> None:
    in_scope = signals(1000, 0.8)
    scale = fitted(in_scope, np.empty((0, 2)))

    assert (scale.score(in_scope) > 1).mean() == pytest.approx(0.05, abs=0.01)


def test_the_cut_never_loses_too_much_in_scope_text() -> None:
    same = np.linspace(0, 1, 200)

    assert (same > choose_cut(same, same)).mean() <= 0.05


def test_the_scale_survives_storage() -> None:
    scale = fitted(signals(50, 0.8), signals(50, 0.2))

    assert ScopeScale.from_dict(scale.as_dict()) == scale

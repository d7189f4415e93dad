"""The out-of-scope score: one scale, higher is stranger, the cut at 1."""

import numpy as np
import pytest
from models.strangers import StrangerScale, choose_cut, fit_scale, mean_similarity
from scipy.sparse import csr_matrix


def familiar(count: int, centre: float) -> np.ndarray:
    return np.random.default_rng(1).normal(centre, 0.1, size=(count, 2))


def test_typical_text_is_zero_and_strangers_are_above_one() -> None:
    scale = fit_scale(familiar(500, 0.8), familiar(200, 0.2))

    inside, outside = scale.score(familiar(500, 0.8)), scale.score(familiar(200, 0.2))

    assert np.median(inside) == pytest.approx(0, abs=1e-9)
    assert (outside > 1).mean() > 0.99
    assert (inside > 1).mean() <= 0.05


def test_without_strangers_one_in_twenty_is_turned_away() -> None:
    in_scope = familiar(1000, 0.8)
    scale = fit_scale(in_scope, np.empty((0, 2)))

    assert (scale.score(in_scope) > 1).mean() == pytest.approx(0.05, abs=0.01)


def test_the_cut_never_loses_too_much_in_scope_text() -> None:
    same = np.linspace(0, 1, 200)

    assert (same > choose_cut(same, same)).mean() <= 0.05


def test_the_scale_survives_storage() -> None:
    scale = fit_scale(familiar(50, 0.8), familiar(50, 0.2))

    assert StrangerScale.from_dict(scale.as_dict()) == scale


@pytest.mark.parametrize("kind", [np.array, csr_matrix], ids=["dense", "sparse"])
def test_mean_of_the_nearest(kind: type) -> None:
    similarities = kind([[0.1, 0.9, 0.5], [0.0, 0.0, 0.3]])

    assert mean_similarity(similarities, neighbours=2) == pytest.approx([0.7, 0.15])

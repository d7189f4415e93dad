"""Pure numbers: joining rankings, and figures over them."""

import pytest

from knowledge_base.fusion import Fusion, fuse
from knowledge_base.metrics import abstention_figures, mean_reciprocal_rank, ndcg, recall_at

DENSE = {1: 0.9, 2: 0.8, 3: 0.1}
KEYWORD = {3: 12.0, 2: 11.0}


@pytest.mark.parametrize("method", list(Fusion))
@pytest.mark.parametrize(("weight", "best"), [(1.0, 1), (0.0, 3)])
def test_full_weight_means_one_side_decides(method: Fusion, weight: float, best: int) -> None:
    assert next(iter(fuse(DENSE, KEYWORD, dense_weight=weight, method=method))) == best


@pytest.mark.parametrize("method", list(Fusion))
def test_what_both_find_beats_what_one_finds(method: Fusion) -> None:
    dense, keyword = {1: 0.9, 2: 0.89, 5: 0.1}, {3: 5.0, 2: 4.9, 4: 1.0}
    assert next(iter(fuse(dense, keyword, dense_weight=0.5, method=method))) == 2


@pytest.mark.parametrize("method", list(Fusion))
def test_an_empty_side_leaves_the_other_in_its_order(method: Fusion) -> None:
    assert list(fuse({}, KEYWORD, dense_weight=0.8, method=method)) == [3, 2]
    assert list(fuse(DENSE, {}, dense_weight=0.8, method=method)) == [1, 2, 3]
    assert fuse({}, {}, dense_weight=0.8, method=method) == {}


def test_equal_scores_are_ordered_by_number() -> None:
    assert list(fuse({5: 1.0, 4: 1.0}, {}, dense_weight=0.5, method=Fusion.Z_SCORE)) == [4, 5]


def test_ranking_figures() -> None:
    rankings = [["a", "b"], ["b", "a"], ["c"]]
    assert recall_at(1, rankings, ["a", "a", "a"]) == pytest.approx(1 / 3)
    assert mean_reciprocal_rank(rankings, ["a", "a", "a"]) == pytest.approx(0.5)
    assert ndcg(["x", "a", "b"], {"a", "b"}) == pytest.approx(0.693, abs=0.001)
    assert recall_at(1, [], []) == 0.0


def test_abstention_figures() -> None:
    figures = abstention_figures([0.9, 0.6, 0.4], [0.1, 0.5], 0.5)
    assert figures.answered_in_scope == pytest.approx(2 / 3)
    assert figures.abstained_off_topic == 0.5
    assert figures.auroc == pytest.approx(5 / 6)

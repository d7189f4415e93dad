"""The FAISS index and its NumPy reference agree."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.errors import IndexDamaged
from knowledge_base.exact_index import ExactIndex
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.protocols import Ids, Vectors


def _rows(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _pair() -> tuple[FaissIndex, ExactIndex]:
    pair = FaissIndex(16), ExactIndex(16)
    ids = np.arange(100, 300, dtype=np.int64)
    for index in pair:
        index.add(ids, _rows(200))
    return pair


@pytest.mark.parametrize("k", [1, 10, 300])
@pytest.mark.parametrize(
    "allowed",
    [None, np.array([101, 150, 299], dtype=np.int64), np.empty(0, dtype=np.int64)],
    ids=["all", "three", "none"],
)
def test_both_indexes_agree(k: int, allowed: Ids | None) -> None:
    ours, reference = _pair()
    queries = _rows(7, seed=1)
    scores, ids = ours.search(queries, k, allowed=allowed)
    expected_scores, expected_ids = reference.search(queries, k, allowed=allowed)
    np.testing.assert_array_equal(ids, expected_ids)
    np.testing.assert_allclose(scores, expected_scores, rtol=1e-5, atol=1e-6)


def test_stored_rows_come_back() -> None:
    ours, reference = _pair()
    ids = np.array([299, 100, 150], dtype=np.int64)
    np.testing.assert_array_equal(ours.vectors(ids), reference.vectors(ids))


def test_a_saved_index_finds_the_same(tmp_path: Path) -> None:
    ours, _ = _pair()
    ours.save(tmp_path / "index.faiss")
    loaded = FaissIndex.load(tmp_path / "index.faiss")
    queries = _rows(3, seed=2)
    np.testing.assert_array_equal(loaded.search(queries, 5)[1], ours.search(queries, 5)[1])
    assert len(loaded) == 200


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.faiss").write_bytes(b"nonsense")
    with pytest.raises(IndexDamaged):
        FaissIndex.load(tmp_path / "index.faiss")

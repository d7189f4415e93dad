"""The FAISS index and its NumPy reference agree."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.errors import IndexDamaged
from knowledge_base.exact_index import ExactIndex
from knowledge_base.faiss_index import FaissIndex, VectorSettings, build_index, recall
from knowledge_base.protocols import Mask, Vectors


def _rows(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


IDS = np.arange(100, 300, dtype=np.int64)
LISTS = VectorSettings(exact_up_to=100, compressed_from=1_000)


def _only(*ids: int) -> Mask:
    allowed = np.zeros(300, dtype=np.bool_)
    allowed[list(ids)] = True
    return allowed


@pytest.mark.parametrize("k", [1, 10, 300])
@pytest.mark.parametrize(
    "allowed", [None, _only(101, 150, 299), _only()], ids=["all", "three", "none"]
)
def test_few_rows_are_searched_exactly(k: int, allowed: Mask | None) -> None:
    ours, reference = build_index(IDS, _rows(200)), ExactIndex(IDS, _rows(200))
    queries = _rows(7, seed=1)
    scores, ids = ours.search(queries, k, allowed=allowed)
    expected_scores, expected_ids = reference.search(queries, k, allowed=allowed)
    np.testing.assert_array_equal(ids, expected_ids)
    np.testing.assert_allclose(scores, expected_scores, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("compressed_from", "codec"), [(10_000, "Flat"), (1_000, "SQ")])
def test_many_rows_are_searched_to_the_recall_target(compressed_from: int, codec: str) -> None:
    settings = VectorSettings(exact_up_to=100, compressed_from=compressed_from)
    ids, rows = np.arange(4_000, dtype=np.int64), _rows(4_000)
    asked = _rows(600, seed=1)
    index = build_index(ids, rows.astype(np.float16), questions=asked[:300], settings=settings)
    assert index.kind.startswith("IVF256")
    assert codec in index.kind
    exact = ExactIndex(ids, rows).search(asked[300:], 10)[1]
    assert recall(index.search(asked[300:], 10)[1], exact) >= settings.recall_target - 0.02


def test_the_fewer_may_be_found_the_wider_is_searched() -> None:
    ids, rows = np.arange(4_000, dtype=np.int64), _rows(4_000)
    index = build_index(ids, rows, settings=LISTS)
    allowed = np.zeros(4_000, dtype=np.bool_)
    allowed[::400] = True
    found = index.search(_rows(20, seed=2), 10, allowed=allowed)[1]
    assert all(set(row) == set(range(0, 4_000, 400)) for row in found.tolist())


def test_an_index_of_lists_is_the_same_after_saving(tmp_path: Path) -> None:
    index = build_index(np.arange(4_000, dtype=np.int64), _rows(4_000), settings=LISTS)
    index.save(tmp_path / "index.faiss")
    loaded = FaissIndex.load(tmp_path / "index.faiss")
    queries = _rows(9, seed=3)
    np.testing.assert_array_equal(loaded.search(queries, 5)[1], index.search(queries, 5)[1])
    assert loaded.kind == index.kind


def test_an_index_without_rows_finds_nothing() -> None:
    empty = build_index(np.empty(0, dtype=np.int64), np.empty((0, 16), dtype=np.float16))
    assert (empty.search(_rows(2), 3)[1] == -1).all()


def test_a_saved_index_finds_the_same(tmp_path: Path) -> None:
    ours = build_index(IDS, _rows(200))
    ours.save(tmp_path / "index.faiss")
    loaded = FaissIndex.load(tmp_path / "index.faiss")
    queries = _rows(3, seed=2)
    np.testing.assert_array_equal(loaded.search(queries, 5)[1], ours.search(queries, 5)[1])
    assert len(loaded) == 200


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.faiss").write_bytes(b"nonsense")
    with pytest.raises(IndexDamaged):
        FaissIndex.load(tmp_path / "index.faiss")

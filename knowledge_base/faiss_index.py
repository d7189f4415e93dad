"""The vector index on FAISS, on a GPU where there is one. The only module that imports faiss."""

import threading
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import IndexDamaged
from knowledge_base.protocols import Ids, Vectors

_GPU_MAX_K = 2048  # the limit of FAISS on GPUs


class FaissIndex:
    """Exact inner products over rows with ids of our own."""

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))  # faiss ships no types

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def ids(self) -> Ids:
        """The ids of all rows, in the order of adding."""
        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows under their ids."""
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)

    def vectors(self, ids: Ids) -> Vectors:
        """The stored rows of these ids."""
        rows = np.empty((len(ids), self._index.d), dtype=np.float32)
        for row, row_id in enumerate(ids):
            self._index.reconstruct(int(row_id), rows[row])
        return rows

    def search(
        self, queries: Vectors, k: int, *, allowed: Ids | None = None
    ) -> tuple[Vectors, Ids]:
        """Scores and ids, best first; id -1 and the lowest score where there are fewer than k."""
        rows = np.ascontiguousarray(queries, dtype=np.float32)
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # set by its Python wrapper
        scores, ids = self._index.search(rows, k, params=parameters)
        return scores, ids

    def save(self, path: Path) -> None:
        """Write the index to one file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read an index file, mapped into memory where the version of FAISS can."""
        loaded = cls.__new__(cls)
        try:
            loaded._index = faiss.read_index(str(path), getattr(faiss, "IO_FLAG_MMAP_IFC", 0))
        except RuntimeError as error:
            raise IndexDamaged(f"{path.name} is not a readable FAISS index") from error
        return loaded


class GpuFaissIndex:
    """A copy of a FAISS index on the first GPU; rights are applied to what the GPU returns.

    FAISS on GPUs takes no selector and is not thread-safe: it searches wider, one at a time.
    """

    def __init__(self, source: FaissIndex) -> None:
        self._source = source
        self._resources: Any = faiss.StandardGpuResources()
        flat = faiss.downcast_index(source._index.index)
        self._ids: Ids = source.ids
        self._index: Any = faiss.index_cpu_to_gpu(self._resources, 0, flat)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._source)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows under their ids, on both sides."""
        with self._lock:
            self._source.add(ids, vectors)
            self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))
            self._ids = np.concatenate([self._ids, ids])

    def vectors(self, ids: Ids) -> Vectors:
        """The stored rows of these ids."""
        return self._source.vectors(ids)

    def search(
        self, queries: Vectors, k: int, *, allowed: Ids | None = None
    ) -> tuple[Vectors, Ids]:
        """As on the CPU; falls back to it when too few of the GPU's finds are allowed."""
        width = min(_GPU_MAX_K, len(self), k if allowed is None else max(256, 8 * k))
        with self._lock:
            scores, rows = self._index.search(
                np.ascontiguousarray(queries, dtype=np.float32), width
            )
        ids = np.where(rows >= 0, self._ids[rows], -1)
        is_allowed = (ids >= 0) if allowed is None else np.isin(ids, allowed)
        wanted = k if allowed is None else min(k, len(allowed))
        if (is_allowed.sum(axis=1) < min(wanted, len(self))).any():
            return self._source.search(queries, k, allowed=allowed)
        return _first_allowed(scores, ids, is_allowed, k)


def on_best_device(index: FaissIndex) -> FaissIndex | GpuFaissIndex:
    """The index itself, or its copy on a GPU when FAISS was built for one and finds one."""
    has_gpu = hasattr(faiss, "StandardGpuResources") and faiss.get_num_gpus() > 0
    return GpuFaissIndex(index) if has_gpu else index


def _first_allowed(
    scores: Vectors, ids: Ids, is_allowed: NDArray[np.bool_], k: int
) -> tuple[Vectors, Ids]:
    found_scores = np.full((len(ids), k), np.finfo(np.float32).min, dtype=np.float32)
    found_ids = np.full((len(ids), k), -1, dtype=np.int64)
    for row, keep in enumerate(is_allowed):
        kept = np.flatnonzero(keep)[:k]
        found_scores[row, : len(kept)] = scores[row, kept]
        found_ids[row, : len(kept)] = ids[row, kept]
    return found_scores, found_ids

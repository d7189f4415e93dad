"""The vector index on FAISS, on a GPU where there is one. The only module that imports faiss.

Few rows are compared one by one. Many are kept in inverted lists, compressed where that costs no
recall, and as many lists are looked through as the recall target needs on questions like those that
will come (`build_index`).
"""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import IndexDamaged
from knowledge_base.protocols import Ids, Mask, Vectors

Rows = NDArray[np.floating[Any]]  # of 16 or 32 bits
Faiss: TypeAlias = Any  # its classes are wrapped at import, so that no checker knows them
NEIGHBOURS = 10  # recall is measured at this depth
_GPU_MAX_K = 2048  # the limit of FAISS on GPUs
_TRAINING_ROWS_PER_LIST = 50
_ADDED_AT_ONCE = 100_000  # rows turned into 32 bits together


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """When an index of vectors stops being exact, and how near to exact it has to stay."""

    exact_up_to: int = 20_000  # rows; a search reads them all
    compressed_from: int = 200_000  # rows; a byte for a number instead of four
    recall_target: float = 0.97  # of the exact ten nearest; a margin above the 0.95 promised
    sample: int = 256  # questions that the index is tuned with
    codec_sample: int = 20_000  # rows on which a compression is tried


class FaissIndex:
    """Inner products over rows with ids of our own, exact or through inverted lists."""

    def __init__(self, index: Faiss) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def kind(self) -> str:
        """What it is made of, for the manifest."""
        lists = _lists_of(self._index)
        if lists is None:
            return "Flat"
        codec = {4: "Flat", 2: "SQfp16", 1: "SQ8"}[int(lists.code_size) // int(lists.d)]
        return f"IVF{lists.nlist},{codec}, {lists.nprobe} lists searched"

    def search(
        self, queries: Vectors, k: int, *, allowed: Mask | None = None
    ) -> tuple[Vectors, Ids]:
        """Scores and ids, best first; id -1 and the lowest score where there are fewer than k."""
        rows = np.ascontiguousarray(queries, dtype=np.float32)
        scores, ids = self._index.search(rows, k, params=self._parameters(allowed))
        return scores, ids

    def save(self, path: Path) -> None:
        """Write the index to one file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read an index file, mapped into memory where the version of FAISS can."""
        try:
            return cls(faiss.read_index(str(path), getattr(faiss, "IO_FLAG_MMAP_IFC", 0)))
        except RuntimeError as error:
            raise IndexDamaged(f"{path.name} is not a readable FAISS index") from error

    def _parameters(self, allowed: Mask | None) -> Faiss:
        """A selector of the allowed ids; the fewer there are, the more lists are looked through."""
        if allowed is None:
            return None
        bits: Faiss = np.packbits(allowed, bitorder="little")
        selector: Faiss = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg]
        lists = _lists_of(self._index)
        if lists is None:
            return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # set by its Python wrapper
        share = max(int(allowed.sum()), 1) / max(len(self), 1)
        width = min(int(lists.nlist), int(np.ceil(lists.nprobe / min(share, 1.0))))
        return faiss.SearchParametersIVF(sel=selector, nprobe=width)  # type: ignore[call-arg]


class GpuFaissIndex:
    """Every row on the first GPU, compared one by one: exact, whatever the index on disk is.

    FAISS on GPUs is not thread-safe and takes no selector here: it searches wider, one at a time,
    and leaves to the CPU what it does not find.
    """

    def __init__(self, source: FaissIndex, ids: Ids, rows: Vectors) -> None:
        self._source = source
        self._ids = ids
        self._resources: Faiss = faiss.StandardGpuResources()
        options: Faiss = faiss.GpuIndexFlatConfig()
        options.useFloat16 = True  # the rows are kept in 16 bits anyway
        self._index: Faiss = faiss.GpuIndexFlatIP(self._resources, rows.shape[1], options)
        for start in range(0, len(rows), _ADDED_AT_ONCE):
            self._index.add(_wide(rows[start : start + _ADDED_AT_ONCE]))
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._source)

    def search(
        self, queries: Vectors, k: int, *, allowed: Mask | None = None
    ) -> tuple[Vectors, Ids]:
        """As on the CPU; falls back to it when too few of the GPU's finds are allowed."""
        width = min(_GPU_MAX_K, len(self), k if allowed is None else max(256, 8 * k))
        with self._lock:
            scores, rows = self._index.search(_wide(queries), width)
        ids = np.where(rows >= 0, self._ids[rows], -1)
        is_allowed = ids >= 0
        if allowed is not None:
            is_allowed &= allowed[np.maximum(ids, 0)]
        wanted = min(k, len(self) if allowed is None else int(allowed[self._ids].sum()))
        if (is_allowed.sum(axis=1) < wanted).any():
            return self._source.search(queries, k, allowed=allowed)
        return _first_allowed(scores, ids, is_allowed, k)


def build_index(
    ids: Ids,
    rows: Rows,
    *,
    questions: Vectors | None = None,
    settings: VectorSettings | None = None,
) -> FaissIndex:
    """An index over rows (n, dimension), 16 or 32 bits, as exact as its size allows.

    `questions` (m, dimension) are what it will be asked; without any, points between rows stand in.
    """
    settings = settings or VectorSettings()
    dimension = rows.shape[1]
    if len(rows) <= settings.exact_up_to:
        index: Faiss = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        index.add_with_ids(_wide(rows), ids)
        return FaissIndex(index)
    asked = _questions(rows, questions, settings.sample)
    codec = _codec(rows, asked, settings)
    lists = 2 ** round(np.log2(4 * np.sqrt(len(rows))))
    index = faiss.index_factory(dimension, f"IVF{lists},{codec}", faiss.METRIC_INNER_PRODUCT)
    index.train(_wide(_sample(rows, lists * _TRAINING_ROWS_PER_LIST)))
    for start in range(0, len(rows), _ADDED_AT_ONCE):
        part = slice(start, start + _ADDED_AT_ONCE)
        index.add_with_ids(_wide(rows[part]), ids[part])
    _tune(index, asked, ids[_exact_neighbours(rows, asked)], settings.recall_target)
    return FaissIndex(index)


def on_best_device(index: FaissIndex, ids: Ids, rows: Rows) -> FaissIndex | GpuFaissIndex:
    """The index itself, or its rows on a GPU when FAISS was built for one and finds one."""
    has_gpu = hasattr(faiss, "StandardGpuResources") and faiss.get_num_gpus() > 0
    return GpuFaissIndex(index, ids, rows) if has_gpu and len(index) else index


def recall(found: Ids, exact: Ids) -> float:
    """Mean share of the exact neighbours that were found; both of shape (questions, k)."""
    hits = [len(np.intersect1d(ours, theirs)) for ours, theirs in zip(found, exact, strict=True)]
    return float(np.mean(hits) / exact.shape[1])


def _codec(rows: Rows, asked: Vectors, settings: VectorSettings) -> str:
    """The smallest form of a row that keeps the nearest neighbours of a sample."""
    if len(rows) < settings.compressed_from:
        return "Flat"
    sample = _wide(_sample(rows, settings.codec_sample))
    exact = _exact_neighbours(sample, asked)
    tried: Faiss = faiss.IndexScalarQuantizer(
        rows.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    tried.train(sample)
    tried.add(sample)
    kept = recall(tried.search(asked, NEIGHBOURS)[1], exact)
    return "SQ8" if kept >= (1 + settings.recall_target) / 2 else "SQfp16"


def _tune(index: Faiss, asked: Vectors, exact: Ids, target: float) -> None:
    """Look through the fewest lists, to within a fifth, that reach the target."""
    index.nprobe = 1
    while recall(index.search(asked, NEIGHBOURS)[1], exact) < target:
        if index.nprobe >= index.nlist:
            return
        index.nprobe = min(index.nlist, max(index.nprobe + 1, int(index.nprobe * 1.2)))


def _exact_neighbours(rows: Rows, asked: Vectors) -> Ids:
    """Row numbers of the nearest, by comparing all, a part at a time; shape (questions, k)."""
    best = faiss.ResultHeap(len(asked), NEIGHBOURS, keep_max=True)
    for start in range(0, len(rows), _ADDED_AT_ONCE):
        scores = asked @ _wide(rows[start : start + _ADDED_AT_ONCE]).T
        width = min(NEIGHBOURS, scores.shape[1])
        top = np.argpartition(-scores, width - 1, axis=1)[:, :width].astype(np.int64)
        best.add_result(np.take_along_axis(scores, top, axis=1), top + start)
    best.finalize()
    return np.asarray(best.I, dtype=np.int64)


def _questions(rows: Rows, questions: Vectors | None, count: int) -> Vectors:
    """What the index is tuned with. Without real questions: points halfway between two rows.

    A row with some noise would not do: its neighbours lie in its own list, which flatters.
    """
    if questions is not None and len(questions):
        return _wide(_sample(questions, count))
    pairs = _wide(_sample(rows, 2 * count))
    between = pairs + np.random.default_rng(0).permutation(pairs)
    lengths = np.linalg.norm(between, axis=1, keepdims=True)
    return np.asarray(between / np.maximum(lengths, 1e-9), dtype=np.float32)[:count]


def _sample(rows: Rows, count: int) -> Rows:
    """At most so many rows, the same every time, in their order."""
    if len(rows) <= count:
        return rows
    return rows[np.sort(np.random.default_rng(0).choice(len(rows), count, replace=False))]


def _lists_of(index: Faiss) -> Faiss:
    """The inverted lists, or None for an exact index."""
    return None if isinstance(index, faiss.IndexIDMap2) else index


def _wide(rows: Rows) -> Vectors:
    return np.ascontiguousarray(rows, dtype=np.float32)


def _first_allowed(scores: Vectors, ids: Ids, is_allowed: Mask, k: int) -> tuple[Vectors, Ids]:
    found_scores = np.full((len(ids), k), np.finfo(np.float32).min, dtype=np.float32)
    found_ids = np.full((len(ids), k), -1, dtype=np.int64)
    for row, keep in enumerate(is_allowed):
        kept = np.flatnonzero(keep)[:k]
        found_scores[row, : len(kept)] = scores[row, kept]
        found_ids[row, : len(kept)] = ids[row, kept]
    return found_scores, found_ids

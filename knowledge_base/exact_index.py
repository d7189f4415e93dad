"""The vector index in plain NumPy, the reference for the FAISS index. Knows no files."""

import numpy as np

from knowledge_base.protocols import Ids, Mask, Vectors


class ExactIndex:
    """Inner products with every row."""

    def __init__(self, ids: Ids, rows: Vectors) -> None:
        self._ids = ids
        self._rows = rows

    def __len__(self) -> int:
        return len(self._ids)

    def search(
        self, queries: Vectors, k: int, *, allowed: Mask | None = None
    ) -> tuple[Vectors, Ids]:
        """Scores and ids, best first; id -1 and the lowest score where there are fewer than k."""
        ids, rows = self._ids, self._rows
        if allowed is not None:
            chosen = allowed[ids]
            ids, rows = ids[chosen], rows[chosen]
        scores = queries @ rows.T  # (queries, rows)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        shape = (len(queries), k)
        found_scores = np.full(shape, np.finfo(np.float32).min, dtype=np.float32)
        found_ids = np.full(shape, -1, dtype=np.int64)
        width = best.shape[1]
        found_scores[:, :width] = np.take_along_axis(scores, best, axis=1)
        found_ids[:, :width] = ids[best]
        return found_scores, found_ids

"""Articles that say the same: alike to the encoder, or one repeats the other's words. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from knowledge_base.protocols import Vectors
from routing.near_duplicates import Shingles, shingles

# of 88 different articles in each language no pair comes nearer than 0.83 (the encoder of English)
# and 0.53; an article with a third of its sentences removed keeps 0.82 to 0.99 and at least 0.96
SIMILAR = 0.88  # cosine
REPEATS = 0.60  # share of the shorter text's shingles that the longer one has


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts by their places, and how alike they are."""

    first: int
    second: int
    similarity: float | None  # cosine; None without vectors
    overlap: float  # 0 to 1

    @property
    def strength(self) -> float:
        return max(self.similarity or 0.0, self.overlap)


def find_alike(texts: Sequence[str], vectors: Vectors | None) -> list[Likeness]:
    """Every pair that is nearly the same, the most alike first.

    `vectors` has a unit row for each text, or is None where no encoder reads their language.
    """
    if len(texts) < 2:
        return []
    overlap = overlaps(texts)
    cosine = None if vectors is None else vectors @ vectors.T
    close = overlap >= REPEATS if cosine is None else (overlap >= REPEATS) | (cosine >= SIMILAR)
    found = [
        Likeness(
            int(i), int(j), None if cosine is None else float(cosine[i, j]), float(overlap[i, j])
        )
        for i, j in zip(*np.nonzero(np.triu(close, k=1)), strict=True)
    ]
    return sorted(found, key=lambda pair: (-pair.strength, pair.first, pair.second))


def overlaps(texts: Sequence[str]) -> NDArray[np.float64]:
    """For each pair the share of the shorter one's shingles that the other has, (n, n)."""
    sets = [shingles(text) for text in texts]
    rows = _incidence(sets)
    shared: NDArray[np.float64] = (rows @ rows.T).toarray().astype(np.float64)
    sizes = np.array([max(1, len(found)) for found in sets], dtype=np.float64)
    return shared / np.minimum.outer(sizes, sizes)


def _incidence(sets: Sequence[Shingles]) -> Any:  # noqa: ANN401 - scipy's sparse matrix
    """A row for each text, a column for each shingle, 1 where it occurs."""
    columns: dict[int, int] = {}
    places = list(_places(sets, columns))
    rows, cols = zip(*places, strict=True)
    shape = (len(sets), len(columns))
    return csr_matrix((np.ones(len(places), dtype=np.int32), (rows, cols)), shape=shape)


def _places(sets: Sequence[Shingles], columns: dict[int, int]) -> Iterator[tuple[int, int]]:
    for row, found in enumerate(sets):
        for shingle in found:
            yield row, columns.setdefault(shingle, len(columns))

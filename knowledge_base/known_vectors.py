"""Vectors that were computed before, found again by the hash of their text. Knows no encoder.

They are kept as 16-bit floats: half the disk, and the same vector whether computed now or taken
over, because the encoder's own are rounded to 16 bits too.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import IndexDamaged
from knowledge_base.protocols import Ids, Vectors

_IDS, _ROWS, _HASHES, _ORDER = (f"{{}}.{name}.npy" for name in ("ids", "rows", "hashes", "order"))
_MAPPED_FROM = 1 << 20  # bytes
Rounded = NDArray[np.float16]
Hashes = NDArray[np.bytes_]


class KnownVectors:
    """The vectors of one file in a folder; mapped into memory, not read."""

    def __init__(self, folder: Path, name: str) -> None:
        try:
            self.ids: Ids = _open(folder / _IDS.format(name))
            self.rows: Rounded = _open(folder / _ROWS.format(name))
            self._hashes: Hashes = _open(folder / _HASHES.format(name))  # sorted
            self._order = _open(folder / _ORDER.format(name))  # row of each sorted hash
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"the vectors of {folder.name} cannot be read") from error

    def find(self, hashes: Hashes) -> NDArray[np.int64]:
        """Row of each hash, -1 where it is unknown."""
        if not len(self._hashes):
            return np.full(len(hashes), -1, dtype=np.int64)
        places = np.searchsorted(self._hashes, hashes)
        places = np.minimum(places, len(self._hashes) - 1)
        found = self._hashes[places] == hashes
        return np.where(found, self._order[places], -1).astype(np.int64)


def write_vectors(folder: Path, name: str, ids: Ids, rows: Rounded, hashes: Hashes) -> None:
    """Rows of shape (n, dimension), whose text has which number and which hash."""
    np.save(folder / _IDS.format(name), ids, allow_pickle=False)
    order = np.argsort(hashes, kind="stable")
    np.save(folder / _ROWS.format(name), rows, allow_pickle=False)
    np.save(folder / _HASHES.format(name), hashes[order], allow_pickle=False)
    np.save(folder / _ORDER.format(name), order.astype(np.int32), allow_pickle=False)


def take_over(known: Sequence[KnownVectors], hashes: Hashes, rows: Rounded) -> NDArray[np.bool_]:
    """Fill `rows` with the vectors that are known; which of them were."""
    filled = np.zeros(len(hashes), dtype=np.bool_)
    for part in known:
        places = part.find(hashes)
        fresh = (places >= 0) & ~filled
        rows[fresh] = part.rows[places[fresh]]
        filled |= fresh
    return filled


def rounded(vectors: Vectors) -> Rounded:
    """As they are stored."""
    return vectors.astype(np.float16)


def _open(path: Path) -> NDArray[Any]:
    is_small = path.stat().st_size < _MAPPED_FROM  # and an array without rows cannot be mapped
    array: NDArray[Any] = np.load(path, mmap_mode=None if is_small else "r", allow_pickle=False)
    return array

"""Texts become vectors: each distinct text once, known ones taken over. Knows no documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.chunk_file import content_hash
from knowledge_base.known_vectors import (
    Hashes,
    KnownVectors,
    Rounded,
    rounded,
    take_over,
    write_vectors,
)
from knowledge_base.protocols import Embedder, Ids
from knowledge_base.tokens import readable_in_english

_HASH_CHARACTERS = 32  # 128 bits


@dataclass(frozen=True, slots=True)
class Vectorised:
    """The vectors of those texts that the encoder can read."""

    ids: Ids  # numbers of these texts
    rows: Rounded  # (len(ids), dimension)
    hashes: Hashes  # of what the encoder read
    reused: int  # how many were known


class Vectoriser:
    """Embeds texts in batches of similar length."""

    def __init__(
        self, embedder: Embedder, known: Sequence[KnownVectors], *, batch_size: int
    ) -> None:
        self._embedder = embedder
        self._known = known
        self._batch_size = batch_size

    def vectorise(self, texts: Sequence[str]) -> Vectorised:
        """Vectors in the order of the texts."""
        readable = [readable_text(text, self._embedder) for text in texts]
        ids = np.array([number for number, text in enumerate(readable) if text], dtype=np.int64)
        read = [readable[number] for number in ids]
        hashes = np.array(
            [content_hash(text)[:_HASH_CHARACTERS] for text in read], dtype=f"S{_HASH_CHARACTERS}"
        )
        rows = np.empty((len(read), self._embedder.dimension), dtype=np.float16)
        filled = take_over(self._known, hashes, rows)
        self._encode(read, hashes, rows, filled)
        return Vectorised(ids, rows, hashes, reused=int(filled.sum()))

    def _encode(
        self, texts: Sequence[str], hashes: Hashes, rows: Rounded, filled: NDArray[np.bool_]
    ) -> None:
        """Texts of one length in one batch, so that little of a batch is padding."""
        missing = np.flatnonzero(~filled)
        _, first, which = np.unique(hashes[missing], return_index=True, return_inverse=True)
        fresh = sorted(missing[first], key=lambda number: len(texts[number]))
        place = {int(number): row for row, number in enumerate(fresh)}
        vectors = np.empty((len(fresh), rows.shape[1]), dtype=np.float16)
        for start in range(0, len(fresh), self._batch_size):
            batch = fresh[start : start + self._batch_size]
            encoded = self._embedder.encode([texts[number] for number in batch])
            vectors[start : start + len(batch)] = rounded(encoded)
        of_hash = np.array([place[int(number)] for number in missing[first]], dtype=np.int64)
        rows[missing] = vectors[of_hash[which]]


def write_vectorised(folder: Path, name: str, vectorised: Vectorised) -> None:
    """Keep the vectors, to be found again by their texts."""
    write_vectors(folder, name, vectorised.ids, vectorised.rows, vectorised.hashes)


def readable_text(text: str, embedder: Embedder) -> str:
    """What of the text may be given to the encoder; empty when nothing."""
    return text if embedder.reads_cjk else readable_in_english(text)

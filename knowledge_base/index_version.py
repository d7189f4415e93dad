"""One immutable index version in memory: chunks and their indexes. Knows who may read what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.chunk_file import read_chunks, read_examples
from knowledge_base.errors import EncoderMismatch, IndexDamaged
from knowledge_base.example_index import ExampleIndex
from knowledge_base.faiss_index import FaissIndex, on_best_device
from knowledge_base.keyword_index import KeywordIndex
from knowledge_base.manifest import IndexManifest, read_manifest, verify_digests
from knowledge_base.protocols import Ids, VectorIndex
from knowledge_base.types import Audience, Chunk

VECTORS_NAME = "vectors.faiss"
KEYWORDS_NAME = "keywords"
EXAMPLE_VECTORS_NAME = "examples.faiss"
EXAMPLE_KEYWORDS_NAME = "example_keywords"
_ALWAYS = float("inf")


class IndexVersion:
    """Everything one search needs; row i of every part is chunk number i."""

    def __init__(
        self,
        *,
        manifest: IndexManifest,
        chunks: Sequence[Chunk],
        keywords: KeywordIndex,
        vectors: VectorIndex,
        vector_ids: Ids,
        examples: ExampleIndex,
    ) -> None:
        self.manifest = manifest
        self.chunks = tuple(chunks)
        self.keywords = keywords
        self.vectors = vectors
        self.examples = examples
        self._has_vector = np.zeros(len(chunks), dtype=np.bool_)
        self._has_vector[vector_ids] = True
        self._locales = np.array([chunk.locale for chunk in chunks], dtype=np.str_)
        self._audiences = np.array([chunk.audience.value for chunk in chunks], dtype=np.str_)
        self._starts = np.array([_seconds(chunk.effective_from, -_ALWAYS) for chunk in chunks])
        self._ends = np.array([_seconds(chunk.expires_at, _ALWAYS) for chunk in chunks])

    def readable(
        self, *, locale: str | None, audiences: Collection[Audience], now: datetime
    ) -> NDArray[np.bool_]:
        """Which chunks this caller may be shown at this moment."""
        moment = now.timestamp()
        allowed = np.isin(self._audiences, [audience.value for audience in audiences])
        allowed &= (self._starts <= moment) & (moment < self._ends)
        if locale is not None:
            allowed &= self._locales == locale
        return allowed

    def with_vectors(self, allowed: NDArray[np.bool_]) -> Ids:
        """Numbers of the allowed chunks that have a vector."""
        return np.flatnonzero(allowed & self._has_vector).astype(np.int64)


def load_version(folder: Path, *, encoder_revision: str | None) -> IndexVersion:
    """Read and verify a version; refuse it when it was built with other encoder weights."""
    manifest = read_manifest(folder)
    if encoder_revision is not None and manifest.encoder_revision != encoder_revision:
        raise EncoderMismatch(
            f"index version {manifest.version} was built with encoder {manifest.encoder_revision}, "
            f"this process uses {encoder_revision}: rebuild the index"
        )
    verify_digests(folder, manifest)
    chunks, examples = read_chunks(folder), read_examples(folder)
    vectors = FaissIndex.load(folder / VECTORS_NAME)
    if (
        len(chunks) != manifest.chunks
        or len(examples) != manifest.examples
        or len(vectors) != manifest.vectors
    ):
        raise IndexDamaged(f"index version {manifest.version} is not as long as its manifest says")
    return IndexVersion(
        manifest=manifest,
        chunks=chunks,
        keywords=KeywordIndex.load(folder / KEYWORDS_NAME, len(chunks)),
        vectors=on_best_device(vectors),
        vector_ids=vectors.ids,
        examples=ExampleIndex(
            examples,
            keywords=KeywordIndex.load(folder / EXAMPLE_KEYWORDS_NAME, len(examples)),
            vectors=on_best_device(FaissIndex.load(folder / EXAMPLE_VECTORS_NAME)),
        ),
    )


def _seconds(moment: datetime | None, otherwise: float) -> float:
    return otherwise if moment is None else moment.timestamp()

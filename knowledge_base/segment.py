"""One immutable part of an index: chunks, their vectors and keywords. Knows no reader."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.chunk_facts import ChunkFacts
from knowledge_base.chunk_file import CHUNKS_NAME, read_chunks, write_rows
from knowledge_base.errors import EncoderMismatch, IndexDamaged
from knowledge_base.faiss_index import FaissIndex, on_best_device
from knowledge_base.keyword_index import Bm25Index
from knowledge_base.known_vectors import KnownVectors, Rounded
from knowledge_base.manifest import IndexManifest, read_manifest, verify_digests
from knowledge_base.protocols import Ids, VectorIndex, Vectors
from knowledge_base.types import Chunk, DocumentKey
from knowledge_base.vectoriser import Vectorised, write_vectorised

DOCUMENTS_NAME = "documents.json"
VECTORS_NAME = "vectors.faiss"
KEYWORDS_NAME = "keywords"
CHUNK_VECTORS = "chunks"  # of what the known vectors in a folder are


@dataclass(frozen=True, slots=True)
class Segment:
    """Row i of every part is chunk number i, cut from one of the `documents`."""

    manifest: IndexManifest
    documents: Sequence[DocumentKey]
    chunks: Sequence[Chunk]
    facts: ChunkFacts
    keywords: Bm25Index
    vectors: VectorIndex
    vector_ids: Ids  # chunks that have a vector, in rising order
    vector_rows: Rounded  # theirs, (len(vector_ids), dimension)

    def __len__(self) -> int:
        return len(self.chunks)

    def cosines(self, question: Vectors, numbers: Ids) -> Vectors:
        """Of a question (1, dimension) and these chunks; not a number where one has no vector."""
        found = np.full(len(numbers), np.nan, dtype=np.float32)
        if not len(self.vector_ids):
            return found
        places = np.minimum(np.searchsorted(self.vector_ids, numbers), len(self.vector_ids) - 1)
        has_vector = self.vector_ids[places] == numbers
        rows = self.vector_rows[places[has_vector]].astype(np.float32)
        found[has_vector] = rows @ question[0]
        return found


def write_segment(
    folder: Path, segment: Segment, vectors: FaissIndex, vectorised: Vectorised
) -> None:
    """Everything but the manifest; `vectorised` are the chunks' texts."""
    (folder / DOCUMENTS_NAME).write_text(json.dumps(segment.documents), encoding="utf-8")
    write_rows(folder / CHUNKS_NAME, segment.chunks)
    segment.facts.save(folder)
    vectors.save(folder / VECTORS_NAME)
    segment.keywords.save(folder / KEYWORDS_NAME)
    write_vectorised(folder, CHUNK_VECTORS, vectorised)


def load_segment(folder: Path, *, encoder_revision: str | None) -> Segment:
    """Read and verify a segment; refuse it when it was built with other encoder weights."""
    manifest = manifest_for(folder, encoder_revision=encoder_revision)
    verify_digests(folder, manifest)
    chunks, facts = read_chunks(folder), ChunkFacts.load(folder)
    vectors = FaissIndex.load(folder / VECTORS_NAME)
    if not len(chunks) == len(facts) == manifest.chunks or len(vectors) != manifest.vectors:
        raise IndexDamaged(f"index version {manifest.version} is not as long as its manifest says")
    known = KnownVectors(folder, CHUNK_VECTORS)
    return Segment(
        manifest=manifest,
        documents=read_documents(folder),
        chunks=chunks,
        facts=facts,
        keywords=Bm25Index.load(folder / KEYWORDS_NAME, len(chunks)),
        vectors=on_best_device(vectors, known.ids, known.rows),
        vector_ids=known.ids,
        vector_rows=known.rows,
    )


def manifest_for(folder: Path, *, encoder_revision: str | None) -> IndexManifest:
    """The manifest of a folder; `EncoderMismatch` when other weights than these built it."""
    manifest = read_manifest(folder)
    if encoder_revision is not None and manifest.encoder_revision != encoder_revision:
        raise EncoderMismatch(
            f"index version {manifest.version} was built with encoder {manifest.encoder_revision}, "
            f"this process uses {encoder_revision}: rebuild the index"
        )
    return manifest


def read_documents(folder: Path) -> list[DocumentKey]:
    """Which documents a segment was built from, in its order."""
    try:
        rows = json.loads((folder / DOCUMENTS_NAME).read_bytes())
        return [DocumentKey(*row) for row in rows]
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamaged(f"the documents of {folder.name} cannot be read") from error

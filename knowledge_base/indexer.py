"""Turn documents into a published index version. Knows the order of the steps, no file formats."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from knowledge_base.calibration import calibrate
from knowledge_base.chunk_file import (
    CHUNKS_NAME,
    EXAMPLES_NAME,
    content_hash,
    embedding_text,
    write_rows,
)
from knowledge_base.chunker import ChunkSettings, chunk_document
from knowledge_base.errors import IndexUnavailable
from knowledge_base.example_index import ExampleIndex
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.index_store import IndexStore
from knowledge_base.index_version import (
    EXAMPLE_KEYWORDS_NAME,
    EXAMPLE_VECTORS_NAME,
    KEYWORDS_NAME,
    VECTORS_NAME,
    IndexVersion,
    load_version,
)
from knowledge_base.keyword_index import KeywordIndex, KeywordSettings, chunk_tokens
from knowledge_base.manifest import (
    IndexManifest,
    builder_digest,
    digest_files,
    read_manifest,
    write_manifest,
)
from knowledge_base.protocols import Embedder, Vectors
from knowledge_base.retriever import RetrievalSettings, readable_text
from knowledge_base.tokens import tokenise
from knowledge_base.types import STRANGE, Chunk, Document, ExampleQuestion


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Everything that shapes an index version."""

    chunks: ChunkSettings = field(default_factory=ChunkSettings)
    keywords: KeywordSettings = field(default_factory=KeywordSettings)
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    batch_size: int = 64
    keep_versions: int = 3


class Indexer:
    """Builds index versions below one folder."""

    def __init__(
        self,
        root: Path,
        embedder: Embedder,
        *,
        now: Callable[[], datetime],
        settings: IndexSettings | None = None,
    ) -> None:
        self._settings = settings or IndexSettings()
        self._store = IndexStore(root, keep=self._settings.keep_versions)
        self._embedder = embedder
        self._now = now

    def rebuild(
        self, documents: Iterable[Document], examples: Iterable[ExampleQuestion] = ()
    ) -> IndexManifest:
        """Build a version of these documents and make it the live one."""
        manifest = self.build(documents, examples)
        self._store.publish(manifest.version)
        return manifest

    def publish(self, version: str) -> None:
        """Make an existing version the live one, to go back for instance."""
        self._store.publish(version)

    def build(
        self, documents: Iterable[Document], examples: Iterable[ExampleQuestion] = ()
    ) -> IndexManifest:
        """Write and verify a version; nothing reads it before it is published."""
        ordered = sorted(documents, key=lambda document: (document.document_id, document.version))
        draft = self._assemble(ordered, examples)
        version = draft.index.manifest.version
        if version not in self._store.versions():  # same moment, same content: it is there already
            self._store.add(
                version,
                write=lambda folder: _write(folder, draft),
                verify=lambda folder: load_version(
                    folder, encoder_revision=self._embedder.revision
                ),
            )
        return read_manifest(self._store.folder(version))

    def _assemble(
        self, documents: Sequence[Document], examples: Iterable[ExampleQuestion]
    ) -> "_Draft":
        chunks = [
            chunk for item in documents for chunk in chunk_document(item, self._settings.chunks)
        ]
        used = _useful(examples, chunks)
        vectors, example_vectors, reused = self._embed_all(chunks, used)
        rows = [chunk_tokens(chunk, self._settings.keywords) for chunk in chunks]
        index = IndexVersion(
            manifest=self._manifest(chunks, used, documents=len(documents), vectors=len(vectors)),
            chunks=chunks,
            keywords=KeywordIndex.build(rows, self._settings.keywords),
            vectors=vectors,
            vector_ids=vectors.ids,
            examples=ExampleIndex(
                used,
                keywords=KeywordIndex.build(
                    [tokenise(example.text) for example in used], self._settings.keywords
                ),
                vectors=example_vectors,
            ),
        )
        calibration = calibrate(index, self._embedder, retrieval=self._settings.retrieval)
        index.manifest = index.manifest.model_copy(
            update={"calibration": calibration, "reused_vectors": reused}
        )
        return _Draft(index, vectors, example_vectors)

    def _embed_all(
        self, chunks: Sequence[Chunk], examples: Sequence[ExampleQuestion]
    ) -> tuple[FaissIndex, FaissIndex, int]:
        """Vector indexes of chunks and examples, and how many vectors were taken over."""
        known = self._live_vectors()
        both: list[FaissIndex] = []
        reused = 0
        for texts in ([embedding_text(chunk) for chunk in chunks], [e.text for e in examples]):
            readable = [readable_text(text, self._embedder) for text in texts]
            ids = np.array([number for number, text in enumerate(readable) if text], dtype=np.int64)
            rows, taken = self._embed([readable[number] for number in ids], known)
            both.append(FaissIndex(self._embedder.dimension))
            both[-1].add(ids, rows)
            reused += taken
        return both[0], both[1], reused

    def _embed(self, texts: Sequence[str], known: dict[str, Vectors]) -> tuple[Vectors, int]:
        """Vectors in the order of the texts; known ones are taken over, new ones become known."""
        hashes = [content_hash(text) for text in texts]
        fresh = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        reused = sum(key in known for key in hashes)
        keys = list(fresh)
        for start in range(0, len(keys), self._settings.batch_size):
            batch = keys[start : start + self._settings.batch_size]
            rows = self._embedder.encode([fresh[key] for key in batch])
            known.update(zip(batch, rows, strict=True))
        if not hashes:
            return np.empty((0, self._embedder.dimension), dtype=np.float32), 0
        return np.stack([known[key] for key in hashes]).astype(np.float32), reused

    def _live_vectors(self) -> dict[str, Vectors]:
        """Vectors by content hash; none when there is no usable live version."""
        try:
            folder = self._store.folder(self._store.live())
            live = load_version(folder, encoder_revision=self._embedder.revision)
        except IndexUnavailable:
            return {}
        known: dict[str, Vectors] = {}
        for texts, index in (
            ([embedding_text(chunk) for chunk in live.chunks], live.vectors),
            ([example.text for example in live.examples.examples], live.examples.vectors),
        ):
            readable = [readable_text(text, self._embedder) for text in texts]
            ids = np.array([number for number, text in enumerate(readable) if text], dtype=np.int64)
            keys = [content_hash(readable[number]) for number in ids]
            known.update(zip(keys, index.vectors(ids), strict=True))
        return known

    def _manifest(
        self,
        chunks: Sequence[Chunk],
        examples: Sequence[ExampleQuestion],
        *,
        documents: int,
        vectors: int,
    ) -> IndexManifest:
        moment = self._now().astimezone(UTC)
        content = "\n".join(repr(row) for row in [*chunks, *examples])
        digest = content_hash(f"{self._embedder.revision}\n{self._settings}\n{content}")
        return IndexManifest(
            builder=builder_digest(),
            version=f"{moment:%Y%m%dT%H%M%S%fZ}-{digest[:8]}",
            created_at=moment.isoformat(),
            encoder_revision=self._embedder.revision,
            dimension=self._embedder.dimension,
            documents=documents,
            chunks=len(chunks),
            examples=len(examples),
            vectors=vectors,
            reused_vectors=0,
            locales=tuple(sorted({chunk.locale for chunk in chunks})),
            calibration={},
            digests={},
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A version in memory, with the parts that can be saved."""

    index: IndexVersion
    vectors: FaissIndex
    example_vectors: FaissIndex


def _useful(examples: Iterable[ExampleQuestion], chunks: Sequence[Chunk]) -> list[ExampleQuestion]:
    """Examples of intents that a document is tagged with and of none, once, in a stable order."""
    tagged = {STRANGE} | {intent for chunk in chunks for intent in chunk.intents}
    kept = {example for example in examples if example.intent in tagged and example.text.strip()}
    return sorted(kept, key=lambda example: (example.intent, example.text))


def _write(folder: Path, draft: _Draft) -> None:
    index = draft.index
    write_rows(folder / CHUNKS_NAME, index.chunks)
    write_rows(folder / EXAMPLES_NAME, index.examples.examples)
    draft.vectors.save(folder / VECTORS_NAME)
    draft.example_vectors.save(folder / EXAMPLE_VECTORS_NAME)
    index.keywords.save(folder / KEYWORDS_NAME)
    index.examples.keywords.save(folder / EXAMPLE_KEYWORDS_NAME)
    write_manifest(folder, index.manifest.model_copy(update={"digests": digest_files(folder)}))

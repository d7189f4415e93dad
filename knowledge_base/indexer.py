"""Turn documents into parts of an index and publish them. Knows the order of the steps.

A base holds everything; changes since are a small segment beside it, which is built anew with each
change and takes the place of the one before. Only the base is calibrated and carries the examples.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np

from knowledge_base.calibration import calibrate
from knowledge_base.chunk_facts import ChunkFacts
from knowledge_base.chunk_file import embedding_text
from knowledge_base.chunker import ChunkSettings, chunk_document
from knowledge_base.errors import IndexUnavailable
from knowledge_base.example_folder import (
    EXAMPLE_VECTORS,
    build_examples,
    load_examples,
    write_examples,
)
from knowledge_base.faiss_index import FaissIndex, VectorSettings, build_index
from knowledge_base.index_store import IndexStore, Live, Part
from knowledge_base.keyword_index import Bm25Index, KeywordSettings, chunk_tokens
from knowledge_base.known_vectors import KnownVectors
from knowledge_base.manifest import (
    IndexManifest,
    builder_digest,
    digest_files,
    read_manifest,
    verify_digests,
    write_manifest,
)
from knowledge_base.protocols import Embedder, Reranker, Vectors
from knowledge_base.retriever import RetrievalSettings
from knowledge_base.segment import (
    CHUNK_VECTORS,
    KEYWORDS_NAME,
    Segment,
    load_segment,
    manifest_for,
    write_segment,
)
from knowledge_base.snapshot import Snapshot
from knowledge_base.types import Chunk, Document, ExampleQuestion
from knowledge_base.vectoriser import Vectorised, Vectoriser


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Everything that shapes an index."""

    chunks: ChunkSettings = field(default_factory=ChunkSettings)
    keywords: KeywordSettings = field(default_factory=KeywordSettings)
    vectors: VectorSettings = field(default_factory=VectorSettings)
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    batch_size: int = 64
    keep_versions: int = 3


class Indexer:
    """Builds the parts of an index below one folder."""

    def __init__(
        self,
        root: Path,
        embedder: Embedder,
        *,
        now: Callable[[], datetime],
        settings: IndexSettings | None = None,
        reranker: Reranker | None = None,  # whose order a base is calibrated to
    ) -> None:
        self._settings = settings or IndexSettings()
        self._store = IndexStore(root, keep=self._settings.keep_versions)
        self._embedder = embedder
        self._reranker = reranker
        self._now = now

    def rebuild(
        self, documents: Iterable[Document], examples: Iterable[ExampleQuestion] = ()
    ) -> IndexManifest:
        """A new base of these documents, published without changes."""
        vectoriser = self._vectoriser(verified=True)
        asked = sorted(
            {one for one in examples if one.text.strip()}, key=lambda one: (one.intent, one.text)
        )
        example_vectors = vectoriser.vectorise([example.text for example in asked])
        draft = self._draft(
            Part.BASE,
            documents,
            vectoriser,
            examples=[*asked],
            questions=example_vectors.rows.astype(np.float32),
            reranker=self._reranker.revision if self._reranker is not None else None,
        )
        asked_index = build_examples(asked, example_vectors, self._settings.keywords)
        snapshot = Snapshot([draft.segment], asked_index.index)
        manifest = draft.segment.manifest.model_copy(
            update={
                "examples": len(asked),
                "reused_vectors": draft.vectorised.reused + example_vectors.reused,
                "calibration": calibrate(
                    snapshot,
                    self._embedder,
                    retrieval=self._settings.retrieval,
                    reranker=self._reranker,
                ),
            }
        )
        draft = replace(draft, segment=replace(draft.segment, manifest=manifest))
        self._add(draft, also=lambda folder: write_examples(folder, asked_index))
        self._store.publish(Live(base=manifest.version))
        return self._published(Part.BASE, manifest.version)

    def change(self, documents: Iterable[Document], *, hides: Collection[str]) -> IndexManifest:
        """What changed since the live base: documents in their present form, published beside it.

        `hides` names the documents of the base that changed or are gone. With neither, the base
        alone is searched again.
        """
        live = self._store.live()
        folder = self._store.folder(Part.BASE, live.base)
        base = manifest_for(folder, encoder_revision=self._embedder.revision)
        draft = self._draft(
            Part.CHANGES,
            documents,
            self._vectoriser(),
            weigh=Bm25Index.load(folder / KEYWORDS_NAME, base.chunks).weigh,
            beside=live.base,
            hides=tuple(sorted(hides)),
        )
        self._add(draft)
        version = draft.segment.manifest.version
        self._store.publish(replace(live, changes=version))
        return self._published(Part.CHANGES, version)

    def remember(self, documents: Iterable[Document]) -> IndexManifest:
        """A new history of these documents, whose time has ended; read at past moments only."""
        live = self._store.live()
        draft = self._draft(Part.HISTORY, documents, self._vectoriser())
        self._add(draft)
        version = draft.segment.manifest.version
        self._store.publish(replace(live, history=version))
        return self._published(Part.HISTORY, version)

    def _draft(
        self,
        part: Part,
        documents: Iterable[Document],
        vectoriser: Vectoriser,
        *,
        weigh: Callable[[str], float] | None = None,
        questions: Vectors | None = None,
        examples: Sequence[ExampleQuestion] = (),
        **facts: str | tuple[str, ...] | None,
    ) -> "_Draft":
        ordered = sorted(documents, key=lambda document: document.key)
        cut = [chunk_document(document, self._settings.chunks) for document in ordered]
        chunks = [chunk for pieces in cut for chunk in pieces]
        of_document = [row for row, pieces in enumerate(cut) for _ in pieces]
        vectorised = vectoriser.vectorise([embedding_text(chunk) for chunk in chunks])
        has_vector = np.zeros(len(chunks), dtype=np.bool_)
        has_vector[vectorised.ids] = True
        vectors = build_index(
            vectorised.ids, vectorised.rows, questions=questions, settings=self._settings.vectors
        )
        content = chain(chunks, examples, sorted(facts.items()))
        manifest = self._manifest(part, chunks, content=content, vectors=vectors, **facts)
        segment = Segment(
            manifest=manifest.model_copy(
                update={"documents": len(ordered), "reused_vectors": vectorised.reused}
            ),
            documents=[document.key for document in ordered],
            chunks=chunks,
            facts=ChunkFacts.of(chunks, of_document, has_vector),
            keywords=Bm25Index.build(
                (chunk_tokens(chunk, self._settings.keywords) for chunk in chunks),
                self._settings.keywords,
                weigh=weigh,
            ),
            vectors=vectors,
            vector_ids=vectorised.ids,
            vector_rows=vectorised.rows,
        )
        return _Draft(segment, vectors, vectorised)

    def _manifest(
        self,
        part: Part,
        chunks: Sequence[Chunk],
        *,
        content: Iterable[object],
        vectors: FaissIndex,
        **facts: str | tuple[str, ...] | None,
    ) -> IndexManifest:
        moment = self._now().astimezone(UTC)
        digest = hashlib.sha256(f"{self._embedder.revision}\n{self._settings}\n".encode())
        for row in content:
            digest.update(repr(row).encode())
        return IndexManifest(
            builder=builder_digest(),
            part=part.value,
            version=f"{moment:%Y%m%dT%H%M%S%fZ}-{digest.hexdigest()[:8]}",
            created_at=moment.isoformat(),
            encoder_revision=self._embedder.revision,
            dimension=self._embedder.dimension,
            documents=0,
            chunks=len(chunks),
            examples=0,
            vectors=len(vectors),
            reused_vectors=0,
            vector_index=vectors.kind,
            locales=tuple(sorted({chunk.locale for chunk in chunks})),
            intents=tuple(sorted({intent for chunk in chunks for intent in chunk.intents})),
            calibration={},
            digests={},
            **facts,
        )

    def _add(self, draft: "_Draft", *, also: Callable[[Path], None] = lambda _folder: None) -> None:
        manifest = draft.segment.manifest
        part, version = Part(manifest.part), manifest.version
        if version in self._store.versions(part):  # same moment, same content: it is there already
            return

        def write(folder: Path) -> None:
            write_segment(folder, draft.segment, draft.vectors, draft.vectorised)
            also(folder)
            write_manifest(folder, manifest.model_copy(update={"digests": digest_files(folder)}))

        def verify(folder: Path) -> None:
            load_segment(folder, encoder_revision=self._embedder.revision)
            if part is Part.BASE:
                load_examples(folder)

        self._store.add(part, version, write=write, verify=verify)

    def _published(self, part: Part, version: str) -> IndexManifest:
        return read_manifest(self._store.folder(part, version))

    def _vectoriser(self, *, verified: bool = False) -> Vectoriser:
        """Takes over every vector of the live parts that the same encoder made.

        A new base verifies them first: it outlives what it takes over. A change does not, as
        reading a large base takes seconds.
        """
        known: list[KnownVectors] = []
        for part, version in self._live_parts():
            try:
                folder = self._store.folder(part, version)
                manifest = manifest_for(folder, encoder_revision=self._embedder.revision)
                if verified:
                    verify_digests(folder, manifest)
            except IndexUnavailable:
                continue
            known.append(KnownVectors(folder, CHUNK_VECTORS))
            if part is Part.BASE:
                known.append(KnownVectors(folder, EXAMPLE_VECTORS))
        return Vectoriser(self._embedder, known, batch_size=self._settings.batch_size)

    def _live_parts(self) -> list[tuple[Part, str]]:
        try:
            live = asdict(self._store.live())
        except IndexUnavailable:
            return []
        return [(Part(name), version) for name, version in live.items() if version is not None]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A segment in memory, with what is saved beside it."""

    segment: Segment
    vectors: FaissIndex
    vectorised: Vectorised

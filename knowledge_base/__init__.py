"""Find and ground the answer: documents in, cited answers out. FAISS lives in this room."""

from knowledge_base.answerer import Answerer, AnswerSettings
from knowledge_base.errors import (
    DocumentUnreadable,
    EncoderMismatch,
    IndexDamaged,
    IndexNotFound,
    IndexUnavailable,
    KnowledgeBaseError,
)
from knowledge_base.formats import DocumentFormat
from knowledge_base.indexer import Indexer, IndexSettings
from knowledge_base.live import LiveKnowledgeBase
from knowledge_base.loader import (
    LoadFailure,
    load_file,
    load_folder,
    parse_document,
    parse_documents,
)
from knowledge_base.manifest import IndexManifest
from knowledge_base.protocols import Embedder, KnowledgeBase, Reranker, VectorIndex
from knowledge_base.retriever import RetrievalSettings, Retriever
from knowledge_base.source import Source
from knowledge_base.types import (
    Answer,
    Audience,
    Chunk,
    Citation,
    Document,
    ExampleQuestion,
    Hit,
    SearchMode,
)

__all__ = [
    "Answer",
    "AnswerSettings",
    "Answerer",
    "Audience",
    "Chunk",
    "Citation",
    "Document",
    "DocumentFormat",
    "DocumentUnreadable",
    "Embedder",
    "EncoderMismatch",
    "ExampleQuestion",
    "Hit",
    "IndexDamaged",
    "IndexManifest",
    "IndexNotFound",
    "IndexSettings",
    "IndexUnavailable",
    "Indexer",
    "KnowledgeBase",
    "KnowledgeBaseError",
    "LiveKnowledgeBase",
    "LoadFailure",
    "Reranker",
    "RetrievalSettings",
    "Retriever",
    "SearchMode",
    "Source",
    "VectorIndex",
    "load_file",
    "load_folder",
    "parse_document",
    "parse_documents",
]

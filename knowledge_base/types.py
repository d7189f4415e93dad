"""Frozen values of the knowledge base. Knows no index, model, database or web framework."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """Who may read a document."""

    PUBLIC = "public"
    CUSTOMERS = "customers"
    STAFF = "staff"


class SearchMode(StrEnum):
    """Which retrievers take part."""

    HYBRID = "hybrid"
    DENSE = "dense"
    KEYWORD = "keyword"


@dataclass(frozen=True, slots=True)
class Document:
    """One published version of what editors wrote."""

    document_id: str
    version: int
    title: str
    body: str  # Markdown
    locale: str  # en | zh
    audience: Audience = Audience.PUBLIC
    intents: tuple[str, ...] = ()
    source_url: str | None = None
    effective_from: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """The indexed piece of a document; `text` carries no heading, `headings` is its path."""

    chunk_id: str  # <document_id>:<version>:<ordinal>
    document_id: str
    version: int
    title: str
    headings: tuple[str, ...]
    text: str
    locale: str
    audience: Audience
    source_url: str | None = None
    effective_from: datetime | None = None
    expires_at: datetime | None = None
    intents: tuple[str, ...] = ()


STRANGE = ""  # the intent of an example question that no document answers


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """How a customer asked for an intent; lifts documents tagged with it, is never cited.

    With the intent `STRANGE` it lowers the confidence in answers to questions like it.
    """

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found; a higher score is better, comparable within one search only."""

    chunk: Chunk
    score: float
    dense_score: float | None = None
    keyword_score: float | None = None
    example_score: float | None = None  # likeness to questions that its intents were asked with
    stranger_score: float | None = None  # likeness to questions that no document answers


@dataclass(frozen=True, slots=True)
class Citation:
    """What an answer rests on, pinned to a document version."""

    document_id: str
    version: int
    chunk_id: str
    title: str
    quote: str
    url: str | None = None
    chunk_hash: str = ""  # SHA-256 hex of the text that was indexed for the chunk


@dataclass(frozen=True, slots=True)
class Answer:
    """A grounded answer, or an abstention (`text` is None)."""

    text: str | None
    confidence: float
    citations: tuple[Citation, ...] = field(default=())
    index_version: str = ""

    @property
    def abstained(self) -> bool:
        return self.text is None

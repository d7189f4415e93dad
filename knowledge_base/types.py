"""Frozen values of the knowledge base. Knows no index, model, database or web framework."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple


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


class DocumentKey(NamedTuple):
    """Which version of a document is shown when: an index is up to date when its keys are."""

    document_id: str
    version: int
    effective_from: str | None  # ISO 8601 in UTC
    expires_at: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """One version of what editors wrote, and the time in which it is shown."""

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
    owner: str | None = None  # who looks after it; for editors, never indexed
    review_by: date | None = None

    @property
    def key(self) -> DocumentKey:
        return document_key(self.document_id, self.version, self.effective_from, self.expires_at)


def document_key(
    document_id: str, version: int, effective_from: datetime | None, expires_at: datetime | None
) -> DocumentKey:
    """The same key for the same moment, whatever time zone it was written in."""
    return DocumentKey(document_id, version, _in_utc(effective_from), _in_utc(expires_at))


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
    rerank_score: float | None = None  # of the reranker, for those that it put in order


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


class Abstention(StrEnum):
    """Why there is no answer."""

    NOTHING_FOUND = "nothing_found"
    UNSURE = "unsure"  # the best article is too unlikely to answer the question
    CONFLICT = "conflict"  # articles state different figures: for editors to mend


@dataclass(frozen=True, slots=True)
class Answer:
    """A grounded answer, or an abstention (`text` is None)."""

    text: str | None
    confidence: float
    citations: tuple[Citation, ...] = field(default=())
    index_version: str = ""
    abstention: Abstention | None = None

    @property
    def abstained(self) -> bool:
        return self.text is None


def _in_utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()

"""What a document says, independent of who sent it: its hash, and its form for the index."""

import hashlib
import json
from dataclasses import replace

import structlog

from app.db.document import DocumentRecord, DocumentVersionRecord
from app.errors import BadInput, FieldError
from app.knowledge.index_queries import PublicationKey
from app.knowledge.schemas import DocumentCreate
from knowledge_base import Audience, Document, DocumentFormat, DocumentUnreadable
from knowledge_base.chunker import chunk_document
from knowledge_base.formats import to_markdown

log = structlog.get_logger(__name__)
_LATER = ("owner", "review_by")  # unknown to the first hashes: where unset, those stay the same


def hash_of(content: DocumentCreate) -> str:
    """The same for the same text and facts, on every run."""
    said = content.model_dump(mode="json")
    said = {name: value for name, value in said.items() if value is not None or name not in _LATER}
    facts = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(facts.encode()).hexdigest()


def require_searchable(content: DocumentCreate) -> None:
    """Refuse a text that no search could ever find: broken markup, headings alone."""
    try:
        body = to_markdown(content.body.encode(), DocumentFormat(content.format))
        chunks = chunk_document(_as_document("draft", 1, content.locale, content, body=body))
    except (DocumentUnreadable, RecursionError) as unreadable:
        raise _refused(f"cannot be read as {content.format}") from unreadable
    if not chunks:
        raise _refused("holds headings, but no text below them")


def as_published(
    document: DocumentRecord, version: DocumentVersionRecord, publication: PublicationKey
) -> Document:
    """A publication as the index takes it: always Markdown, in force while it is shown.

    Empty where the text can no longer be read: one old body must not hold up every other.
    """
    try:
        body = as_markdown(version)
    except (DocumentUnreadable, RecursionError):
        log.exception("knowledge.document_unreadable", document=document.id)
        body = ""
    return replace(
        _as_document(document.id, version.version, document.locale, version, body=body),
        effective_from=publication.shown_from,
        expires_at=publication.shown_until,
    )


def as_markdown(version: DocumentVersionRecord) -> str:
    """The text of a version, whatever its format."""
    return to_markdown(version.body.encode(), DocumentFormat(version.format))


def _as_document(
    document_id: str,
    number: int,
    locale: str,
    said: DocumentCreate | DocumentVersionRecord,
    *,
    body: str,
) -> Document:
    return Document(
        document_id=document_id,
        version=number,
        title=said.title,
        body=body,
        locale=locale,
        audience=Audience(said.audience),
        intents=tuple(said.intents),
        source_url=said.source_url,
        effective_from=said.effective_from,
        expires_at=said.expires_at,
    )


def _refused(rule: str) -> BadInput:
    return BadInput("The document cannot be kept.", errors=(FieldError("body", rule),))

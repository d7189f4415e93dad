"""Search and answer for an API caller: what they may read, and only what is published now.

The index may lag behind the database; what it finds is held against the database every time.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from app.auth.caller import Caller, Customer
from app.content_filter import FilterAction, inspect_output
from app.errors import Unavailable
from app.knowledge.repository import DocumentRepository
from app.knowledge.schemas import (
    AnswerRead,
    AnswerRequest,
    CitationRead,
    HitRead,
    SearchRead,
    SearchRequest,
)
from app.parts import Parts
from knowledge_base import Answer, Audience, Citation, Hit, IndexUnavailable, SearchMode

SPARE_HITS = 20  # searched beyond k, in place of those that are outdated


class Cited(Protocol):
    """Whatever is pinned to a version of a document."""

    @property
    def document_id(self) -> str: ...

    @property
    def version(self) -> int: ...


C = TypeVar("C", bound=Cited)


def audiences_of(caller: Caller) -> tuple[Audience, ...]:
    """Visitors read what is public, known customers also theirs, the bank's own side everything."""
    if not isinstance(caller, Customer):
        return tuple(Audience)
    if caller.customer_id is None:
        return (Audience.PUBLIC,)
    return (Audience.PUBLIC, Audience.CUSTOMERS)


def current_only(session: Session, citations: Sequence[Cited]) -> bool:
    """Whether everything cited is the published version of a document that is not deleted."""
    return len(keep_current(session, citations)) == len(citations)


def keep_current(session: Session, cited: Sequence[C]) -> list[C]:
    """Those that are, in their order. Fails closed: an unknown document is not current."""
    published = DocumentRepository(session).published_versions({one.document_id for one in cited})
    return [one for one in cited if published.get(one.document_id) == one.version]


def search(parts: Parts, request: SearchRequest, caller: Caller) -> SearchRead:
    """The best chunks that this caller may read."""
    try:
        version = parts.knowledge.index_version
        hits = parts.knowledge.search(
            request.query,
            k=request.k + SPARE_HITS,
            locale=request.locale,
            mode=SearchMode(request.mode),
            audiences=audiences_of(caller),
        )
    except IndexUnavailable as unavailable:
        raise _unavailable() from unavailable
    with parts.database.read() as session:
        current = set(keep_current(session, [hit.chunk for hit in hits]))
    shown = [hit for hit in hits if hit.chunk in current][: request.k]
    return SearchRead(hits=[_view_hit(parts, hit) for hit in shown], index_version=version)


def answer(parts: Parts, request: AnswerRequest, caller: Caller) -> AnswerRead:
    """An answer in the editors' own words with its citations, or an abstention."""
    try:
        found = parts.knowledge.answer(
            request.question, locale=request.locale, audiences=audiences_of(caller)
        )
    except IndexUnavailable as unavailable:
        raise _unavailable() from unavailable
    text = _filtered(parts, found.text) if found.text is not None else ""
    if not text or not _is_current(parts, found):
        return AnswerRead.abstention(found.confidence)
    return AnswerRead(
        answer=text,
        abstained=False,
        citations=[_view_citation(parts, citation) for citation in found.citations],
        confidence=found.confidence,
    )


def _is_current(parts: Parts, found: Answer) -> bool:
    with parts.database.read() as session:
        return current_only(session, found.citations)


def _view_hit(parts: Parts, hit: Hit) -> HitRead:
    chunk = hit.chunk
    return HitRead(
        document_id=chunk.document_id,
        version=chunk.version,
        chunk_id=chunk.chunk_id,
        title=chunk.title,
        text=_filtered(parts, chunk.text),
        score=hit.score,
    )


def _view_citation(parts: Parts, citation: Citation) -> CitationRead:
    return CitationRead(
        document_id=citation.document_id,
        version=citation.version,
        title=citation.title,
        url=citation.url,
        quote=_filtered(parts, citation.quote),
        chunk_id=citation.chunk_id,
    )


def _filtered(parts: Parts, text: str) -> str:
    """Masked text; empty when the filter blocks it altogether."""
    settings = parts.settings
    checked = inspect_output(
        text, own_values=settings.bank_phones, allowed_hosts=settings.bank_hosts
    )
    return "" if checked.action is FilterAction.BLOCK else checked.text


def _unavailable() -> Unavailable:
    return Unavailable(
        "The knowledge index cannot be read.", code="index_unavailable", retry_after=5
    )

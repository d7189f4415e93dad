"""Search and answer for an API caller: what they may read, and only what is published.

The index may lag behind the database; what it finds is held against the database every time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from app.auth.caller import Caller, Customer
from app.clock import utc_now
from app.content_filter import FilterAction, inspect_output
from app.errors import Forbidden, Unavailable
from app.knowledge.indexing import build_history
from app.knowledge.publication_queries import PublicationRepository
from app.knowledge.schemas import (
    AnswerRead,
    AnswerRequest,
    CitationRead,
    HitRead,
    Perspective,
    SearchRead,
    SearchRequest,
)
from app.parts import Parts
from knowledge_base import Audience, Citation, Hit, IndexUnavailable, SearchMode

SPARE_HITS = 20  # searched beyond k, in place of those that are outdated

_SHOWN_TO = {
    Audience.PUBLIC: (Audience.PUBLIC,),
    Audience.CUSTOMERS: (Audience.PUBLIC, Audience.CUSTOMERS),
    Audience.STAFF: tuple(Audience),
}


class Cited(Protocol):
    """Whatever is pinned to a version of a document."""

    @property
    def document_id(self) -> str: ...

    @property
    def version(self) -> int: ...


C = TypeVar("C", bound=Cited)


def audiences_of(caller: Caller, wanted: str | None = None) -> tuple[Audience, ...]:
    """Visitors read what is public, known customers also theirs, the bank's own side everything.

    `wanted` narrows that to what is shown to this audience.
    """
    if wanted is not None:
        return _SHOWN_TO[Audience(wanted)]
    if not isinstance(caller, Customer):
        return _SHOWN_TO[Audience.STAFF]
    return _SHOWN_TO[Audience.PUBLIC if caller.customer_id is None else Audience.CUSTOMERS]


def require_perspective(request: Perspective, caller: Caller) -> None:
    """Customers look as themselves, and as of now."""
    asked = [name for name in ("as_of", "audience") if getattr(request, name) is not None]
    if asked and isinstance(caller, Customer):
        raise Forbidden(
            f"{' and '.join(asked)}: only staff and integrations with knowledge:read may ask that."
        )


def current_only(
    session: Session,
    citations: Sequence[Cited],
    *,
    since: datetime | None = None,
    at: datetime | None = None,
) -> bool:
    """Whether everything cited may be shown; see `keep_current`."""
    return len(keep_current(session, citations, since=since, at=at)) == len(citations)


def keep_current(
    session: Session,
    cited: Sequence[C],
    *,
    since: datetime | None = None,
    at: datetime | None = None,
) -> list[C]:
    """Those that are published, in their order. Fails closed: an unknown document is not.

    With `at`: those that were, or will be, at that moment. Without: those that are now, or were
    when the search began (`since`) and were replaced as planned while it ran.
    """
    publications = PublicationRepository(session)
    ids = {one.document_id for one in cited}
    if at is not None:
        shown = publications.shown_at(ids, at)
    else:
        now = utc_now()
        shown = publications.shown_now(ids, since=now if since is None else since, now=now)
    return [one for one in cited if (one.document_id, one.version) in shown]


def prepare(parts: Parts, as_of: datetime | None) -> None:
    """A look back needs what has ended, which is indexed when somebody asks for it."""
    if as_of is None:
        return
    built = build_history(parts.database, parts.settings, parts.encoder, reranker=parts.reranker)
    if built is not None:
        parts.knowledge.reload()


def search(parts: Parts, request: SearchRequest, caller: Caller) -> SearchRead:
    """The best chunks that this caller may read."""
    since = utc_now()
    prepare(parts, request.as_of)
    try:
        version = parts.knowledge.index_version
        hits = parts.knowledge.search(
            request.query,
            k=request.k + SPARE_HITS,
            locale=request.locale,
            mode=SearchMode(request.mode),
            audiences=audiences_of(caller, request.audience),
            as_of=request.as_of,
        )
    except IndexUnavailable as unavailable:
        raise _unavailable() from unavailable
    with parts.database.read() as session:
        chunks = [hit.chunk for hit in hits]
        current = set(keep_current(session, chunks, since=since, at=request.as_of))
    shown = [hit for hit in hits if hit.chunk in current][: request.k]
    return SearchRead(hits=[_view_hit(parts, hit) for hit in shown], index_version=version)


def answer(parts: Parts, request: AnswerRequest, caller: Caller) -> AnswerRead:
    """An answer in the editors' own words with its citations, or an abstention."""
    since = utc_now()
    prepare(parts, request.as_of)
    try:
        found = parts.knowledge.answer(
            request.question,
            locale=request.locale,
            audiences=audiences_of(caller, request.audience),
            as_of=request.as_of,
        )
    except IndexUnavailable as unavailable:
        raise _unavailable() from unavailable
    text = filtered(parts, found.text) if found.text is not None else ""
    with parts.database.read() as session:
        is_current = current_only(session, found.citations, since=since, at=request.as_of)
    if not text or not is_current:
        return AnswerRead.abstention(found.confidence)
    return AnswerRead(
        answer=text,
        abstained=False,
        citations=[_view_citation(parts, citation) for citation in found.citations],
        confidence=found.confidence,
    )


def _view_hit(parts: Parts, hit: Hit) -> HitRead:
    chunk = hit.chunk
    return HitRead(
        document_id=chunk.document_id,
        version=chunk.version,
        chunk_id=chunk.chunk_id,
        title=chunk.title,
        text=filtered(parts, chunk.text),
        score=hit.score,
    )


def _view_citation(parts: Parts, citation: Citation) -> CitationRead:
    return CitationRead(
        document_id=citation.document_id,
        version=citation.version,
        title=citation.title,
        url=citation.url,
        quote=filtered(parts, citation.quote),
        chunk_id=citation.chunk_id,
        chunk_hash=citation.chunk_hash,
    )


def filtered(parts: Parts, text: str) -> str:
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

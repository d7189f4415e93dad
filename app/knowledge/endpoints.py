"""Doors of editors: write, read and delete documents. Includes the feature's other doors."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.clock import utc_now
from app.dependencies import PartsDep, ReadSession, WriteSession
from app.idempotency import OnceDep
from app.knowledge.doors import DocumentId, KnowledgeReader, KnowledgeWriter
from app.knowledge.lookup_endpoints import router as lookup
from app.knowledge.people import router as people
from app.knowledge.release_endpoints import router as releases
from app.knowledge.releases import ReleaseService
from app.knowledge.repository import DocumentFilter, DocumentRepository
from app.knowledge.review_endpoints import router as review
from app.knowledge.schemas import DocumentRead, DocumentSummary, Locale, TitleWords
from app.knowledge.service import KnowledgeService
from app.knowledge.submission import SentDep, keep_original, request_body, understand
from app.knowledge.views import summarise_document, view_document
from app.knowledge.workflow import VersionStatus
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.rate_limits import CallerLimit

router = APIRouter(prefix="/knowledge", tags=["Knowledge"], dependencies=[CallerLimit])
router.include_router(review)
router.include_router(releases)
router.include_router(lookup)
router.include_router(people)


@router.post("/documents", status_code=201, openapi_extra=request_body())
def create_document(
    caller: KnowledgeWriter, parts: PartsDep, once: OnceDep, sent: SentDep
) -> DocumentRead:
    """Write a document, as JSON or as a file in a form. It stays a draft until it is published."""
    content = understand(sent)
    original = keep_original(parts.files, sent)
    with parts.database.write() as session:

        def produce() -> DocumentRead:
            service = KnowledgeService(session, caller.actor)
            return view_document(service.create(content, original=original))

        return once.answer(session, produce, status=201)


@router.get("/documents")
def list_documents(
    _caller: KnowledgeReader,
    session: ReadSession,
    locale: Locale | None = None,
    status: VersionStatus | None = None,
    q: Annotated[TitleWords | None, Query(description="Words of the title.")] = None,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[DocumentSummary]:
    """Documents as their newest versions, without the text; the newest document first."""
    rows = DocumentRepository(session).list_newest(
        DocumentFilter(locale=locale, status=status, words=q),
        now=utc_now(),
        after=decode_cursor(after),
        limit=limit,
    )
    more = encode_cursor(rows[-1].document.id) if len(rows) == limit else None
    return Page(items=[summarise_document(row) for row in rows], next=more)


@router.get("/documents/{document_id}")
def read_document(
    document_id: DocumentId, caller: KnowledgeReader, session: ReadSession
) -> DocumentRead:
    """A document as its newest version, and which version customers read."""
    return view_document(KnowledgeService(session, caller.actor).get(document_id))


@router.put("/documents/{document_id}", openapi_extra=request_body())
def update_document(
    document_id: DocumentId, caller: KnowledgeWriter, parts: PartsDep, sent: SentDep
) -> DocumentRead:
    """Write the next version, as a draft. What customers read stays until it is published."""
    with parts.database.read() as session:
        locale = KnowledgeService(session, caller.actor).get(document_id).document.locale
    content = understand(sent, locale=locale)
    original = keep_original(parts.files, sent)
    with parts.database.write() as session:
        service = KnowledgeService(session, caller.actor)
        return view_document(service.add_version(document_id, content, original=original))


@router.delete("/documents/{document_id}", status_code=204)
def delete_document(
    document_id: DocumentId, caller: KnowledgeWriter, session: WriteSession
) -> Response:
    """Take a document away. It is never found or cited again, except by looking back."""
    ReleaseService(session, caller.actor).delete(document_id)
    return Response(status_code=204)

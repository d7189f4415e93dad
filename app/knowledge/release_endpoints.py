"""Doors to what customers read: publications, go back, withdraw, unschedule, reindex."""

from datetime import UTC, datetime

from fastapi import APIRouter

from app.clock import rfc3339
from app.dependencies import ReadSession, WriteSession
from app.errors import BadInput, FieldError
from app.idempotency import OnceDep
from app.knowledge.doors import DocumentId, KnowledgeReader, KnowledgeWriter
from app.knowledge.release_schemas import PublicationRead, RollbackRequest, UnscheduleRequest
from app.knowledge.releases import ReleaseService
from app.knowledge.schemas import (
    DocumentRead,
    JobRead,
)
from app.knowledge.views import view_document, view_job, view_publication
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor

router = APIRouter()


@router.get("/documents/{document_id}/publications")
def list_publications(
    document_id: DocumentId,
    caller: KnowledgeReader,
    session: ReadSession,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[PublicationRead]:
    """When customers read which version of a document, and will read; the latest first."""
    service = ReleaseService(session, caller.actor)
    service.get(document_id)
    rows = service.publications.list_page(document_id, before=_moment_of(after), limit=limit)
    more = encode_cursor(rfc3339(rows[-1].shown_from)) if len(rows) == limit else None
    return Page(items=[view_publication(row) for row in rows], next=more)


@router.post("/documents/{document_id}/rollback")
def roll_back_document(
    document_id: DocumentId,
    body: RollbackRequest,
    caller: KnowledgeWriter,
    session: WriteSession,
    once: OnceDep,
) -> DocumentRead:
    """Let customers read a version again that they have read before; a schedule stays as it is.

    409 `never_published`, `version_expired`.
    """

    def produce() -> DocumentRead:
        service = ReleaseService(session, caller.actor)
        return view_document(service.roll_back(document_id, body.version))

    return once.answer(session, produce, status=200)


@router.post("/documents/{document_id}/withdraw")
def withdraw_document(
    document_id: DocumentId, caller: KnowledgeWriter, session: WriteSession, once: OnceDep
) -> DocumentRead:
    """Take a document offline at once, and what is scheduled with it. 409 `never_published`."""

    def produce() -> DocumentRead:
        return view_document(ReleaseService(session, caller.actor).withdraw(document_id))

    return once.answer(session, produce, status=200)


@router.post("/documents/{document_id}/unschedule")
def unschedule_document(
    document_id: DocumentId,
    caller: KnowledgeWriter,
    session: WriteSession,
    once: OnceDep,
    body: UnscheduleRequest | None = None,
) -> DocumentRead:
    """Take back what has not begun; what customers read stays. 409 `nothing_scheduled`."""
    number = None if body is None else body.version

    def produce() -> DocumentRead:
        service = ReleaseService(session, caller.actor)
        return view_document(service.cancel_scheduled(document_id, number))

    return once.answer(session, produce, status=200)


@router.post("/reindex", status_code=202)
def reindex(caller: KnowledgeWriter, session: WriteSession, once: OnceDep) -> JobRead:
    """Bring the index up to what is published; a job that waits already is returned."""

    def produce() -> JobRead:
        return view_job(ReleaseService(session, caller.actor).request_reindex())

    return once.answer(session, produce, status=202)


def _moment_of(after: str | None) -> datetime | None:
    value = decode_cursor(after)
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as unknown:
        problem = FieldError("after", "not a cursor of this service")
        raise BadInput("The cursor is not valid.", errors=(problem,)) from unknown

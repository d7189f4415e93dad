"""Doors of the review: versions, submit, publish, go back, reindex."""

from fastapi import APIRouter

from app.dependencies import ReadSession, WriteSession
from app.errors import BadInput, FieldError
from app.idempotency import OnceDep
from app.knowledge.doors import DocumentId, KnowledgeReader, KnowledgeWriter, VersionPath
from app.knowledge.schemas import (
    DocumentRead,
    JobRead,
    PublishRequest,
    RollbackRequest,
    VersionRead,
    VersionSummary,
)
from app.knowledge.service import KnowledgeService
from app.knowledge.views import summarise_version, view_document, view_job, view_version
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor

router = APIRouter()


@router.get("/documents/{document_id}/versions")
def list_versions(
    document_id: DocumentId,
    caller: KnowledgeReader,
    session: ReadSession,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[VersionSummary]:
    """Every state of a document, without the text; the newest first."""
    service = KnowledgeService(session, caller.actor)
    service.get(document_id)
    rows = service.documents.list_versions(document_id, below=_number_of(after), limit=limit)
    more = encode_cursor(str(rows[-1].version)) if len(rows) == limit else None
    return Page(items=[summarise_version(row) for row in rows], next=more)


@router.get("/documents/{document_id}/versions/{version}")
def read_version(
    document_id: DocumentId, version: VersionPath, caller: KnowledgeReader, session: ReadSession
) -> VersionRead:
    """One state of a document with its text."""
    return view_version(KnowledgeService(session, caller.actor).get_version(document_id, version))


@router.post("/documents/{document_id}/submit")
def submit_document(
    document_id: DocumentId, caller: KnowledgeWriter, session: WriteSession, once: OnceDep
) -> DocumentRead:
    """Ask a second person to publish the newest version."""

    def produce() -> DocumentRead:
        return view_document(KnowledgeService(session, caller.actor).submit(document_id))

    return once.answer(session, produce, status=200)


@router.post("/documents/{document_id}/publish")
def publish_document(
    document_id: DocumentId,
    caller: KnowledgeWriter,
    session: WriteSession,
    once: OnceDep,
    body: PublishRequest | None = None,
) -> DocumentRead:
    """Make the newest version what customers read. 409 `second_person_required` for its author."""
    reviewed = body.version if body is not None else None

    def produce() -> DocumentRead:
        service = KnowledgeService(session, caller.actor)
        return view_document(service.publish(document_id, reviewed=reviewed))

    return once.answer(session, produce, status=200)


@router.post("/documents/{document_id}/rollback")
def roll_back_document(
    document_id: DocumentId,
    body: RollbackRequest,
    caller: KnowledgeWriter,
    session: WriteSession,
    once: OnceDep,
) -> DocumentRead:
    """Let customers read a version again that was published before."""

    def produce() -> DocumentRead:
        service = KnowledgeService(session, caller.actor)
        return view_document(service.roll_back(document_id, body.version))

    return once.answer(session, produce, status=200)


@router.post("/reindex", status_code=202)
def reindex(caller: KnowledgeWriter, session: WriteSession, once: OnceDep) -> JobRead:
    """Bring the index up to what is published; a job that waits already is returned."""

    def produce() -> JobRead:
        return view_job(KnowledgeService(session, caller.actor).request_reindex())

    return once.answer(session, produce, status=202)


def _number_of(after: str | None) -> int | None:
    value = decode_cursor(after)
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 10:
        problem = FieldError("after", "not a cursor of this service")
        raise BadInput("The cursor is not valid.", errors=(problem,))
    return int(value)

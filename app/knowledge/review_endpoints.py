"""Doors of the review: versions, what changed between them, submit, reject, publish."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.dependencies import ReadSession, WriteSession
from app.errors import BadInput, FieldError
from app.idempotency import OnceDep
from app.knowledge.content import as_markdown
from app.knowledge.diff import changed_facts, compared_lines
from app.knowledge.doors import DocumentId, KnowledgeReader, KnowledgeWriter, VersionPath
from app.knowledge.release_schemas import DiffRead, PublishRequest, RejectRequest
from app.knowledge.releases import ReleaseService
from app.knowledge.schemas import (
    DocumentRead,
    VersionNumber,
    VersionRead,
    VersionSummary,
)
from app.knowledge.service import KnowledgeService
from app.knowledge.views import compared_facts, summarise_version, view_document, view_version
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
    timeline = service.get(document_id).timeline
    rows = service.documents.list_versions(document_id, below=_number_of(after), limit=limit)
    more = encode_cursor(str(rows[-1].version)) if len(rows) == limit else None
    return Page(items=[summarise_version(row, timeline) for row in rows], next=more)


@router.get("/documents/{document_id}/versions/{version}")
def read_version(
    document_id: DocumentId, version: VersionPath, caller: KnowledgeReader, session: ReadSession
) -> VersionRead:
    """One state of a document with its text."""
    return view_version(KnowledgeService(session, caller.actor).get_version(document_id, version))


@router.get("/documents/{document_id}/diff")
def compare_versions(
    document_id: DocumentId,
    before: Annotated[VersionNumber, Query(alias="from", examples=[1])],
    after: Annotated[VersionNumber, Query(alias="to", examples=[1])],
    caller: KnowledgeReader,
    session: ReadSession,
) -> DiffRead:
    """What changed between two versions: facts, and the text line by line as Markdown."""
    service = KnowledgeService(session, caller.actor)
    old = service.get_version(document_id, before).version
    new = service.get_version(document_id, after).version
    found = {
        "document_id": document_id,
        "from": before,
        "to": after,
        "facts": [
            {"field": one.field, "from": one.before, "to": one.after}
            for one in changed_facts(compared_facts(old), compared_facts(new))
        ],
        "lines": compared_lines(as_markdown(old), as_markdown(new)),
    }
    return DiffRead.model_validate(found)


@router.post("/documents/{document_id}/submit")
def submit_document(
    document_id: DocumentId, caller: KnowledgeWriter, session: WriteSession, once: OnceDep
) -> DocumentRead:
    """Ask a second person to publish the newest version. 409 `not_a_draft`."""

    def produce() -> DocumentRead:
        return view_document(KnowledgeService(session, caller.actor).submit(document_id))

    return once.answer(session, produce, status=200)


@router.post("/documents/{document_id}/reject")
def reject_document(
    document_id: DocumentId,
    body: RejectRequest,
    caller: KnowledgeWriter,
    session: WriteSession,
    once: OnceDep,
) -> DocumentRead:
    """Give a submitted version back to its author, with a reason. 409 `not_submitted`."""

    def produce() -> DocumentRead:
        service = KnowledgeService(session, caller.actor)
        return view_document(service.reject(document_id, body.reason))

    return once.answer(session, produce, status=200)


@router.post("/documents/{document_id}/publish")
def publish_document(
    document_id: DocumentId,
    caller: KnowledgeWriter,
    session: WriteSession,
    once: OnceDep,
    body: PublishRequest | None = None,
) -> DocumentRead:
    """Let customers read the newest version: at once, or from its `effective_from` on.

    409 `second_person_required` for its author, `not_submitted`, `version_changed` when another
    one was reviewed, `version_expired`, `nothing_new` when customers read exactly this already,
    `schedule_pending` when another version waits and `scheduled` does not say what becomes of it.
    """
    asked = body or PublishRequest.model_validate({})

    def produce() -> DocumentRead:
        service = ReleaseService(session, caller.actor)
        return view_document(
            service.publish(document_id, reviewed=asked.version, waiting=asked.scheduled)
        )

    return once.answer(session, produce, status=200)


def _number_of(after: str | None) -> int | None:
    value = decode_cursor(after)
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 10:
        problem = FieldError("after", "not a cursor of this service")
        raise BadInput("The cursor is not valid.", errors=(problem,))
    return int(value)

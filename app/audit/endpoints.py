"""Doors of the audit trail: read, verify, export. Every call leaves an audit event of its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from app.audit import service
from app.audit.repository import EventFilter
from app.audit.schemas import AuditEventRead, VerificationRead
from app.auth.caller import Caller, Scope
from app.auth.dependencies import require
from app.dependencies import PartsDep, WriteSession
from app.errors import BadInput, FieldError
from app.idempotency import OnceDep
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.schemas import Storable

router = APIRouter(prefix="/audit", tags=["audit"])

Auditor = Annotated[Caller, Depends(require(Scope.AUDIT_READ))]
FilterParam = Annotated[Annotated[str, Storable] | None, Query(min_length=1, max_length=100)]
NDJSON = "application/x-ndjson"


@router.get("/events", summary="List audit events, newest first")
def list_events(
    caller: Auditor,
    session: WriteSession,
    actor: FilterParam = None,
    subject: FilterParam = None,
    action: FilterParam = None,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[AuditEventRead]:
    wanted = EventFilter(actor, subject, action, before=_position_of(after))
    events, last = service.list_events(session, wanted, limit=limit, actor=caller.actor)
    items = [AuditEventRead.model_validate(event) for event in events]
    return Page(items=items, next=None if last is None else encode_cursor(str(last)))


@router.post("/verify", summary="Verify every code, root, chain link and signature")
def verify(
    caller: Auditor, session: WriteSession, parts: PartsDep, once: OnceDep
) -> VerificationRead:
    security = parts.settings.security
    trust = service.build_trust(
        audit_key=security.audit_key.get_secret_value().encode(),
        signer=parts.audit_signer,
        folder=parts.settings.var,
    )
    report = service.verify_trail(parts.database, trust)

    def produce() -> VerificationRead:
        service.record_verification(session, report, actor=caller.actor)
        return VerificationRead.model_validate(report.as_json())

    return once.answer(session, produce, status=200)


@router.get(
    "/export",
    summary="Export the trail with its blocks and a checkpoint",
    response_class=StreamingResponse,
    responses={200: {"content": {NDJSON: {"example": '{"type":"event","position":1}\n'}}}},
)
def export(caller: Auditor, session: WriteSession, parts: PartsDep) -> StreamingResponse:
    service.record_export(session, actor=caller.actor)
    lines = service.export_trail(parts.database, parts.audit_signer)
    headers = {"Content-Disposition": 'attachment; filename="audit.ndjson"'}
    return StreamingResponse(lines, media_type=NDJSON, headers=headers)


def _position_of(cursor: str | None) -> int | None:
    value = decode_cursor(cursor)
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        problem = FieldError("after", "not a cursor of this service")
        raise BadInput("The cursor is not valid.", errors=(problem,))
    return int(value)

"""Records of imports become bodies."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.db.ingestion import DocumentImportRecord
from app.ingestion import service
from app.ingestion.repository import ImportRepository
from app.ingestion.schemas import ImportItemRead, ImportRead, ImportSummary

_OUTCOMES = ("waiting", "created", "updated", "unchanged", "failed")


def view_import(session: Session, row: DocumentImportRecord) -> ImportRead:
    items = ImportRepository(session).list_items(row.id)
    counts = Counter(item.outcome for item in items)
    shown = [ImportItemRead.model_validate(item) for item in items]
    return ImportRead(**_facts(row, counts), items=shown)


def summarise_imports(
    session: Session, rows: Sequence[DocumentImportRecord]
) -> list[ImportSummary]:
    counts = service.count(session, rows)
    return [ImportSummary(**_facts(row, counts[row.id])) for row in rows]


def _facts(row: DocumentImportRecord, counts: Counter[str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "origin": row.origin,
        "address": row.address,
        "submit": row.submit,
        "status": row.status,
        "reason": row.reason,
        "total": counts.total(),
        **{name: counts[name] for name in _OUTCOMES},
        "requested_by": row.requested_by,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }

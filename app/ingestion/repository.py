"""All SQL for imports, their items, and the documents that came from outside."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.document import DocumentRecord, DocumentVersionRecord
from app.db.ingestion import DocumentImportItemRecord, DocumentImportRecord
from app.db.repository import Repository


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document of some name, and what was last imported into it."""

    document_id: str
    latest_version: int
    is_deleted: bool
    imported_hash: str | None
    is_ours: bool  # its newest version was written by the system


class SourceRepository:
    """Documents by the name that an import gave them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find(self, slug: str) -> KnownDocument | None:
        """Deleted ones too: whoever imports decides what that means."""
        document = self.session.scalar(select(DocumentRecord).where(DocumentRecord.slug == slug))
        if document is None:
            return None
        by_system = self.session.execute(
            select(DocumentVersionRecord.version, DocumentVersionRecord.content_hash)
            .where(
                DocumentVersionRecord.document_id == document.id,
                DocumentVersionRecord.author_kind == "system",
            )
            .order_by(DocumentVersionRecord.version.desc())
            .limit(1)
        ).one_or_none()
        return KnownDocument(
            document_id=document.id,
            latest_version=document.latest_version,
            is_deleted=document.deleted_at is not None,
            imported_hash=self._imported_hash(document.id) or (by_system and by_system[1]),
            is_ours=by_system is not None and by_system[0] == document.latest_version,
        )

    def _imported_hash(self, document_id: str) -> str | None:
        return self.session.scalar(
            select(DocumentImportItemRecord.content_hash)
            .where(
                DocumentImportItemRecord.document_id == document_id,
                DocumentImportItemRecord.content_hash.is_not(None),
            )
            .order_by(DocumentImportItemRecord.id.desc())
            .limit(1)
        )


class ImportRepository(Repository[DocumentImportRecord]):
    record = DocumentImportRecord

    def list_page(self, *, after: str | None, limit: int) -> Sequence[DocumentImportRecord]:
        """Newest first."""
        query = select(DocumentImportRecord).order_by(DocumentImportRecord.id.desc()).limit(limit)
        if after is not None:
            query = query.where(DocumentImportRecord.id < after)
        return self.session.scalars(query).all()

    def add_item(self, item: DocumentImportItemRecord) -> DocumentImportItemRecord:
        self.session.add(item)
        self.session.flush()
        return item

    def find_item(self, item_id: str) -> DocumentImportItemRecord | None:
        return self.session.get(DocumentImportItemRecord, item_id)

    def list_items(self, import_id: str) -> Sequence[DocumentImportItemRecord]:
        """In the order of the import; parts of a table follow their first one."""
        return self.session.scalars(
            select(DocumentImportItemRecord)
            .where(DocumentImportItemRecord.import_id == import_id)
            .order_by(DocumentImportItemRecord.position)
        ).all()

    def find_waiting(self, import_id: str) -> DocumentImportItemRecord | None:
        """The first item that nothing has become of yet."""
        return self.session.scalar(
            select(DocumentImportItemRecord)
            .where(
                DocumentImportItemRecord.import_id == import_id,
                DocumentImportItemRecord.outcome == "waiting",
            )
            .order_by(DocumentImportItemRecord.position)
            .limit(1)
        )

    def last_position(self, import_id: str) -> int:
        """0 when there is no item."""
        found = self.session.scalar(
            select(func.max(DocumentImportItemRecord.position)).where(
                DocumentImportItemRecord.import_id == import_id
            )
        )
        return found or 0

    def count_outcomes(self, import_ids: Sequence[str]) -> dict[str, Counter[str]]:
        """How many items of each import came to which outcome."""
        rows = self.session.execute(
            select(
                DocumentImportItemRecord.import_id,
                DocumentImportItemRecord.outcome,
                func.count(),
            )
            .where(DocumentImportItemRecord.import_id.in_(import_ids))
            .group_by(DocumentImportItemRecord.import_id, DocumentImportItemRecord.outcome)
        )
        counted: dict[str, Counter[str]] = {one: Counter() for one in import_ids}
        for import_id, outcome, count in rows:
            counted[import_id][outcome] = count
        return counted

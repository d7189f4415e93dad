"""All SQL for documents and their versions. A deleted document is found by nobody but the seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, or_, select

from app.db.document import DocumentRecord, DocumentVersionRecord
from app.db.job import JobRecord
from app.db.repository import Repository
from app.knowledge.publication_queries import PublicationRepository, has_status
from app.knowledge.timeline import Timeline
from app.knowledge.workflow import VersionStatus


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with one of its versions, and when customers read which."""

    document: DocumentRecord
    version: DocumentVersionRecord
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents an editor looks for; by their newest versions."""

    locale: str | None = None
    status: VersionStatus | None = None
    words: str | None = None  # somewhere in the title or the file name


class DocumentRepository(Repository[DocumentRecord]):
    record = DocumentRecord

    def find_newest(self, document_id: str, *, locked: bool = False) -> StoredDocument | None:
        """The document with its newest version; `locked` holds its row for a change."""
        if locked:
            self._lock(document_id)
        row = self.session.execute(_newest().where(DocumentRecord.id == document_id)).one_or_none()
        return None if row is None else self._with_timelines([row])[0]

    def find_version(self, document_id: str, version: int) -> DocumentVersionRecord | None:
        return self.session.scalar(
            select(DocumentVersionRecord).where(
                DocumentVersionRecord.document_id == document_id,
                DocumentVersionRecord.version == version,
            )
        )

    def list_newest(
        self, wanted: DocumentFilter, *, now: datetime, after: str | None, limit: int
    ) -> Sequence[StoredDocument]:
        """Newest documents first, each with its newest version."""
        query = _newest()
        if wanted.locale is not None:
            query = query.where(DocumentRecord.locale == wanted.locale)
        if wanted.status is not None:
            query = query.where(has_status(wanted.status, now))
        if wanted.words is not None:
            query = query.where(
                or_(
                    DocumentVersionRecord.title.icontains(wanted.words, autoescape=True),
                    DocumentRecord.slug.icontains(wanted.words, autoescape=True),
                )
            )
        if after is not None:
            query = query.where(DocumentRecord.id < after)
        rows = self.session.execute(query.order_by(DocumentRecord.id.desc()).limit(limit))
        return self._with_timelines(rows.all())

    def list_versions(
        self, document_id: str, *, below: int | None, limit: int
    ) -> Sequence[DocumentVersionRecord]:
        """Newest first."""
        query = select(DocumentVersionRecord).where(
            DocumentVersionRecord.document_id == document_id
        )
        if below is not None:
            query = query.where(DocumentVersionRecord.version < below)
        newest_first = query.order_by(DocumentVersionRecord.version.desc())
        return self.session.scalars(newest_first.limit(limit)).all()

    def find_due_job(self, kind: str, *, now: datetime) -> JobRecord | None:
        """A due job that nobody has begun; held, so that it begins after our commit."""
        return self.session.scalar(
            select(JobRecord)
            .where(JobRecord.kind == kind, JobRecord.state == "ready", JobRecord.run_after <= now)
            .order_by(JobRecord.run_after)
            .limit(1)
            .with_for_update()
        )

    def _with_timelines(
        self, rows: Sequence[Row[DocumentRecord, DocumentVersionRecord]]
    ) -> list[StoredDocument]:
        timelines = PublicationRepository(self.session).timelines_of([row[0].id for row in rows])
        return [StoredDocument(row[0], row[1], timelines[row[0].id]) for row in rows]

    def _lock(self, document_id: str) -> None:
        self.session.execute(
            select(DocumentRecord)
            .where(DocumentRecord.id == document_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )


def _newest() -> Select[DocumentRecord, DocumentVersionRecord]:
    return (
        select(DocumentRecord, DocumentVersionRecord)
        .join(
            DocumentVersionRecord,
            and_(
                DocumentVersionRecord.document_id == DocumentRecord.id,
                DocumentVersionRecord.version == DocumentRecord.latest_version,
            ),
        )
        .where(DocumentRecord.deleted_at.is_(None))
    )

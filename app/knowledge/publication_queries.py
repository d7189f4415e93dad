"""All SQL for publications: the timeline of documents, and what may be shown at a moment."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.audit_trail import Actor
from app.db.document import DocumentRecord, DocumentVersionRecord, PublicationRecord
from app.db.repository import Repository
from app.knowledge.timeline import Publication, Timeline
from app.knowledge.workflow import AuthorKind, VersionStatus

VersionKey = tuple[str, int]  # document id, version


class PublicationRepository(Repository[PublicationRecord]):
    record = PublicationRecord

    def timelines_of(self, document_ids: Collection[str]) -> dict[str, Timeline]:
        """The timeline of each of these documents, as the database has it now."""
        rows = self.session.execute(
            select(
                PublicationRecord.document_id,
                PublicationRecord.version,
                PublicationRecord.shown_from,
                PublicationRecord.shown_until,
                DocumentVersionRecord.expires_at,
            )
            .join(
                DocumentVersionRecord,
                and_(
                    DocumentVersionRecord.document_id == PublicationRecord.document_id,
                    DocumentVersionRecord.version == PublicationRecord.version,
                ),
            )
            .where(PublicationRecord.document_id.in_(document_ids))
            .order_by(PublicationRecord.document_id, PublicationRecord.shown_from)
        )
        found: defaultdict[str, list[Publication]] = defaultdict(list)
        for document_id, version, shown_from, shown_until, expires_at in rows:
            found[document_id].append(Publication(version, shown_from, shown_until, expires_at))
        return {document_id: tuple(found[document_id]) for document_id in document_ids}

    def timeline_of(self, document_id: str) -> Timeline:
        return self.timelines_of([document_id])[document_id]

    def save(
        self, document_id: str, timeline: Timeline, *, actor: Actor, kind: AuthorKind, cause: str
    ) -> None:
        """Make the rows of a locked document say this. New ones are this actor's act.

        Room is made before it is taken: the database refuses overlaps at every statement.
        """
        rows = {(row.version, row.shown_from): row for row in self._rows_of(document_id)}
        wanted = {(one.version, one.shown_from): one for one in timeline}
        for key in rows.keys() - wanted.keys():
            self.session.delete(rows[key])
        self.session.flush()
        for key in rows.keys() & wanted.keys():
            rows[key].shown_until = wanted[key].shown_until
        self.session.flush()
        self.session.add_all(
            PublicationRecord(
                document_id=document_id,
                version=one.version,
                shown_from=one.shown_from,
                shown_until=one.shown_until,
                cause=cause,
                approver_id=actor.id,
                approver_kind=kind.value,
            )
            for key, one in wanted.items()
            if key not in rows
        )
        self.session.flush()

    def list_page(
        self, document_id: str, *, before: datetime | None, limit: int
    ) -> Sequence[PublicationRecord]:
        """The latest first."""
        query = select(PublicationRecord).where(PublicationRecord.document_id == document_id)
        if before is not None:
            query = query.where(PublicationRecord.shown_from < before)
        return self.session.scalars(
            query.order_by(PublicationRecord.shown_from.desc()).limit(limit)
        ).all()

    def shown_at(self, document_ids: Collection[str], moment: datetime) -> set[VersionKey]:
        """What was shown, or will be, at this moment; deleted since or not."""
        return self._keys(
            PublicationRecord.document_id.in_(document_ids),
            PublicationRecord.shown_from <= moment,
            not_ended(moment),
        )

    def shown_now(
        self, document_ids: Collection[str], *, since: datetime, now: datetime
    ) -> set[VersionKey]:
        """What may be shown by somebody who began to look at `since`, before `now`.

        A planned switch in between takes nothing from them. A decision (withdrawal, deletion, a new
        version at once) counts from its commit on, whatever the clocks of two machines say.
        """
        decided = DocumentRecord.decided_at
        return self._keys(
            PublicationRecord.document_id.in_(document_ids),
            DocumentRecord.deleted_at.is_(None),
            or_(PublicationRecord.shown_from <= now, PublicationRecord.shown_from <= decided),
            not_ended(since),
            or_(
                PublicationRecord.shown_until.is_(None),
                decided.is_(None),
                PublicationRecord.shown_until > decided,
            ),
        )

    def _keys(self, *conditions: ColumnElement[bool]) -> set[VersionKey]:
        rows = self.session.execute(
            select(PublicationRecord.document_id, PublicationRecord.version)
            .join(DocumentRecord, DocumentRecord.id == PublicationRecord.document_id)
            .where(*conditions)
        )
        return {(row.document_id, row.version) for row in rows}

    def _rows_of(self, document_id: str) -> Sequence[PublicationRecord]:
        return self.session.scalars(
            select(PublicationRecord)
            .where(PublicationRecord.document_id == document_id)
            .execution_options(populate_existing=True)
        ).all()


def not_ended(moment: datetime) -> ColumnElement[bool]:
    """Publications that do not lie wholly before this moment."""
    return or_(PublicationRecord.shown_until.is_(None), PublicationRecord.shown_until > moment)


def has_status(status: VersionStatus, now: datetime) -> ColumnElement[bool]:
    """Versions that editors are shown with this status; the twin of `workflow.status_of`."""
    if status in (VersionStatus.DRAFT, VersionStatus.SUBMITTED):
        return DocumentVersionRecord.status == status.value
    approved = DocumentVersionRecord.status == "approved"
    published = _has_publication(PublicationRecord.shown_from <= now, not_ended(now))
    waiting = _has_publication(PublicationRecord.shown_from > now)
    return {
        VersionStatus.PUBLISHED: and_(approved, published),
        VersionStatus.SCHEDULED: and_(approved, ~published, waiting),
        VersionStatus.RETIRED: and_(approved, ~published, ~waiting),
    }[status]


def _has_publication(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        PublicationRecord.document_id == DocumentVersionRecord.document_id,
        PublicationRecord.version == DocumentVersionRecord.version,
        *conditions,
    )

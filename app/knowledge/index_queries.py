"""What the index should hold: keys of publications, cheap even for many; then bodies."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.document import DocumentRecord, DocumentVersionRecord, PublicationRecord
from app.knowledge.publication_queries import not_ended

BATCH = 500  # ids in one statement
_KEY_COLUMNS = (
    PublicationRecord.document_id,
    PublicationRecord.version,
    PublicationRecord.shown_from,
    PublicationRecord.shown_until,
)


@dataclass(frozen=True, slots=True)
class PublicationKey:
    """Names a publication together with its interval: a changed end is another key."""

    document_id: str
    version: int
    shown_from: datetime
    shown_until: datetime | None


@dataclass(frozen=True, slots=True)
class StoredPublication:
    """A publication with the text that it shows."""

    document: DocumentRecord
    version: DocumentVersionRecord
    publication: PublicationKey


def list_publication_keys(
    session: Session, *, ending_after: datetime, document_ids: Collection[str] | None = None
) -> set[PublicationKey]:
    """What is shown after this moment, now or later, of documents that are not deleted.

    Of all of them, or of these.
    """
    standing = (DocumentRecord.deleted_at.is_(None), not_ended(ending_after))
    if document_ids is None:
        return _keys(session, *standing)
    return {
        key
        for some in _in_batches(document_ids)
        for key in _keys(session, *standing, DocumentRecord.id.in_(some))
    }


def list_changed_documents(session: Session, *, since: datetime) -> set[str]:
    """Documents, deleted ones too, about which somebody has decided at this moment or later.

    A decision is dated before it commits: ask again for the last minute or so.
    """
    return set(session.scalars(select(DocumentRecord.id).where(DocumentRecord.decided_at >= since)))


def list_ended_publications(session: Session, *, ended_by: datetime) -> set[PublicationKey]:
    """What was shown before and had ended at this moment, of deleted documents too."""
    return _keys(session, PublicationRecord.shown_until <= ended_by)


def load_publications(
    session: Session, keys: Collection[PublicationKey]
) -> list[StoredPublication]:
    """These publications with their bodies, by document and begin; those that are gone are missing.

    A publication whose end has changed since is gone: its key names another interval.
    """
    wanted = set(keys)
    return [
        found
        for some in _in_batches({key.document_id for key in wanted})
        for found in _load(session, some)
        if found.publication in wanted
    ]


def _load(session: Session, document_ids: Collection[str]) -> Iterator[StoredPublication]:
    rows = session.execute(
        select(DocumentRecord, DocumentVersionRecord, *_KEY_COLUMNS)
        .join(DocumentVersionRecord, DocumentVersionRecord.document_id == DocumentRecord.id)
        .join(
            PublicationRecord,
            (PublicationRecord.document_id == DocumentRecord.id)
            & (PublicationRecord.version == DocumentVersionRecord.version),
        )
        .where(DocumentRecord.id.in_(document_ids))
        .order_by(DocumentRecord.id, PublicationRecord.shown_from)
    )
    for document, version, _, _, shown_from, shown_until in rows:
        key = PublicationKey(document.id, version.version, shown_from, shown_until)
        yield StoredPublication(document, version, key)


def _in_batches(document_ids: Collection[str]) -> Iterator[list[str]]:
    ids = sorted(document_ids)
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _keys(session: Session, *conditions: ColumnElement[bool]) -> set[PublicationKey]:
    rows = session.execute(
        select(*_KEY_COLUMNS)
        .join(DocumentRecord, DocumentRecord.id == PublicationRecord.document_id)
        .where(*conditions)
    )
    return {PublicationKey(*row) for row in rows}

"""What every act on a document needs: its locked row, the moment, the audit event. No HTTP."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.clock import utc_now
from app.db.document import DocumentRecord, DocumentVersionRecord
from app.db.job import JobRecord
from app.errors import NotFound
from app.jobs.enqueue import enqueue
from app.knowledge.publication_queries import PublicationRepository
from app.knowledge.repository import DocumentRepository, StoredDocument
from app.knowledge.workflow import Author, AuthorKind

REINDEX = "knowledge.reindex"
_KIND_OF_ACTOR = {  # no other actor writes documents
    "staff": AuthorKind.STAFF,
    "key": AuthorKind.INTEGRATION,
    "system": AuthorKind.SYSTEM,
}


class Editing:
    """Documents in the hands of one actor."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor
        self.documents = DocumentRepository(session)
        self.publications = PublicationRepository(session)

    def get(self, document_id: str) -> StoredDocument:
        """A document with its newest version; a deleted one looks like none."""
        return _found(self.documents.find_newest(document_id))

    def get_version(self, document_id: str, number: int) -> StoredDocument:
        """A document that is not deleted, with one of its versions."""
        stored = self.get(document_id)
        version = self.documents.find_version(document_id, number)
        if version is None:
            raise NotFound("No such version of this document.", code="version_not_found")
        return StoredDocument(stored.document, version, stored.timeline)

    def request_reindex(self) -> JobRecord:
        """A job that brings the index up to date; one that waits already will do."""
        waiting = self.documents.find_due_job(REINDEX, now=utc_now())
        if waiting is not None:
            return waiting
        job = enqueue(self.session, REINDEX)
        record(self.session, "knowledge.reindex_requested", actor=self.actor, subject=job.id)
        return job

    @property
    def author(self) -> Author:
        """This actor, as one who writes or approves."""
        return Author(_KIND_OF_ACTOR[self.actor.kind], self.actor.id)

    def lock(self, document_id: str) -> StoredDocument:
        """The document, held until the transaction ends."""
        return _found(self.documents.find_newest(document_id, locked=True))

    def touch(self, document: DocumentRecord) -> None:
        document.updated_at = utc_now()
        self.session.flush()

    def record(self, action: str, version: DocumentVersionRecord, **details: object) -> None:
        """An audit event about a version; details that are None are left out."""
        known: dict[str, Any] = {
            name: value for name, value in details.items() if value is not None
        }
        record(
            self.session,
            action,
            actor=self.actor,
            subject=version.document_id,
            version=version.version,
            content=version.content_hash,
            **known,
        )


def moment_for(document: DocumentRecord) -> datetime:
    """Now; never before the last decision about this document, whose clock may have run ahead."""
    now = utc_now()
    return now if document.decided_at is None else max(now, document.decided_at)


def author_of(version: DocumentVersionRecord) -> Author:
    """Who wrote it."""
    kind = AuthorKind(version.author_kind) if version.author_kind else AuthorKind.STAFF
    return Author(kind, version.author_id or "")


def _found(stored: StoredDocument | None) -> StoredDocument:
    if stored is None:
        raise NotFound("No such document.", code="document_not_found")
    return stored

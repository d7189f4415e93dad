"""What editors do with documents; every step leaves an audit event. Knows nothing about HTTP."""

from typing import Any

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.clock import utc_now
from app.db.document import DocumentRecord, DocumentVersionRecord
from app.db.job import JobRecord
from app.errors import BadInput, FieldError, NotFound, StateConflict
from app.jobs.enqueue import enqueue
from app.knowledge.content import hash_of
from app.knowledge.repository import DocumentRepository, StoredDocument
from app.knowledge.schemas import DocumentCreate
from app.knowledge.workflow import (
    Author,
    AuthorKind,
    VersionStatus,
    require_second_person,
    require_was_published,
    transition,
)

REINDEX = "knowledge.reindex"
_KIND_OF_ACTOR = {  # no other actor writes documents
    "staff": AuthorKind.STAFF,
    "key": AuthorKind.INTEGRATION,
    "system": AuthorKind.SYSTEM,
}


class KnowledgeService:
    """Documents and their versions, changed by one actor."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor
        self.documents = DocumentRepository(session)

    def get(self, document_id: str) -> StoredDocument:
        """A document with its newest version; a deleted one looks like none."""
        return self._found(self.documents.find_newest(document_id))

    def get_version(self, document_id: str, number: int) -> DocumentVersionRecord:
        """One version of a document that is not deleted."""
        self.get(document_id)
        found = self.documents.find_version(document_id, number)
        if found is None:
            raise NotFound("No such version of this document.", code="version_not_found")
        return found

    def create(
        self, content: DocumentCreate, *, slug: str | None = None, original: str | None = None
    ) -> StoredDocument:
        """A new document, as a draft. `original` names the stored file that it came from."""
        now = utc_now()
        document = self.documents.add(
            DocumentRecord(slug=slug, locale=content.locale, latest_version=1, updated_at=now)
        )
        version = self._write_version(document, content, number=1)
        self._record("document.created", version, original=original)
        return StoredDocument(document, version)

    def add_version(
        self, document_id: str, content: DocumentCreate, *, original: str | None = None
    ) -> StoredDocument:
        """The next version, as a draft; what customers read stays as it is."""
        document = self._lock(document_id).document
        if content.locale != document.locale:
            rule = f"must stay {document.locale}: another language is another document"
            raise BadInput("The language is fixed.", errors=(FieldError("locale", rule),))
        document.latest_version += 1
        version = self._write_version(document, content, number=document.latest_version)
        self._touch(document)
        self._record("document.version_created", version, original=original)
        return StoredDocument(document, version)

    def submit(self, document_id: str) -> StoredDocument:
        """Ask a second person to publish the newest version."""
        stored = self._lock(document_id)
        if stored.version.status == VersionStatus.SUBMITTED:
            return stored
        stored.version.status = transition(stored.version.status, to=VersionStatus.SUBMITTED)
        self._touch(stored.document)
        self._record("document.submitted", stored.version)
        return stored

    def publish(self, document_id: str, *, reviewed: int | None = None) -> StoredDocument:
        """Make the newest version what customers read; by somebody other than its author."""
        stored = self._lock(document_id)
        version = stored.version
        if reviewed is not None and reviewed != version.version:
            raise StateConflict(
                f"Version {reviewed} was reviewed, but version {version.version} is the newest.",
                code="version_changed",
            )
        if version.status == VersionStatus.PUBLISHED:
            return stored
        status = transition(version.status, to=VersionStatus.PUBLISHED)
        require_second_person(_author_of(version), _author(self.actor))
        version.approver_id = self.actor.id
        self._show(stored.document, version, status)
        self._record("document.published", version)
        self.request_reindex()
        return stored

    def roll_back(self, document_id: str, number: int) -> StoredDocument:
        """Point again at a version that customers have read before."""
        document = self._lock(document_id).document
        version = self.get_version(document_id, number)
        require_was_published(version.status)
        if document.published_version != number:
            left = document.published_version
            self._show(document, version, VersionStatus.PUBLISHED.value)
            self._record("document.rolled_back", version, was=left)
            self.request_reindex()
        return self.get(document_id)

    def delete(self, document_id: str) -> None:
        """Take a document away; from this commit on it is never shown, indexed or not."""
        stored = self._lock(document_id)
        stored.document.deleted_at = utc_now()
        self._touch(stored.document)
        self._record("document.deleted", stored.version)
        self.request_reindex()

    def request_reindex(self) -> JobRecord:
        """A job that brings the index up to date; one that waits already will do."""
        waiting = self.documents.find_due_job(REINDEX, now=utc_now())
        if waiting is not None:
            return waiting
        job = enqueue(self.session, REINDEX)
        record(self.session, "knowledge.reindex_requested", actor=self.actor, subject=job.id)
        return job

    def publish_as_system(self, stored: StoredDocument) -> None:
        """For articles that come with the product, which were reviewed there."""
        self._show(stored.document, stored.version, VersionStatus.PUBLISHED.value)
        self._record("document.published", stored.version)

    def _show(self, document: DocumentRecord, version: DocumentVersionRecord, status: str) -> None:
        """Exactly one version is published: the one that was before retires."""
        if document.published_version is not None:
            before = self.documents.find_version(document.id, document.published_version)
            if before is not None:
                before.status = transition(before.status, to=VersionStatus.RETIRED)
        version.status = status
        version.published_at = utc_now()
        document.published_version = version.version
        self._touch(document)

    def _write_version(
        self, document: DocumentRecord, content: DocumentCreate, *, number: int
    ) -> DocumentVersionRecord:
        author = _author(self.actor)
        version = DocumentVersionRecord(
            document_id=document.id,
            version=number,
            status=VersionStatus.DRAFT.value,
            author_id=author.id,
            author_kind=author.kind.value,
            content_hash=hash_of(content),
            **content.model_dump(exclude={"locale"}),
        )
        self.session.add(version)
        self.session.flush()
        return version

    def _lock(self, document_id: str) -> StoredDocument:
        return self._found(self.documents.find_newest(document_id, locked=True))

    def _found(self, stored: StoredDocument | None) -> StoredDocument:
        if stored is None:
            raise NotFound("No such document.", code="document_not_found")
        return stored

    def _touch(self, document: DocumentRecord) -> None:
        document.updated_at = utc_now()
        self.session.flush()

    def _record(
        self, action: str, version: DocumentVersionRecord, **details: str | int | None
    ) -> None:
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


def _author(actor: Actor) -> Author:
    return Author(_KIND_OF_ACTOR[actor.kind], actor.id)


def _author_of(version: DocumentVersionRecord) -> Author:
    kind = AuthorKind(version.author_kind) if version.author_kind else AuthorKind.STAFF
    return Author(kind, version.author_id or "")

"""What editors write, and how they ask for a review; every step leaves an audit event. No HTTP."""

from app.clock import utc_now
from app.db.document import DocumentRecord, DocumentVersionRecord
from app.errors import BadInput, FieldError
from app.knowledge.content import hash_of
from app.knowledge.editing import REINDEX, Editing
from app.knowledge.repository import StoredDocument
from app.knowledge.schemas import DocumentCreate
from app.knowledge.workflow import ReviewState, Step, status_of, take

__all__ = ["REINDEX", "KnowledgeService"]


class KnowledgeService(Editing):
    """Documents and their versions, until somebody decides about them."""

    def create(
        self, content: DocumentCreate, *, slug: str | None = None, original: str | None = None
    ) -> StoredDocument:
        """A new document, as a draft. `original` names the stored file that it came from."""
        now = utc_now()
        document = self.documents.add(
            DocumentRecord(slug=slug, locale=content.locale, latest_version=1, updated_at=now)
        )
        version = self._write_version(document, content, number=1)
        self.record("document.created", version, original=original)
        return StoredDocument(document, version, ())

    def add_version(
        self, document_id: str, content: DocumentCreate, *, original: str | None = None
    ) -> StoredDocument:
        """The next version, as a draft; what customers read stays as it is."""
        stored = self.lock(document_id)
        document = stored.document
        if content.locale != document.locale:
            rule = f"must stay {document.locale}: another language is another document"
            raise BadInput("The language is fixed.", errors=(FieldError("locale", rule),))
        document.latest_version += 1
        version = self._write_version(document, content, number=document.latest_version)
        self.touch(document)
        self.record("document.version_created", version, original=original)
        return StoredDocument(document, version, stored.timeline)

    def submit(self, document_id: str) -> StoredDocument:
        """Ask a second person to publish the newest version."""
        stored = self.lock(document_id)
        if stored.version.status == ReviewState.SUBMITTED:
            return stored
        self._take(Step.SUBMIT, stored)
        self.record("document.submitted", stored.version)
        return stored

    def reject(self, document_id: str, reason: str) -> StoredDocument:
        """Give the newest version back to its author, who is told why."""
        stored = self.lock(document_id)
        version = stored.version
        if version.status == ReviewState.DRAFT and version.rejected_reason == reason:
            return stored
        self._take(Step.REJECT, stored)
        version.rejected_reason = reason
        version.rejected_by_id = self.actor.id
        version.rejected_at = utc_now()
        self.record("document.rejected", version)
        return stored

    def _take(self, step: Step, stored: StoredDocument) -> None:
        version = stored.version
        shown = status_of(version.status, version.version, stored.timeline, utc_now())
        version.status = take(step, version.status, shown=shown)
        self.touch(stored.document)

    def _write_version(
        self, document: DocumentRecord, content: DocumentCreate, *, number: int
    ) -> DocumentVersionRecord:
        version = DocumentVersionRecord(
            document_id=document.id,
            version=number,
            status=ReviewState.DRAFT.value,
            author_id=self.author.id,
            author_kind=self.author.kind.value,
            content_hash=hash_of(content),
            **content.model_dump(exclude={"locale"}),
        )
        self.session.add(version)
        self.session.flush()
        return version

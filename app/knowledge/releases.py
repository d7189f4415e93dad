"""What customers read: publish, schedule, go back, withdraw, delete. Knows nothing about HTTP.

Every act locks the document, rewrites its timeline from now on, and leaves an audit event in the
same transaction. Nothing has to happen when a publication begins or ends.
"""

from dataclasses import replace
from datetime import datetime

from app.clock import rfc3339
from app.db.document import DocumentVersionRecord
from app.errors import StateConflict
from app.knowledge import timeline as rules
from app.knowledge.editing import Editing, author_of, moment_for
from app.knowledge.repository import StoredDocument
from app.knowledge.timeline import Publication, Timeline, begun, scheduled, shown_at
from app.knowledge.workflow import (
    NothingNew,
    ReviewState,
    Step,
    VersionStatus,
    begin_of,
    require_free,
    require_second_person,
    require_was_published,
    status_of,
    take,
)


class ReleaseService(Editing):
    """Decisions about what customers read, and when."""

    def publish(
        self, document_id: str, *, reviewed: int | None = None, waiting: str | None = None
    ) -> StoredDocument:
        """Let the newest version be shown, now or from its `effective_from` on; by a second person.

        `waiting` says what becomes of versions that are scheduled already: replace, or keep.
        """
        stored = self.lock(document_id)
        version, now = stored.version, moment_for(stored.document)
        _require_newest(version, reviewed)
        shown = status_of(version.status, version.version, stored.timeline, now)
        if shown in (VersionStatus.PUBLISHED, VersionStatus.SCHEDULED):
            return stored
        state = take(Step.APPROVE, version.status, shown=shown)
        require_second_person(author_of(version), self.author)
        new = _publication_of(version, now)
        self._require_something_new(stored, now)
        pending = scheduled(stored.timeline, now)
        require_free(pending, new, choice=waiting)
        version.status, version.approver_id = state, self.actor.id
        keep = waiting == "keep"
        after = rules.publish(stored.timeline, new, now=now, keep_scheduled=keep)
        action = "document.published" if new.shown_from == now else "document.scheduled"
        replaced = None if keep else _numbers(pending)
        self.record(action, version, shown_from=rfc3339(new.shown_from), replaced=replaced)
        return self._release(stored, after, now, cause="approved")

    def publish_as_system(self, stored: StoredDocument) -> StoredDocument:
        """For articles that come with the product, which were reviewed there.

        One that has expired already takes the place of what was shown, and is shown to nobody.
        """
        version, now = stored.version, moment_for(stored.document)
        version.status = ReviewState.APPROVED.value
        if version.expires_at is not None and version.expires_at <= now:
            self.record("document.withdrawn", version)
            after = rules.withdraw(stored.timeline, now=now)
        else:
            self.record("document.published", version)
            after = rules.publish(stored.timeline, _publication_of(version, now), now=now)
        return self._release(stored, after, now, cause="shipped", reindex=False)

    def roll_back(self, document_id: str, number: int) -> StoredDocument:
        """Show a version again that customers have read before; what is scheduled stays so."""
        stored = self.lock(document_id)
        version, now = self.get_version(document_id, number).version, moment_for(stored.document)
        require_was_published(number, stored.timeline, now)
        current = shown_at(stored.timeline, now)
        if current is not None and current.version == number:
            return stored
        new = replace(_publication_of(version, now), shown_from=now)
        after = rules.publish(stored.timeline, new, now=now, keep_scheduled=True)
        left = None if current is None else current.version
        self.record("document.rolled_back", version, was=left)
        return self._release(stored, after, now, cause="rolled_back")

    def withdraw(self, document_id: str) -> StoredDocument:
        """Take a document offline, and cancel what is scheduled; it stays with its editors."""
        stored = self.lock(document_id)
        now = moment_for(stored.document)
        if not stored.timeline:
            raise StateConflict(
                "Customers read nothing of this document, and nothing is scheduled.",
                code="never_published",
            )
        after = rules.withdraw(stored.timeline, now=now)
        if after == stored.timeline:
            return stored
        current = shown_at(stored.timeline, now)
        left = None if current is None else current.version
        cancelled = _numbers(scheduled(stored.timeline, now))
        self.record("document.withdrawn", stored.version, was=left, cancelled=cancelled)
        return self._release(stored, after, now)

    def cancel_scheduled(self, document_id: str, number: int | None = None) -> StoredDocument:
        """Take back what has not begun, of one version or of all; what is shown stays shown."""
        stored = self.lock(document_id)
        now = moment_for(stored.document)
        pending = [
            one
            for one in scheduled(stored.timeline, now)
            if number is None or one.version == number
        ]
        if not pending:
            what = "Nothing" if number is None else f"Version {number}"
            negation = "" if number is None else "not "
            raise StateConflict(f"{what} is {negation}scheduled.", code="nothing_scheduled")
        after = rules.cancel(stored.timeline, now=now, version=number)
        self.record(
            "document.schedule_cancelled", stored.version, cancelled=_numbers(tuple(pending))
        )
        return self._release(stored, after, now)

    def delete(self, document_id: str) -> None:
        """Take a document away; from this commit on it is never shown, indexed or not."""
        stored = self.lock(document_id)
        now = moment_for(stored.document)
        stored.document.deleted_at = now
        self.record("document.deleted", stored.version)
        self._release(stored, rules.withdraw(stored.timeline, now=now), now)

    def _release(
        self,
        stored: StoredDocument,
        after: Timeline,
        now: datetime,
        *,
        cause: str = "approved",
        reindex: bool = True,
    ) -> StoredDocument:
        """Write the timeline; an approval that was taken back unread has to be given again."""
        document, version = stored.document, stored.version
        self.publications.save(
            document.id, after, actor=self.actor, kind=self.author.kind, cause=cause
        )
        was_scheduled = any(one.version == version.version for one in stored.timeline)
        is_kept = any(one.version == version.version for one in after)
        if was_scheduled and not is_kept and not begun(stored.timeline, version.version, now):
            version.status = ReviewState.SUBMITTED.value
        document.decided_at = now
        self.touch(document)
        if reindex:
            self.request_reindex()
        return StoredDocument(document, version, after)

    def _require_something_new(self, stored: StoredDocument, now: datetime) -> None:
        current = shown_at(stored.timeline, now)
        if current is None:
            return
        read = self.documents.find_version(stored.document.id, current.version)
        if read is not None and read.content_hash == stored.version.content_hash:
            raise NothingNew(
                f"Version {stored.version.version} says exactly what version {current.version} "
                "says, which customers read."
            )


def _publication_of(version: DocumentVersionRecord, now: datetime) -> Publication:
    begin = begin_of(version.effective_from, version.expires_at, now)
    return Publication(version.version, begin, version.expires_at, version.expires_at)


def _require_newest(version: DocumentVersionRecord, reviewed: int | None) -> None:
    if reviewed is not None and reviewed != version.version:
        raise StateConflict(
            f"Version {reviewed} was reviewed, but version {version.version} is the newest.",
            code="version_changed",
        )


def _numbers(timeline: Timeline) -> list[int] | None:
    return sorted({one.version for one in timeline}) or None

"""Records become bodies, as they stand at this moment."""

from datetime import datetime
from typing import Any

from app.clock import rfc3339, utc_now
from app.db.document import DocumentVersionRecord, PublicationRecord
from app.db.job import JobRecord
from app.knowledge.diff import Fact
from app.knowledge.release_schemas import PublicationRead
from app.knowledge.repository import StoredDocument
from app.knowledge.schemas import (
    DocumentRead,
    DocumentSummary,
    JobRead,
    VersionRead,
    VersionSummary,
)
from app.knowledge.timeline import Publication, Timeline, begun, scheduled, shown_at
from app.knowledge.workflow import status_of


def view_document(stored: StoredDocument) -> DocumentRead:
    return DocumentRead(**_document_facts(stored), body=stored.version.body)


def summarise_document(stored: StoredDocument) -> DocumentSummary:
    return DocumentSummary(**_document_facts(stored))


def view_version(stored: StoredDocument) -> VersionRead:
    facts = _version_facts(stored.version, stored.timeline, utc_now())
    return VersionRead(**facts, body=stored.version.body)


def summarise_version(version: DocumentVersionRecord, timeline: Timeline) -> VersionSummary:
    return VersionSummary(**_version_facts(version, timeline, utc_now()))


def view_publication(row: PublicationRecord) -> PublicationRead:
    now = utc_now()
    publication = Publication(row.version, row.shown_from, row.shown_until)
    state = "scheduled" if row.shown_from > now else "shown"
    return PublicationRead.model_validate(
        {
            "document_id": row.document_id,
            "version": row.version,
            "shown_from": row.shown_from,
            "shown_until": row.shown_until,
            "state": "ended" if publication.has_ended(now) else state,
            "cause": row.cause,
            "approver": _person(row.approver_kind, row.approver_id),
            "created_at": row.created_at,
        }
    )


def compared_facts(version: DocumentVersionRecord) -> dict[str, Fact]:
    """What is said beside the text, in the order that it is shown in."""
    return {
        "title": version.title,
        "audience": version.audience,
        "intents": list(version.intents),
        "source_url": version.source_url,
        "effective_from": _moment(version.effective_from),
        "expires_at": _moment(version.expires_at),
        "owner": version.owner,
        "review_by": version.review_by.isoformat() if version.review_by else None,
        "format": version.format,
    }


def view_job(job: JobRecord) -> JobRead:
    return JobRead.model_validate({"job_id": job.id, "status": job.state})


def _document_facts(stored: StoredDocument) -> dict[str, Any]:
    document, now = stored.document, utc_now()
    current = shown_at(stored.timeline, now)
    return _version_facts(stored.version, stored.timeline, now) | {
        "id": document.id,
        "slug": document.slug,
        "locale": document.locale,
        "published_version": None if current is None else current.version,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
    }


def _version_facts(
    version: DocumentVersionRecord, timeline: Timeline, now: datetime
) -> dict[str, Any]:
    read = begun(timeline, version.version, now)
    telling = _telling(version.version, timeline, now)
    return {
        "document_id": version.document_id,
        "version": version.version,
        "status": status_of(version.status, version.version, timeline, now).value,
        "title": version.title,
        "format": version.format,
        "audience": version.audience,
        "intents": version.intents,
        "source_url": version.source_url,
        "effective_from": version.effective_from,
        "expires_at": version.expires_at,
        "owner": version.owner,
        "review_by": version.review_by,
        "author": _person(version.author_kind, version.author_id),
        "approver_id": version.approver_id,
        "rejection": _rejection(version),
        "created_at": version.created_at,
        "published_at": read[-1].shown_from if read else None,
        "shown_from": None if telling is None else telling.shown_from,
        "shown_until": None if telling is None else telling.shown_until,
    }


def _telling(version: int, timeline: Timeline, now: datetime) -> Publication | None:
    """The publication that says most about a version: the present, the next, else the last one."""
    current = shown_at(timeline, now)
    if current is not None and current.version == version:
        return current
    waiting = [one for one in scheduled(timeline, now) if one.version == version]
    return next(iter([*waiting, *reversed(begun(timeline, version, now))]), None)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def _person(kind: str | None, person_id: str | None) -> dict[str, str | None] | None:
    return {"kind": kind, "id": person_id} if kind else None


def _rejection(version: DocumentVersionRecord) -> dict[str, Any] | None:
    if version.rejected_at is None:
        return None
    return {
        "reason": version.rejected_reason,
        "by_id": version.rejected_by_id,
        "at": version.rejected_at,
    }

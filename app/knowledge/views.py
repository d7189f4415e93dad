"""Records become bodies."""

from typing import Any

from app.db.document import DocumentVersionRecord
from app.db.job import JobRecord
from app.knowledge.repository import StoredDocument
from app.knowledge.schemas import (
    DocumentRead,
    DocumentSummary,
    JobRead,
    VersionRead,
    VersionSummary,
)


def view_document(stored: StoredDocument) -> DocumentRead:
    return DocumentRead(**_document_facts(stored), body=stored.version.body)


def summarise_document(stored: StoredDocument) -> DocumentSummary:
    return DocumentSummary(**_document_facts(stored))


def view_version(version: DocumentVersionRecord) -> VersionRead:
    return VersionRead(**_version_facts(version), body=version.body)


def summarise_version(version: DocumentVersionRecord) -> VersionSummary:
    return VersionSummary(**_version_facts(version))


def view_job(job: JobRecord) -> JobRead:
    return JobRead.model_validate({"job_id": job.id, "status": job.state})


def _document_facts(stored: StoredDocument) -> dict[str, Any]:
    document = stored.document
    return _version_facts(stored.version) | {
        "id": document.id,
        "slug": document.slug,
        "locale": document.locale,
        "published_version": document.published_version,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
    }


def _version_facts(version: DocumentVersionRecord) -> dict[str, Any]:
    author = {"kind": version.author_kind, "id": version.author_id} if version.author_kind else None
    return {
        "document_id": version.document_id,
        "version": version.version,
        "status": version.status,
        "title": version.title,
        "format": version.format,
        "audience": version.audience,
        "intents": version.intents,
        "source_url": version.source_url,
        "effective_from": version.effective_from,
        "expires_at": version.expires_at,
        "owner": version.owner,
        "review_by": version.review_by,
        "author": author,
        "approver_id": version.approver_id,
        "created_at": version.created_at,
        "published_at": version.published_at,
    }

"""Keep what was read: a new document, its next version, or nothing. Knows no file and no page.

The same content again changes nothing, so an import may be repeated at will, after a kill too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.audit_trail import Actor
from app.ingestion.naming import again
from app.ingestion.repository import KnownDocument, SourceRepository
from app.knowledge.content import hash_of, require_searchable
from app.knowledge.files import FoundDocument
from app.knowledge.releases import ReleaseService
from app.knowledge.repository import StoredDocument
from app.knowledge.service import KnowledgeService

_MOST_PREDECESSORS = 1_000


class Outcome(StrEnum):
    """What became of one document."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class Then(StrEnum):
    """What happens to a version that was written."""

    KEEP_AS_DRAFT = "draft"
    SUBMIT = "submit"
    PUBLISH = "publish"  # by the system, for texts that were reviewed elsewhere


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one document, and which version holds it."""

    outcome: Outcome
    document_id: str | None = None
    version: int | None = None
    content_hash: str | None = None
    reason: str | None = None


def require_storable(found: FoundDocument) -> None:
    """BadInput for a text that no search could find; asked before a transaction begins."""
    require_searchable(found.content)


def store(
    session: Session, actor: Actor, found: FoundDocument, *, then: Then, original: str | None = None
) -> Stored:
    """Bring one document to what was read, in the caller's transaction.

    What an editor deleted stays deleted for the system; for a person's import it is a new document.
    """
    sources = SourceRepository(session)
    slug, known = found.slug, sources.find(found.slug)
    number = 1
    while known is not None and known.is_deleted and then is not Then.PUBLISH:
        number += 1
        if number > _MOST_PREDECESSORS:
            raise ValueError(f"{slug} was deleted too often")
        slug = again(found.slug, number)
        known = sources.find(slug)
    if known is None:
        service = KnowledgeService(session, actor)
        made = service.create(found.content, slug=slug, original=original)
        _go_on(service, made, then)
        return _told(made, Outcome.CREATED)
    if known.is_deleted:
        return Stored(Outcome.UNCHANGED, known.document_id, reason="an editor deleted it")
    if known.imported_hash == hash_of(found.content):
        return Stored(
            Outcome.UNCHANGED, known.document_id, known.latest_version, known.imported_hash
        )
    return _renew(KnowledgeService(session, actor), known, found, then=then, original=original)


def _renew(
    service: KnowledgeService,
    known: KnownDocument,
    found: FoundDocument,
    *,
    then: Then,
    original: str | None,
) -> Stored:
    """The next version; where editors have written their own, the system only proposes it."""
    made = service.add_version(known.document_id, found.content, original=original)
    is_over_editors = then is Then.PUBLISH and not known.is_ours
    _go_on(service, made, Then.SUBMIT if is_over_editors else then)
    reason = "editors changed it: submitted for review" if is_over_editors else None
    return _told(made, Outcome.UPDATED, reason=reason)


def _go_on(service: KnowledgeService, made: StoredDocument, then: Then) -> None:
    releases = ReleaseService(service.session, service.actor)
    steps: dict[Then, Callable[[], object]] = {
        Then.PUBLISH: lambda: releases.publish_as_system(made),
        Then.SUBMIT: lambda: service.submit(made.document.id),
        Then.KEEP_AS_DRAFT: lambda: None,
    }
    steps[then]()


def _told(made: StoredDocument, outcome: Outcome, *, reason: str | None = None) -> Stored:
    version = made.version
    return Stored(outcome, made.document.id, version.version, version.content_hash, reason)

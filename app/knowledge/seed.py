"""The articles that come with the product: into the database as published. Safe to run twice."""

from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM
from app.knowledge.content import hash_of, require_searchable
from app.knowledge.indexing import build_index
from app.knowledge.releases import ReleaseService
from app.knowledge.repository import DocumentRepository, StoredDocument
from app.knowledge.schemas import DocumentCreate
from app.knowledge.service import KnowledgeService
from knowledge_base import Document, LoadFailure, load_folder

__all__ = ["build_index", "seed_documents"]

log = structlog.get_logger(__name__)


def seed_documents(session: Session, folder: Path) -> int:
    """How many articles were new or changed. The caller brings the index up to date afterwards."""
    changed = 0
    for loaded in load_folder(folder):
        if isinstance(loaded, LoadFailure):
            log.warning("knowledge.article_unreadable", path=loaded.path, reason=loaded.reason)
        elif _seed(session, loaded):
            changed += 1
    return changed


def _seed(session: Session, article: Document) -> bool:
    """Whether anything was written. Editors win: see `_renew`."""
    content = _content_of(article)
    slug = article.document_id
    known = DocumentRepository(session).find_seeded(slug)
    if known is None:
        require_searchable(content)
        service = KnowledgeService(session, SYSTEM)
        ReleaseService(session, SYSTEM).publish_as_system(service.create(content, slug=slug))
        return True
    is_same = known.version.content_hash == hash_of(content)
    if is_same or known.document.deleted_at is not None:
        return False
    require_searchable(content)
    _renew(session, known, content)
    return True


def _renew(session: Session, known: StoredDocument, content: DocumentCreate) -> None:
    """A new published version; where editors have written their own, only a proposal to them."""
    service = KnowledgeService(session, SYSTEM)
    is_ours = known.document.latest_version == known.version.version
    stored = service.add_version(known.document.id, content)
    if is_ours:
        ReleaseService(session, SYSTEM).publish_as_system(stored)
    else:
        service.submit(known.document.id)


def _content_of(article: Document) -> DocumentCreate:
    return DocumentCreate.model_validate(
        {
            "title": article.title,
            "body": article.body,
            "format": "markdown",
            "locale": article.locale,
            "audience": article.audience.value,
            "intents": list(article.intents),
            "source_url": article.source_url,
            "effective_from": article.effective_from,
            "expires_at": article.expires_at,
            "owner": article.owner,
            "review_by": article.review_by,
        }
    )

"""What customers read at this moment, as editors look at it: facts and text of each article."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.knowledge.content import as_published
from app.knowledge.lookup import C, keep_current
from app.knowledge.repository import DocumentRepository, StoredDocument
from knowledge_base import Document


@dataclass(frozen=True, slots=True)
class Article:
    """A published version of a document, with what only editors see of it."""

    document: Document  # its body is Markdown
    owner: str | None
    review_by: date | None
    written_at: datetime
    expires_at: datetime | None

    @property
    def document_id(self) -> str:
        return self.document.document_id

    @property
    def version(self) -> int:
        return self.document.version

    @property
    def title(self) -> str:
        return self.document.title

    @property
    def locale(self) -> str:
        return self.document.locale


def list_articles(
    session: Session, *, now: datetime, locale: str | None = None
) -> Sequence[Article]:
    """Everything that somebody may read now, in a stable order."""
    return [
        _article(stored)
        for stored in DocumentRepository(session).list_published()
        if locale in (None, stored.document.locale) and _is_in_force(stored, now)
    ]


def current_only(session: Session, cited: Sequence[C]) -> list[C]:
    """Of what an index found, what the database shows now. Fails closed."""
    return keep_current(session, cited)


def _is_in_force(stored: StoredDocument, now: datetime) -> bool:
    begins, ends = stored.version.effective_from, stored.version.expires_at
    return (begins is None or begins <= now) and (ends is None or now < ends)


def _article(stored: StoredDocument) -> Article:
    return Article(
        as_published(stored.document, stored.version),
        owner=stored.version.owner,
        review_by=stored.version.review_by,
        written_at=stored.version.created_at,
        expires_at=stored.version.expires_at,
    )

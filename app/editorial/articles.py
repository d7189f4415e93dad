"""What customers read at this moment, as editors look at it: facts and text of each article."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.knowledge.content import as_published
from app.knowledge.index_queries import (
    PublicationKey,
    StoredPublication,
    list_publication_keys,
    load_publications,
)
from knowledge_base import Document


@dataclass(frozen=True, slots=True)
class Article:
    """A version of a document that is shown now, with what only editors see of it."""

    document: Document  # its body is Markdown
    owner: str | None
    review_by: date | None
    written_at: datetime
    expires_at: datetime | None  # when nothing is shown in its place

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
    planned = list_publication_keys(session, ending_after=now)
    shown = {key for key in planned if key.shown_from <= now}
    begins = {(key.document_id, key.shown_from) for key in planned}
    return [
        _article(stored, begins)
        for stored in load_publications(session, shown)
        if locale in (None, stored.document.locale)
    ]


def _article(stored: StoredPublication, begins: Collection[tuple[str, datetime]]) -> Article:
    return Article(
        as_published(stored.document, stored.version, stored.publication),
        owner=stored.version.owner,
        review_by=stored.version.review_by,
        written_at=stored.version.created_at,
        expires_at=_end(stored.publication, begins),
    )


def _end(key: PublicationKey, begins: Collection[tuple[str, datetime]]) -> datetime | None:
    """When the document is shown no longer; a version that takes its place is no end."""
    end = key.shown_until
    return None if end is None or (key.document_id, end) in begins else end

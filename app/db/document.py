"""What editors write, and when customers read it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class DocumentRecord(IdMixin, CreatedMixin, Base):
    """A document; what customers read of it, its publications say."""

    __tablename__ = "documents"

    slug: Mapped[str | None] = mapped_column(String(200), unique=True)  # seed documents only
    locale: Mapped[str] = mapped_column(String(10), index=True)
    latest_version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    # when somebody last changed what is shown and when
    decided_at: Mapped[datetime | None] = mapped_column(index=True)


class DocumentVersionRecord(IdMixin, CreatedMixin, Base):
    """One immutable state of a document; `status` is how far its review has come."""

    __tablename__ = "document_versions"
    __table_args__ = (
        UniqueConstraint("document_id", "version"),
        CheckConstraint("status IN ('draft','submitted','approved')", name="status_known"),
    )

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(20), default="draft")
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(20), default="markdown")
    audience: Mapped[str] = mapped_column(String(20), default="public")
    intents: Mapped[list[Any]] = mapped_column(default=list)
    source_url: Mapped[str | None] = mapped_column(String(2000))
    effective_from: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    author_id: Mapped[str | None] = mapped_column(String(36))
    author_kind: Mapped[str | None] = mapped_column(String(20))  # staff | integration | system
    approver_id: Mapped[str | None] = mapped_column(String(36))
    content_hash: Mapped[str] = mapped_column(String(64))
    rejected_reason: Mapped[str | None] = mapped_column(Text)  # of the last rejection
    rejected_by_id: Mapped[str | None] = mapped_column(String(36))
    rejected_at: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(200))
    review_by: Mapped[date | None]


class PublicationRecord(IdMixin, CreatedMixin, Base):
    """An interval in which customers read one version; no moment lies in two of a document.

    Beside what is declared here, a migration makes each database refuse overlaps.
    """

    __tablename__ = "document_publications"
    __table_args__ = (
        ForeignKeyConstraint(
            ["document_id", "version"],
            ["document_versions.document_id", "document_versions.version"],
        ),
        UniqueConstraint("document_id", "shown_from"),
        CheckConstraint("shown_until > shown_from", name="contains_a_moment"),
        CheckConstraint("cause IN ('approved','rolled_back','shipped')", name="cause_known"),
        Index(
            "uq_document_publications_open",
            "document_id",
            unique=True,
            sqlite_where=text("shown_until IS NULL"),
            postgresql_where=text("shown_until IS NULL"),
        ),
    )

    document_id: Mapped[str] = mapped_column(String(36))
    version: Mapped[int]
    shown_from: Mapped[datetime]
    shown_until: Mapped[datetime | None] = mapped_column(index=True)  # NULL: nothing ends it yet
    cause: Mapped[str] = mapped_column(String(20))
    approver_id: Mapped[str | None] = mapped_column(String(36))  # whose act made it
    approver_kind: Mapped[str | None] = mapped_column(String(20))

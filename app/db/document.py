"""What editors write."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class DocumentRecord(IdMixin, CreatedMixin, Base):
    """A document; what customers read is its published version."""

    __tablename__ = "documents"

    slug: Mapped[str | None] = mapped_column(String(200), unique=True)  # seed documents only
    locale: Mapped[str] = mapped_column(String(10), index=True)
    published_version: Mapped[int | None]
    latest_version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class DocumentVersionRecord(IdMixin, CreatedMixin, Base):
    """One immutable state of a document."""

    __tablename__ = "document_versions"
    __table_args__ = (
        UniqueConstraint("document_id", "version"),
        CheckConstraint(
            "status IN ('draft','submitted','published','retired')", name="status_known"
        ),
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
    published_at: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(200))
    review_by: Mapped[date | None]

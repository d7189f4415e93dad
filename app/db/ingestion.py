"""Imports of files and pages, and what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class DocumentImportRecord(IdMixin, CreatedMixin, Base):
    """One import; it runs until none of its items waits."""

    __tablename__ = "document_imports"
    __table_args__ = (
        CheckConstraint("kind IN ('files','url','sitemap')", name="kind_known"),
        CheckConstraint("status IN ('running','done')", name="status_known"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(60))  # the same name in it is the same document
    address: Mapped[str | None] = mapped_column(String(2000))  # of the page or the sitemap
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # audience, intents, locale
    submit: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(20), default="running")
    reason: Mapped[str | None] = mapped_column(Text)  # why there was nothing to import
    listed_at: Mapped[datetime | None]  # when the items of a sitemap were known
    requested_by: Mapped[str] = mapped_column(String(100))  # staff:<id>, key:<id>
    finished_at: Mapped[datetime | None]


class DocumentImportItemRecord(IdMixin, CreatedMixin, Base):
    """One document of an import; a table of questions becomes several of them."""

    __tablename__ = "document_import_items"
    __table_args__ = (
        UniqueConstraint("import_id", "position"),
        CheckConstraint(
            "outcome IN ('waiting','created','updated','unchanged','failed')",
            name="outcome_known",
        ),
        Index("ix_document_import_items_document_id_id", "document_id", "id"),
    )

    import_id: Mapped[str] = mapped_column(ForeignKey("document_imports.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(2000))  # of the file, or the page's address
    stored_as: Mapped[str | None] = mapped_column(String(200))  # name in the file store
    outcome: Mapped[str] = mapped_column(String(20), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    version: Mapped[int | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Text)

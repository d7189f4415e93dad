"""What replies cited, what customers thought of them, and which answers became drafts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class MessageCitationRecord(Base):
    """One document version that a message cites, once however many passages it quotes."""

    __tablename__ = "message_citations"
    __table_args__ = (Index("ix_message_citations_document_id_version", "document_id", "version"),)

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    # no foreign key: a citation outlives whatever becomes of its document
    document_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)  # the message's own


class MessageRatingRecord(IdMixin, CreatedMixin, Base):
    """Whether a cited answer helped: one word for each message, changeable."""

    __tablename__ = "message_ratings"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    helpful: Mapped[bool]
    updated_at: Mapped[datetime]


class DraftSourceRecord(CreatedMixin, Base):
    """The agent's answer that a document began as."""

    __tablename__ = "draft_sources"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), index=True)
    requested_by: Mapped[str] = mapped_column(String(100))  # the actor who made the draft

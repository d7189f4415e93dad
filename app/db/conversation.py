"""The thread: conversations, messages, turns, ratings."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class ConversationRecord(IdMixin, CreatedMixin, Base):
    """One thread; its row lock orders everything that happens in it."""

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("status IN ('pending','open','snoozed','resolved')", name="status_known"),
        Index("ix_conversations_status_updated_at", "status", "updated_at"),
    )

    channel: Mapped[str] = mapped_column(String(20), index=True)
    status: Mapped[str] = mapped_column(String(20), default="pending")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)
    # the browser secret's session for anonymous visitors: only it may read the thread
    widget_session_id: Mapped[str | None] = mapped_column(
        ForeignKey("widget_sessions.id"), index=True
    )
    created_by_key_id: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id"), index=True)
    level: Mapped[str] = mapped_column(String(20), default="anonymous")
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("staff_members.id"), index=True)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_event_seq: Mapped[int] = mapped_column(default=0)
    clarifications: Mapped[int] = mapped_column(default=0)  # asked in a row
    customer_read_seq: Mapped[int] = mapped_column(default=0)
    staff_read_seq: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column("metadata", default=dict)
    updated_at: Mapped[datetime] = mapped_column(index=True)
    resolved_at: Mapped[datetime | None]


class MessageRecord(IdMixin, CreatedMixin, Base):
    """One entry of a thread; the text is already masked."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_message_id"),
        UniqueConstraint("turn_id"),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    seq: Mapped[int]
    author: Mapped[str] = mapped_column(String(20))  # customer | assistant | agent | system
    author_name: Mapped[str | None] = mapped_column(String(200))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff_members.id"))
    kind: Mapped[str] = mapped_column(String(20), default="text")  # text | note | activity
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    citations: Mapped[list[Any]] = mapped_column(default=list)
    quick_replies: Mapped[list[Any]] = mapped_column(default=list)
    cards: Mapped[list[Any]] = mapped_column(default=list)
    generated: Mapped[bool] = mapped_column(default=False)
    client_message_id: Mapped[str | None] = mapped_column(String(100))
    # the turn this message ends: unique, so that a turn has one ending
    # (no foreign key: a turn points at the message that began it, not both ways)
    turn_id: Mapped[str | None] = mapped_column(String(36))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decisions.id"))


class TurnRecord(IdMixin, CreatedMixin, Base):
    """One customer message and its ending."""

    __tablename__ = "turns"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), unique=True)
    message_seq: Mapped[int]
    # answer | clarify | handoff | blocked | person
    ending: Mapped[str | None] = mapped_column(String(20))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decisions.id"))
    filter_action: Mapped[str] = mapped_column(String(20), default="allow")
    filter_name: Mapped[str | None] = mapped_column(String(100))
    findings: Mapped[list[Any]] = mapped_column(default=list)  # types and spans, never values
    steps: Mapped[list[Any]] = mapped_column(default=list)  # step, outcome, milliseconds, detail
    ended_at: Mapped[datetime | None]


class CsatRecord(IdMixin, CreatedMixin, Base):
    """One rating for each conversation, editable."""

    __tablename__ = "csat_ratings"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), unique=True)
    rating: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)

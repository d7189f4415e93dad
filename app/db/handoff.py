"""From the assistant to people."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class HandoffRecord(IdMixin, CreatedMixin, Base):
    """A conversation that waits for, or is held by, a person."""

    __tablename__ = "handoffs"
    __table_args__ = (
        CheckConstraint("status IN ('waiting','accepted','closed')", name="status_known"),
        Index("ix_handoffs_status_queue", "status", "queue", "created_at"),
        # one open handoff for each conversation: both databases know partial indexes
        Index(
            "uq_handoffs_open_conversation",
            "conversation_id",
            unique=True,
            sqlite_where=text("status <> 'closed'"),
            postgresql_where=text("status <> 'closed'"),
        ),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), default="waiting")
    queue: Mapped[str] = mapped_column(String(50))
    priority: Mapped[str] = mapped_column(String(20), default="normal")
    priority_rank: Mapped[int] = mapped_column(default=2)  # 0 is served first
    reason: Mapped[str] = mapped_column(String(100), index=True)
    intent: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Text)
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("staff_members.id"), index=True)
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


def queue_position(session: Session, handoff: HandoffRecord) -> int | None:
    """1 is next: by priority, then by age; None when it does not wait."""
    if handoff.status != "waiting":
        return None
    same_rank = HandoffRecord.priority_rank == handoff.priority_rank
    before = or_(
        HandoffRecord.priority_rank < handoff.priority_rank,
        and_(same_rank, HandoffRecord.id < handoff.id),
    )
    ahead = session.scalar(
        select(func.count())
        .select_from(HandoffRecord)
        .where(HandoffRecord.status == "waiting", HandoffRecord.queue == handoff.queue, before)
    )
    return (ahead or 0) + 1

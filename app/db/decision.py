"""Why a message went where it went."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class DecisionRecord(IdMixin, CreatedMixin, Base):
    """One routing decision with everything needed to explain or replay it."""

    __tablename__ = "decisions"

    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    # no foreign key: a turn points at its decision, not both ways
    turn_id: Mapped[str | None] = mapped_column(String(36), index=True)
    # of several requests in one message: the order in which they are handled, from 0
    part: Mapped[int] = mapped_column(default=0, server_default="0")
    context: Mapped[str | None] = mapped_column(String(20))  # follow_up | correction
    route: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    intent: Mapped[str | None] = mapped_column(String(100), index=True)
    confidence: Mapped[float]
    margin: Mapped[float]
    out_of_scope: Mapped[bool]
    out_of_scope_score: Mapped[float]
    reason: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(10))
    candidates: Mapped[list[Any]] = mapped_column(default=list)
    thresholds: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # the checks in the order they were made, the last one decided; their figures are those compared
    checks: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    nearest: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # masked examples
    signals: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # by head
    rule: Mapped[dict[str, Any] | None]  # which one fired and where; its words only within a thread
    situation: Mapped[dict[str, Any] | None]  # what a replay needs beside the messages
    model_version: Mapped[str] = mapped_column(String(200))
    queue: Mapped[str] = mapped_column(String(50), default="general")
    priority: Mapped[str] = mapped_column(String(20), default="normal")
    experiment_key: Mapped[str | None] = mapped_column(String(100))
    variant: Mapped[str | None] = mapped_column(String(100), index=True)

"""What people say a message meant, the training runs made of it, and intents that are missing."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class LabelRecord(IdMixin, CreatedMixin, Base):
    """One person's word on one decision; later words supersede it, none is deleted."""

    __tablename__ = "labels"
    __table_args__ = (
        CheckConstraint(
            "status IN ('pending','accepted','rejected','superseded')", name="status_known"
        ),
        CheckConstraint("kind IN ('corrected','confirmed','suggested')", name="kind_known"),
        Index("ix_labels_status_language_intent", "status", "language", "intent"),
    )

    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="pending")
    # what is learnt; differs from `original_text` where a reviewer edited it
    text: Mapped[str] = mapped_column(Text)
    original_text: Mapped[str] = mapped_column(Text)  # the customer's words, masked
    normalised: Mapped[str] = mapped_column(String(64), index=True)  # digest of the folded text
    language: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(20))
    intent: Mapped[str | None] = mapped_column(String(100))  # null: out of scope
    decided_intent: Mapped[str | None] = mapped_column(String(100))
    decided_out_of_scope: Mapped[bool]
    decided_reason: Mapped[str] = mapped_column(String(100))
    model_version: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    labelled_by: Mapped[str] = mapped_column(String(100))  # staff:<id> or key:<id>
    labelled_by_name: Mapped[str] = mapped_column(String(200))
    edited_by: Mapped[str | None] = mapped_column(String(100))
    edited_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None] = mapped_column(String(100))
    reviewed_by_name: Mapped[str | None] = mapped_column(String(200))
    reviewed_at: Mapped[datetime | None] = mapped_column(index=True)
    review_note: Mapped[str | None] = mapped_column(Text)
    superseded_by_id: Mapped[str | None] = mapped_column(ForeignKey("labels.id"))
    suggestion_id: Mapped[str | None] = mapped_column(ForeignKey("intent_suggestions.id"))


class TrainingRunRecord(IdMixin, CreatedMixin, Base):
    """One training on base utterances and accepted labels, measured before anything is offered."""

    __tablename__ = "training_runs"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued','training','evaluated','ready','refused','failed')",
            name="state_known",
        ),
        Index(  # one run waits at a time: it takes whatever is accepted when it begins
            "uq_training_runs_queued",
            "state",
            unique=True,
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
    )

    state: Mapped[str] = mapped_column(String(20), default="queued", index=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"))
    seed: Mapped[int] = mapped_column(default=0)
    requested_by: Mapped[str] = mapped_column(String(100))
    requested_by_name: Mapped[str] = mapped_column(String(200))
    step: Mapped[str | None] = mapped_column(String(200))
    progress: Mapped[float] = mapped_column(default=0.0)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # rows, labels, conflicts
    label_ids: Mapped[list[Any]] = mapped_column(default=list)  # which labels were learnt
    version: Mapped[str | None] = mapped_column(String(200))
    base_version: Mapped[str | None] = mapped_column(String(200))  # what was live then
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)  # before, after, compared
    reason: Mapped[str | None] = mapped_column(Text)  # why refused or failed
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class IntentSuggestionRecord(IdMixin, CreatedMixin, Base):
    """A group of messages that no intent fitted; a person makes something of it, or nothing."""

    __tablename__ = "intent_suggestions"
    __table_args__ = (
        CheckConstraint("status IN ('open','dismissed','labelled','gone')", name="status_known"),
    )

    status: Mapped[str] = mapped_column(String(20), default="open", index=True)
    language: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))  # its typical words
    texts: Mapped[list[Any]] = mapped_column(default=list)  # typical ones, masked
    size: Mapped[int]
    earlier: Mapped[int]  # messages in the first half of the period
    recent: Mapped[int]  # messages in the second half
    nearest_intent: Mapped[str | None] = mapped_column(String(100))
    nearest_similarity: Mapped[float | None]
    decision_ids: Mapped[list[Any]] = mapped_column(default=list)
    member_keys: Mapped[list[Any]] = mapped_column(default=list)  # digests of all texts ever in it
    period_from: Mapped[datetime]
    period_to: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(String(100))
    closed_by_name: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None]
    labelled_as: Mapped[str | None] = mapped_column(String(100))

"""A/B tests: the test, its variants, who is in which, and when it mattered."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class ExperimentRecord(IdMixin, CreatedMixin, Base):
    """One experiment."""

    __tablename__ = "experiments"
    __table_args__ = (
        CheckConstraint("status IN ('draft','running','stopped')", name="status_known"),
    )

    key: Mapped[str] = mapped_column(String(100), unique=True)
    hypothesis: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(20))  # customer | conversation
    status: Mapped[str] = mapped_column(String(20), default="draft")
    salt: Mapped[str] = mapped_column(String(64))
    primary_metric: Mapped[str] = mapped_column(String(100))
    guardrails: Mapped[list[Any]] = mapped_column(default=list)
    min_effect: Mapped[float | None]
    started_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class VariantRecord(IdMixin, Base):
    """One arm of an experiment."""

    __tablename__ = "variants"
    __table_args__ = (UniqueConstraint("experiment_id", "key"),)

    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id"), index=True)
    key: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    weight: Mapped[float]
    overrides: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AssignmentRecord(IdMixin, CreatedMixin, Base):
    """Which arm a unit is in: written once, never moved."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("experiment_id", "unit_id"),)

    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id"), index=True)
    unit_id: Mapped[str] = mapped_column(String(200))
    variant: Mapped[str] = mapped_column(String(100))


class ExposureRecord(IdMixin, CreatedMixin, Base):
    """The first time a unit's arm could change what it saw."""

    __tablename__ = "exposures"
    __table_args__ = (UniqueConstraint("experiment_id", "unit_id"),)

    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id"), index=True)
    unit_id: Mapped[str] = mapped_column(String(200))
    variant: Mapped[str] = mapped_column(String(100))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"))

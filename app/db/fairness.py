"""Runs of the fairness suite and what they found."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class FairnessRunRecord(IdMixin, CreatedMixin, Base):
    """One run; `report` is what `fairness.json` beside the checkpoint says."""

    __tablename__ = "fairness_runs"
    __table_args__ = (
        CheckConstraint("state IN ('queued','done','failed')", name="state_known"),
        CheckConstraint(
            "occasion IN ('request','schedule','promotion','command')", name="occasion_known"
        ),
        Index(  # one run waits at a time: it judges whatever is live when it begins
            "uq_fairness_runs_queued",
            "state",
            unique=True,
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
    )

    state: Mapped[str] = mapped_column(String(20), default="queued")
    occasion: Mapped[str] = mapped_column(String(20))
    requested_by: Mapped[str] = mapped_column(String(100))  # staff:<id>, key:<id>, system:<part>
    model_version: Mapped[str | None] = mapped_column(String(200), index=True)
    passed: Mapped[bool | None]
    detail: Mapped[str | None] = mapped_column(Text)  # the verdict, or why the run failed
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None] = mapped_column(index=True)

"""Work to be done: the row is the truth, a queue only wakes somebody."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class JobRecord(IdMixin, CreatedMixin, Base):
    """One piece of work; `fence` outdates every earlier run."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_run_after", "state", "run_after"),)

    kind: Mapped[str] = mapped_column(String(100))
    lane: Mapped[str] = mapped_column(String(50))
    key: Mapped[str | None] = mapped_column(String(200), unique=True)  # at most one job of a key
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)  # ids only
    state: Mapped[str] = mapped_column(String(20), default="ready")  # ready | running | done | dead
    run_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]

"""The stored answer of a request that carried an Idempotency-Key."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class IdempotencyRecord(IdMixin, CreatedMixin, Base):
    """One key of one caller; `answer` is empty while the request is under way."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("caller", "key"),)

    caller: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None]
    lease_until: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

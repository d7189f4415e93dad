"""What a shadow checkpoint would have decided, beside what was decided."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedMixin, IdMixin


class ShadowDecisionRecord(IdMixin, CreatedMixin, Base):
    """One decision as the shadow would have made it; the text itself is nowhere here."""

    __tablename__ = "shadow_decisions"
    __table_args__ = (
        Index("ix_shadow_decisions_versions", "shadow_version", "live_version", "created_at"),
    )

    decision_id: Mapped[str] = mapped_column(
        ForeignKey("decisions.id", ondelete="CASCADE"), index=True
    )
    live_version: Mapped[str] = mapped_column(String(200))
    shadow_version: Mapped[str] = mapped_column(String(200))
    intent: Mapped[str | None] = mapped_column(String(100))
    route: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[float]
    agrees: Mapped[bool]  # same intent, route and outcome

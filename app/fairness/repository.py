"""All SQL of fairness runs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.db.fairness import FairnessRunRecord


class FairnessRepository:
    """Finds and adds runs."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, run: FairnessRunRecord) -> FairnessRunRecord:
        self.session.add(run)
        self.session.flush()
        return run

    def find(self, run_id: str) -> FairnessRunRecord | None:
        return self.session.get(FairnessRunRecord, run_id)

    def find_queued(self) -> FairnessRunRecord | None:
        return self.session.scalar(
            select(FairnessRunRecord).where(FairnessRunRecord.state == "queued")
        )

    def find_latest(self) -> FairnessRunRecord | None:
        """The last run that found something."""
        return self.session.scalar(
            select(FairnessRunRecord)
            .where(FairnessRunRecord.state == "done")
            .order_by(FairnessRunRecord.finished_at.desc(), FairnessRunRecord.id.desc())
            .limit(1)
        )

    def last_begun_at(self) -> datetime | None:
        """When the youngest run was asked for, whatever became of it."""
        return self.session.scalar(
            select(FairnessRunRecord.created_at)
            .order_by(FairnessRunRecord.created_at.desc())
            .limit(1)
        )

    def list_page(self, *, after: str | None, limit: int) -> list[FairnessRunRecord]:
        """Newest first, without the long reports; ids grow with time."""
        statement = (
            select(FairnessRunRecord)
            .options(defer(FairnessRunRecord.report))
            .order_by(FairnessRunRecord.id.desc())
            .limit(limit)
        )
        if after is not None:
            statement = statement.where(FairnessRunRecord.id < after)
        return list(self.session.scalars(statement))

"""All SQL of experiments, except what the results read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from app.clock import utc_now
from app.db.base import Base
from app.db.experiment import (
    AssignmentRecord,
    ExperimentRecord,
    ExposureRecord,
    VariantRecord,
)
from app.db.repository import Repository
from app.ids import new_id


class ExperimentRepository(Repository[ExperimentRecord]):
    """Experiments, their variants, who is in which, and who saw it."""

    record = ExperimentRecord

    def add_new(self, experiment: ExperimentRecord, variants: Sequence[VariantRecord]) -> bool:
        """False when the key is taken, also by a request that came at the same moment."""
        try:
            with self.session.begin_nested():
                self.session.add(experiment)
                self.session.flush()
                self.session.add_all(variants)
                self.session.flush()
        except IntegrityError:
            return False
        return True

    def find_by_key(self, key: str) -> ExperimentRecord | None:
        return self.session.scalar(select(ExperimentRecord).where(ExperimentRecord.key == key))

    def list_page(self, *, after: str | None, limit: int) -> Sequence[ExperimentRecord]:
        """Newest first; ids sort by creation."""
        statement = select(ExperimentRecord).order_by(ExperimentRecord.id.desc()).limit(limit)
        if after is not None:
            statement = statement.where(ExperimentRecord.id < after)
        return self.session.scalars(statement).all()

    def list_running(self) -> Sequence[ExperimentRecord]:
        """The oldest first: it decides when several run."""
        return self.session.scalars(
            select(ExperimentRecord)
            .where(ExperimentRecord.status == "running")
            .order_by(ExperimentRecord.started_at, ExperimentRecord.id)
        ).all()

    def list_variants(self, experiment_ids: Sequence[str]) -> Sequence[VariantRecord]:
        return self.session.scalars(
            select(VariantRecord)
            .where(VariantRecord.experiment_id.in_(experiment_ids))
            .order_by(VariantRecord.experiment_id, VariantRecord.position)
        ).all()

    def move(
        self, experiment_id: str, *, before: str, after: str, moment: dict[str, datetime]
    ) -> bool:
        """One guarded UPDATE: of two callers one is told no."""
        moved = self.session.execute(
            update(ExperimentRecord)
            .where(ExperimentRecord.id == experiment_id, ExperimentRecord.status == before)
            .values(status=after, **moment)
            .returning(ExperimentRecord.id)
        )
        return moved.first() is not None

    def find_assignment(self, experiment_id: str, unit_id: str) -> str | None:
        """The variant of a unit that is assigned already."""
        return self.session.scalar(
            select(AssignmentRecord.variant).where(
                AssignmentRecord.experiment_id == experiment_id,
                AssignmentRecord.unit_id == unit_id,
            )
        )

    def keep_assignment(self, experiment_id: str, unit_id: str, variant: str) -> bool:
        """Write the sticky row unless there is one."""
        return self._insert_once(
            AssignmentRecord, experiment_id=experiment_id, unit_id=unit_id, variant=variant
        )

    def keep_exposure(
        self, experiment_id: str, unit_id: str, variant: str, conversation_id: str | None
    ) -> bool:
        """Write the first exposure of a unit; later ones change nothing."""
        return self._insert_once(
            ExposureRecord,
            experiment_id=experiment_id,
            unit_id=unit_id,
            variant=variant,
            conversation_id=conversation_id,
        )

    def _insert_once(self, record: type[Base], **values: Any) -> bool:  # noqa: ANN401 - column values
        """INSERT … ON CONFLICT DO NOTHING, which both databases know."""
        is_postgresql = self.session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert if is_postgresql else sqlite.insert
        values |= {"id": new_id(), "created_at": utc_now()}
        statement = insert(record).values(values)
        done = self.session.execute(
            statement.on_conflict_do_nothing(index_elements=["experiment_id", "unit_id"]).returning(
                statement.table.c.id
            )
        )
        return done.first() is not None

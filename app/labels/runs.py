"""Training runs: ask for one, follow it, keep how it ended. The row is what people see."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM, Actor, record
from app.clock import utc_now
from app.db.label import TrainingRunRecord
from app.db.repository import Repository
from app.errors import NotFound, StateConflict
from app.jobs.enqueue import enqueue
from app.labels.repository import LabelRepository
from app.labels.schemas import SummaryRead
from app.labels.training_set import TrainingSet

RETRAIN = "labels.retrain"
UNDER_WAY = ("queued", "training", "evaluated")
LONGEST_REASON = 2_000


class RunRepository(Repository[TrainingRunRecord]):
    record = TrainingRunRecord

    def find_under_way(self) -> TrainingRunRecord | None:
        """The oldest run that has not ended."""
        return self.session.scalar(
            select(TrainingRunRecord)
            .where(TrainingRunRecord.state.in_(UNDER_WAY))
            .order_by(TrainingRunRecord.id)
            .limit(1)
        )

    def list_page(self, *, after: str | None, limit: int) -> Sequence[TrainingRunRecord]:
        query = select(TrainingRunRecord).order_by(TrainingRunRecord.id.desc()).limit(limit)
        if after is not None:
            query = query.where(TrainingRunRecord.id < after)
        return self.session.scalars(query).all()

    def last_collected(self) -> Any:  # noqa: ANN401 - a moment, or None
        """When the last run that measured a model took the labels."""
        return self.session.scalar(
            select(func.max(TrainingRunRecord.started_at)).where(
                TrainingRunRecord.state.in_(("ready", "refused"))
            )
        )


def request_run(session: Session, *, actor: Actor, name: str, seed: int) -> TrainingRunRecord:
    """A run that waits; one that waits already will do. StateConflict while another works."""
    runs = RunRepository(session)
    waiting = runs.find_under_way()
    if waiting is not None and waiting.state == "queued":
        return waiting
    if waiting is not None:
        raise StateConflict("Another training is under way.", code="training_under_way")
    row = TrainingRunRecord(seed=seed, requested_by=str(actor), requested_by_name=name)
    try:
        with session.begin_nested():
            runs.add(row)
    except IntegrityError as raced:
        raise StateConflict("Another training was asked for.", code="training_under_way") from raced
    row.job_id = enqueue(session, RETRAIN, run_id=row.id).id
    record(session, "labels.retrain_requested", actor=actor, subject=row.id, seed=seed)
    return row


def get_run(session: Session, run_id: str) -> TrainingRunRecord:
    row = RunRepository(session).find(run_id)
    if row is None:
        raise NotFound("No such training run.", code="run_not_found")
    return row


def begin(row: TrainingRunRecord, training: TrainingSet, *, live: str | None) -> None:
    """What is learnt in this attempt; an earlier attempt that never came back is forgotten."""
    row.state, row.step, row.progress = "training", "collect", 0.0
    row.started_at = utc_now()
    row.data, row.label_ids = training.facts(), list(training.label_ids)
    row.base_version, row.version, row.report, row.reason = live, None, {}, None


def keep_report(row: TrainingRunRecord, report: dict[str, Any]) -> None:
    row.state, row.step, row.progress = "evaluated", None, 1.0
    row.version = report["version"]
    row.report = {key: value for key, value in report.items() if key != "version"}


def end(
    session: Session, row: TrainingRunRecord, state: str, *, reasons: Sequence[str] = ()
) -> None:
    """The final state, with its audit event."""
    row.state, row.step, row.finished_at = state, None, utc_now()
    row.reason = " ".join(reasons)[:LONGEST_REASON] or None
    record(
        session,
        "labels.retrained",
        actor=SYSTEM,
        subject=row.id,
        outcome="success" if state == "ready" else "failure",
        state=state,
        version=row.version,
        labels=len(row.label_ids),
    )


def summarise(session: Session, *, offer_after: int) -> SummaryRead:
    """How much waits for review, and whether enough is new for a retrain."""
    labels, runs = LabelRepository(session), RunRepository(session)
    counts = labels.count_by_status()
    fresh = labels.count_accepted_since(runs.last_collected())
    under_way = runs.find_under_way()
    return SummaryRead(
        pending=counts.get("pending", 0),
        accepted=counts.get("accepted", 0),
        rejected=counts.get("rejected", 0),
        superseded=counts.get("superseded", 0),
        new_since_last_run=fresh,
        offer_after=offer_after,
        retrain_offered=under_way is None and fresh >= offer_after,
        run_under_way=under_way.id if under_way else None,
    )

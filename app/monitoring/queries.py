"""What operators want to know of the database right now: counts and ages, read at each scrape."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.db.audit import AuditBlockRecord, AuditEventRecord
from app.db.fairness import FairnessRunRecord
from app.db.handoff import HandoffRecord
from app.db.job import JobRecord


def ready_jobs(session: Session, now: datetime) -> dict[str, int]:
    """Jobs that are due, by lane."""
    statement = (
        select(JobRecord.lane, func.count())
        .where(JobRecord.state == "ready", JobRecord.run_after <= now)
        .group_by(JobRecord.lane)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def dead_jobs(session: Session) -> dict[str, int]:
    """Jobs that were given up, by kind."""
    statement = (
        select(JobRecord.kind, func.count())
        .where(JobRecord.state == "dead")
        .group_by(JobRecord.kind)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def job_lag(session: Session, now: datetime) -> float:
    """Seconds that the oldest due or abandoned job has waited."""
    is_due = and_(JobRecord.state == "ready", JobRecord.run_after <= now)
    is_abandoned = and_(JobRecord.state == "running", JobRecord.lease_until < now)
    oldest = session.scalar(select(func.min(JobRecord.run_after)).where(or_(is_due, is_abandoned)))
    return _age(oldest, now)


def sealing_lag(session: Session, now: datetime) -> float:
    """Seconds that the oldest event without a block has waited."""
    block = AuditBlockRecord
    last = session.execute(
        select(block.last_transaction, block.last_position).order_by(block.number.desc()).limit(1)
    ).first()
    event = AuditEventRecord
    statement = select(event.time).order_by(event.transaction, event.position).limit(1)
    if last is not None:
        transaction, position = last
        is_later = event.transaction > transaction
        is_beside = (event.transaction == transaction) & (event.position > position)
        statement = statement.where(is_later | is_beside)
    return _age(session.scalar(statement), now)


def waiting_customers(session: Session) -> dict[str, int]:
    """Conversations that wait for a person, by queue."""
    statement = (
        select(HandoffRecord.queue, func.count())
        .where(HandoffRecord.status == "waiting")
        .group_by(HandoffRecord.queue)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def fairness_figures(session: Session) -> dict[str, float]:
    """Shares by family and language of the last run that finished; empty before the first."""
    run = FairnessRunRecord
    statement = (
        select(run.figures)
        .where(run.state == "done")
        .order_by(run.finished_at.desc(), run.id.desc())
        .limit(1)
    )
    return dict(session.scalar(statement) or {})


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())

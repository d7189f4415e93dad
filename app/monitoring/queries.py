"""What operators want to know of the database right now: counts and ages, read at each scrape."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.audit import AuditBlockRecord, AuditEventRecord
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


def job_lag(session: Session, now: datetime) -> float:
    """Seconds that the oldest due job has waited."""
    oldest = session.scalar(
        select(JobRecord.run_after)
        .where(JobRecord.state == "ready", JobRecord.run_after <= now)
        .order_by(JobRecord.run_after)
        .limit(1)
    )
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


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())

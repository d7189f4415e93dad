"""All SQL for jobs. A claim is one guarded UPDATE, the same on both databases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from app.db.job import JobRecord


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run one job until a moment; a higher fence outdates it."""

    job_id: str
    kind: str
    arguments: dict[str, Any]
    attempt: int
    max_attempts: int
    fence: int


def claim(session: Session, job_id: str, *, now: datetime, lease_seconds: float) -> Lease | None:
    """Take a job that is due or whose lease ran out; None when somebody else has it."""
    claimed = session.execute(
        update(JobRecord)
        .where(JobRecord.id == job_id, _is_offered(now))
        .values(
            state="running",
            fence=JobRecord.fence + 1,
            attempts=JobRecord.attempts + 1,
            lease_until=now + timedelta(seconds=lease_seconds),
        )
        .returning(
            JobRecord.id,
            JobRecord.kind,
            JobRecord.arguments,
            JobRecord.attempts,
            JobRecord.max_attempts,
            JobRecord.fence,
        )
    ).one_or_none()
    return None if claimed is None else Lease(*claimed)


def finish(session: Session, lease: Lease, *, now: datetime) -> bool:
    """Mark done under the fence; False when a newer run has taken over."""
    return _close(session, lease, state="done", finished_at=now, lease_until=None, last_error=None)


def release(session: Session, lease: Lease, *, run_after: datetime, error: str) -> bool:
    """Offer again later."""
    return _close(
        session, lease, state="ready", run_after=run_after, lease_until=None, last_error=error
    )


def renew(session: Session, lease: Lease, *, until: datetime) -> bool:
    """Keep a running job for longer; False when a newer run has taken over."""
    return _close(session, lease, lease_until=until)


def holds(session: Session, lease: Lease) -> bool:
    """Whether this run is still the newest; locks the row until the transaction ends."""
    return _close(session, lease, state="running")


def postpone(session: Session, lease: Lease, *, until: datetime) -> bool:
    """Offer again later, without counting the attempt."""
    return _close(
        session,
        lease,
        state="ready",
        run_after=until,
        lease_until=None,
        attempts=lease.attempt - 1,
    )


def find_waiting(session: Session, key: str) -> JobRecord | None:
    """The job of that key, if it has not begun."""
    return session.scalar(select(JobRecord).where(JobRecord.key == key, JobRecord.state == "ready"))


def bury(session: Session, lease: Lease, *, now: datetime, error: str) -> bool:
    """Give up."""
    return _close(session, lease, state="dead", finished_at=now, lease_until=None, last_error=error)


def find_offered(session: Session, *, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """Ids and lanes of jobs that are due or whose lease ran out, oldest first."""
    rows = session.execute(
        select(JobRecord.id, JobRecord.lane)
        .where(_is_offered(now))
        .order_by(JobRecord.run_after)
        .limit(limit)
    )
    return [(row.id, row.lane) for row in rows]


def _is_offered(now: datetime) -> Any:  # noqa: ANN401 - a SQL expression
    return or_(
        and_(JobRecord.state == "ready", JobRecord.run_after <= now),
        and_(JobRecord.state == "running", JobRecord.lease_until < now),
    )


def _close(session: Session, lease: Lease, **values: object) -> bool:
    closed = session.execute(
        update(JobRecord)
        .where(
            JobRecord.id == lease.job_id,
            JobRecord.state == "running",
            JobRecord.fence == lease.fence,
        )
        .values(**values)
        .returning(JobRecord.id)
    ).one_or_none()
    return closed is not None

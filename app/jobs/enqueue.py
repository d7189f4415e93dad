"""Put work into the caller's transaction; wake somebody after the commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import utc_now
from app.db.after_commit import after_commit
from app.db.job import JobRecord
from app.jobs import repository
from app.jobs.job_queue import JobQueue
from app.jobs.registry import KINDS

_KEY = "job_queue"


def session_info(queue: JobQueue) -> dict[str, object]:
    """What a session must carry so that committed jobs wake somebody."""
    return {_KEY: queue}


def enqueue(
    session: Session,
    kind: str,
    *,
    key: str | None = None,
    run_after: datetime | None = None,
    **ids: str | int,
) -> JobRecord:
    """Add a job of a registered kind. Arguments are ids: data stays in its own rows."""
    definition = KINDS[kind]
    row = JobRecord(
        kind=kind,
        lane=definition.lane,
        key=key,
        arguments=ids,
        run_after=run_after or utc_now(),
        max_attempts=definition.attempts,
    )
    session.add(row)
    session.flush()
    if run_after is None:
        _wake_after_commit(session, row)
    return row


def hurry(session: Session, key: str) -> None:
    """What the job of that key waited for has happened: offer it now."""
    row = repository.find_waiting(session, key)
    if row is not None:
        row.run_after = utc_now()
        _wake_after_commit(session, row)


def _wake_after_commit(session: Session, row: JobRecord) -> None:
    queue: JobQueue | None = session.info.get(_KEY)
    if queue is not None:
        job_id, lane = row.id, row.lane
        after_commit(session, lambda: queue.wake(job_id, lane))

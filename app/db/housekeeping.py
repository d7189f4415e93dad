"""Remove what has served its time: stored answers, used tokens, tickets, jobs, comparisons."""

from datetime import timedelta

from sqlalchemy import CursorResult, Delete, delete

from app.clock import utc_now
from app.db.credential import SocketTicketRecord, StaffSessionRecord, UsedTokenRecord
from app.db.idempotency import IdempotencyRecord
from app.db.job import JobRecord
from app.db.session import Database
from app.db.shadow import ShadowDecisionRecord

KEEP_FINISHED_JOBS = timedelta(days=7)  # dead jobs stay until somebody has looked
KEEP_SHADOW_DECISIONS = timedelta(days=30)


def remove_expired(database: Database) -> int:
    """How many rows went."""
    with database.write() as session:
        removed = 0
        for statement in _statements():
            result = session.execute(statement)
            assert isinstance(result, CursorResult)  # noqa: S101 - a DELETE gives one
            removed += result.rowcount
    return removed


def _statements() -> tuple[Delete, ...]:
    now = utc_now()
    return (
        delete(IdempotencyRecord).where(IdempotencyRecord.expires_at < now),
        delete(UsedTokenRecord).where(UsedTokenRecord.expires_at < now - timedelta(hours=1)),
        delete(SocketTicketRecord).where(SocketTicketRecord.expires_at < now),
        delete(StaffSessionRecord).where(StaffSessionRecord.expires_at < now),
        delete(JobRecord).where(
            JobRecord.state == "done", JobRecord.finished_at < now - KEEP_FINISHED_JOBS
        ),
        delete(ShadowDecisionRecord).where(
            ShadowDecisionRecord.created_at < now - KEEP_SHADOW_DECISIONS
        ),
    )

"""The story of a run: asked for, measured, kept; asked for again when it grows old."""

from datetime import timedelta
from typing import cast

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM, Actor, record
from app.clock import utc_now
from app.db.fairness import FairnessRunRecord
from app.db.session import Database
from app.errors import NotFound
from app.fairness.repository import FairnessRepository
from app.jobs.enqueue import enqueue
from routing.fairness import FairnessCheck

log = structlog.get_logger(__name__)
RUN = "fairness.run"


def request_run(session: Session, *, occasion: str, actor: Actor) -> FairnessRunRecord:
    """Ask for a run of what is live. Safe to call twice: a run that waits is returned."""
    repository = FairnessRepository(session)
    waiting = repository.find_queued()
    if waiting is not None:
        return waiting
    run = FairnessRunRecord(occasion=occasion, requested_by=str(actor))
    try:
        with session.begin_nested():
            repository.add(run)
    except IntegrityError:  # another replica asked at the same moment: its run is as good
        return cast("FairnessRunRecord", repository.find_queued())
    enqueue(session, RUN, key=f"{RUN}:{run.id}", run_id=run.id)
    record(session, "fairness.requested", actor=actor, subject=run.id, occasion=occasion)
    return run


def request_when_due(database: Database, *, every_days: int) -> bool:
    """Ask for a run when the last one is old; whether it did. For a Periodic."""
    with database.write() as session:
        last = FairnessRepository(session).last_begun_at()
        if last is not None and utc_now() - last < timedelta(days=every_days):
            return False
        run = request_run(session, occasion="schedule", actor=SYSTEM)
        log.info("fairness.due", run_id=run.id)
    return True


def keep(session: Session, run: FairnessRunRecord, check: FairnessCheck, *, actor: Actor) -> None:
    """What a run found, with its audit event."""
    run.state = "done"
    run.model_version = check.report.model_version
    run.passed = check.passed
    run.detail = check.detail
    run.figures = dict(check.figures)
    run.report = check.report.as_dict()
    run.finished_at = utc_now()
    session.flush()
    record(
        session,
        "fairness.measured",
        actor=actor,
        subject=run.id,
        occasion=run.occasion,
        model_version=run.model_version,
        passed=check.passed,
        pairs=check.report.pairs,
    )


def keep_check(
    session: Session, check: FairnessCheck, *, occasion: str, actor: Actor
) -> FairnessRunRecord:
    """A run that somebody else made: the promotion gate, or a command."""
    run = FairnessRunRecord(state="done", occasion=occasion, requested_by=str(actor))
    FairnessRepository(session).add(run)
    keep(session, run, check, actor=actor)
    return run


def give_up(session: Session, run_id: str) -> None:
    """The last attempt failed: the run says so, and the next one may be asked for."""
    run = FairnessRepository(session).find(run_id)
    if run is not None and run.state == "queued":
        run.state = "failed"
        run.detail = "The run failed; the job's last error says why."
        run.finished_at = utc_now()
        record(session, "fairness.failed", actor=SYSTEM, subject=run.id, outcome="failure")


def get(session: Session, run_id: str) -> FairnessRunRecord:
    run = FairnessRepository(session).find(run_id)
    if run is None:
        raise NotFound("There is no such run.")
    return run


def latest(session: Session) -> FairnessRunRecord:
    run = FairnessRepository(session).find_latest()
    if run is None:
        raise NotFound("No run has finished yet.")
    return run

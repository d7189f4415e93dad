"""Job of fairness: run the suite on what serves now."""

import structlog
from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM
from app.fairness import service
from app.fairness.judging import live_judge
from app.intent_models.service import JUDGE_FAIRNESS
from app.jobs.registry import job
from app.jobs.runner import JobRun
from app.parts import Parts
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from routing.fairness import FairnessCheck, check
from routing.fairness.markdown import save

log = structlog.get_logger(__name__)
TIME_LIMIT = 900.0  # seconds: some minutes on two busy cores


def give_up(_parts: Parts, session: Session, run_id: str) -> None:
    """The last attempt failed: the console says so."""
    service.give_up(session, run_id)


@job(service.RUN, lane="default", time_limit=TIME_LIMIT, attempts=2, when_buried=give_up)
def run_suite(parts: Parts, run: JobRun, *, run_id: str) -> None:
    """Safe to run twice: a run that is done stays as it is."""
    with run.reading() as session:
        if service.get(session, run_id).state != "queued":
            return
    found = check(live_judge(parts))
    with run.finishing() as session:
        service.keep(session, service.get(session, run_id), found, actor=SYSTEM)
    lay_beside_checkpoint(parts, found)


@job(JUDGE_FAIRNESS, attempts=3)
def judge_promotion(_parts: Parts, run: JobRun, *, version: str) -> None:
    """A promotion asks for a run of its own: minutes, so it is not waited for."""
    with run.finishing() as session:
        service.request_run(session, occasion="promotion", actor=SYSTEM)
    log.info("fairness.asked_for", promoted=version)


def lay_beside_checkpoint(parts: Parts, found: FairnessCheck) -> None:
    """`fairness.json` and the model card's block; the database has the report in any case."""
    registry = ModelRegistry(parts.settings.var / "models")
    folder = registry.folder(KIND, found.report.model_version)
    if not folder.is_dir():  # another process's volume, or a classifier without a checkpoint
        return
    try:
        save(found, folder)
    except OSError as error:
        log.warning("fairness.not_saved", error=type(error).__name__)

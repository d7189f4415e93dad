"""Jobs of learning from people: retrain and measure; group what no intent fits."""

import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit_trail import SYSTEM, record
from app.config import Settings
from app.db.label import TrainingRunRecord
from app.jobs.registry import job
from app.jobs.runner import JobRun, Postponed
from app.labels import runs
from app.labels.gate import judge
from app.labels.repository import LabelRepository
from app.labels.runs import RETRAIN, RunRepository
from app.labels.suggestions import SUGGEST, group_traffic, keep_groups
from app.labels.trainer import Trainer, TrainingEnded, TrainingRefused
from app.labels.training_set import AcceptedLabel, TrainingSet, build_training_set
from app.parts import Parts
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from routing import RoutingError
from routing.dataset import load_utterances
from routing.gate import GOLDEN
from routing.taxonomy import DEFAULT_TAXONOMY, load_taxonomy

LONGEST_TRAINING = 3_700.0  # seconds; above the largest SWITCHBOARD_LABELS__TRAINING_MINUTES
LONGEST_GROUPING = 600.0
NOTE_EVERY_SECONDS = 2.0
AGAIN_SECONDS = 15.0
ENDED = ("ready", "refused", "failed")


def give_up(_parts: Parts, session: Session, *, run_id: str) -> None:
    """No attempt came back: the run says so, where people look."""
    row = RunRepository(session).find(run_id)
    if row is not None and row.state not in ENDED:
        runs.end(session, row, "failed", reasons=["Every attempt broke off: see the log."])


@job(RETRAIN, time_limit=LONGEST_TRAINING, attempts=3, when_buried=give_up)
def retrain(parts: Parts, run: JobRun, *, run_id: str) -> None:
    """Collect, train, measure, judge. A run that broke off begins again; nothing goes live here."""
    with run.reading() as session:
        row = runs.get_run(session, run_id)
        first = RunRepository(session).find_under_way()
        if row.state in ENDED:
            return
        if first is not None and first.id != row.id:
            raise Postponed(AGAIN_SECONDS)
    try:
        report = _train(parts.settings, run, run_id)
    except TrainingEnded as stopping:
        raise Postponed(AGAIN_SECONDS) from stopping
    except (RoutingError, TrainingRefused) as unusable:
        with run.finishing() as session:
            runs.end(session, runs.get_run(session, run_id), "failed", reasons=[str(unusable)])
        return
    with run.noting() as session:
        runs.keep_report(runs.get_run(session, run_id), report)
    against = judge(report)
    with run.finishing() as session:
        row = runs.get_run(session, run_id)
        runs.end(session, row, "refused" if against else "ready", reasons=against)


def evaluation_of(settings: Settings) -> Path | None:
    """What every retrained model is measured on, and what is never learnt."""
    if settings.labels.evaluation is not None:
        return settings.labels.evaluation
    return settings.gate.golden or GOLDEN


def collect(session: Session, settings: Settings) -> TrainingSet:
    """Base utterances and accepted labels as they are now."""
    evaluation = evaluation_of(settings)
    accepted = [
        AcceptedLabel(row.id, row.text, row.intent, row.language)
        for row in LabelRepository(session).list_accepted()
    ]
    return build_training_set(
        load_utterances(settings.labels.base),
        accepted,
        intents=load_taxonomy(settings.routing.taxonomy or DEFAULT_TAXONOMY).names(),
        evaluated=[row.text for row in load_utterances(evaluation)] if evaluation else [],
    )


def _train(settings: Settings, run: JobRun, run_id: str) -> dict[str, object]:
    registry = ModelRegistry(settings.var / "models")
    live = registry.find_live(KIND)
    with run.reading() as session:
        training = collect(session, settings)
        seed = runs.get_run(session, run_id).seed
    with run.noting() as session:
        row = runs.get_run(session, run_id)
        runs.begin(row, training, live=live.name if live else None)
    trainer = Trainer(settings.var / "training" / run_id, minutes=settings.labels.training_minutes)
    return trainer.train(
        training.learnt,
        training.held_out,
        output=registry.root / KIND,
        evaluation=evaluation_of(settings),
        live=live,
        seed=seed,
        on_progress=_noting(run, run_id),
    )


def _noting(run: JobRun, run_id: str) -> Callable[[str, float], None]:
    """Keeps the last step for people to see, every few seconds; a lost lease ends the training."""
    last = 0.0

    def note(step: str, share: float) -> None:
        nonlocal last
        if time.monotonic() - last < NOTE_EVERY_SECONDS:
            return
        last = time.monotonic()
        with run.noting() as session:
            row: TrainingRunRecord = runs.get_run(session, run_id)
            row.step, row.progress = step[:200], share

    return note


@job(SUGGEST, time_limit=LONGEST_GROUPING, attempts=3)
def suggest_intents(parts: Parts, run: JobRun, *, days: int) -> None:
    """Group what no intent fitted. Safe to run twice: groups are matched with those known."""
    with run.reading() as session:
        groups, period = group_traffic(
            session, days=days, encoder=parts.grouping_encoder, base=parts.settings.labels.base
        )
    with run.finishing() as session:
        kept = keep_groups(session, groups, period)
        record(session, "labels.intents_suggested", actor=SYSTEM, subject="labels", groups=kept)

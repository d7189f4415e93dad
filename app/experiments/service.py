"""The story of an experiment: create, start, assign, expose, stop. Assignment is sticky."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.clock import utc_now
from app.db.experiment import ExperimentRecord, VariantRecord
from app.errors import NotFound, StateConflict
from app.experiments.assignment import choose_variant
from app.experiments.measures import units_by_variant
from app.experiments.metrics import Metric
from app.experiments.overrides import CHECKPOINT, Override, check_overrides
from app.experiments.repository import ExperimentRepository
from app.experiments.results import Plan, Results, judge
from app.ids import new_id


@dataclass(frozen=True, slots=True)
class NewVariant:
    """One arm to be."""

    key: str
    weight: float
    overrides: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NewExperiment:
    """What somebody wants to find out."""

    key: str
    hypothesis: str
    unit: str
    variants: tuple[NewVariant, ...]
    primary_metric: Metric
    guardrails: tuple[Metric, ...] = ()
    min_effect: float | None = None


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment with its variants, the control first."""

    record: ExperimentRecord
    variants: tuple[VariantRecord, ...]

    def variant_of(self, unit: str) -> str:
        weights = [(variant.key, variant.weight) for variant in self.variants]
        return choose_variant(self.record.salt, unit, weights)

    def overrides_of(self, variant: str) -> Mapping[str, Override]:
        return next(found.overrides for found in self.variants if found.key == variant)


@dataclass(frozen=True, slots=True)
class Arm:
    """The variant that applies to one turn, and the settings it changes."""

    experiment_id: str
    experiment_key: str
    variant: str
    overrides: Mapping[str, Override]
    unit_id: str


def create(
    session: Session,
    wanted: NewExperiment,
    *,
    actor: Actor,
    checkpoints: Collection[str] = (),
) -> Experiment:
    """A draft; StateConflict when the key is taken. `checkpoints` are those an arm may name."""
    checked = [
        check_overrides(
            variant.overrides, field=f"variants.{position}.overrides", checkpoints=checkpoints
        )
        for position, variant in enumerate(wanted.variants)
    ]
    row = ExperimentRecord(
        id=new_id(),
        key=wanted.key,
        hypothesis=wanted.hypothesis,
        unit=wanted.unit,
        salt=new_id(),
        primary_metric=wanted.primary_metric.value,
        guardrails=[metric.value for metric in wanted.guardrails],
        min_effect=wanted.min_effect,
    )
    variants = tuple(
        VariantRecord(
            experiment_id=row.id,
            key=variant.key,
            position=position,
            weight=variant.weight,
            overrides=overrides,
        )
        for position, (variant, overrides) in enumerate(zip(wanted.variants, checked, strict=True))
    )
    if not ExperimentRepository(session).add_new(row, variants):
        raise StateConflict(f"An experiment {wanted.key!r} exists.", code="experiment_exists")
    settings = {variant.key: variant.overrides for variant in variants}
    record(
        session,
        "experiment.created",
        actor=actor,
        subject=row.id,
        key=row.key,
        overrides=settings,
    )
    return Experiment(row, variants)


def get(session: Session, key: str) -> Experiment:
    """The experiment of that key; NotFound when there is none."""
    repository = ExperimentRepository(session)
    row = repository.find_by_key(key)
    if row is None:
        raise NotFound("There is no experiment with that key.")
    return Experiment(row, tuple(repository.list_variants([row.id])))


def list_page(session: Session, *, after: str | None, limit: int) -> list[Experiment]:
    """Experiments, newest first."""
    repository = ExperimentRepository(session)
    rows = repository.list_page(after=after, limit=limit)
    variants = repository.list_variants([row.id for row in rows])
    return [Experiment(row, tuple(_variants_of(row, variants))) for row in rows]


def start(
    session: Session, key: str, *, actor: Actor, checkpoints: Collection[str] = ()
) -> Experiment:
    """From draft to running; nothing about it may change after that.

    StateConflict when an arm's checkpoint is gone.
    """
    _require_checkpoints(get(session, key), checkpoints)
    moment = {"started_at": utc_now()}
    return _move(session, key, before="draft", after="running", moment=moment, actor=actor)


def stop(session: Session, key: str, *, actor: Actor) -> Experiment:
    """From running to stopped: at once everybody has the settings of the house again."""
    moment = {"stopped_at": utc_now()}
    return _move(session, key, before="running", after="stopped", moment=moment, actor=actor)


def assign(session: Session, key: str, unit: str, *, actor: Actor) -> str:
    """The variant of a unit, kept for ever; only a running experiment takes new units."""
    experiment = get(session, key)
    repository = ExperimentRepository(session)
    kept = repository.find_assignment(experiment.record.id, unit)
    if kept is not None:
        return kept
    if experiment.record.status != "running":
        raise StateConflict("The experiment is not running.", code="experiment_not_running")
    variant = experiment.variant_of(unit)
    if repository.keep_assignment(experiment.record.id, unit, variant):
        record(
            session,
            "experiment.unit_assigned",
            actor=actor,
            subject=experiment.record.id,
            variant=variant,
        )
    return variant


def arm_for(session: Session, *, customer_id: str | None, conversation_id: str) -> Arm | None:
    """The arm of the oldest running experiment that applies. Reads only; `log_exposure` writes.

    An experiment over customers does not apply to a visitor whom nobody has identified.
    """
    repository = ExperimentRepository(session)
    for row in repository.list_running():
        unit = customer_id if row.unit == "customer" else conversation_id
        if unit is not None:
            return _arm_of(repository, row, unit)
    return None


def log_exposure(session: Session, arm: Arm, conversation_id: str | None) -> None:
    """The arm mattered for this unit: kept once, with the sticky assignment."""
    repository = ExperimentRepository(session)
    repository.keep_assignment(arm.experiment_id, arm.unit_id, arm.variant)
    repository.keep_exposure(arm.experiment_id, arm.unit_id, arm.variant, conversation_id)


def results(session: Session, key: str) -> tuple[Experiment, Results]:
    """The experiment and what may be said about it now."""
    experiment = get(session, key)
    row = experiment.record
    plan = Plan(
        primary=Metric(row.primary_metric),
        guardrails=tuple(map(Metric, row.guardrails)),
        min_effect=row.min_effect,
        weights={variant.key: variant.weight for variant in experiment.variants},
    )
    return experiment, judge(plan, units_by_variant(session, row))


def _arm_of(repository: ExperimentRepository, row: ExperimentRecord, unit: str) -> Arm:
    experiment = Experiment(row, tuple(repository.list_variants([row.id])))
    variant = repository.find_assignment(row.id, unit) or experiment.variant_of(unit)
    return Arm(row.id, row.key, variant, experiment.overrides_of(variant), unit)


def _require_checkpoints(experiment: Experiment, checkpoints: Collection[str]) -> None:
    named = {str(variant.overrides.get(CHECKPOINT, "")) for variant in experiment.variants} - {""}
    gone = sorted(named - set(checkpoints))
    if gone:
        raise StateConflict(f"No such intent model: {', '.join(gone)}.", code="model_not_found")


def _move(
    session: Session,
    key: str,
    *,
    before: str,
    after: str,
    moment: dict[str, datetime],
    actor: Actor,
) -> Experiment:
    experiment = get(session, key)
    row = experiment.record
    if not ExperimentRepository(session).move(row.id, before=before, after=after, moment=moment):
        raise StateConflict(f"The experiment is not {before}.", code=f"experiment_not_{before}")
    session.refresh(row)
    record(session, f"experiment.{after}", actor=actor, subject=row.id, key=row.key)
    return experiment


def _variants_of(row: ExperimentRecord, variants: Iterable[VariantRecord]) -> list[VariantRecord]:
    return [variant for variant in variants if variant.experiment_id == row.id]

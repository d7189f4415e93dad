"""Doors of experiments: create, start, stop, assign, results."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from app.auth.caller import Caller, Scope
from app.auth.dependencies import require
from app.dependencies import PartsDep, ReadSession, WriteSession
from app.experiments import service
from app.experiments.presenting import experiment_body, results_body
from app.experiments.schemas import (
    AssignmentRead,
    AssignRequest,
    ExperimentCreate,
    ExperimentRead,
    ResultsRead,
)
from app.experiments.service import NewExperiment, NewVariant
from app.idempotency import OnceDep
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.schemas import Storable

router = APIRouter(prefix="/experiments", tags=["experiments"])

Writer = Annotated[Caller, Depends(require(Scope.EXPERIMENTS_WRITE))]
KeyPath = Annotated[str, Path(max_length=100, examples=["accept-threshold"]), Storable]


@router.post("", status_code=201, summary="Create a draft experiment")
def create(
    caller: Writer, session: WriteSession, parts: PartsDep, once: OnceDep, body: ExperimentCreate
) -> ExperimentRead:
    def produce() -> ExperimentRead:
        known = parts.models.versions()
        made = service.create(session, _wanted(body), actor=caller.actor, checkpoints=known)
        return experiment_body(made)

    return once.answer(session, produce, status=201)


@router.get("", summary="List experiments, newest first")
def list_experiments(
    caller: Writer,  # noqa: ARG001 - who may ask
    session: ReadSession,
    after: CursorParam = None,
    limit: LimitParam = 50,
) -> Page[ExperimentRead]:
    found = service.list_page(session, after=decode_cursor(after), limit=limit + 1)
    items = [experiment_body(experiment) for experiment in found[:limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(found) > limit else None)


@router.get("/{key}", summary="Show an experiment")
def show(caller: Writer, session: ReadSession, key: KeyPath) -> ExperimentRead:  # noqa: ARG001
    return experiment_body(service.get(session, key))


@router.post("/{key}/start", summary="Start a draft")
def start(
    caller: Writer, session: WriteSession, parts: PartsDep, once: OnceDep, key: KeyPath
) -> ExperimentRead:
    def produce() -> ExperimentRead:
        known = parts.models.versions()
        return experiment_body(service.start(session, key, actor=caller.actor, checkpoints=known))

    return once.answer(session, produce, status=200)


@router.post("/{key}/stop", summary="Stop a running experiment at once")
def stop(caller: Writer, session: WriteSession, once: OnceDep, key: KeyPath) -> ExperimentRead:
    def produce() -> ExperimentRead:
        return experiment_body(service.stop(session, key, actor=caller.actor))

    return once.answer(session, produce, status=200)


@router.post("/{key}/assign", summary="Assign a unit to its variant")
def assign(
    caller: Writer, session: WriteSession, once: OnceDep, key: KeyPath, body: AssignRequest
) -> AssignmentRead:
    def produce() -> AssignmentRead:
        variant = service.assign(session, key, body.unit, actor=caller.actor)
        return AssignmentRead(variant=variant)

    return once.answer(session, produce, status=200)


@router.get("/{key}/results", summary="Results that may be looked at on any day")
def results(caller: Writer, session: ReadSession, key: KeyPath) -> ResultsRead:  # noqa: ARG001
    return results_body(*service.results(session, key))


def _wanted(body: ExperimentCreate) -> NewExperiment:
    variants = tuple(
        NewVariant(variant.key, variant.weight, variant.overrides) for variant in body.variants
    )
    return NewExperiment(
        key=body.key,
        hypothesis=body.hypothesis,
        unit=body.unit,
        variants=variants,
        primary_metric=body.primary_metric,
        guardrails=tuple(body.guardrails),
        min_effect=body.min_effect,
    )

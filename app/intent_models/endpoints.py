"""Doors of intent models, for administrators: look, examine, promote, roll back, compare."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from app.auth.caller import Caller, Scope
from app.auth.dependencies import require
from app.dependencies import PartsDep, ReadSession, WriteSession
from app.errors import NotFound
from app.idempotency import OnceDep
from app.intent_models import service
from app.intent_models.difference import measure_difference
from app.intent_models.presenting import gate_body, list_body, model_body, promotion_body
from app.intent_models.room import ModelRoom
from app.intent_models.schemas import (
    DifferenceRead,
    GateRead,
    ModelList,
    ModelRead,
    PromoteRequest,
    PromotionRead,
    RollbackRequest,
    ShadowRead,
    ShadowRequest,
)
from app.rate_limits import CallerLimit
from app.schemas import Storable

router = APIRouter(prefix="/models", tags=["Intent models"], dependencies=[CallerLimit])
Administrator = Annotated[Caller, Depends(require(Scope.ADMIN))]
VersionQuery = Annotated[str | None, Query(max_length=200)]
VersionPath = Annotated[str, Path(max_length=200, examples=["intent-1a2b3c4d5e6f"]), Storable]


async def _room(parts: PartsDep) -> ModelRoom:
    room: ModelRoom = parts.models
    return room


RoomDep = Annotated[ModelRoom, Depends(_room)]


@router.get("", summary="List checkpoints, the newest first")
def list_models(_caller: Administrator, room: RoomDep) -> ModelList:
    return list_body(room)


@router.get("/shadow/report", summary="What the shadow would change")
def shadow_report(
    _caller: Administrator,
    room: RoomDep,
    session: ReadSession,
    shadow: VersionQuery = None,
    live: VersionQuery = None,
) -> DifferenceRead:
    """Agreement with its 95 % interval, intents that move and outcomes that change. Without names:
    the present shadow beside the live version; with names, any pair that was compared."""
    compared, beside = shadow or room.shadow(), live or room.promoted()
    if compared is None or beside is None:
        raise NotFound("No shadow is set: name a version that was one.", code="no_shadow")
    for version in (compared, beside):
        service.require_version(room, version)
    return DifferenceRead.model_validate(measure_difference(session, shadow=compared, live=beside))


@router.put("/shadow", summary="Let a version score the same traffic, without a say")
def set_shadow(
    caller: Administrator, room: RoomDep, session: WriteSession, once: OnceDep, body: ShadowRequest
) -> ShadowRead:
    def produce() -> ShadowRead:
        return ShadowRead(
            version=service.set_shadow(session, room, body.version, actor=caller.actor)
        )

    return once.answer(session, produce, status=200)


@router.delete("/shadow", summary="End the comparison")
def end_shadow(
    caller: Administrator, room: RoomDep, session: WriteSession, once: OnceDep
) -> ShadowRead:
    def produce() -> ShadowRead:
        return ShadowRead(version=service.set_shadow(session, room, None, actor=caller.actor))

    return once.answer(session, produce, status=200)


@router.post("/rollback", summary="Make the version before the live one live again")
def roll_back(
    caller: Administrator, parts: PartsDep, room: RoomDep, once: OnceDep, body: RollbackRequest
) -> PromotionRead:
    """At once and without the gate. The version that is left stays and can be promoted again."""
    with parts.database.read() as session:
        once.replay_if_stored(session)
    promotion = service.roll_back(
        parts.database,
        room,
        actor=caller.actor,
        reason=body.reason or "",
        then=lambda session, done: once.keep(session, promotion_body(done), status=200),
    )
    return promotion_body(promotion)


@router.get("/{version}", summary="Show a checkpoint's facts, figures and gate report")
def show_model(_caller: Administrator, room: RoomDep, version: VersionPath) -> ModelRead:
    return model_body(room, service.require_version(room, version))


@router.post("/{version}/examine", summary="Ask the gate without promoting")
def examine_model(_caller: Administrator, room: RoomDep, version: VersionPath) -> GateRead:
    """Measures the version and the live one on the golden sets; takes some seconds."""
    report = gate_body(service.examine(room, version))
    assert report is not None  # noqa: S101 - narrows: an examination gives a report
    return report


@router.post("/{version}/promote", summary="Make a version live, if the gate lets it pass")
def promote_model(
    caller: Administrator,
    parts: PartsDep,
    room: RoomDep,
    once: OnceDep,
    version: VersionPath,
    body: PromoteRequest,
) -> PromotionRead:
    """Every process serves it within seconds; requests under way end on the old one. A version
    that the gate refuses stays out, unless it is forced with a reason, which is audited."""
    with parts.database.read() as session:
        once.replay_if_stored(session)
    promotion = service.promote(
        parts.database,
        room,
        version,
        actor=caller.actor,
        force_because=body.reason if body.force else None,
        then=lambda session, done: once.keep(session, promotion_body(done), status=200),
    )
    return promotion_body(promotion)

"""Promote, roll back, shadow: each act audited in the transaction that carries it.

The registry's pointer is a file: it is written inside the transaction, and put back when that
does not commit. Knows nothing about HTTP; jobs and commands call the same functions.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.db.after_commit import on_rollback
from app.db.session import Database
from app.errors import BadInput, FieldError, NotFound, StateConflict
from app.intent_models.room import ModelRoom
from app.jobs.enqueue import enqueue
from models.errors import ModelError, RegistryError
from models.intent_classifier import KIND
from routing import DatasetError
from routing.gate import GateReport

JUDGE_FAIRNESS = "fairness.judge_promotion"  # a higher feature: asked for by its kind


class ModelNotFound(NotFound):
    code = "model_not_found"


class GateRefused(StateConflict):
    code = "gate_refused"
    title = "The candidate does not pass the gate"


class ModelDamaged(StateConflict):
    code = "model_damaged"
    title = "The checkpoint cannot be trusted"


@dataclass(frozen=True, slots=True)
class Promotion:
    """What is live now, and why it was allowed."""

    version: str
    previous: str | None
    forced: bool = False
    report: GateReport | None = None  # None where it was live already, or after a rollback


Then = Callable[[Session, Promotion], None]


def do_nothing(_session: Session, _promotion: Promotion) -> None:
    """A promotion that nothing else is written with."""


def require_version(room: ModelRoom, version: str) -> str:
    """The version, if there is one of that name."""
    if version not in room.versions():
        raise ModelNotFound(f"There is no intent model {version!r}.")
    return version


def examine(room: ModelRoom, version: str) -> GateReport:
    """The gate's report on a version, stored beside it. Takes seconds and no transaction."""
    require_version(room, version)
    try:
        return room.examine(version)
    except ModelError as broken:
        raise ModelDamaged(f"{version}: {broken}") from broken
    except DatasetError as unusable:
        raise StateConflict(f"The golden set: {unusable}", code="golden_set_unusable") from unusable


def promote(
    database: Database,
    room: ModelRoom,
    version: str,
    *,
    actor: Actor,
    force_because: str | None = None,
    then: Then = do_nothing,
) -> Promotion:
    """Make a version live if it passes the gate, or by force with a reason. Safe to call twice.

    `then` runs in the same transaction. GateRefused names every check that failed; the refusal
    is audited as well.
    """
    require_version(room, version)
    before = room.promoted()
    if before == version:
        promotion = Promotion(version, previous=None)
        with database.write() as session:
            then(session, promotion)
        return promotion
    report = examine(room, version)
    if not report.passed and force_because is None:
        _refuse(database, report, actor=actor)
    promotion = Promotion(version, before, forced=not report.passed, report=report)
    with database.write() as session:
        if room.promoted() != before:
            raise StateConflict("Another model went live meanwhile.", code="live_model_changed")
        record(
            session,
            "model.promoted",
            actor=actor,
            subject=version,
            kind=KIND,
            previous=before,
            forced=promotion.forced,
            reason=force_because if promotion.forced else None,
            failed=[check.name for check in report.failed],
        )
        _move(session, room, lambda: room.registry.promote(KIND, version))
        if room.shadow() == version:  # what is live has nothing to be compared with
            set_shadow(session, room, None, actor=actor)
        if before is not None:  # the first model of an installation is judged by the schedule
            enqueue(session, JUDGE_FAIRNESS, key=f"{JUDGE_FAIRNESS}:{version}", version=version)
        then(session, promotion)
    room.refresh()
    return promotion


def roll_back(
    database: Database, room: ModelRoom, *, actor: Actor, reason: str = "", then: Then = do_nothing
) -> Promotion:
    """Make the version before the live one live again: at once, without the gate."""
    with database.write() as session:
        before = room.promoted()
        _move(session, room, lambda: room.registry.rollback(KIND))
        promotion = Promotion(room.promoted() or "", before)
        record(
            session,
            "model.rolled_back",
            actor=actor,
            subject=promotion.version,
            kind=KIND,
            previous=before,
            reason=reason,
        )
        then(session, promotion)
    room.refresh()
    return promotion


def set_shadow(
    session: Session, room: ModelRoom, version: str | None, *, actor: Actor
) -> str | None:
    """Let a version score the same traffic without a say; None ends it. Safe to call twice."""
    if version is not None:
        require_version(room, version)
        if version == room.promoted():
            problem = FieldError("version", "is live: a shadow is another version")
            raise BadInput("The live model cannot be its own shadow.", errors=(problem,))
    before = room.shadow()
    if before == version:
        return version
    subject = version or before or ""
    record(session, "model.shadow_changed", actor=actor, subject=subject, kind=KIND, now=version)
    on_rollback(session, lambda: room.registry.set_shadow(KIND, before))
    try:
        room.registry.set_shadow(KIND, version)
    except ModelError as broken:
        raise ModelDamaged(f"{version}: {broken}") from broken
    return version


def _refuse(database: Database, report: GateReport, *, actor: Actor) -> None:
    failed = report.failed
    with database.write() as session:
        record(
            session,
            "model.promotion_refused",
            actor=actor,
            subject=report.candidate,
            outcome="refused",
            kind=KIND,
            failed=[check.name for check in failed],
        )
    raise GateRefused(
        f"{report.candidate} stays out: {'; '.join(check.name for check in failed)}.",
        errors=tuple(FieldError(f"gate.{check.name}", check.detail) for check in failed),
    )


def _move(session: Session, room: ModelRoom, change: Callable[[], object]) -> None:
    """Change the pointer; put it back if the transaction around it does not commit."""
    before = room.find_pointer()
    on_rollback(session, lambda: room.registry.restore(KIND, before))
    session.flush()  # the audit event first: what it cannot record does not happen
    try:
        change()
    except RegistryError as nowhere:
        raise StateConflict(str(nowhere), code="no_earlier_model") from nowhere
    except ModelError as broken:
        raise ModelDamaged(str(broken)) from broken

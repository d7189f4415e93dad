"""What happened to every exposed unit, read for the results. SQL only; the estimates are elsewhere.

Containment is defined as in analytics: answered, no handoff, no new conversation of the same
customer within the window. A test keeps the two in step.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.db.conversation import ConversationRecord, CsatRecord, TurnRecord
from app.db.experiment import ExperimentRecord, ExposureRecord
from app.db.handoff import HandoffRecord
from app.experiments.metrics import UnitTotals

REPEAT_WINDOW = timedelta(hours=72)
ASSISTANT_ENDINGS = ("answer", "clarify", "handoff", "blocked")


def units_by_variant(session: Session, experiment: ExperimentRecord) -> dict[str, list[UnitTotals]]:
    """The totals of every exposed unit, by the variant it was exposed to."""
    response_ms = _response_times(session, experiment)
    units: dict[tuple[str, str], UnitTotals] = {}
    for row in session.execute(_exposed_conversations(experiment)):
        name = (row.variant, row.unit_id)
        units[name] = _with_conversation(units.get(name, UnitTotals()), row, response_ms)
    found: dict[str, list[UnitTotals]] = defaultdict(list)
    for (variant, _), totals in units.items():
        found[variant].append(totals)
    return dict(found)


def _with_conversation(
    unit: UnitTotals, row: Row[*tuple[Any, ...]], response_ms: dict[str, list[float]]
) -> UnitTotals:
    if row.conversation_id is None:  # exposed by an integration: no conversation of ours
        return unit
    is_contained = row.answered and not row.handed_off and not _is_repeated(row)
    return UnitTotals(
        conversations=unit.conversations + 1,
        handoffs=unit.handoffs + bool(row.handed_off),
        contained=unit.contained + bool(is_contained),
        rating_sum=unit.rating_sum + (row.rating or 0),
        ratings=unit.ratings + (row.rating is not None),
        response_ms=(*unit.response_ms, *response_ms.get(row.conversation_id, ())),
    )


def _is_repeated(row: Row[*tuple[Any, ...]]) -> bool:
    return bool(row.following and row.following - row.created_at <= REPEAT_WINDOW)


def _exposed_conversations(experiment: ExperimentRecord) -> Select[*tuple[Any, ...]]:
    conversation, later = ConversationRecord, aliased(ConversationRecord)
    following = (
        select(func.min(later.created_at))
        .where(
            later.customer_id == conversation.customer_id,
            later.created_at > conversation.created_at,
        )
        .correlate(conversation)
        .scalar_subquery()
    )
    handed_off = exists().where(HandoffRecord.conversation_id == conversation.id)
    answered = exists().where(
        TurnRecord.conversation_id == conversation.id, TurnRecord.ending == "answer"
    )
    return (
        select(
            ExposureRecord.unit_id,
            ExposureRecord.variant,
            conversation.id.label("conversation_id"),
            conversation.created_at,
            following.label("following"),
            handed_off.label("handed_off"),
            answered.label("answered"),
            CsatRecord.rating,
        )
        .outerjoin(conversation, _belongs_to(experiment))
        .outerjoin(CsatRecord, CsatRecord.conversation_id == conversation.id)
        .where(ExposureRecord.experiment_id == experiment.id)
        .order_by(ExposureRecord.id, conversation.id)
    )


def _belongs_to(experiment: ExperimentRecord) -> ColumnElement[bool]:
    """Intention to treat: every conversation of the unit from its exposure on."""
    exposed_in = ConversationRecord.id == ExposureRecord.conversation_id
    if experiment.unit == "conversation":
        return exposed_in
    since = and_(
        ConversationRecord.customer_id == ExposureRecord.unit_id,
        ConversationRecord.created_at >= ExposureRecord.created_at,
    )
    if experiment.stopped_at is not None:
        since = and_(since, ConversationRecord.created_at <= experiment.stopped_at)
    return or_(exposed_in, since)


def _response_times(session: Session, experiment: ExperimentRecord) -> dict[str, list[float]]:
    """Milliseconds from message to ending, by conversation."""
    statement = (
        select(TurnRecord.conversation_id, TurnRecord.created_at, TurnRecord.ended_at)
        .join(ConversationRecord, ConversationRecord.id == TurnRecord.conversation_id)
        .join(ExposureRecord, _belongs_to(experiment))
        .where(
            ExposureRecord.experiment_id == experiment.id,
            TurnRecord.ending.in_(ASSISTANT_ENDINGS),
            TurnRecord.ended_at.is_not(None),
        )
    )
    found: dict[str, list[float]] = defaultdict(list)
    for conversation_id, began, ended in session.execute(statement):
        assert ended is not None  # noqa: S101 - the WHERE clause above
        found[conversation_id].append((ended - began).total_seconds() * 1000)
    return found

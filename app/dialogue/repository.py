"""All SQL for decisions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.conversation import MessageRecord, TurnRecord
from app.db.decision import DecisionRecord


@dataclass(frozen=True, slots=True)
class ExplainedTurn:
    """A decision with the turn it was made for, and the reply that ended it."""

    decision: DecisionRecord
    turn: TurnRecord
    reply: MessageRecord | None
    parts: Sequence[DecisionRecord] = ()  # further requests of the same message


def list_explained_turns(session: Session, conversation_id: str) -> Sequence[ExplainedTurn]:
    """Oldest first."""
    rows = session.execute(
        select(DecisionRecord, TurnRecord, MessageRecord)
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .outerjoin(MessageRecord, MessageRecord.turn_id == TurnRecord.id)
        .where(TurnRecord.conversation_id == conversation_id)
        .order_by(TurnRecord.message_seq)
    )
    parts: dict[str | None, list[DecisionRecord]] = defaultdict(list)
    for part in session.scalars(
        select(DecisionRecord)
        .where(DecisionRecord.conversation_id == conversation_id, DecisionRecord.part > 0)
        .order_by(DecisionRecord.part)
    ):
        parts[part.turn_id].append(part)
    return [ExplainedTurn(row[0], row[1], row[2], parts[row[1].id]) for row in rows]


def find_decision(session: Session, decision_id: str) -> DecisionRecord | None:
    return session.get(DecisionRecord, decision_id)


def list_decisions_of_turns(
    session: Session, *, since: datetime, until: datetime, after: str | None, limit: int
) -> Sequence[DecisionRecord]:
    """Decisions that ended turns of a period, a page at a time, by id (ids grow with time)."""
    query = (
        select(DecisionRecord)
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .where(DecisionRecord.created_at >= since, DecisionRecord.created_at < until)
    )
    if after is not None:
        query = query.where(DecisionRecord.id > after)
    return session.scalars(query.order_by(DecisionRecord.id).limit(limit)).all()


def count_decisions_of_turns(session: Session, *, since: datetime, until: datetime) -> int:
    counted = session.scalar(
        select(func.count())
        .select_from(DecisionRecord)
        .join(TurnRecord, TurnRecord.decision_id == DecisionRecord.id)
        .where(DecisionRecord.created_at >= since, DecisionRecord.created_at < until)
    )
    return counted or 0
